"""Rules about shadow variants, which receive copies of requests."""

from collections.abc import Iterator

from protected_endpoints.deployment import Deployment
from protected_endpoints.errors import Problem
from protected_endpoints.rules.helpers import REMOVE_ONE, not_on_inf1
from protected_endpoints.rules.registry import endpoint_rule

_WITH_SHADOW = "cannot be combined with shadow_variants"


@endpoint_rule("shadow-count")
def shadow_count(deployment: Deployment) -> Iterator[Problem]:
    """CreateEndpointConfig accepts one shadow variant with one variant (rule 76; ShadowProductionVariants)."""
    path = deployment.path("shadow_variants")
    shadows, variants = deployment.endpoint.shadow_variants, deployment.endpoint.production_variants
    if len(shadows) > 1:
        yield Problem(
            path, f"SageMaker accepts one shadow variant, but {len(shadows)} are configured", "keep one of them"
        )
    if shadows and len(variants) > 1:
        yield Problem(
            path,
            f"a shadow variant requires a single entry in variants, but {len(variants)} are configured",
            "keep one variant, or remove the shadow variant",
        )


@endpoint_rule("shadow-container-unsupported")
def shadow_container_unsupported(deployment: Deployment) -> Iterator[Problem]:
    """Shadow tests support neither several containers nor mode MultiModel (rule 77; shadow-tests, exclusions)."""
    if not deployment.endpoint.shadow_variants:
        return
    for keys, model in deployment.endpoint.iter_models_with_path():
        if model.container:
            yield Problem(deployment.path(*keys, "container"), _WITH_SHADOW, REMOVE_ONE)
    for keys, container in deployment.endpoint.iter_containers_with_path():
        if container.mode == "MultiModel":
            yield Problem(deployment.path(*keys, "mode"), _WITH_SHADOW, REMOVE_ONE, value=container.mode)


@endpoint_rule("shadow-with-inference-components")
def shadow_with_inference_components(deployment: Deployment) -> Iterator[Problem]:
    """A shadow test copies requests between variants that have models (rule 77; shadow-tests)."""
    if deployment.endpoint.shadow_variants and deployment.endpoint.uses_inference_components:
        yield Problem(
            deployment.path("shadow_variants"),
            "cannot be combined with inference components",
            "remove it, or set model in each variant",
        )


@endpoint_rule("shadow-sampling", "warning")
def shadow_sampling(deployment: Deployment) -> Iterator[Problem]:
    """The shadow's weight divided by the variant's weight is the share of copied requests (rule 78; shadow-tests)."""
    production = deployment.endpoint.production_variants[0].initial_variant_weight or 1
    for index, variant in enumerate(deployment.endpoint.shadow_variants):
        weight = variant.initial_variant_weight
        if weight is not None and not 0 < weight <= production:
            yield Problem(
                deployment.path("shadow_variants", index, "initial_variant_weight"),
                f"must not exceed the weight of the production variant ({production})"
                if weight
                else "copies no requests",
                f"set a weight from 1 to {production}, where {production} copies every request",
                value=weight,
            )


@endpoint_rule("shadow-on-inf1")
def shadow_on_inf1(deployment: Deployment) -> Iterator[Problem]:
    """Shadow variants are not supported on Inf1 instances (rule 77; shadow-tests, exclusions)."""
    if deployment.endpoint.shadow_variants:
        yield from not_on_inf1(deployment, "shadow variants")
