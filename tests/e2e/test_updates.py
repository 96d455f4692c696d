"""An endpoint that is deployed, changed, rolled back and moved, on the sandbox, with its state in S3.

One deployment serves all tests of this file, in their order: the first apply takes a minute.
"""

import json
from pathlib import Path
from typing import Any

import pytest

from protected_endpoints.errors import CommandError
from sandbox.emulator import Emulator
from tests.e2e.deployed import STACK, Deployed, said
from tests.workspace import Workspace

Json = dict[str, Any]

_ROLE = "acme-dev-kmeans-exec-de91fccc"
_NEW_FIRST, _IN_PLACE = ["create", "delete"], ["update"]
_MODEL, _CONFIGURATION = "aws_sagemaker_model.Model", "aws_sagemaker_endpoint_configuration.Configuration"
_ENDPOINT_ADDRESS = "aws_sagemaker_endpoint.Endpoint"
_POLICIES = "aws_iam_role_policies_exclusive.RolePolicies"


@pytest.fixture(scope="module")
def deployed(
    aws: Emulator, tmp_path_factory: pytest.TempPathFactory, terraform_environment: dict[str, str]
) -> Deployed:
    location = {"LocationConstraint": aws.region}
    aws.client("s3").create_bucket(Bucket="acme-tfstate", CreateBucketConfiguration=location)
    aws.client("iam").create_role(RoleName="checkout-api", AssumeRolePolicyDocument='{"Statement":[]}')
    workspace = Workspace(tmp_path_factory.mktemp("deployed"), {**terraform_environment, **aws.environment})
    workspace.edit("[endpoints.kmeans]\n", '[environments.dev.state]\nbucket = "acme-tfstate"\n\n[endpoints.kmeans]\n')
    deployed = Deployed(aws, workspace)
    deployed.with_change().run("apply", "-auto-approve")
    return deployed


def test_the_state_is_in_the_bucket_encrypted_and_unlocked(deployed: Deployed) -> None:
    s3 = deployed.aws.client("s3")
    keys = [item["Key"] for item in s3.list_objects_v2(Bucket="acme-tfstate")["Contents"]]
    assert keys == ["acme/dev-kmeans.tfstate"]
    assert s3.head_object(Bucket="acme-tfstate", Key=keys[0])["ServerSideEncryption"] == "AES256"


def test_a_second_plan_is_empty(deployed: Deployed) -> None:
    assert deployed.with_change().has_no_changes()


def test_a_policy_that_nobody_described_is_shown_and_taken_from_the_execution_role(deployed: Deployed) -> None:
    """A killed apply can leave one, and any administrator can add one."""
    iam = deployed.aws.client("iam")
    before = iam.list_role_policies(RoleName=_ROLE)["PolicyNames"]
    statement = {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::old-bucket/model.tar.gz"}
    document = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    iam.put_role_policy(RoleName=_ROLE, PolicyName="version-orphan", PolicyDocument=document)
    terraform = deployed.with_change()
    plan = terraform.plan()
    assert _actions(plan) == {_POLICIES: _IN_PLACE}
    (change,) = (resource["change"] for resource in plan["resource_changes"] if resource["address"] == _POLICIES)
    assert {*change["before"]["policy_names"]} - {*change["after"]["policy_names"]} == {"version-orphan"}
    terraform.run("apply", "-auto-approve")
    assert iam.list_role_policies(RoleName=_ROLE)["PolicyNames"] == before
    assert terraform.has_no_changes()


@pytest.mark.parametrize(
    ("edit", "model_is_replaced"),
    [
        (("kmeans:1", "kmeans:2"), True),
        (("s3://my-bucket/model.tar.gz", "s3://my-bucket/2/model.tar.gz"), True),
        (('"ml.m4.xlarge"', '"ml.c5.xlarge"'), False),
        (("initial_instance_count = 1", "initial_instance_count = 3"), False),
        (("initial_sampling_percentage = 100", "initial_sampling_percentage = 5"), False),
    ],
    ids=["image", "model data", "instance type", "instance count", "capture percentage"],
)
def test_a_change_is_created_first_and_the_endpoint_is_updated_in_place(
    deployed: Deployed, edit: tuple[str, str], model_is_replaced: bool
) -> None:
    actions = _actions(deployed.with_change(edit).plan())
    assert actions[_CONFIGURATION] == _NEW_FIRST
    assert actions[_ENDPOINT_ADDRESS] == _IN_PLACE
    assert actions.get(_MODEL) == (_NEW_FIRST if model_is_replaced else None)
    assert {tuple(action) for action in actions.values()} == {("create", "delete"), ("update",)}


def test_an_existing_key_does_not_destroy_the_managed_one(deployed: Deployed) -> None:
    with pytest.raises(CommandError, match=r"(?s)aws_kms_key\.Key\[0\] has\s+lifecycle\.prevent_destroy set"):
        deployed.with_change(_existing_key(deployed.aws)).plan()


def test_an_existing_destination_does_not_destroy_the_bucket(deployed: Deployed) -> None:
    elsewhere = ('capture_mode = "All"', 'capture_mode = "All"\ndestination_s3_uri = "s3://my-bucket/captured"')
    with pytest.raises(CommandError, match=r"(?s)aws_s3_bucket\.Capture\[0\] has\s+lifecycle\.prevent_destroy set"):
        deployed.with_change(elsewhere).plan()


def test_destroying_is_prevented(deployed: Deployed) -> None:
    with pytest.raises(CommandError, match=r"(?s)Instance cannot be destroyed.*aws_(kms_key\.Key|s3_bucket\.Capture)"):
        deployed.with_change().run("destroy", "-auto-approve")
    assert deployed.serving


def test_a_rollback_fails_the_apply_and_keeps_the_old_version_able_to_run(deployed: Deployed) -> None:
    configuration, model = deployed.serving, deployed.served_model
    bad = deployed.with_change(("s3://my-bucket/model.tar.gz", "s3://my-bucket/unhealthy/model.tar.gz"))
    with pytest.raises(CommandError) as failure:
        bad.run("apply", "-auto-approve")
    text = said(failure.value)
    assert "Resource postcondition failed" in text
    assert "SageMaker rolled endpoint acme-dev-kmeans back" in text
    assert "raise revision of [endpoints.kmeans] first" in text
    sagemaker = deployed.aws.client("sagemaker")
    assert (deployed.serving, deployed.served_model) == (configuration, model)
    assert (
        sagemaker.describe_model(ModelName=model)["PrimaryContainer"]["ModelDataUrl"] == "s3://my-bucket/model.tar.gz"
    )
    assert "arn:aws:s3:::my-bucket/model.tar.gz" in _allowed_artifacts(deployed.aws)


def test_after_a_rollback_the_earlier_content_is_deployed_again_with_a_raised_revision(deployed: Deployed) -> None:
    before = deployed.serving
    again = ("initial_instance_count = 1", "initial_instance_count = 1\nrevision = 1")
    terraform = deployed.with_change(again)
    terraform.run("apply", "-auto-approve")
    assert deployed.serving != before
    assert terraform.has_no_changes()
    assert _allowed_artifacts(deployed.aws) == ["arn:aws:s3:::my-bucket/model.tar.gz"]
    deployed.keep(again)


def test_an_update_replaces_resources_in_an_order_that_keeps_the_endpoint_in_service(deployed: Deployed) -> None:
    before = len(deployed.aws.calls())
    terraform = deployed.with_change(
        ("kmeans:1", "kmeans:2"),
        ("s3://my-bucket/model.tar.gz", "s3://my-bucket/2/model.tar.gz"),
        ('"ml.m4.xlarge"', '"ml.c5.xlarge"'),
    )
    terraform.run("apply", "-auto-approve")
    changing = ("Create", "Update", "Delete", "Put")
    calls = [
        call.action
        for call in deployed.aws.calls()[before:]
        if call.service in ("sagemaker", "iam") and call.action.startswith(changing)
    ]
    assert calls[:4] == ["PutRolePolicy", "CreateModel", "CreateEndpointConfig", "UpdateEndpoint"]
    # Twice, because the old policy is neither listed nor described any more.
    assert sorted(calls[4:]) == ["DeleteEndpointConfig", "DeleteModel", "DeleteRolePolicy", "DeleteRolePolicy"]
    assert terraform.has_no_changes()


def test_another_account_is_refused_before_anything_is_changed(
    deployed: Deployed, tmp_path: Path, terraform_environment: dict[str, str]
) -> None:
    with Emulator(tmp_path / "other", account_id="999999999999", region=deployed.aws.region) as other:
        workspace = Workspace(tmp_path / "project", {**terraform_environment, **other.environment})
        workspace.synth()
        terraform = workspace.stack(STACK)
        terraform.init()
        with pytest.raises(CommandError, match="AWS account ID not allowed: 999999999999"):
            terraform.run("apply", "-auto-approve")
        assert {(call.service, call.action) for call in other.calls()} == {("sts", "GetCallerIdentity")}


def test_two_applies_at_once_do_not_happen(deployed: Deployed) -> None:
    lock = {
        "ID": "1",
        "Operation": "OperationTypeApply",
        "Who": "a@colleague",
        "Path": "acme-tfstate/acme/dev-kmeans.tfstate",
    }
    s3 = deployed.aws.client("s3")
    s3.put_object(Bucket="acme-tfstate", Key="acme/dev-kmeans.tfstate.tflock", Body=json.dumps(lock))
    with pytest.raises(CommandError, match=r"(?s)Error acquiring the state lock.*a@colleague"):
        deployed.with_change().run("apply", "-auto-approve")
    s3.delete_object(Bucket="acme-tfstate", Key="acme/dev-kmeans.tfstate.tflock")


def test_the_endpoint_moves_to_an_existing_key_in_place_after_the_managed_key_is_removed_from_the_state(
    deployed: Deployed,
) -> None:
    managed = next(key for key in deployed.aws.client("kms").list_keys()["Keys"])
    change = _existing_key(deployed.aws)
    terraform = deployed.with_change(change)
    terraform.remove_from_state("aws_kms_key.Key")
    actions = _actions(terraform.plan())
    assert (actions[_CONFIGURATION], actions[_ENDPOINT_ADDRESS]) == (_NEW_FIRST, _IN_PLACE)
    assert not [address for address in actions if address.startswith("aws_kms_key")]
    terraform.run("apply", "-auto-approve")
    assert terraform.has_no_changes()
    described = deployed.aws.client("kms").describe_key(KeyId=managed["KeyId"])["KeyMetadata"]
    assert described["KeyState"] == "Enabled"
    deployed.keep(change)


def test_another_existing_key_replaces_the_first_in_place(deployed: Deployed) -> None:
    other = deployed.aws.client("kms").create_key()["KeyMetadata"]["Arn"]
    actions = _actions(deployed.with_change((deployed.key_arn, other)).plan())
    assert (actions[_CONFIGURATION], actions[_ENDPOINT_ADDRESS]) == (_NEW_FIRST, _IN_PLACE)
    (key_use,) = (action for address, action in actions.items() if "KeyUse" in address)
    assert key_use == _NEW_FIRST


def test_destroying_leaves_nothing_with_a_relaxation(deployed: Deployed) -> None:
    relaxed = (
        "[endpoints.kmeans.data_capture]",
        'relax.prevent_destroy = "the endpoint is retired"\n\n[endpoints.kmeans.data_capture]',
    )
    terraform = deployed.with_change(relaxed)
    terraform.run("apply", "-auto-approve")
    terraform.run("destroy", "-auto-approve")
    buckets = [bucket["Name"] for bucket in deployed.aws.client("s3").list_buckets()["Buckets"]]
    assert buckets == ["acme-tfstate"]
    assert [role["RoleName"] for role in deployed.aws.client("iam").list_roles()["Roles"]] == ["checkout-api"]


def _existing_key(aws: Emulator) -> tuple[str, str]:
    arn = aws.client("kms").create_key()["KeyMetadata"]["Arn"]
    return ("[endpoints.kmeans.data_capture]", f'kms.key_arn = "{arn}"\n\n[endpoints.kmeans.data_capture]')


def _actions(plan: Json) -> dict[str, list[str]]:
    """Return the planned actions of each resource that changes."""
    return {
        change["address"]: change["change"]["actions"]
        for change in plan["resource_changes"]
        if change["change"]["actions"] != ["no-op"]
    }


def _allowed_artifacts(aws: Emulator) -> list[str]:
    """Return what the execution role may read, over all of its policies."""
    iam = aws.client("iam")
    documents = [
        iam.get_role_policy(RoleName=_ROLE, PolicyName=name)["PolicyDocument"]
        for name in iam.list_role_policies(RoleName=_ROLE)["PolicyNames"]
    ]
    return [
        statement["Resource"]
        for doc in documents
        for statement in doc["Statement"]
        if statement["Action"] == "s3:GetObject"
    ]
