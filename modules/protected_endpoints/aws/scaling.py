"""What Application Auto Scaling can scale in SageMaker, and the metrics that fit.

Source: endpoint-auto-scaling-add-code-define, async-inference-autoscale and endpoint-auto-scaling-zero-instances in the
SageMaker guide, and the enumerations ScalableDimension and MetricType of the API.
"""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class WakeUpMetric:
    """The metric that shows requests without capacity; at 1 or more, the first capacity is added.

    `evaluation_periods` is in minutes, `cooldown` in seconds.
    """

    name: str
    statistic: Literal["Average", "Sum"]
    evaluation_periods: int
    cooldown: int


@dataclass(frozen=True)
class ScalableResource:
    """A kind of capacity with its scalable dimension.

    `kind` says what is scaled, `unit` is the capacity. Target tracking takes the first of `predefined_metrics` unless
    one is set, or `default_metric`, of whose values it tracks the average. Only what has a `wake_up_metric` can be
    scaled to zero. `example_target` is a target value to begin with, from the SageMaker guide, and `max_target` the
    highest.
    """

    kind: str
    unit: str
    dimension: str
    example_target: str
    predefined_metrics: tuple[str, ...] = ()
    default_metric: str | None = None
    wake_up_metric: WakeUpMetric | None = None
    max_target: int | None = None


INSTANCES = ScalableResource(
    kind="instances of a real-time endpoint",
    unit="instances",
    dimension="sagemaker:variant:DesiredInstanceCount",
    example_target="70, invocations per minute for each instance",
    predefined_metrics=(
        "SageMakerVariantInvocationsPerInstance",
        "SageMakerVariantConcurrentRequestsPerModelHighResolution",
    ),
)
# Asynchronous endpoints do not publish InvocationsPerInstance (async-inference-monitor).
ASYNC_INSTANCES = ScalableResource(
    kind="instances of an asynchronous endpoint",
    unit="instances",
    dimension="sagemaker:variant:DesiredInstanceCount",
    example_target="5, queued requests for each instance",
    default_metric="ApproximateBacklogSizePerInstance",
    wake_up_metric=WakeUpMetric("HasBacklogWithoutCapacity", "Average", evaluation_periods=2, cooldown=300),
)
PROVISIONED_CONCURRENCY = ScalableResource(
    kind="provisioned concurrency",
    unit="provisioned invocations",
    dimension="sagemaker:variant:DesiredProvisionedConcurrency",
    example_target="0.7, the used part of the provisioned concurrency",
    predefined_metrics=("SageMakerVariantProvisionedConcurrencyUtilization",),
    max_target=1,
)
COPIES = ScalableResource(
    kind="copies of an inference component",
    unit="copies",
    dimension="sagemaker:inference-component:DesiredCopyCount",
    example_target="5, invocations per minute for each copy",
    predefined_metrics=(
        "SageMakerInferenceComponentInvocationsPerCopy",
        "SageMakerInferenceComponentConcurrentRequestsPerCopyHighResolution",
    ),
    wake_up_metric=WakeUpMetric("NoCapacityInvocationFailures", "Sum", evaluation_periods=1, cooldown=60),
)
