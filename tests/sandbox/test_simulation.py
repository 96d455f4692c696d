"""In simulated minutes, alarms are evaluated and scaling policies act."""

import json
from typing import Any

import pytest
from botocore.exceptions import ClientError

from sandbox.emulator import Emulator
from tests.sandbox.hosted import count, create_endpoint, create_execution_role, register, state

_ALARM = {
    "Namespace": "AWS/SageMaker",
    "MetricName": "Invocation5XXErrors",
    "Statistic": "Average",
    "Period": 60,
    "EvaluationPeriods": 3,
    "DatapointsToAlarm": 2,
    "Threshold": 0.05,
    "ComparisonOperator": "GreaterThanThreshold",
}


@pytest.fixture(scope="module", autouse=True)
def execution_role(aws: Emulator) -> None:
    create_execution_role(aws)


def _watch(aws: Emulator, endpoint: str, **changes: Any) -> str:
    dimensions = [{"Name": "EndpointName", "Value": endpoint}, {"Name": "VariantName", "Value": "A"}]
    name = f"{endpoint}/errors"
    aws.client("cloudwatch").put_metric_alarm(AlarmName=name, Dimensions=dimensions, **{**_ALARM, **changes})
    return name


def test_an_alarm_is_in_alarm_after_enough_minutes_with_errors(aws: Emulator) -> None:
    create_endpoint(aws, "faulty", artifact="faulty")
    alarm = _watch(aws, "faulty")
    assert state(aws, alarm) == "INSUFFICIENT_DATA"
    with aws.traffic("faulty", requests_per_minute=10):
        aws.pass_minutes(1)
        assert state(aws, alarm) == "OK"
        aws.pass_minutes(1)
        assert state(aws, alarm) == "ALARM"
    _watch(aws, "faulty")
    assert state(aws, alarm) == "ALARM"  # an update leaves the state as it is, until the next minute
    aws.pass_minutes(2)
    assert state(aws, alarm) == "OK"
    aws.pass_minutes(1)
    assert state(aws, alarm) == "INSUFFICIENT_DATA"


@pytest.mark.parametrize(
    ("missing", "expected"), [("breaching", "ALARM"), ("notBreaching", "OK"), ("missing", "INSUFFICIENT_DATA")]
)
def test_an_alarm_without_data(aws: Emulator, missing: str, expected: str) -> None:
    alarm = _watch(aws, f"absent-{missing}", TreatMissingData=missing)
    aws.pass_minutes(1)
    assert state(aws, alarm) == expected


def test_an_alarm_that_ignores_missing_data_keeps_its_state(aws: Emulator) -> None:
    alarm = _watch(aws, "ignored", TreatMissingData="ignore")
    aws.client("cloudwatch").set_alarm_state(AlarmName=alarm, StateValue="ALARM", StateReason="a test")
    aws.pass_minutes(1)
    assert state(aws, alarm) == "ALARM"


def test_an_alarm_about_the_worst_of_several_variants(aws: Emulator) -> None:
    create_endpoint(aws, "worst", artifact="sluggish")
    metrics = [
        {
            "Id": f"m{number}",
            "ReturnData": False,
            "MetricStat": {
                "Metric": {
                    "Namespace": "AWS/SageMaker",
                    "MetricName": "ModelLatency",
                    "Dimensions": [
                        {"Name": "EndpointName", "Value": "worst"},
                        {"Name": "VariantName", "Value": variant},
                        {"Name": "EndpointConfigName", "Value": "worst"},
                    ],
                },
                "Period": 60,
                "Stat": "p99",
            },
        }
        for number, variant in enumerate("AB")
    ]
    aws.client("cloudwatch").put_metric_alarm(
        AlarmName="worst/latency",
        Metrics=[*metrics, {"Id": "e", "Expression": "MAX([m0, m1])", "ReturnData": True}],
        EvaluationPeriods=1,
        Threshold=48_000_000,
        ComparisonOperator="GreaterThanThreshold",
    )
    with aws.traffic("worst", requests_per_minute=1):
        aws.pass_minutes(1)
    assert state(aws, "worst/latency") == "ALARM"


def test_an_alarm_cannot_need_more_datapoints_than_it_evaluates(aws: Emulator) -> None:
    with pytest.raises(ClientError, match="DatapointsToAlarm must be less than or equal to EvaluationPeriods"):
        _watch(aws, "impossible", DatapointsToAlarm=4)


def test_target_tracking_scales_out_and_back_in(aws: Emulator) -> None:
    create_endpoint(aws, "tracked")
    autoscaling, cloudwatch = aws.client("application-autoscaling"), aws.client("cloudwatch")
    target = register(aws, "tracked", least=2, most=10)
    specification = {"PredefinedMetricType": "SageMakerVariantInvocationsPerInstance"}
    created = autoscaling.put_scaling_policy(
        **target,
        PolicyName="target-tracking",
        PolicyType="TargetTrackingScaling",
        TargetTrackingScalingPolicyConfiguration={
            "TargetValue": 70,
            "PredefinedMetricSpecification": specification,
            "ScaleOutCooldown": 120,
        },
    )
    with aws.traffic("tracked", requests_per_minute=350):
        aws.pass_minutes(2)
        assert count(aws, "tracked") == 2
        aws.pass_minutes(1)
        assert count(aws, "tracked") == 5
        aws.pass_minutes(3)
        assert count(aws, "tracked") == 5  # 70 per instance is what is wanted
    with aws.traffic("tracked", requests_per_minute=2000):
        aws.pass_minutes(3)
        assert count(aws, "tracked") == 10
    aws.pass_minutes(14)
    assert count(aws, "tracked") == 10
    aws.pass_minutes(1)
    assert count(aws, "tracked") == 2
    alarms = [alarm["AlarmName"] for alarm in created["Alarms"]]
    assert [name.split("-Alarm")[0] for name in alarms] == ["TargetTracking-endpoint/tracked/variant/A"] * 2
    assert len(cloudwatch.describe_alarms(AlarmNames=alarms)["MetricAlarms"]) == 2
    autoscaling.deregister_scalable_target(**target)
    assert cloudwatch.describe_alarms(AlarmNames=alarms)["MetricAlarms"] == []


def test_a_policy_that_cools_down_does_not_scale_again(aws: Emulator) -> None:
    create_endpoint(aws, "cooling")
    target = register(aws, "cooling", least=1, most=10)
    policy = aws.client("application-autoscaling").put_scaling_policy(
        **target,
        PolicyName="more",
        PolicyType="StepScaling",
        StepScalingPolicyConfiguration={
            "AdjustmentType": "PercentChangeInCapacity",
            "Cooldown": 180,
            "MinAdjustmentMagnitude": 2,
            "StepAdjustments": [
                {"MetricIntervalLowerBound": 0, "MetricIntervalUpperBound": 50, "ScalingAdjustment": 10},
                {"MetricIntervalLowerBound": 50, "ScalingAdjustment": 100},
            ],
        },
    )
    _watch(
        aws,
        "cooling",
        MetricName="InvocationsPerInstance",
        Statistic="Sum",
        Threshold=10,
        EvaluationPeriods=1,
        DatapointsToAlarm=1,
        AlarmActions=[policy["PolicyARN"]],
    )
    with aws.traffic("cooling", requests_per_minute=40):
        aws.pass_minutes(3)
        assert count(aws, "cooling") == 4  # 10 percent of two instances are less than two
    with aws.traffic("cooling", requests_per_minute=400):
        aws.pass_minutes(1)
        assert count(aws, "cooling") == 8
        aws.pass_minutes(2)
        assert count(aws, "cooling") == 8


def test_an_asynchronous_endpoint_leaves_zero_when_requests_wait(aws: Emulator) -> None:
    s3, autoscaling = aws.client("s3"), aws.client("application-autoscaling")
    s3.create_bucket(Bucket="answers", CreateBucketConfiguration={"LocationConstraint": aws.region})
    create_endpoint(aws, "waiting", AsyncInferenceConfig={"OutputConfig": {"S3OutputPath": "s3://answers/"}})
    target = register(aws, "waiting", least=0, most=3)
    autoscaling.put_scaling_policy(
        **target,
        PolicyName="target-tracking",
        PolicyType="TargetTrackingScaling",
        TargetTrackingScalingPolicyConfiguration={
            "TargetValue": 5,
            "CustomizedMetricSpecification": {
                "MetricName": "ApproximateBacklogSizePerInstance",
                "Namespace": "AWS/SageMaker",
                "Dimensions": [{"Name": "EndpointName", "Value": "waiting"}],
                "Statistic": "Average",
            },
        },
    )
    policy = autoscaling.put_scaling_policy(
        **target,
        PolicyName="wake-up",
        PolicyType="StepScaling",
        StepScalingPolicyConfiguration={
            "AdjustmentType": "ChangeInCapacity",
            "StepAdjustments": [{"MetricIntervalLowerBound": 0, "ScalingAdjustment": 1}],
        },
    )
    aws.client("cloudwatch").put_metric_alarm(
        AlarmName="waiting/wake-up",
        **{
            **_ALARM,
            "MetricName": "HasBacklogWithoutCapacity",
            "Dimensions": [{"Name": "EndpointName", "Value": "waiting"}],
            "EvaluationPeriods": 2,
            "ComparisonOperator": "GreaterThanOrEqualToThreshold",
            "Threshold": 1,
        },
        AlarmActions=[policy["PolicyARN"]],
    )
    aws.pass_minutes(15)
    assert count(aws, "waiting") == 0
    invoker = {"Effect": "Allow", "Action": "sagemaker:InvokeEndpointAsync", "Resource": "*"}
    _allow(aws, "calls", invoker)
    runtime = aws.client("sagemaker-runtime", as_role="calls")
    accepted = runtime.invoke_endpoint_async(EndpointName="waiting", Body=b"1,2")
    key = accepted["OutputLocation"].rsplit("/", 1)[1]
    aws.pass_minutes(1)
    with pytest.raises(ClientError, match="NoSuchKey"):
        s3.get_object(Bucket="answers", Key=key)
    aws.pass_minutes(1)
    assert count(aws, "waiting") == 1
    assert b"closest_cluster" in s3.get_object(Bucket="answers", Key=key)["Body"].read()


def test_an_asynchronous_request_is_read_from_its_location_and_processed_at_once(aws: Emulator) -> None:
    s3 = aws.client("s3")
    for bucket in ("requests", "responses"):
        s3.create_bucket(Bucket=bucket, CreateBucketConfiguration={"LocationConstraint": aws.region})
    s3.put_object(Bucket="requests", Key="a.csv", Body=b"9,9")
    create_endpoint(aws, "reading", AsyncInferenceConfig={"OutputConfig": {"S3OutputPath": "s3://responses/"}})
    _allow(aws, "uploads", {"Effect": "Allow", "Action": "sagemaker:InvokeEndpointAsync", "Resource": "*"})
    runtime = aws.client("sagemaker-runtime", as_role="uploads")
    accepted = runtime.invoke_endpoint_async(EndpointName="reading", InputLocation="s3://requests/a.csv")
    key = accepted["OutputLocation"].rsplit("/", 1)[1]
    assert b'"closest_cluster": 1.0' in s3.get_object(Bucket="responses", Key=key)["Body"].read()
    with pytest.raises(ClientError, match="does not exist"):
        runtime.invoke_endpoint_async(EndpointName="reading", InputLocation="s3://requests/b.csv")


def _allow(aws: Emulator, role: str, statement: dict[str, Any]) -> None:
    iam = aws.client("iam")
    iam.create_role(RoleName=role, AssumeRolePolicyDocument='{"Statement":[]}')
    document = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    iam.put_role_policy(RoleName=role, PolicyName="all", PolicyDocument=document)
