"""The stacks of operations and audit on the sandbox, with an endpoint that uses both: applied, planned and destroyed.

The lifecycle configurations of two buckets take a minute, at the same time. One deployment serves all tests of this
file, in their order.
"""

import json
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from protected_endpoints.commands.terraform import Terraform
from protected_endpoints.errors import CommandError
from sandbox.emulator import Emulator
from tests.workspace import Workspace

_STACKS = ("dev-operations", "dev-audit", "dev-kmeans")
_ENVIRONMENT = 'account_id = "111122223333"\n'
_SHOWN = "create_dashboard = true\ncreate_ssm_parameters = true\n"
_EDITS = (
    (_ENVIRONMENT, f"{_ENVIRONMENT}create_dashboard = true\nalarms.create_topic = true\naudit.create_trail = true\n"),
    ("[endpoints.kmeans]\n", f'[endpoints.kmeans]\n{_SHOWN}relax.prevent_destroy = "it is a test"\n'),
    ('capture_mode = "All"', 'capture_mode = "All"\neventbridge = true'),
)


@pytest.fixture(scope="module")
def stacks(
    aws: Emulator, tmp_path_factory: pytest.TempPathFactory, terraform_environment: dict[str, str]
) -> dict[str, Terraform]:
    aws.client("iam").create_role(RoleName="checkout-api", AssumeRolePolicyDocument='{"Statement":[]}')
    workspace = Workspace(
        tmp_path_factory.mktemp("operations") / "project", {**terraform_environment, **aws.environment}
    )
    for old, new in _EDITS:
        workspace.edit(old, new)
    workspace.synth()
    applied = {name: workspace.stack(name) for name in _STACKS}
    _at_once(lambda stack: (stack.init(), stack.run("apply", "-auto-approve")), applied)
    return applied


def _at_once(do: Any, stacks: dict[str, Terraform]) -> dict[str, Any]:
    with ThreadPoolExecutor() as pool:
        return dict(zip(stacks, pool.map(do, stacks.values()), strict=True))


def test_second_plans_are_empty(stacks: dict[str, Terraform]) -> None:
    assert _at_once(Terraform.has_no_changes, stacks) == dict.fromkeys(_STACKS, True)


def test_alarms_notify_the_encrypted_topic(aws: Emulator, stacks: dict[str, Terraform]) -> None:
    (topic,) = aws.client("sns").list_topics()["Topics"]
    attributes = aws.client("sns").get_topic_attributes(TopicArn=topic["TopicArn"])["Attributes"]
    assert topic["TopicArn"].endswith(":acme-dev-alarms")
    assert attributes["KmsMasterKeyId"]
    alarms = aws.client("cloudwatch").describe_alarms()["MetricAlarms"]
    assert alarms
    assert {action for alarm in alarms for action in alarm["AlarmActions"]} == {topic["TopicArn"]}


def test_dashboards_show_the_environment_and_the_endpoint(aws: Emulator, stacks: dict[str, Terraform]) -> None:
    cloudwatch = aws.client("cloudwatch")
    names = [dashboard["DashboardName"] for dashboard in cloudwatch.list_dashboards()["DashboardEntries"]]
    assert sorted(names) == ["acme-dev", "acme-dev-kmeans"]
    for name in names:
        assert json.loads(cloudwatch.get_dashboard(DashboardName=name)["DashboardBody"])["widgets"]


def test_an_application_finds_the_endpoint_by_its_parameters(aws: Emulator, stacks: dict[str, Terraform]) -> None:
    ssm, sagemaker = aws.client("ssm"), aws.client("sagemaker")
    (name, arn) = (
        ssm.get_parameter(Name=f"/acme/dev/kmeans/{attribute}")["Parameter"] for attribute in ("name", "arn")
    )
    endpoint = sagemaker.describe_endpoint(EndpointName=name["Value"])
    assert (name["Type"], arn["Value"]) == ("String", endpoint["EndpointArn"])
    tags = ssm.list_tags_for_resource(ResourceType="Parameter", ResourceId="/acme/dev/kmeans/name")["TagList"]
    assert {tag["Key"]: tag["Value"] for tag in tags} == {"project": "acme", "environment": "dev", "endpoint": "kmeans"}


def test_an_import_of_the_parameters_changes_nothing(stacks: dict[str, Terraform]) -> None:
    stack = stacks["dev-kmeans"]
    for address, name in (("Parameters_Name_47E978F2", "name"), ("Parameters_Arn_78EB3D6C", "arn")):
        stack.run("state", "rm", f"aws_ssm_parameter.{address}")
        stack.run("import", f"aws_ssm_parameter.{address}", f"/acme/dev/kmeans/{name}")
    assert stack.has_no_changes()


def test_the_trail_records_and_captured_objects_are_events(aws: Emulator, stacks: dict[str, Terraform]) -> None:
    cloudtrail, s3 = aws.client("cloudtrail"), aws.client("s3")
    (trail,) = cloudtrail.describe_trails()["trailList"]
    assert trail["Name"] == "acme-dev-audit"
    assert cloudtrail.get_trail_status(Name=trail["TrailARN"])["IsLogging"]
    (bucket,) = [name for name in _buckets(aws) if "capture" in name]
    assert "EventBridgeConfiguration" in s3.get_bucket_notification_configuration(Bucket=bucket)


def test_destroying_leaves_what_is_protected(aws: Emulator, stacks: dict[str, Terraform]) -> None:
    stacks["dev-kmeans"].run("destroy", "-auto-approve")
    assert aws.client("cloudwatch").describe_alarms()["MetricAlarms"] == []
    assert aws.client("ssm").describe_parameters()["Parameters"] == []
    for name in ("dev-audit", "dev-operations"):
        with pytest.raises(CommandError, match=r"(?s)Instance cannot be destroyed.*aws_(kms_key|s3_bucket)"):
            stacks[name].run("destroy", "-auto-approve")
    assert len(aws.client("sns").list_topics()["Topics"]) == 1
    assert [name.rpartition("-")[0] for name in _buckets(aws)] == ["acme-dev-audit"]


def _buckets(aws: Emulator) -> list[str]:
    return [bucket["Name"] for bucket in aws.client("s3").list_buckets()["Buckets"]]
