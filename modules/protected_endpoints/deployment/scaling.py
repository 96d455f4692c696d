"""The scalable targets of an endpoint with their policies and actions, resolved."""

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
from protected_endpoints.errors import KeyPath


@dataclass(frozen=True)
class ScalingTarget:
    """A variant or an inference component that Application Auto Scaling scales."""

    path: KeyPath
    """Key path of the table `scaling` in the endpoint."""
    settings: Scaling
    resource: ScalableResource
    resource_id: str
    """Identifier of the target in Application Auto Scaling."""
    variant: str | None = None
    """Name of the variant, or None for a component."""
    component: str | None = None
    """Name of the inference component, or None for a variant."""
    variant_index: int | None = None
    """Position of a variant with instances in the endpoint configuration."""

    @property
    def dimension(self) -> str:
        """Return the scalable dimension."""
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
        """Return the lowest capacity that the target or a scheduled action allows."""
        scheduled = (action.min_capacity for action in self.settings.scheduled_actions)
        return min(self.min_capacity, *(minimum for minimum in scheduled if minimum is not None), self.max_capacity)

    @property
    def highest_capacity(self) -> int:
        """Return the highest capacity that the target or a scheduled action allows."""
        scheduled = (action.max_capacity for action in self.settings.scheduled_actions)
        return max(self.max_capacity, *(maximum for maximum in scheduled if maximum is not None), self.min_capacity)

    @property
    def wakes_up(self) -> bool:
        """Return whether a step policy has to leave zero, because target tracking cannot."""
        return self.resource.can_be_zero and self.lowest_capacity == 0


def resolve(endpoint: Endpoint, names: EndpointNames) -> tuple[ScalingTarget, ...]:
    """Return the scalable targets, variants before components; shadow variants and adapters have none."""
    return (*_variants(endpoint, names), *_components(endpoint, names))


def resource_of(endpoint: Endpoint, variant: Variant) -> ScalableResource:
    """Return what of a variant is scaled."""
    if variant.serverless_config:
        return PROVISIONED_CONCURRENCY
    return ASYNC_INSTANCES if endpoint.async_inference_config else INSTANCES


def _variants(endpoint: Endpoint, names: EndpointNames) -> Iterator[ScalingTarget]:
    for index, variant in enumerate(endpoint.production_variants):
        if variant.scaling:
            yield ScalingTarget(
                path=(*(("variants", index) if endpoint.variants else ()), "scaling"),
                settings=variant.scaling,
                resource=resource_of(endpoint, variant),
                resource_id=f"endpoint/{names.endpoint_name}/variant/{variant.variant_name}",
                variant=variant.variant_name,
                variant_index=index if variant.instance_type else None,
            )


def _components(endpoint: Endpoint, names: EndpointNames) -> Iterator[ScalingTarget]:
    for name, component in endpoint.inference_components.items():
        if component.scaling and not component.is_adapter:
            yield ScalingTarget(
                path=("inference_components", name, "scaling"),
                settings=component.scaling,
                resource=COPIES,
                resource_id=f"inference-component/{names.inference_component(name)}",
                component=name,
            )
