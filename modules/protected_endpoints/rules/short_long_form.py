"""Rules about the short and the long form of an endpoint: which keys stand where."""

from collections.abc import Iterator

from protected_endpoints.config.container import Model
from protected_endpoints.config.variant import Hosting
from protected_endpoints.deployment import Deployment
from protected_endpoints.errors import Problem
from protected_endpoints.rules.helpers import each_written, told, twice, written
from protected_endpoints.rules.registry import endpoint_rule

_SHORT = "model"


@endpoint_rule("model-key-outside-models")
def model_key_outside_models(deployment: Deployment) -> Iterator[Problem]:
    """A key of a model beside a table of models would reach no model (rule 11; CreateModel has one of both)."""
    if deployment.endpoint.models:
        yield from each_written(
            deployment.path(),
            deployment.endpoint,
            Model.model_fields,
            "stands beside models, none of which it would reach",
            "move it into one of the tables of models",
        )


@endpoint_rule("hosting-key-outside-variants")
def hosting_key_outside_variants(deployment: Deployment) -> Iterator[Problem]:
    """A key of what runs a model would reach none of the variants (rules 32 and 37; ProductionVariants)."""
    if deployment.endpoint.variants:
        yield from each_written(
            deployment.path(),
            deployment.endpoint,
            Hosting.model_fields,
            "stands beside variants, none of which it would reach",
            "move it into each table of variants that needs it",
        )


@endpoint_rule("models-without-variants")
def models_without_variants(deployment: Deployment) -> Iterator[Problem]:
    """A model that no variant names is not served (rule 34; ProductionVariant, ModelName)."""
    if deployment.endpoint.models and not deployment.endpoint.variants:
        path = ".".join(map(str, deployment.path("variants")))
        yield Problem(
            deployment.path("variants"),
            "required with models, and missing",
            f"add a table [[{path}]] for each way to serve",
        )


@endpoint_rule("variant-unknown-model")
def variant_unknown_model(deployment: Deployment) -> Iterator[Problem]:
    """CreateEndpointConfig finds no model of another name, and takes none only for all variants (rule 34)."""
    endpoint = deployment.endpoint
    known = [*endpoint.models] or [_SHORT] * bool(written(endpoint, Model.model_fields))
    for place, variant in endpoint.iter_variants_with_path():
        if endpoint.uses_inference_components and place[0] == "shadow_variants":
            continue  # it cannot be there at all
        if place and variant.model is None and (known or not endpoint.uses_inference_components):
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
                value=variant.model,
            )


@endpoint_rule("variant-name-duplicate")
def variant_name_duplicate(deployment: Deployment) -> Iterator[Problem]:
    """Names are unique over production and shadow variants (rule 33; CreateEndpointConfig, VariantName)."""
    variants = deployment.endpoint.iter_variants_with_path()
    yield from twice((deployment.path(*place, "variant_name"), each.variant_name) for place, each in variants if place)


@endpoint_rule("variant-weights-zero")
def variant_weights_zero(deployment: Deployment) -> Iterator[Problem]:
    """Weights are relative to their sum, which must not be 0 (rule 40; ProductionVariant, InitialVariantWeight)."""
    variants = () if deployment.endpoint.uses_inference_components else deployment.endpoint.variants
    if variants and all(each.initial_variant_weight == 0 for each in variants):
        yield Problem(
            deployment.path("variants"),
            "every initial_variant_weight is 0, so nobody gets the requests",
            "give one of them a weight above 0",
        )


@endpoint_rule("model-unused", "warning")
def model_unused(deployment: Deployment) -> Iterator[Problem]:
    """A model that no variant names is made for nothing (rule 34)."""
    served = {variant.model for _, variant in deployment.endpoint.iter_variants_with_path()}
    for name in deployment.endpoint.models:
        if name not in served:
            yield Problem(
                deployment.path("models", name),
                "no variant serves this model",
                "name it in a table of variants, or take it out",
                value=told(name),
            )
