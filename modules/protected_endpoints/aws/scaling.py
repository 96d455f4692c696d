"""What Application Auto Scaling can scale in SageMaker, and by which predefined metrics.

Source: endpoint-auto-scaling-add-code-define in the SageMaker guide, and the enumerations ScalableDimension and
MetricType of the API.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class ScalableResource:
    """A kind of capacity with its scalable dimension.

    The first predefined metric is the default. Without any, target tracking needs a customized metric.
    """

    unit: str
    dimension: str
    predefined_metrics: tuple[str, ...]
    can_be_zero: bool
    max_target: float | None = None


INSTANCES = ScalableResource(
    unit="instances",
    dimension="sagemaker:variant:DesiredInstanceCount",
    predefined_metrics=(
        "SageMakerVariantInvocationsPerInstance",
        "SageMakerVariantConcurrentRequestsPerModelHighResolution",
    ),
    can_be_zero=False,
)
# Asynchronous endpoints do not publish InvocationsPerInstance (async-inference-monitor).
ASYNC_INSTANCES = ScalableResource(
    unit="instances",
    dimension="sagemaker:variant:DesiredInstanceCount",
    predefined_metrics=(),
    can_be_zero=True,
)
PROVISIONED_CONCURRENCY = ScalableResource(
    unit="provisioned concurrency",
    dimension="sagemaker:variant:DesiredProvisionedConcurrency",
    predefined_metrics=("SageMakerVariantProvisionedConcurrencyUtilization",),
    can_be_zero=False,
    max_target=1,
)
COPIES = ScalableResource(
    unit="copies",
    dimension="sagemaker:inference-component:DesiredCopyCount",
    predefined_metrics=(
        "SageMakerInferenceComponentInvocationsPerCopy",
        "SageMakerInferenceComponentConcurrentRequestsPerCopyHighResolution",
    ),
    can_be_zero=True,
)
