"""Rules about shadow variants, which get copies of requests."""

from collections.abc import Iterator

from protected_endpoints.deployment import Deployment
from protected_endpoints.errors import Problem
from protected_endpoints.rules.async_inference import on_inferentia_1
from protected_endpoints.rules.registry import endpoint_rule


@endpoint_rule("shadow-count")
def shadow_count(deployment: Deployment) -> Iterator[Problem]:
    """CreateEndpointConfig takes one shadow beside one variant (rule 76; ShadowProductionVariants)."""
    endpoint = deployment.endpoint
    if len(endpoint.shadow_variants) > 1:
        yield Problem(
            deployment.path("shadow_variants"),
            f"{len(endpoint.shadow_variants)} shadows, and SageMaker takes one",
            "keep one of them",
        )
    if endpoint.shadow_variants and len(endpoint.production_variants) > 1:
        yield Problem(
            deployment.path("shadow_variants"),
            f"there are {len(endpoint.production_variants)} variants, and SageMaker takes one beside a shadow",
            "keep one of variants, or leave the shadow out",
        )


@endpoint_rule("shadow-container-unsupported")
def shadow_container_unsupported(deployment: Deployment) -> Iterator[Problem]:
    """Shadows have neither pipelines nor many models (rule 77; shadow-tests, exclusions)."""
    if not deployment.endpoint.shadow_variants:
        return
    for place, model in deployment.endpoint.iter_models_with_path():
        if model.container:
            yield Problem(
                deployment.path(*place, "container"),
                "several containers are not to be had with shadow_variants",
                "leave one of the two out",
            )
    for place, container in deployment.endpoint.iter_containers_with_path():
        if container.mode == "MultiModel":
            yield Problem(
                deployment.path(*place, "mode"),
                "many models in a container are not to be had with shadow_variants",
                "leave one of the two out",
                value=container.mode,
            )


@endpoint_rule("shadow-with-inference-components")
def shadow_with_inference_components(deployment: Deployment) -> Iterator[Problem]:
    """Copies go from a variant with a model to another (rule 77; shadow-tests)."""
    if deployment.endpoint.shadow_variants and deployment.endpoint.uses_inference_components:
        yield Problem(
            deployment.path("shadow_variants"),
            "is not to be had where inference components bring the models",
            "leave it out, or name a model in each variant",
        )


@endpoint_rule("shadow-sampling", "warning")
def shadow_sampling(deployment: Deployment) -> Iterator[Problem]:
    """The weight relative to the variant's is the share of requests that is copied (rule 78; shadow-tests)."""
    all_of_them = deployment.endpoint.production_variants[0].initial_variant_weight or 1
    for index, variant in enumerate(deployment.endpoint.shadow_variants):
        weight = variant.initial_variant_weight
        if weight is not None and not 0 < weight <= all_of_them:
            yield Problem(
                deployment.path("shadow_variants", index, "initial_variant_weight"),
                f"more than the variant's {all_of_them}, of which it is a share" if weight else "nothing is copied",
                f"write {all_of_them} to copy every request, or fewer",
                value=weight,
            )


@endpoint_rule("shadow-on-inf1")
def shadow_on_inf1(deployment: Deployment) -> Iterator[Problem]:
    """Shadows are not offered on Inf1 instances (rule 77; shadow-tests, exclusions)."""
    if deployment.endpoint.shadow_variants:
        yield from on_inferentia_1(deployment, "a shadow is")
