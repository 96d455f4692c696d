"""Application Auto Scaling refuses what AWS refuses, and its targets restrict updates of an endpoint."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from botocore.exceptions import ClientError

from sandbox.emulator import Emulator
from tests.examples import ACCOUNT
from tests.support import IMAGE

_ROLE = f"arn:aws:iam::{ACCOUNT}:role/executes"
_INSTANCES, _CONCURRENCY, _COPIES = (
    "sagemaker:variant:DesiredInstanceCount",
    "sagemaker:variant:DesiredProvisionedConcurrency",
    "sagemaker:inference-component:DesiredCopyCount",
)
_VARIANT = {"VariantName": "A", "InstanceType": "ml.m5.xlarge", "InitialInstanceCount": 2, "ModelName": "m"}
_SERVERLESS = {
    "VariantName": "A",
    "ModelName": "m",
    "ServerlessConfig": {"MemorySizeInMB": 2048, "MaxConcurrency": 20, "ProvisionedConcurrency": 2},
}
_TARGET = {"ServiceNamespace": "sagemaker", "ResourceId": "endpoint/e/variant/A", "ScalableDimension": _INSTANCES}
_BOUNDS = {"MinCapacity": 1, "MaxCapacity": 4}
_STEPS = {"AdjustmentType": "ChangeInCapacity", "StepAdjustments": [{"ScalingAdjustment": 1}]}


def _tracking(metric: str, target: float = 70) -> dict[str, Any]:
    specification = {"PredefinedMetricSpecification": {"PredefinedMetricType": metric}, "TargetValue": target}
    return {"PolicyType": "TargetTrackingScaling", "TargetTrackingScalingPolicyConfiguration": specification}


_POLICY = _tracking("SageMakerVariantInvocationsPerInstance")


def _configure(aws: Emulator, name: str, *variants: dict[str, Any]) -> None:
    aws.client("sagemaker").create_endpoint_config(EndpointConfigName=name, ProductionVariants=[*variants])


@pytest.fixture(scope="module", autouse=True)
def model(aws: Emulator) -> None:
    aws.client("iam").create_role(RoleName="executes", AssumeRolePolicyDocument='{"Statement":[]}')
    aws.client("sagemaker").create_model(
        ModelName="m", ExecutionRoleArn=_ROLE, PrimaryContainer={"Image": IMAGE, "ModelPackageName": "p"}
    )
    _configure(aws, "one", _VARIANT)
    _configure(aws, "larger", {**_VARIANT, "InstanceType": "ml.m5.2xlarge"})
    _configure(aws, "renamed", {**_VARIANT, "VariantName": "B"})
    _configure(aws, "more", {**_VARIANT, "InitialInstanceCount": 3})
    _configure(aws, "serverless", _SERVERLESS)
    _configure(aws, "on-demand", {**_SERVERLESS, "ServerlessConfig": {"MemorySizeInMB": 2048, "MaxConcurrency": 20}})


@pytest.fixture(autouse=True)
def endpoints(aws: Emulator) -> Iterator[None]:
    """The endpoints `e`, `s` and `d` with instances, provisioned concurrency and none."""
    sagemaker = aws.client("sagemaker")
    for name, configuration in (("e", "one"), ("s", "serverless"), ("d", "on-demand")):
        sagemaker.create_endpoint(EndpointName=name, EndpointConfigName=configuration)
    yield
    for name in "esd":
        sagemaker.delete_endpoint(EndpointName=name)


@pytest.fixture
def autoscaling(aws: Emulator) -> Any:
    return aws.client("application-autoscaling")


def _counts(aws: Emulator, endpoint: str = "e") -> dict[str, int]:
    variants = aws.client("sagemaker").describe_endpoint(EndpointName=endpoint)["ProductionVariants"]
    return {variant["VariantName"]: variant["DesiredInstanceCount"] for variant in variants}


def test_a_registered_target_is_described_with_its_tags(autoscaling: Any) -> None:
    arn = autoscaling.register_scalable_target(**_TARGET, **_BOUNDS, Tags={"project": "acme"})["ScalableTargetARN"]
    (target,) = autoscaling.describe_scalable_targets(ServiceNamespace="sagemaker")["ScalableTargets"]
    assert {key: target[key] for key in (*_TARGET, *_BOUNDS)} == {**_TARGET, **_BOUNDS}
    assert target["RoleARN"].endswith("/AWSServiceRoleForApplicationAutoScaling_SageMakerEndpoint")
    assert autoscaling.list_tags_for_resource(ResourceARN=arn)["Tags"] == {"project": "acme"}
    autoscaling.tag_resource(ResourceARN=arn, Tags={"team": "a"})
    autoscaling.untag_resource(ResourceARN=arn, TagKeys=["project"])
    assert autoscaling.list_tags_for_resource(ResourceARN=arn)["Tags"] == {"team": "a"}
    with pytest.raises(ClientError, match="To update tags on an existing scalable target, use the TagResource API"):
        autoscaling.register_scalable_target(**_TARGET, Tags={"project": "acme"})
    autoscaling.register_scalable_target(**_TARGET, MaxCapacity=8)
    (target,) = autoscaling.describe_scalable_targets(ServiceNamespace="sagemaker")["ScalableTargets"]
    assert (target["MinCapacity"], target["MaxCapacity"], target["ScalableTargetARN"]) == (1, 8, arn)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"ResourceId": "endpoint/other/variant/A"}, 'Could not find endpoint "other"'),
        ({"ResourceId": "endpoint/e/variant/B"}, 'Could not find variant "B" of endpoint "e"'),
        ({"ResourceId": "endpoint/e"}, "Unsupported resource ID endpoint/e "),
        ({"ScalableDimension": _CONCURRENCY}, "has no provisioned concurrency"),
        ({"ScalableDimension": _CONCURRENCY, "ResourceId": "endpoint/d/variant/A"}, "has no provisioned concurrency"),
        ({"ResourceId": "endpoint/s/variant/A"}, "is serverless and has no instances"),
        ({"ScalableDimension": _COPIES}, "Unsupported resource ID endpoint/e/variant/A "),
        (
            {"ScalableDimension": _COPIES, "ResourceId": "inference-component/i"},
            'Could not find inference component "i"',
        ),
        ({"MinCapacity": 5}, "Maximum capacity cannot be less than minimum capacity"),
        ({"ServiceNamespace": "ecs"}, "does not scale ecs"),
    ],
)
def test_a_target_that_aws_refuses(autoscaling: Any, changes: dict[str, Any], message: str) -> None:
    with pytest.raises(ClientError, match=message):
        autoscaling.register_scalable_target(**{**_TARGET, **_BOUNDS, **changes})
    assert autoscaling.describe_scalable_targets(ServiceNamespace="sagemaker")["ScalableTargets"] == []


def test_registering_moves_the_capacity_into_the_bounds(aws: Emulator, autoscaling: Any) -> None:
    assert _counts(aws) == {"A": 2}
    autoscaling.register_scalable_target(**_TARGET, MinCapacity=3, MaxCapacity=4)
    assert _counts(aws) == {"A": 3}
    autoscaling.register_scalable_target(**_TARGET, MinCapacity=1, MaxCapacity=1)
    assert _counts(aws) == {"A": 1}


def test_policies_and_scheduled_actions_need_a_target_and_are_deleted_with_it(autoscaling: Any) -> None:
    schedule = {"ScheduledActionName": "night", "Schedule": "cron(0 20 * * ? *)"}
    action = {**schedule, "ScalableTargetAction": {"MinCapacity": 1, "MaxCapacity": 2}}
    with pytest.raises(ClientError, match=r"ObjectNotFoundException.*No scalable target registered"):
        autoscaling.put_scaling_policy(**_TARGET, PolicyName="tracking", **_POLICY)
    with pytest.raises(ClientError, match=r"ObjectNotFoundException.*No scalable target registered"):
        autoscaling.put_scheduled_action(**_TARGET, **action)
    autoscaling.register_scalable_target(**_TARGET, **_BOUNDS)
    arn = autoscaling.put_scaling_policy(**_TARGET, PolicyName="tracking", **_POLICY)["PolicyARN"]
    autoscaling.put_scheduled_action(**_TARGET, **action)
    (policy,) = autoscaling.describe_scaling_policies(ServiceNamespace="sagemaker")["ScalingPolicies"]
    (scheduled,) = autoscaling.describe_scheduled_actions(ServiceNamespace="sagemaker")["ScheduledActions"]
    assert (policy["PolicyARN"], policy["PolicyType"]) == (arn, "TargetTrackingScaling")
    assert scheduled["Schedule"] == "cron(0 20 * * ? *)"
    assert autoscaling.put_scaling_policy(**_TARGET, PolicyName="tracking", **_POLICY)["PolicyARN"] == arn
    autoscaling.deregister_scalable_target(**_TARGET)
    assert autoscaling.describe_scaling_policies(ServiceNamespace="sagemaker")["ScalingPolicies"] == []
    assert autoscaling.describe_scheduled_actions(ServiceNamespace="sagemaker")["ScheduledActions"] == []
    for delete, name in (
        (autoscaling.delete_scaling_policy, {"PolicyName": "tracking"}),
        (autoscaling.delete_scheduled_action, {"ScheduledActionName": "night"}),
        (autoscaling.deregister_scalable_target, {}),
    ):
        with pytest.raises(ClientError, match="ObjectNotFoundException"):
            delete(**_TARGET, **name)


@pytest.mark.parametrize(
    ("policy", "message"),
    [
        ({"PolicyType": "StepScaling"}, "StepScalingPolicyConfiguration is required"),
        ({"PolicyType": "StepScaling", "StepScalingPolicyConfiguration": {}}, "requires AdjustmentType"),
        (_tracking("SageMakerVariantInvocationsPerInstance", 0), "TargetValue must be greater than 0"),
        (
            _tracking("SageMakerVariantProvisionedConcurrencyUtilization"),
            "Scalable dimension sagemaker:variant:DesiredInstanceCount only supports the following predefined metric "
            "types: SageMakerVariantInvocationsPerInstance",
        ),
        (_tracking("ECSServiceAverageCPUUtilization"), "only supports the following predefined metric types"),
        (
            {
                "PolicyType": "TargetTrackingScaling",
                "TargetTrackingScalingPolicyConfiguration": {"TargetValue": 70},
            },
            "exactly one of PredefinedMetricSpecification and CustomizedMetricSpecification",
        ),
    ],
)
def test_a_policy_that_aws_refuses(autoscaling: Any, policy: dict[str, Any], message: str) -> None:
    autoscaling.register_scalable_target(**_TARGET, **_BOUNDS)
    with pytest.raises(ClientError, match=message):
        autoscaling.put_scaling_policy(**_TARGET, PolicyName="p", **policy)


def test_a_metric_is_tracked_by_one_policy_of_a_target(autoscaling: Any) -> None:
    autoscaling.register_scalable_target(**_TARGET, **_BOUNDS)
    autoscaling.put_scaling_policy(**_TARGET, PolicyName="first", **_POLICY)
    with pytest.raises(ClientError, match="Only one TargetTrackingScaling policy for a given metric specification"):
        autoscaling.put_scaling_policy(**_TARGET, PolicyName="second", **_POLICY)


def test_the_type_of_a_policy_cannot_be_changed(autoscaling: Any) -> None:
    autoscaling.register_scalable_target(**_TARGET, **_BOUNDS)
    autoscaling.put_scaling_policy(**_TARGET, PolicyName="p", **_POLICY)
    with pytest.raises(ClientError, match="Policy types cannot be changed"):
        autoscaling.put_scaling_policy(
            **_TARGET, PolicyName="p", PolicyType="StepScaling", StepScalingPolicyConfiguration=_STEPS
        )


@pytest.mark.parametrize(
    ("action", "message"),
    [
        ({"Schedule": "at(2030-01-01T00:00:00)"}, "ScalableTargetAction requires MinCapacity, MaxCapacity or both"),
        (
            {"Schedule": "at(2030-01-01T00:00:00)", "ScalableTargetAction": {"MinCapacity": 2, "MaxCapacity": 1}},
            "Maximum capacity cannot be less than minimum capacity",
        ),
        ({"ScalableTargetAction": {"MinCapacity": 2}}, "Schedule is required"),
    ],
)
def test_a_scheduled_action_that_aws_refuses(autoscaling: Any, action: dict[str, Any], message: str) -> None:
    autoscaling.register_scalable_target(**_TARGET, **_BOUNDS)
    with pytest.raises(ClientError, match=message):
        autoscaling.put_scheduled_action(**_TARGET, ScheduledActionName="a", **action)


@pytest.mark.parametrize("configuration", ["larger", "renamed"])
def test_an_update_with_another_instance_type_or_without_a_variant_needs_the_target_deregistered(
    aws: Emulator, autoscaling: Any, configuration: str
) -> None:
    sagemaker = aws.client("sagemaker")
    autoscaling.register_scalable_target(**_TARGET, **_BOUNDS)
    with pytest.raises(ClientError, match=r"variant\(s\) \['A'\] must be deregistered as scalable targets"):
        sagemaker.update_endpoint(EndpointName="e", EndpointConfigName=configuration)
    assert sagemaker.describe_endpoint(EndpointName="e")["EndpointConfigName"] == "one"
    autoscaling.deregister_scalable_target(**_TARGET)
    sagemaker.update_endpoint(EndpointName="e", EndpointConfigName=configuration)


def test_an_update_resets_a_fleet_that_is_scaled_out(aws: Emulator, autoscaling: Any) -> None:
    sagemaker = aws.client("sagemaker")
    autoscaling.register_scalable_target(**_TARGET, **_BOUNDS)
    changes = [{"VariantName": "A", "DesiredInstanceCount": 4, "DesiredWeight": 0.5}]
    sagemaker.update_endpoint_weights_and_capacities(EndpointName="e", DesiredWeightsAndCapacities=changes)
    (variant,) = sagemaker.describe_endpoint(EndpointName="e")["ProductionVariants"]
    assert (variant["CurrentInstanceCount"], variant["CurrentWeight"]) == (4, 0.5)
    sagemaker.update_endpoint(EndpointName="e", EndpointConfigName="more")
    (variant,) = sagemaker.describe_endpoint(EndpointName="e")["ProductionVariants"]
    assert (variant["DesiredInstanceCount"], variant["DesiredWeight"]) == (3, 1)
    with pytest.raises(ClientError, match='Could not find variant "B"'):
        sagemaker.update_endpoint_weights_and_capacities(
            EndpointName="e", DesiredWeightsAndCapacities=[{"VariantName": "B", "DesiredWeight": 1}]
        )


def test_an_update_below_the_minimum_is_raised_to_it(aws: Emulator, autoscaling: Any) -> None:
    autoscaling.register_scalable_target(**_TARGET, MinCapacity=4, MaxCapacity=8)
    aws.client("sagemaker").update_endpoint(EndpointName="e", EndpointConfigName="more")
    assert _counts(aws) == {"A": 4}


def test_provisioned_concurrency_is_scaled(aws: Emulator, autoscaling: Any) -> None:
    target = {**_TARGET, "ResourceId": "endpoint/s/variant/A", "ScalableDimension": _CONCURRENCY}
    autoscaling.register_scalable_target(**target, MinCapacity=5, MaxCapacity=10)
    (variant,) = aws.client("sagemaker").describe_endpoint(EndpointName="s")["ProductionVariants"]
    assert variant["DesiredServerlessConfig"]["ProvisionedConcurrency"] == 5
    metric = "SageMakerVariantProvisionedConcurrencyUtilization"
    autoscaling.put_scaling_policy(**target, PolicyName="p", **_tracking(metric, 0.7))


def test_deleting_an_endpoint_deregisters_its_targets_with_the_permission(aws: Emulator, autoscaling: Any) -> None:
    sagemaker, iam = aws.client("sagemaker"), aws.client("iam")
    sagemaker.create_endpoint(EndpointName="retired", EndpointConfigName="one")
    autoscaling.register_scalable_target(**{**_TARGET, "ResourceId": "endpoint/retired/variant/A"}, **_BOUNDS)
    iam.create_role(RoleName="deletes", AssumeRolePolicyDocument='{"Statement":[]}')
    statement = {"Effect": "Allow", "Action": "sagemaker:DeleteEndpoint", "Resource": "*"}
    document = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    iam.put_role_policy(RoleName="deletes", PolicyName="all", PolicyDocument=document)
    with pytest.raises(ClientError, match="not authorized to perform: application-autoscaling:DeregisterScalableTarg"):
        aws.client("sagemaker", as_role="deletes").delete_endpoint(EndpointName="retired")
    sagemaker.delete_endpoint(EndpointName="retired")
    assert autoscaling.describe_scalable_targets(ServiceNamespace="sagemaker")["ScalableTargets"] == []
