"""The scalable targets of an endpoint: the variants and inference components that are scaled, resolved."""

from collections.abc import Iterator
from dataclasses import dataclass

from protected_endpoints.aws.scaling import (
    ASYNC_INSTANCES,
    COPIES,
    INSTANCES,
    PROVISIONED_CONCURRENCY,
    ScalableResource,
)
from protected_endpoints.config.endpoint import Endpoint
from protected_endpoints.config.scaling import Scaling
from protected_endpoints.config.variant import Variant
from protected_endpoints.deployment.endpoint_names import EndpointNames
from protected_endpoints.deployment.metrics import MetricSource, component_sources, variant_sources
from protected_endpoints.errors import KeyPath


@dataclass(frozen=True)
class ScalingTarget:
    """A variant or an inference component that Application Auto Scaling scales.

    `path` is the key path of its table `scaling` in the endpoint, `resource_id` its identifier in Application Auto
    Scaling. `variant_index` is the position of a variant with instances in the endpoint configuration.
    """

    path: KeyPath
    settings: Scaling
    resource: ScalableResource
    resource_id: str
    source: MetricSource
    variant_index: int | None = None

    @property
    def variant(self) -> str | None:
        """Return the name of the variant, or None for a component."""
        return self.source.variant.variant_name if self.source.variant else None

    @property
    def component(self) -> str | None:
        """Return the name of the inference component, or None for a variant."""
        return self.source.component

    @property
    def scalable_dimension(self) -> str:
        """Return what is scaled, as Application Auto Scaling names it."""
        return self.resource.dimension

    @property
    def min_capacity(self) -> int:
        """Return the minimum outside of scheduled actions."""
        return self.settings.min_capacity

    @property
    def max_capacity(self) -> int:
        """Return the maximum outside of scheduled actions."""
        return self.settings.max_capacity

    @property
    def lowest_capacity(self) -> int:
        """Return the lowest minimum, that of the target or of a scheduled action."""
        scheduled = (action.min_capacity for action in self.settings.scheduled_actions)
        return min([self.min_capacity, *(minimum for minimum in scheduled if minimum is not None)])

    @property
    def highest_capacity(self) -> int:
        """Return the highest maximum, that of the target or of a scheduled action."""
        scheduled = (action.max_capacity for action in self.settings.scheduled_actions)
        return max([self.max_capacity, *(maximum for maximum in scheduled if maximum is not None)])

    @property
    def wakes_up(self) -> bool:
        """Return whether a step policy has to leave zero, because target tracking cannot."""
        return self.resource.wake_up_metric is not None and self.lowest_capacity == 0


def resolve(endpoint: Endpoint, names: EndpointNames) -> tuple[ScalingTarget, ...]:
    """Return the scalable targets, variants before components; shadow variants and adapters have none."""
    return (*_variants(endpoint, names), *_components(endpoint, names))


def _variants(endpoint: Endpoint, names: EndpointNames) -> Iterator[ScalingTarget]:
    for index, source in enumerate(variant_sources(endpoint, names)):
        if (variant := source.variant) and variant.scaling:
            yield ScalingTarget(
                path=(*(("variants", index) if endpoint.variants else ()), "scaling"),
                settings=variant.scaling,
                resource=_resource(endpoint, variant),
                resource_id=f"endpoint/{names.endpoint_name}/variant/{variant.variant_name}",
                source=source,
                variant_index=index if variant.instance_type else None,
            )


def _components(endpoint: Endpoint, names: EndpointNames) -> Iterator[ScalingTarget]:
    for source in component_sources(endpoint, names):
        name = source.component or ""
        component = endpoint.inference_components[name]
        if component.scaling and not component.is_adapter:
            yield ScalingTarget(
                path=("inference_components", name, "scaling"),
                settings=component.scaling,
                resource=COPIES,
                resource_id=f"inference-component/{names.inference_component(name)}",
                source=source,
            )


def _resource(endpoint: Endpoint, variant: Variant) -> ScalableResource:
    if variant.serverless_config:
        return PROVISIONED_CONCURRENCY
    return ASYNC_INSTANCES if endpoint.async_inference_config else INSTANCES
