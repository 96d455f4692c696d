"""The trail of an environment, and the events of a capture bucket, on the sandbox: applied, changed and destroyed."""

import json

import pytest

from protected_endpoints.commands.terraform import Terraform
from protected_endpoints.errors import CommandError
from sandbox.emulator import Emulator
from tests.e2e.deployed import ENDPOINT, Deployed, said
from tests.e2e.killed import recover
from tests.workspace import Workspace

_TRAIL = "acme-dev-audit"
_BEFORE = "[endpoints.kmeans]\n"
_AUDIT = (_BEFORE, f"[environments.dev.audit]\ncreate_trail = true\n\n{_BEFORE}")
_OTHER_NAME = (_BEFORE, f'{_BEFORE}endpoint_name = "Segments"\n')
_RETENTION = ("create_trail = true", "create_trail = true\nretention_in_days = 30")
_CAPTURE = "[endpoints.kmeans.data_capture]\n"
_EVENTS = (_CAPTURE, f"{_CAPTURE}eventbridge = true\n")


@pytest.fixture(scope="module")
def workspace(
    aws: Emulator, tmp_path_factory: pytest.TempPathFactory, terraform_environment: dict[str, str]
) -> Workspace:
    return Workspace(tmp_path_factory.mktemp("audit") / "project", {**terraform_environment, **aws.environment})


@pytest.fixture(scope="module")
def deployed(aws: Emulator, workspace: Workspace) -> Deployed:
    aws.client("iam").create_role(RoleName="checkout-api", AssumeRolePolicyDocument='{"Statement":[]}')
    deployed = Deployed(aws, workspace)
    deployed.keep(_AUDIT)
    return deployed


def test_the_trail_is_created_after_its_bucket_and_a_second_plan_is_empty(aws: Emulator, deployed: Deployed) -> None:
    terraform = deployed.with_change(stack="dev-audit")
    terraform.run("apply", "-auto-approve")
    assert terraform.has_no_changes()
    trail = aws.client("cloudtrail").get_trail(Name=_TRAIL)["Trail"]
    assert trail["LogFileValidationEnabled"] is True
    assert trail["KmsKeyId"].startswith("arn:aws:kms:")
    assert aws.client("cloudtrail").get_trail_status(Name=_TRAIL)["IsLogging"] is True
    assert [*_selected(aws)] == ["Invocations", "CapturedObjects"]


def test_an_endpoint_with_a_name_of_its_own_is_added_in_place(aws: Emulator, deployed: Deployed) -> None:
    before = len(aws.calls())
    terraform = deployed.with_change(_OTHER_NAME, _RETENTION, stack="dev-audit")
    terraform.run("apply", "-auto-approve")
    assert terraform.has_no_changes()
    assert [*_selected(aws)] == ["Invocations", "InvocationsByOtherNames", "CapturedObjects"]
    actions = {call.action for call in aws.calls()[before:]}
    assert "PutEventSelectors" in actions
    assert not {action for action in actions if action.startswith(("Create", "Delete", "StopLogging"))}


def test_an_ended_trail_leaves_the_protected_records_and_can_be_started_again(
    aws: Emulator, deployed: Deployed, workspace: Workspace
) -> None:
    """By the commands of docs/audit.md."""
    terraform = deployed.with_change(stack="dev-audit")
    with pytest.raises(CommandError, match="Instance cannot be destroyed"):
        terraform.run("plan", "-destroy")
    aws.client("cloudtrail").delete_trail(Name=_TRAIL)
    terraform.run("state", "rm", *terraform.run("state", "list").stdout.split())
    assert "without changing any real infrastructure" in terraform.run("plan", "-destroy").stdout
    s3 = aws.client("s3")
    (bucket,) = [bucket["Name"] for bucket in s3.list_buckets()["Buckets"]]
    assert "NobodyDeletes" in s3.get_bucket_policy(Bucket=bucket)["Policy"]
    recovered = recover(workspace, "dev-audit", "--auto-approve")
    assert recovered.returncode == 0, recovered.stdout
    terraform.run("apply", "-auto-approve")
    assert terraform.has_no_changes()
    assert aws.client("cloudtrail").get_trail_status(Name=_TRAIL)["IsLogging"] is True
    assert [bucket["Name"] for bucket in s3.list_buckets()["Buckets"]] == [bucket]


def test_terraform_refuses_to_destroy_the_records_and_leaves_nothing_without_that_protection(
    aws: Emulator, deployed: Deployed
) -> None:
    terraform = deployed.with_change(stack="dev-audit")
    with pytest.raises(CommandError) as refused:
        terraform.run("destroy", "-auto-approve")
    assert "Instance cannot be destroyed" in said(refused.value)
    assert aws.client("cloudtrail").describe_trails()["trailList"]
    _unprotect(terraform)
    terraform.run("destroy", "-auto-approve")
    assert aws.client("cloudtrail").describe_trails()["trailList"] == []
    assert aws.client("s3").list_buckets()["Buckets"] == []


def test_events_of_the_capture_bucket_are_turned_on_and_off(aws: Emulator, deployed: Deployed) -> None:
    def configuration() -> set[str]:
        s3 = aws.client("s3")
        (bucket,) = (bucket["Name"] for bucket in s3.list_buckets()["Buckets"] if ENDPOINT in bucket["Name"])
        return {*s3.get_bucket_notification_configuration(Bucket=bucket)} - {"ResponseMetadata"}

    terraform = deployed.with_change(_EVENTS)
    terraform.run("apply", "-auto-approve")
    assert terraform.has_no_changes()
    assert configuration() == {"EventBridgeConfiguration"}
    terraform = deployed.with_change()
    terraform.run("apply", "-auto-approve")
    assert terraform.has_no_changes()
    assert configuration() == set()


def _selected(aws: Emulator) -> dict[str, object]:
    selectors = aws.client("cloudtrail").get_event_selectors(TrailName=_TRAIL)["AdvancedEventSelectors"]
    return {selector["Name"]: selector["FieldSelectors"] for selector in selectors}


def _unprotect(terraform: Terraform) -> None:
    """Remove `prevent_destroy` from the synthesized stack."""
    file = terraform.directory / "cdk.tf.json"
    stack = json.loads(file.read_text())
    for resources in stack["resource"].values():
        for resource in resources.values():
            resource.pop("lifecycle", None)
    file.write_text(json.dumps(stack))
