"""What Application Auto Scaling can scale in SageMaker: instances, provisioned concurrency and copies of components.

A scalable resource is identified by its resource ID and its scalable dimension. The source of the predefined metrics is
the Application Auto Scaling API Reference, PredefinedMetricSpecification.
"""

import re
from dataclasses import dataclass

from sandbox.sagemaker_hosting import Hosting
from sandbox.sagemaker_records import ApiError
from sandbox.scalable_targets import Target

INSTANCES = "sagemaker:variant:DesiredInstanceCount"
CONCURRENCY = "sagemaker:variant:DesiredProvisionedConcurrency"
COPIES = "sagemaker:inference-component:DesiredCopyCount"
PREDEFINED_METRICS = {
    INSTANCES: (
        "SageMakerVariantInvocationsPerInstance",
        "SageMakerVariantConcurrentRequestsPerModelHighResolution",
    ),
    CONCURRENCY: ("SageMakerVariantProvisionedConcurrencyUtilization",),
    COPIES: (
        "SageMakerInferenceComponentInvocationsPerCopy",
        "SageMakerInferenceComponentConcurrentRequestsPerCopyHighResolution",
    ),
}
_VARIANT = re.compile(r"endpoint/(?P<endpoint>[^/]+)/variant/(?P<variant>[^/]+)")
_COMPONENT = re.compile(r"inference-component/(?P<component>[^/]+)")


@dataclass(frozen=True)
class ScalableResource:
    """A variant or an inference component that exists, in one of its dimensions."""

    hosting: Hosting
    dimension: str
    endpoint: str
    variant: str = ""
    component: str = ""

    @property
    def dimensions(self) -> dict[str, str]:
        """Return the dimensions of its metrics in CloudWatch."""
        if self.component:
            return {"InferenceComponentName": self.component}
        return {"EndpointName": self.endpoint, "VariantName": self.variant}

    @property
    def capacity(self) -> int:
        """Return the desired capacity."""
        if self.component:
            runtime = self.hosting.inference_components[self.component]["RuntimeConfig"]
            return int(runtime["DesiredCopyCount"])
        return self.hosting.fleets.capacity(self.endpoint, self.variant)

    def scale(self, value: int) -> None:
        """Set the capacity, which takes effect at once."""
        if self.component:
            counts = {"DesiredCopyCount": value, "CurrentCopyCount": value}
            self.hosting.inference_components[self.component]["RuntimeConfig"] = counts
        else:
            self.hosting.fleets.scale(self.endpoint, self.variant, value)


def find_resource(hosting: Hosting, resource_id: str, dimension: str) -> ScalableResource:
    """Return a scalable resource.

    Raises:
        ApiError: it does not exist, or cannot be scaled in this dimension.

    """
    if dimension == COPIES and (match := _COMPONENT.fullmatch(resource_id)):
        component = hosting.inference_components.find(match["component"])
        if "RuntimeConfig" not in component:
            raise ApiError(f"Inference component {match['component']} has no copies of its own.")
        return ScalableResource(hosting, dimension, component["EndpointName"], component=match["component"])
    if dimension in (INSTANCES, CONCURRENCY) and (match := _VARIANT.fullmatch(resource_id)):
        _check_variant(hosting, match["endpoint"], match["variant"], dimension)
        return ScalableResource(hosting, dimension, match["endpoint"], variant=match["variant"])
    raise ApiError(f"Unsupported resource ID {resource_id} for the scalable dimension {dimension}.")


def move_into_bounds(hosting: Hosting, target: Target) -> None:
    """Move the capacity of a scalable target between its minimum and its maximum."""
    resource = find_resource(hosting, *target)
    resource.scale(hosting.scalable_targets.bounded(target, resource.capacity))


def _check_variant(hosting: Hosting, endpoint: str, name: str, dimension: str) -> None:
    variants = hosting.production_variants(endpoint)
    if name not in variants:
        raise ApiError(f'Could not find variant "{name}" of endpoint "{endpoint}".')
    serverless = variants[name].get("ServerlessConfig")
    if dimension == INSTANCES and serverless:
        raise ApiError(f'Variant "{name}" of endpoint "{endpoint}" is serverless and has no instances.')
    if dimension == CONCURRENCY and not (serverless or {}).get("ProvisionedConcurrency"):
        raise ApiError(f'Variant "{name}" of endpoint "{endpoint}" has no provisioned concurrency.')
