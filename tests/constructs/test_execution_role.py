"""The execution role, its policies and its permissions boundary."""

import json

from tests.examples import ACCOUNT
from tests.support import only, policy, resources, synth


def test_sagemaker_assumes_the_role_for_this_account_and_region_only() -> None:
    (statement,) = json.loads(only(synth(), "aws_iam_role")["assume_role_policy"])["Statement"]
    assert statement["Principal"] == {"Service": "sagemaker.amazonaws.com"}
    assert statement["Condition"] == {
        "ArnLike": {"aws:SourceArn": "arn:aws:sagemaker:us-west-2:111122223333:*"},
        "StringEquals": {"aws:SourceAccount": ACCOUNT},
    }


def test_the_role_reads_one_artifact_and_pulls_from_one_repository() -> None:
    by_sid = {
        sid: statement
        for inline in resources(synth(), "aws_iam_role_policy")
        for sid, statement in policy(inline["policy"]).items()
    }
    assert by_sid["ReadThisArtefact"]["Resource"] == "arn:aws:s3:::my-bucket/model.tar.gz"
    assert by_sid["ReadThisArtefact"]["Condition"] == {"StringEquals": {"aws:ResourceAccount": ACCOUNT}}
    assert by_sid["PullThisImage"]["Resource"] == "arn:aws:ecr:us-west-2:174872318107:repository/kmeans"
    all_resources = {sid for sid, statement in by_sid.items() if statement["Resource"] == "*"}
    assert all_resources == {"EcrLoginHasNoResource", "PublishEndpointMetrics"}


def test_an_artifact_of_another_account_requires_a_relaxation() -> None:
    stack = synth(relax={"model_data_account": "the registry is in the tooling account"})
    statements = [policy(inline["policy"]) for inline in resources(stack, "aws_iam_role_policy")]
    (read,) = (by_sid["ReadThisArtefact"] for by_sid in statements if "ReadThisArtefact" in by_sid)
    assert "Condition" not in read


def test_the_role_has_the_existing_boundary_of_the_environment_or_a_managed_one() -> None:
    boundary = f"arn:aws:iam::{ACCOUNT}:policy/ml-boundary"
    existing, managed = synth(in_environment={"permissions_boundary_arn": boundary}), synth()
    assert only(existing, "aws_iam_role")["permissions_boundary"] == boundary
    assert [*existing["resource"]["aws_iam_policy"]] == ["Invoke"]
    reference = only(managed, "aws_iam_role")["permissions_boundary"].removeprefix("${").split(".")[1]
    assert managed["resource"]["aws_iam_policy"][reference]["name"] == "acme-dev-kmeans-boundary-de91fccc"


def test_policies_that_differ_between_versions_are_created_before_the_previous_ones_are_deleted() -> None:
    before, after = (_versioned_policies(f"s3://my-bucket/{n}.tar.gz") for n in (1, 2))
    assert len(before) == 2
    assert before[0] != after[0]
    assert before[0].startswith("version-")
    assert before[1] == after[1]
    lifecycles = [
        inline["lifecycle"] for inline in resources(synth(), "aws_iam_role_policy") if "name_prefix" in inline
    ]
    assert lifecycles == [{"create_before_destroy": True}] * 2


def _versioned_policies(model_data_url: str) -> list[str]:
    policies = resources(synth(model_data_url=model_data_url), "aws_iam_role_policy")
    return sorted((inline["name_prefix"] for inline in policies if "name_prefix" in inline), reverse=True)


def test_nothing_is_written_into_an_existing_role_and_everything_names_it() -> None:
    role = f"arn:aws:iam::{ACCOUNT}:role/team/ml-models"
    stack, managed = synth(execution_role_arn=role), synth()
    assert {*managed["resource"]} - {*stack["resource"]} == {
        "aws_iam_role",
        "aws_iam_role_policies_exclusive",
        "aws_iam_role_policy",
    }
    assert [*stack["resource"]["aws_iam_policy"]] == ["Invoke"]  # no boundary
    assert only(stack, "aws_sagemaker_model")["execution_role_arn"] == role
    assert "-exec-" not in json.dumps(stack)
    writers = policy(only(stack, "aws_s3_bucket_policy")["policy"])["OnlyTheExecutionRoleWrites"]["Condition"]
    assert writers == {"ArnNotEquals": {"aws:PrincipalArn": role}}
    key_users = policy(only(stack, "aws_kms_key")["policy"])["ExecutionRoleUsesKeyThroughS3"]["Condition"]
    assert key_users["ArnEquals"] == {"aws:PrincipalArn": role}


def test_another_role_makes_another_model() -> None:
    names = {
        only(synth(execution_role_arn=f"arn:aws:iam::{ACCOUNT}:role/{role}"), "aws_sagemaker_model")["name"]
        for role in ("a", "b")
    }
    assert len(names | {only(synth(), "aws_sagemaker_model")["name"]}) == 3
