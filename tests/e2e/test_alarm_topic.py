"""The topic of an environment's alarms and its dashboard are deployed, planned again and removed, on the sandbox."""

import json

import pytest

from protected_endpoints.commands.terraform import Terraform
from protected_endpoints.errors import CommandError
from sandbox.emulator import Emulator
from tests.e2e.deployed import said
from tests.workspace import Workspace

_TOPIC = "arn:aws:sns:us-west-2:111122223333:acme-dev-alarms"
_WITH_TOPIC = "create_dashboard = true\nalarms.create_topic = true\n"


@pytest.fixture(scope="module")
def workspace(
    aws: Emulator, tmp_path_factory: pytest.TempPathFactory, terraform_environment: dict[str, str]
) -> Workspace:
    workspace = Workspace(
        tmp_path_factory.mktemp("operations") / "project", {**terraform_environment, **aws.environment}
    )
    workspace.edit('region = "us-west-2"\n', f'region = "us-west-2"\n{_WITH_TOPIC}')
    _stack(workspace).run("apply", "-auto-approve")
    return workspace


def _stack(workspace: Workspace) -> Terraform:
    workspace.synth()
    terraform = workspace.stack("dev-operations")
    terraform.init()
    return terraform


def test_a_second_plan_is_empty(workspace: Workspace) -> None:
    assert workspace.stack("dev-operations").has_no_changes()


def test_the_topic_is_encrypted_and_cloudwatch_alone_publishes(aws: Emulator, workspace: Workspace) -> None:
    attributes = aws.client("sns").get_topic_attributes(TopicArn=_TOPIC)["Attributes"]
    key = aws.client("kms").describe_key(KeyId="alias/acme-dev-operations")["KeyMetadata"]
    assert (attributes["KmsMasterKeyId"], key["KeyState"]) == (key["Arn"], "Enabled")
    (allowed,) = [item for item in json.loads(attributes["Policy"])["Statement"] if item["Effect"] == "Allow"]
    assert allowed["Principal"] == {"Service": "cloudwatch.amazonaws.com"}


def test_the_dashboard_has_a_row_for_the_endpoint(aws: Emulator, workspace: Workspace) -> None:
    body = json.loads(aws.client("cloudwatch").get_dashboard(DashboardName="acme-dev")["DashboardBody"])
    titles = [widget["properties"].get("title") for widget in body["widgets"]]
    assert titles == [None, *(f"kmeans: {title}" for title in ("requests", "error rate", "latency", "alarms"))]


def test_the_key_cannot_be_destroyed_with_the_stack_but_with_the_topic(aws: Emulator, workspace: Workspace) -> None:
    stack = workspace.stack("dev-operations")
    with pytest.raises(CommandError) as refused:
        stack.run("destroy", "-auto-approve")
    assert "Instance cannot be destroyed" in said(refused.value)
    key = aws.client("kms").describe_key(KeyId="alias/acme-dev-operations")["KeyMetadata"]["KeyId"]
    workspace.edit("alarms.create_topic = true\n", "")
    stack = _stack(workspace)
    stack.run("apply", "-auto-approve")
    assert stack.has_no_changes()
    assert aws.client("sns").list_topics()["Topics"] == []
    assert aws.client("kms").describe_key(KeyId=key)["KeyMetadata"]["KeyState"] == "PendingDeletion"
    stack.run("destroy", "-auto-approve")
    assert aws.client("cloudwatch").list_dashboards()["DashboardEntries"] == []
