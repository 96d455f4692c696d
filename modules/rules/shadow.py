"""Rules about shadow variants, which get copies of requests."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from modules.problems import Problem
from modules.rules.asynchronous import on_inferentia_1

if TYPE_CHECKING:
    from modules.config import Deployment


def a_shadow_is_of_one_variant(deployment: Deployment) -> Iterator[Problem]:
    """CreateEndpointConfig takes one shadow beside one variant (rule 76; ShadowProductionVariants)."""
    endpoint = deployment.endpoint
    if len(endpoint.shadow_variants) > 1:
        yield Problem(
            deployment.path("shadow_variants"),
            f"{len(endpoint.shadow_variants)} shadows, and SageMaker takes one",
            "keep one of them",
        )
    if endpoint.shadow_variants and len(endpoint.production) > 1:
        yield Problem(
            deployment.path("shadow_variants"),
            f"there are {len(endpoint.production)} variants, and SageMaker takes one beside a shadow",
            "keep one of variants, or leave the shadow out",
        )


def shadows_have_one_container_of_one_model(deployment: Deployment) -> Iterator[Problem]:
    """Shadows have neither pipelines nor many models (rule 77; shadow-tests, exclusions)."""
    if not deployment.endpoint.shadow_variants:
        return
    for place, model in deployment.endpoint.placed_models():
        if model.container:
            yield Problem(
                deployment.path(*place, "container"),
                "several containers are not to be had with shadow_variants",
                "leave one of the two out",
            )
    for place, container in deployment.endpoint.placed_containers():
        if container.mode == "MultiModel":
            yield Problem(
                deployment.path(*place, "mode"),
                "many models in a container are not to be had with shadow_variants",
                "leave one of the two out",
                got=container.mode,
            )


def shadows_have_a_model(deployment: Deployment) -> Iterator[Problem]:
    """Copies go from a variant with a model to another (rule 77; shadow-tests)."""
    if deployment.endpoint.shadow_variants and deployment.endpoint.brings_no_model:
        yield Problem(
            deployment.path("shadow_variants"),
            "is not to be had where inference components bring the models",
            "leave it out, or name a model in each variant",
        )


def a_shadow_gets_copies(deployment: Deployment) -> Iterator[Problem]:
    """The weight relative to the variant's is the share of requests that is copied (rule 78; shadow-tests)."""
    all_of_them = deployment.endpoint.production[0].initial_variant_weight or 1
    for index, variant in enumerate(deployment.endpoint.shadow_variants):
        weight = variant.initial_variant_weight
        if weight is not None and not 0 < weight <= all_of_them:
            yield Problem(
                deployment.path("shadow_variants", index, "initial_variant_weight"),
                f"more than the variant's {all_of_them}, of which it is a share" if weight else "nothing is copied",
                f"write {all_of_them} to copy every request, or fewer",
                got=weight,
            )


def shadows_avoid_inferentia_1(deployment: Deployment) -> Iterator[Problem]:
    """Shadows are not offered on Inf1 instances (rule 77; shadow-tests, exclusions)."""
    if deployment.endpoint.shadow_variants:
        yield from on_inferentia_1(deployment, "a shadow is")
