"""Rules about the short and the long form of an endpoint: which keys stand where."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from modules.config.container import Model
from modules.config.variant import Hosting
from modules.problems import Problem
from modules.rules.parts import each_written, told, twice, written

if TYPE_CHECKING:
    from modules.config import Deployment

_SHORT = "model"


def model_keys_stand_where_models_do(deployment: Deployment) -> Iterator[Problem]:
    """A key of a model beside a table of models would reach no model (rule 11; CreateModel has one of both)."""
    if deployment.endpoint.models:
        yield from each_written(
            deployment.path(),
            deployment.endpoint,
            Model.model_fields,
            "stands beside models, none of which it would reach",
            "move it into one of the tables of models",
        )


def hosting_keys_stand_where_variants_do(deployment: Deployment) -> Iterator[Problem]:
    """A key of what runs a model would reach none of the variants (rules 32 and 37; ProductionVariants)."""
    if deployment.endpoint.variants:
        yield from each_written(
            deployment.path(),
            deployment.endpoint,
            Hosting.model_fields,
            "stands beside variants, none of which it would reach",
            "move it into each table of variants that needs it",
        )


def several_models_need_variants(deployment: Deployment) -> Iterator[Problem]:
    """A model that no variant names is not served (rule 34; ProductionVariant, ModelName)."""
    if deployment.endpoint.models and not deployment.endpoint.variants:
        path = ".".join(map(str, deployment.path("variants")))
        yield Problem(
            deployment.path("variants"),
            "required with models, and missing",
            f"add a table [[{path}]] for each way to serve",
        )


def variants_name_models_that_are_there(deployment: Deployment) -> Iterator[Problem]:
    """CreateEndpointConfig finds no model of another name, and takes none only for all variants (rule 34)."""
    endpoint = deployment.endpoint
    known = [*endpoint.models] or [_SHORT] * bool(written(endpoint, Model.model_fields))
    for place, variant in endpoint.placed_variants():
        if endpoint.brings_no_model and place[0] == "shadow_variants":
            continue  # it cannot be there at all
        if place and variant.model is None and (known or not endpoint.brings_no_model):
            yield Problem(
                deployment.path(*place, "model"),
                "required where there are models, and missing",
                f'add model = "{known[0] if known else "champion"}", for example',
            )
        elif place and variant.model is not None and variant.model not in known:
            yield Problem(
                deployment.path(*place, "model"),
                "there is no such model",
                f"name one of {', '.join(known)}" if known else f"add a table [endpoints.{endpoint.name}.models]",
                got=variant.model,
            )


def variant_names_differ(deployment: Deployment) -> Iterator[Problem]:
    """Names are unique over production and shadow variants (rule 33; CreateEndpointConfig, VariantName)."""
    variants = deployment.endpoint.placed_variants()
    yield from twice((deployment.path(*place, "variant_name"), each.variant_name) for place, each in variants if place)


def somebody_gets_the_requests(deployment: Deployment) -> Iterator[Problem]:
    """Weights are relative to their sum, which must not be 0 (rule 40; ProductionVariant, InitialVariantWeight)."""
    variants = () if deployment.endpoint.brings_no_model else deployment.endpoint.variants
    if variants and all(each.initial_variant_weight == 0 for each in variants):
        yield Problem(
            deployment.path("variants"),
            "every initial_variant_weight is 0, so nobody gets the requests",
            "give one of them a weight above 0",
        )


def every_model_is_served(deployment: Deployment) -> Iterator[Problem]:
    """A model that no variant names is made for nothing (rule 34)."""
    served = {variant.model for _, variant in deployment.endpoint.placed_variants()}
    for name in deployment.endpoint.models:
        if name not in served:
            yield Problem(
                deployment.path("models", name),
                "no variant serves this model",
                "name it in a table of variants, or take it out",
                got=told(name),
            )
