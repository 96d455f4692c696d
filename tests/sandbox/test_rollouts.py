"""Updates with deployment guardrails move traffic in steps, and are rolled back by alarms."""

import json
from typing import Any

import pytest
from botocore.exceptions import ClientError

from sandbox.emulator import Emulator
from tests.sandbox.hosted import create_configuration, create_endpoint, create_execution_role, state

_CANARY = {
    "BlueGreenUpdatePolicy": {
        "TrafficRoutingConfiguration": {
            "Type": "CANARY",
            "WaitIntervalInSeconds": 300,
            "CanarySize": {"Type": "INSTANCE_COUNT", "Value": 1},
        },
        "TerminationWaitInSeconds": 120,
    }
}


@pytest.fixture(scope="module", autouse=True)
def execution_role(aws: Emulator) -> None:
    create_execution_role(aws)


def _watch(aws: Emulator, name: str, configuration: str) -> None:
    """Create the rollback alarm of an endpoint about the instances of a configuration."""
    values = {"EndpointName": name, "VariantName": "A", "EndpointConfigName": configuration}
    aws.client("cloudwatch").put_metric_alarm(
        AlarmName=f"{name}/rollback-errors",
        Namespace="AWS/SageMaker",
        MetricName="Invocation5XXErrors",
        Dimensions=[{"Name": key, "Value": value} for key, value in values.items()],
        Statistic="Average",
        Period=60,
        EvaluationPeriods=2,
        Threshold=0.05,
        ComparisonOperator="GreaterThanThreshold",
        TreatMissingData="notBreaching",
    )


def _update(aws: Emulator, name: str, configuration: str, policy: dict[str, Any] | None = None) -> list[str]:
    """Update an endpoint and return its statuses until it is in service."""
    sagemaker = aws.client("sagemaker")
    alarms = {"AutoRollbackConfiguration": {"Alarms": [{"AlarmName": f"{name}/rollback-errors"}]}}
    sagemaker.update_endpoint(
        EndpointName=name, EndpointConfigName=configuration, DeploymentConfig={**(policy or _CANARY), **alarms}
    )
    statuses: list[str] = []
    while not statuses or statuses[-1] != "InService":
        statuses.append(sagemaker.describe_endpoint(EndpointName=name)["EndpointStatus"])
    return statuses


def _serving(aws: Emulator, name: str) -> str:
    return str(aws.client("sagemaker").describe_endpoint(EndpointName=name)["EndpointConfigName"])


def test_a_canary_without_errors_takes_over(aws: Emulator) -> None:
    create_endpoint(aws, "steady")
    create_configuration(aws, "steady-2")
    _watch(aws, "steady", "steady-2")
    with aws.traffic("steady", requests_per_minute=10):
        assert _update(aws, "steady", "steady-2") == ["Updating", "Updating", "InService"]
    assert _serving(aws, "steady") == "steady-2"


def test_errors_of_the_new_instances_roll_the_update_back(aws: Emulator) -> None:
    create_endpoint(aws, "broken")
    create_configuration(aws, "broken-2", artifact="faulty")
    _watch(aws, "broken", "broken-2")
    with aws.traffic("broken", requests_per_minute=10):
        statuses = _update(aws, "broken", "broken-2")
    assert statuses == ["Updating", "RollingBack", "RollingBack", "RollingBack", "InService"]
    assert _serving(aws, "broken") == "broken"
    assert state(aws, "broken/rollback-errors") == "OK"  # its instances get no requests any more
    history = aws.client("cloudwatch").describe_alarm_history(AlarmName="broken/rollback-errors")["AlarmHistoryItems"]
    assert [item["HistorySummary"] for item in history] == [
        "Alarm updated from ALARM to OK",
        "Alarm updated from OK to ALARM",
        "Alarm updated from INSUFFICIENT_DATA to OK",
    ]


def test_without_requests_no_alarm_fires(aws: Emulator) -> None:
    create_endpoint(aws, "idle")
    create_configuration(aws, "idle-2", artifact="faulty")
    _watch(aws, "idle", "idle-2")
    assert _update(aws, "idle", "idle-2") == ["Updating", "Updating", "InService"]


def test_errors_of_the_previous_instances_do_not_stop_their_repair(aws: Emulator) -> None:
    create_endpoint(aws, "repaired", artifact="faulty")
    create_configuration(aws, "repaired-2")
    _watch(aws, "repaired", "repaired-2")
    with aws.traffic("repaired", requests_per_minute=10):
        assert _update(aws, "repaired", "repaired-2") == ["Updating", "Updating", "InService"]


def test_an_alarm_that_is_in_alarm_before_the_update_rolls_it_back(aws: Emulator) -> None:
    create_endpoint(aws, "named")
    create_configuration(aws, "named-2")
    _watch(aws, "named", "named-2")
    cloudwatch = aws.client("cloudwatch")
    cloudwatch.set_alarm_state(AlarmName="named/rollback-errors", StateValue="ALARM", StateReason="a test")
    assert _update(aws, "named", "named-2")[1] == "RollingBack"
    assert _serving(aws, "named") == "named"
    assert _update(aws, "named", "named-2") == ["Updating", "Updating", "InService"]


def _routing(type_: str, **settings: Any) -> dict[str, Any]:
    return {"BlueGreenUpdatePolicy": {"TrafficRoutingConfiguration": {"Type": type_, **settings}}}


_QUARTER, _HALF = ({"Type": "CAPACITY_PERCENT", "Value": value} for value in (25, 50))


@pytest.mark.parametrize(
    ("name", "policy", "steps"),
    [
        ("at-once", _routing("ALL_AT_ONCE", WaitIntervalInSeconds=0), 2),
        ("linear", _routing("LINEAR", WaitIntervalInSeconds=60, LinearStepSize=_QUARTER), 4),
        ("rolling", {"RollingUpdatePolicy": {"MaximumBatchSize": _HALF, "WaitIntervalInSeconds": 60}}, 2),
    ],
)
def test_the_steps_of_other_policies(aws: Emulator, name: str, policy: dict[str, Any], steps: int) -> None:
    create_endpoint(aws, name)
    create_configuration(aws, f"{name}-2")
    _watch(aws, name, f"{name}-2")
    assert _update(aws, name, f"{name}-2", policy) == [*["Updating"] * steps, "InService"]


def test_a_step_is_at_most_half_of_the_instances(aws: Emulator) -> None:
    create_endpoint(aws, "small")
    create_configuration(aws, "small-2", variant={"InitialInstanceCount": 1})
    _watch(aws, "small", "small-2")
    with pytest.raises(ClientError, match="must not exceed 50 percent of the total instance count of a variant"):
        _update(aws, "small", "small-2")


def test_during_an_update_the_endpoint_cannot_be_changed(aws: Emulator) -> None:
    sagemaker = aws.client("sagemaker")
    create_endpoint(aws, "busy")
    create_configuration(aws, "busy-2")
    _watch(aws, "busy", "busy-2")
    alarms = {"Alarms": [{"AlarmName": "busy/rollback-errors"}]}
    sagemaker.update_endpoint(
        EndpointName="busy", EndpointConfigName="busy-2", DeploymentConfig={"AutoRollbackConfiguration": alarms}
    )
    with pytest.raises(ClientError, match="Cannot update in-progress endpoint"):
        sagemaker.delete_endpoint(EndpointName="busy")


def test_an_alarm_that_does_not_exist_is_an_error(aws: Emulator) -> None:
    create_endpoint(aws, "unwatched")
    create_configuration(aws, "unwatched-2")
    with pytest.raises(ClientError, match="The alarm unwatched/rollback-errors of AutoRollbackConfiguration does not"):
        _update(aws, "unwatched", "unwatched-2")


def test_the_execution_role_must_be_allowed_to_read_the_alarms(aws: Emulator) -> None:
    create_endpoint(aws, "unreadable")
    create_configuration(aws, "unreadable-2")
    _watch(aws, "unreadable", "unreadable-2")
    iam = aws.client("iam")
    before = iam.get_role_policy(RoleName="executes", PolicyName="all")["PolicyDocument"]
    allowed = [action for action in before["Statement"][0]["Action"] if not action.startswith("cloudwatch")]
    narrow = {**before, "Statement": [{**before["Statement"][0], "Action": allowed}]}
    iam.put_role_policy(RoleName="executes", PolicyName="all", PolicyDocument=json.dumps(narrow))
    with pytest.raises(ClientError, match="executes is not authorized to perform: cloudwatch:DescribeAlarms"):
        _update(aws, "unreadable", "unreadable-2")
