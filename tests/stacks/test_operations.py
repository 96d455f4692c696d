"""The operations stack: the topic of an environment's alarms with its key, and the dashboard of its endpoints."""

import json
from pathlib import Path
from typing import Any

from cdktf import App

from protected_endpoints.loading.load import Configuration
from protected_endpoints.loading.shared_stacks import operations_deployments
from protected_endpoints.stacks.app import add_stacks
from tests.support import Json, deployment, only, policy, resources, synth_stacks

_TOPIC = "arn:aws:sns:us-west-2:111122223333:acme-dev-alarms"


def _stacks(**environment: Any) -> dict[str, Json]:
    return synth_stacks([deployment(in_environment=environment), deployment(in_environment=environment, name="other")])


def _operations(**environment: Any) -> Json:
    return _stacks(**environment)["dev-operations"]


def test_without_topic_and_dashboard_there_is_no_stack() -> None:
    assert {*_stacks()} == {"dev-kmeans", "dev-other"}
    assert {*_stacks(alarms={"topic_arn": f"{_TOPIC}-2"})} == {"dev-kmeans", "dev-other"}


def test_the_topic_is_encrypted_with_a_key_of_its_own_that_cannot_be_destroyed() -> None:
    stack = _operations(alarms={"create_topic": True})
    topic, key = only(stack, "aws_sns_topic"), only(stack, "aws_kms_key")
    assert topic["name"] == "acme-dev-alarms"
    assert topic["kms_master_key_id"].startswith("${aws_kms_key.")
    assert (key["enable_key_rotation"], key["deletion_window_in_days"]) == (True, 30)
    assert key["lifecycle"] == {"prevent_destroy": True}
    assert only(stack, "aws_kms_alias")["name"] == "alias/acme-dev-operations"
    assert "aws_cloudwatch_dashboard" not in stack["resource"]
    assert {*stack["output"]} == {"alarms_topic_arn", "alarms_kms_key_arn"}


def test_only_alarms_of_the_environment_publish_and_encrypt() -> None:
    stack = _operations(alarms={"create_topic": True})
    source = {
        "StringEquals": {"aws:SourceAccount": "111122223333"},
        "ArnLike": {"aws:SourceArn": "arn:aws:cloudwatch:us-west-2:111122223333:alarm:acme-dev-*"},
    }
    publish = policy(only(stack, "aws_sns_topic_policy")["policy"])["AlarmsOfTheEnvironmentPublish"]
    encrypt = policy(only(stack, "aws_kms_key")["policy"])["AlarmsOfTheEnvironmentEncrypt"]
    assert (publish["Resource"], publish["Condition"]) == (_TOPIC, source)
    assert (encrypt["Action"], encrypt["Condition"]) == (["kms:Decrypt", "kms:GenerateDataKey*"], source)


def test_alarms_notify_the_managed_topic_and_their_names_match_its_policy() -> None:
    stacks = _stacks(alarms={"create_topic": True})
    alarms = [alarm for name in ("dev-kmeans", "dev-other") for alarm in resources(stacks[name], _ALARM)]
    assert {action for alarm in alarms for action in alarm["alarm_actions"]} == {_TOPIC}
    assert all(alarm["alarm_name"].startswith("acme-dev-") for alarm in alarms)


_ALARM = "aws_cloudwatch_metric_alarm"


def test_the_dashboard_of_an_environment_has_a_row_for_each_endpoint() -> None:
    stack = _operations(create_dashboard=True)
    dashboard = only(stack, "aws_cloudwatch_dashboard")
    body = json.loads(dashboard["dashboard_body"])
    assert dashboard["dashboard_name"] == "acme-dev"
    assert [widget["y"] for widget in body["widgets"]] == [0, *[2] * 4, *[8] * 4]
    assert {*stack["resource"]} == {"aws_cloudwatch_dashboard"}


def test_a_dashboard_of_an_endpoint_is_an_option_of_the_endpoint() -> None:
    stack = synth_stacks([deployment(create_dashboard=True)])["dev-kmeans"]
    dashboard = only(stack, "aws_cloudwatch_dashboard")
    assert dashboard["dashboard_name"] == "acme-dev-kmeans"
    assert dashboard["dashboard_body"] == json.dumps(json.loads(dashboard["dashboard_body"]), sort_keys=True)
    assert "aws_cloudwatch_dashboard" not in synth_stacks([deployment()])["dev-kmeans"]["resource"]


def _dependencies(folder: Path, **environment: Any) -> list[str]:
    """Return the stacks that CDKTF deploys before the stack of the endpoint."""
    members = (deployment(in_environment=environment),)
    app = App(outdir=str(folder))
    add_stacks(
        app, Configuration(members, networks=(), states=(), warnings=(), operations=operations_deployments(members))
    )
    app.synth()
    dependencies: list[str] = json.loads((folder / "manifest.json").read_text())["stacks"]["dev-kmeans"]["dependencies"]
    return dependencies


def test_endpoints_are_deployed_after_the_topic_and_need_no_dashboard(tmp_path: Path) -> None:
    assert _dependencies(tmp_path / "topic", alarms={"create_topic": True}) == ["dev-operations"]
    assert _dependencies(tmp_path / "dashboard", create_dashboard=True) == []
