"""The bucket of the state, the roles of workflows and the backends, as they are synthesized."""

import json
from pathlib import Path
from typing import Any

from protected_endpoints.commands.registry_mirror import mirrored_version
from protected_endpoints.commands.terraform import Terraform
from tests.examples import ACCOUNT
from tests.support import Json, deployment, only, policy, resources, synthesized

_ROLE = f"arn:aws:iam::{ACCOUNT}:role"
_ALIAS = f"arn:aws:kms:us-west-2:{ACCOUNT}:alias/acme-dev-state"
_MADE = {"bucket": "acme-tfstate-dev", "create_bucket": True, "readers": [f"{_ROLE}/auditor"]}
_CLAIM = "token.actions.githubusercontent.com"


def _stacks(project: Json | None = None, **in_environment: Any) -> dict[str, Json]:
    return synthesized(
        [deployment(project=project, in_environment={"deployers": [f"{_ROLE}/platform"], **in_environment})]
    )


def _state(**in_environment: Any) -> Json:
    return _stacks(**{"state": _MADE, **in_environment})["dev-state"]


def _github(**changes: Any) -> Json:
    return _state(github_actions={"repository": "acme/endpoints", **changes})


def test_every_stack_of_the_environment_keeps_its_state_in_the_made_bucket_under_its_key_with_a_lock_file() -> None:
    stacks = _stacks(state=_MADE)
    assert {*stacks} == {"dev-state", "dev-kmeans"}
    for name, stack in stacks.items():
        assert stack["terraform"]["backend"] == {
            "s3": {
                "bucket": "acme-tfstate-dev",
                "key": f"acme/{name}.tfstate",
                "region": "us-west-2",
                "encrypt": True,
                "kms_key_id": _ALIAS,
                "use_lockfile": True,
            }
        }


def test_an_existing_bucket_is_used_as_it_is() -> None:
    stacks = _stacks(state={"bucket": "acme-tfstate-dev"})
    assert {*stacks} == {"dev-kmeans"}
    assert "kms_key_id" not in stacks["dev-kmeans"]["terraform"]["backend"]["s3"]


def test_bucket_and_key_are_protected_and_cannot_be_destroyed() -> None:
    stack = _state()
    bucket, key = only(stack, "aws_s3_bucket"), only(stack, "aws_kms_key")
    assert (bucket["lifecycle"], key["lifecycle"]) == ({"prevent_destroy": True}, {"prevent_destroy": True})
    assert (bucket["bucket"], bucket["force_destroy"]) == ("acme-tfstate-dev", False)
    assert (key["enable_key_rotation"], key["deletion_window_in_days"]) == (True, 30)
    assert only(stack, "aws_kms_alias")["name"] == "alias/acme-dev-state"
    private = only(stack, "aws_s3_bucket_public_access_block")
    assert [each for each in private.values() if each is True] == [True] * 4
    assert only(stack, "aws_s3_bucket_versioning")["versioning_configuration"] == {"status": "Enabled"}
    (encryption,) = only(stack, "aws_s3_bucket_server_side_encryption_configuration")["rule"]
    assert encryption["apply_server_side_encryption_by_default"] == {
        "kms_master_key_id": "${aws_kms_key.Key.arn}",
        "sse_algorithm": "aws:kms",
    }
    assert only(stack, "aws_s3_bucket_ownership_controls")["rule"] == {"object_ownership": "BucketOwnerEnforced"}
    (rule,) = only(stack, "aws_s3_bucket_lifecycle_configuration")["rule"]
    assert "expiration" not in rule
    assert rule["noncurrent_version_expiration"] == [{"noncurrent_days": 365}]


def test_without_readers_nobody_is_one() -> None:
    stack = _state(state={"bucket": "acme-tfstate-dev", "create_bucket": True})
    assert "ReadersDecryptThroughS3" not in policy(only(stack, "aws_kms_key")["policy"])
    read = policy(only(stack, "aws_s3_bucket_policy")["policy"])["OnlyDeployersAndReadersRead"]
    assert read["Condition"] == {"ArnNotEquals": {"aws:PrincipalArn": [f"{_ROLE}/platform"]}}


def test_the_roles_have_the_policies_that_are_printed_and_deploying_takes_its_time() -> None:
    stack = _github()
    titles = {each["name"] for each in resources(stack, "aws_iam_policy")}
    assert titles == {"acme-dev-deployer-1", "acme-dev-deployer-2", "acme-dev-planner"}
    assert len(resources(stack, "aws_iam_role_policy_attachment")) == len(titles)
    durations = {each["name"]: each["max_session_duration"] for each in resources(stack, "aws_iam_role")}
    assert durations == {"acme-dev-planner": 3600, "acme-dev-deployer": 7200}


def test_a_job_deploys_in_the_environment_that_is_named_or_else_in_the_one_of_the_same_name() -> None:
    assert _trusted(_github(), "deployer") == {
        f"{_CLAIM}:aud": "sts.amazonaws.com",
        f"{_CLAIM}:sub": "repo:acme/endpoints:environment:dev",
        f"{_CLAIM}:ref": "refs/heads/main",
    }
    named = _trusted(_github(environment="Live", branch="release"), "deployer")
    assert named[f"{_CLAIM}:sub"] == "repo:acme/endpoints:environment:Live"
    assert named[f"{_CLAIM}:ref"] == "refs/heads/release"


def test_where_aws_knows_no_claim_of_the_branch_it_is_not_asked_because_nobody_would_get_in() -> None:
    china = {
        "region": "cn-north-1",
        "deployers": [f"arn:aws-cn:iam::{ACCOUNT}:role/platform"],
        "state": {"bucket": "acme-tfstate-dev", "create_bucket": True},
        "github_actions": {"repository": "acme/endpoints"},
    }
    image = "174872318107.dkr.ecr.cn-north-1.amazonaws.com.cn/kmeans:1"
    stack = synthesized([deployment(in_environment=china, image=image)])["dev-state"]
    assert _trusted(stack, "deployer").keys() == {f"{_CLAIM}:aud", f"{_CLAIM}:sub"}


def test_an_account_that_has_a_provider_keeps_it() -> None:
    made = only(_github(), "aws_iam_openid_connect_provider")
    assert (made["url"], made["client_id_list"]) == (f"https://{_CLAIM}", ["sts.amazonaws.com"])
    kept = _github(create_openid_connect_provider=False)
    assert not resources(kept, "aws_iam_openid_connect_provider")
    assert f"arn:aws:iam::{ACCOUNT}:oidc-provider/{_CLAIM}" in only_role(kept, "planner")["assume_role_policy"]


def test_roles_alone_are_made_where_the_bucket_is_there_already() -> None:
    stack = _github_with_existing_bucket()
    assert not resources(stack, "aws_s3_bucket")
    assert not resources(stack, "aws_kms_key")
    assert len(resources(stack, "aws_iam_role")) == 2


def test_the_key_of_an_endpoint_lets_the_made_deployer_deploy() -> None:
    in_environment: Json = {"state": _MADE, "github_actions": {"repository": "acme/endpoints"}}
    grants = policy(only(_stacks(**in_environment)["dev-kmeans"], "aws_kms_key")["policy"])[
        "VolumeGrantsForSageMakerOnly"
    ]
    assert f"{_ROLE}/acme-dev-deployer" in grants["Condition"]["ArnEquals"]["aws:PrincipalArn"]


def test_hcp_terraform_has_a_workspace_for_each_stack(tmp_path: Path, terraform_environment: dict[str, str]) -> None:
    project = {"aws_provider_version": mirrored_version()} if mirrored_version() else {}
    stacks = _stacks(project, cloud={"organization": "acme", "project": "model serving"})
    (stack,) = stacks.values()
    assert stack["terraform"]["cloud"] == {
        "hostname": "app.terraform.io",
        "organization": "acme",
        "workspaces": {"name": "acme-dev-kmeans", "project": "model serving"},
    }
    assert "backend" not in stack["terraform"]
    (tmp_path / "cdk.tf.json").write_text(json.dumps(stack))
    terraform = Terraform(tmp_path, terraform_environment)
    terraform.run("init", "-backend=false", "-input=false")
    terraform.run("validate")


def only_role(stack: Json, who: str) -> Json:
    (found,) = (each for each in resources(stack, "aws_iam_role") if each["name"].endswith(who))
    return found


def _trusted(stack: Json, who: str) -> Json:
    (statement,) = policy(only_role(stack, who)["assume_role_policy"]).values()
    assert statement["Action"] == "sts:AssumeRoleWithWebIdentity"
    assert statement["Condition"].keys() == {"StringEquals"}
    condition: Json = statement["Condition"]["StringEquals"]
    return condition


def _github_with_existing_bucket() -> Json:
    return _state(state={"bucket": "acme-tfstate-dev"}, github_actions={"repository": "acme/endpoints"})
