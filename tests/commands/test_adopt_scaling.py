"""The scaling of a running endpoint as a table: what it keeps, what it leaves out, and what is deleted first."""

import shlex
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from protected_endpoints.commands.adopt import command
from protected_endpoints.commands.adopt.endpoint_table import endpoint_table
from protected_endpoints.commands.adopt.running_endpoint import AwsReader, RunningEndpoint
from tests.commands.running import ACCOUNT, REGION, running

_RESOURCE = "endpoint/Fraud-V2/variant/AllTraffic"
_TARGET = {"ResourceId": _RESOURCE, "ScalableDimension": "sagemaker:variant:DesiredInstanceCount"}
_OPTIONS = (
    "--resource-id endpoint/Fraud-V2/variant/AllTraffic --scalable-dimension sagemaker:variant:DesiredInstanceCount"
)
_ARN = f"arn:aws:application-autoscaling:{REGION}:{ACCOUNT}:scalable-target/0ec5abc"
_INVOCATIONS: dict[str, Any] = {
    "PredefinedMetricSpecification": {"PredefinedMetricType": "SageMakerVariantInvocationsPerInstance"}
}
_BACKLOG = {"MetricName": "ApproximateBacklogSizePerInstance", "Namespace": "AWS/SageMaker", "Statistic": "Average"}
_ENDPOINT = {"Name": "EndpointName", "Value": "Fraud-V2"}


def _scaled(
    *policies: dict[str, Any], actions: tuple[dict[str, Any], ...] = (), arn: str | None = _ARN
) -> RunningEndpoint:
    target = {**_TARGET, "MinCapacity": 1, "MaxCapacity": 4, **({"ScalableTargetARN": arn} if arn else {})}
    return running(
        scalable_targets=(target,),
        scaling_policies=policies,
        scheduled_actions=tuple({**_TARGET, **action} for action in actions),
    )


def _tracking(name: str = "by-hand", **settings: Any) -> dict[str, Any]:
    configuration = {"TargetValue": 70.0, **(settings or _INVOCATIONS)}
    type_ = "TargetTrackingScaling"
    return {
        **_TARGET,
        "PolicyName": name,
        "PolicyType": type_,
        "TargetTrackingScalingPolicyConfiguration": configuration,
    }


def _policy(type_: str) -> dict[str, Any]:
    return {**_TARGET, "PolicyName": "other", "PolicyType": type_, f"{type_}PolicyConfiguration": {}}


def test_target_tracking_of_a_predefined_metric_is_kept() -> None:
    adopted = endpoint_table(_scaled(_tracking(**_INVOCATIONS, ScaleInCooldown=60, DisableScaleIn=True)))
    assert (adopted.left_out, adopted.notes) == ([], [])
    assert adopted.table["scaling"] == {
        "min_capacity": 1,
        "max_capacity": 4,
        "target_value": 70.0,
        "predefined_metric_type": "SageMakerVariantInvocationsPerInstance",
        "scale_in_cooldown": 60,
        "disable_scale_in": True,
    }


@pytest.mark.parametrize(
    ("metric", "expected"),
    [
        (
            {**_BACKLOG, "Dimensions": [_ENDPOINT]},
            {"metric_name": "ApproximateBacklogSizePerInstance", "statistic": "Average"},
        ),
        (
            {**_BACKLOG, "Dimensions": [{**_ENDPOINT, "Value": "another"}]},
            {
                "metric_name": "ApproximateBacklogSizePerInstance",
                "statistic": "Average",
                "namespace": "AWS/SageMaker",
                "dimensions": {"EndpointName": "another"},
            },
        ),
        (
            {**_BACKLOG, "MetricName": "Queued", "Namespace": "Acme", "Unit": "Count"},
            {"metric_name": "Queued", "statistic": "Average", "namespace": "Acme", "unit": "Count"},
        ),
    ],
)
def test_target_tracking_of_another_metric_is_kept(metric: dict[str, Any], expected: dict[str, Any]) -> None:
    adopted = endpoint_table(_scaled(_tracking(CustomizedMetricSpecification=metric)))
    assert adopted.left_out == []
    assert adopted.table["scaling"]["customized_metric_specification"] == expected


def test_policies_that_are_not_expressed_are_named_with_the_reason() -> None:
    math = _tracking("math", CustomizedMetricSpecification={"Metrics": [{"Id": "m1"}]})
    adopted = endpoint_table(
        _scaled(_tracking(), _tracking("second"), math, _policy("StepScaling"), _policy("PredictiveScaling"))
    )
    assert [text.partition(": ")[2].partition(";")[0] for text in adopted.left_out] == [
        "scaling policy second: a variant has one target tracking policy here",
        "scaling policy math: metric math cannot be tracked here",
        "scaling policy other: add it to step_scaling_policies with its alarm, and delete the present policy and alarm "
        "after the deployment",
        "scaling policy other: the type PredictiveScaling is not supported here",
    ]
    assert all(text.startswith("variant AllTraffic: ") for text in adopted.left_out)


def test_a_target_without_a_policy_that_can_be_expressed_is_named() -> None:
    adopted = endpoint_table(_scaled())
    assert "scaling" not in adopted.table
    assert adopted.left_out == [
        "variant AllTraffic: scalable target from 1 to 4: no policy that can be expressed here scales it; it stays in "
        "AWS, unmanaged"
    ]


def test_scheduled_actions_are_kept_unless_their_names_are_none_here() -> None:
    action = {
        "ScheduledActionName": "night",
        "Schedule": "cron(0 20 * * ? *)",
        "Timezone": "Europe/Zurich",
        "StartTime": datetime(2027, 1, 31, 8, tzinfo=UTC),
        "ScalableTargetAction": {"MinCapacity": 0},
    }
    adopted = endpoint_table(_scaled(actions=(action, {**action, "ScheduledActionName": "Every_Night"})))
    assert adopted.table["scaling"] == {
        "min_capacity": 1,
        "max_capacity": 4,
        "scheduled_actions": [
            {
                "name": "night",
                "schedule": "cron(0 20 * * ? *)",
                "timezone": "Europe/Zurich",
                "start_time": "2027-01-31T08:00:00Z",
                "min_capacity": 0,
            }
        ],
    }
    assert [text.partition(";")[0] for text in adopted.left_out] == [
        "variant AllTraffic: scheduled action Every_Night: a name here has lowercase letters, digits and single hyphens"
    ]
    assert adopted.notes == [
        "variant AllTraffic: min_capacity and max_capacity are those of now; scheduled actions may have changed them"
    ]


def _commands(
    monkeypatch: pytest.MonkeyPatch, folder: Path, capsys: pytest.CaptureFixture[str], endpoint: RunningEndpoint
) -> list[str]:
    """Return the printed commands about scaling."""
    monkeypatch.chdir(folder)
    monkeypatch.setattr(AwsReader, "running_endpoint", lambda *_: endpoint)
    command.run(["--name", "Fraud-V2", "--region", REGION, "--environment", "prod", "--project", "acme"])
    lines = capsys.readouterr().out.splitlines()
    return [line.removeprefix("# ") for line in lines if line.startswith("# aws application-autoscaling")]


def test_the_present_policy_is_deleted_because_a_metric_is_tracked_once(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    name = "x'; touch stolen; '"
    tag, delete = _commands(monkeypatch, tmp_path, capsys, _scaled(_tracking(name)))
    assert f"tag-resource --region {REGION} --resource-arn {_ARN} --tags project=acme," in tag
    assert f"delete-scaling-policy --region {REGION} --service-namespace sagemaker {_OPTIONS} " in delete
    assert shlex.split(delete)[-1] == name


def test_a_target_from_before_tags_is_deregistered(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (deregister,) = _commands(monkeypatch, tmp_path, capsys, _scaled(_tracking(), arn=None))
    options = f"--region {REGION} --service-namespace sagemaker {_OPTIONS}"
    assert deregister == f"aws application-autoscaling deregister-scalable-target {options}"


def test_a_target_that_is_left_out_is_neither_tagged_nor_deleted(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert _commands(monkeypatch, tmp_path, capsys, _scaled(_policy("StepScaling"))) == []
