"""Target tracking: its target value and its metric."""

from tests.loading.support import Table
from tests.rules.pair import Pair
from tests.rules.scaling import ASYNC, action, provisioned, scaled

_PATH = "endpoints.kmeans.scaling"
_METRIC = f"{_PATH}.customized_metric_specification"


def _custom(metric: str = "CPUUtilization", statistic: str = "Average", **changes: object) -> Table:
    return {"customized_metric_specification": {"metric_name": metric, "statistic": statistic, **changes}}


def _step(metric: str, statistic: str, threshold: int = 1) -> Table:
    steps = [{"metric_interval_lower_bound": 0, "scaling_adjustment": 1}]
    policy = {"name": "add", "metric_name": metric, "statistic": statistic, "threshold": threshold}
    policy |= {"comparison_operator": "GreaterThanThreshold", "step_adjustments": steps}
    return {"step_scaling_policies": [policy]}


PAIRS = [
    Pair(
        "scaling-without-policy",
        passes=scaled(),
        fails=scaled(target_value=None),
        messages=(
            f"{_PATH}.target_value: required unless step_scaling_policies or scheduled_actions change the capacity; "
            "for example, add target_value = 70, invocations per minute for each instance",
        ),
    ),
    Pair(
        "scaling-without-policy",
        passes=scaled(target_value=None, scheduled_actions=[action()]),
        fails=scaled(target_value=None, **_custom()),
        messages=(
            f"{_PATH}.target_value: required unless step_scaling_policies or scheduled_actions change the capacity; "
            "for example, add target_value = 70",
        ),
    ),
    Pair(
        "scaling-setting-unused",
        passes=scaled(scheduled_actions=[action()], scale_in_cooldown=60),
        fails=scaled(target_value=None, scheduled_actions=[action()], scale_in_cooldown=60, disable_scale_in=True),
        messages=(
            f"{_PATH}.scale_in_cooldown: has no effect without target_value, got 60; remove it, or add target_value",
            f"{_PATH}.disable_scale_in: has no effect without target_value, got true; remove it, or add target_value",
        ),
    ),
    Pair(
        "scaling-setting-unused",
        passes=scaled(target_value=200, **_custom(namespace="Acme", dimensions={"a": "b"}, unit="Count")),
        fails=scaled(target_value=200, **_custom(dimensions={"a": "b"}, unit="Count")),
        messages=(
            f"{_METRIC}.dimensions: has no effect without namespace, because it follows from SageMaker's metric; "
            "remove it, or add the namespace of a metric of your own",
            f"{_METRIC}.unit: has no effect without namespace, because it follows from SageMaker's metric, got "
            '"Count"; remove it, or add the namespace of a metric of your own',
        ),
    ),
    Pair(
        "scaling-metric-conflict",
        passes=scaled(target_value=200, **_custom()),
        fails=scaled(target_value=200, predefined_metric_type="SageMakerVariantInvocationsPerInstance", **_custom()),
        messages=(f"{_METRIC}: conflicts with predefined_metric_type; remove one of them",),
    ),
    Pair(
        "scaling-metric-mode",
        passes=scaled(predefined_metric_type="SageMakerVariantConcurrentRequestsPerModelHighResolution"),
        fails=scaled(predefined_metric_type="SageMakerInferenceComponentInvocationsPerCopy"),
        messages=(
            f"{_PATH}.predefined_metric_type: is not a metric of instances of a real-time endpoint, got "
            '"SageMakerInferenceComponentInvocationsPerCopy"; remove it to track '
            "SageMakerVariantInvocationsPerInstance",
        ),
    ),
    Pair(
        "scaling-metric-mode",
        passes=scaled() | ASYNC,
        fails=scaled(predefined_metric_type="SageMakerVariantInvocationsPerInstance") | ASYNC,
        messages=(
            f"{_PATH}.predefined_metric_type: is not a metric of instances of an asynchronous endpoint, got "
            '"SageMakerVariantInvocationsPerInstance"; remove it to track ApproximateBacklogSizePerInstance',
        ),
    ),
    Pair(
        "scaling-metric-mode",
        passes=provisioned(),
        fails=provisioned(**_custom("ServerlessProvisionedConcurrencyUtilization")),
        messages=(
            f"{_METRIC}: Application Auto Scaling accepts only SageMakerVariantProvisionedConcurrencyUtilization for "
            "provisioned concurrency; remove it",
        ),
    ),
    Pair(
        "scaling-target-too-high",
        passes=provisioned(),
        fails=provisioned() | {"scaling": {"min_capacity": 2, "max_capacity": 4, "target_value": 70}},
        messages=(
            f"{_PATH}.target_value: must not exceed 1, which is all of the provisioned concurrency, got 70; for "
            "example, set it to 0.7",
        ),
    ),
    Pair(
        "scaling-metric-unknown",
        passes=scaled(target_value=200, **_custom("Anything", namespace="Acme")),
        fails=scaled(target_value=200, **_custom("CPUUtilisation")),
        messages=(
            f"{_METRIC}.metric_name: SageMaker publishes no such metric of instances of a real-time endpoint, got "
            '"CPUUtilisation"; use "CPUUtilization", or set namespace for a metric of your own',
        ),
    ),
    Pair(
        "scaling-metric-unknown",
        passes=scaled(**_step("ApproximateBacklogSize", "Average")) | ASYNC,
        fails=scaled(**_step("QueueDepth", "Average")) | ASYNC,
        messages=(
            f"{_PATH}.step_scaling_policies[0].metric_name: SageMaker publishes no such metric of instances of an "
            'asynchronous endpoint, got "QueueDepth"; use a metric of docs/metrics.md',
        ),
    ),
    Pair(
        "scaling-metric-namespace",
        passes=scaled(target_value=200, **_custom(namespace="AWS/SQS", dimensions={"QueueName": "jobs"})),
        fails=scaled(target_value=200, **_custom(namespace="/aws/sagemaker/Endpoints")),
        messages=(
            f"{_METRIC}.namespace: is a namespace of SageMaker, whose metrics have the dimensions of the endpoint, got "
            '"/aws/sagemaker/Endpoints"; remove namespace, dimensions and unit',
        ),
    ),
    Pair(
        "scaling-metric-statistic",
        passes=scaled(**_step("ConcurrentRequestsPerModel", "Maximum")),
        fails=scaled(**_step("ConcurrentRequestsPerModel", "Average")),
        messages=(
            f"{_PATH}.step_scaling_policies[0].statistic: ConcurrentRequestsPerModel has no such statistic, got "
            '"Average"; use one of "Maximum", "Minimum"',
        ),
    ),
    Pair(
        "scaling-utilization-target",
        passes=scaled(target_value=280, **_custom()),
        fails=scaled(target_value=70, **_custom()),
        messages=(
            f"{_PATH}.target_value: CPUUtilization of ml.m4.xlarge is up to 400, 100 for each of 4 vCPUs, got 70; "
            "set it to 280 for 70 percent of the instance",
        ),
    ),
    Pair(
        "scaling-utilization-target",
        passes=scaled(**_step("CPUUtilization", "Average", 280)),
        fails=scaled(**_step("CPUUtilization", "Average", 70)),
        messages=(
            f"{_PATH}.step_scaling_policies[0].threshold: CPUUtilization of ml.m4.xlarge is up to 400, 100 for each of "
            "4 vCPUs, got 70; set it to 280 for 70 percent of the instance",
        ),
    ),
]
