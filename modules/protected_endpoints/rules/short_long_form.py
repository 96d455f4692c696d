"""Rules about the short form of an endpoint (one model and its hosting) and the long form (models and variants)."""

from collections.abc import Iterator

from protected_endpoints.config.container import Model
from protected_endpoints.config.endpoint import DEFAULT_MODEL_NAME
from protected_endpoints.config.variant import Hosting
from protected_endpoints.deployment import Deployment
from protected_endpoints.errors import Problem, to_toml
from protected_endpoints.rules.helpers import duplicates, refuse_keys, set_keys
from protected_endpoints.rules.registry import endpoint_rule


@endpoint_rule("model-key-outside-models")
def model_key_outside_models(deployment: Deployment) -> Iterator[Problem]:
    """A model key next to `models` or `inference_components` would apply to no model (rule 11; CreateModel)."""
    table = "models" if deployment.endpoint.models else "inference_components"
    if getattr(deployment.endpoint, table):
        yield from refuse_keys(
            deployment.path(),
            deployment.endpoint,
            Model.model_fields,
            f"cannot be combined with {table}",
            f"move it into each {'model' if table == 'models' else 'inference component'} that needs it",
        )


@endpoint_rule("hosting-key-outside-variants")
def hosting_key_outside_variants(deployment: Deployment) -> Iterator[Problem]:
    """A hosting key next to `variants` would apply to none of the variants (rules 32 and 37; ProductionVariants)."""
    if deployment.endpoint.variants:
        yield from refuse_keys(
            deployment.path(),
            deployment.endpoint,
            Hosting.model_fields,
            "cannot be combined with variants",
            "move it into each variant that needs it",
        )


@endpoint_rule("models-without-variants")
def models_without_variants(deployment: Deployment) -> Iterator[Problem]:
    """A model serves requests only through a variant (rule 34; ProductionVariant, ModelName)."""
    endpoint = deployment.endpoint
    if endpoint.models and not endpoint.variants and not endpoint.inference_components:
        path = ".".join(map(str, deployment.path("variants")))
        yield Problem(
            deployment.path("variants"),
            "required with models",
            f"add a table [[{path}]] for each model",
        )


@endpoint_rule("variant-unknown-model")
def variant_unknown_model(deployment: Deployment) -> Iterator[Problem]:
    """CreateEndpointConfig requires a model of the endpoint in all variants, or in none (rule 34)."""
    endpoint = deployment.endpoint
    names = [*endpoint.models] or [DEFAULT_MODEL_NAME] * bool(set_keys(endpoint, Model.model_fields))
    for keys, variant in endpoint.iter_variants_with_path():
        if endpoint.uses_inference_components and (endpoint.inference_components or keys[0] == "shadow_variants"):
            continue  # the rules about inference components report it
        if keys and variant.model is None and (names or not endpoint.uses_inference_components):
            add = f'add model = "{names[0] if names else "champion"}"'
            if variant.managed_instance_scaling and endpoint.models:  # which only inference components have
                add = (
                    f'add a table [endpoints.{endpoint.name}.inference_components.{names[0]}] with model = "{names[0]}"'
                )
            yield Problem(
                deployment.path(*keys, "model"),
                "required in every variant of an endpoint that has a model",
                add if len(names) == 1 else f"for example, {add}",
            )
        elif keys and variant.model is not None and variant.model not in names:
            yield Problem(
                deployment.path(*keys, "model"),
                "the endpoint has no model of this name",
                f"use {'one of ' * (len(names) > 1)}{', '.join(map(to_toml, names))}"
                if names
                else f"add a table [endpoints.{endpoint.name}.models.{variant.model}]",
                value=variant.model,
            )


@endpoint_rule("variant-name-duplicate")
def variant_name_duplicate(deployment: Deployment) -> Iterator[Problem]:
    """A variant name is unique among production and shadow variants (rule 33; CreateEndpointConfig, VariantName)."""
    variants = deployment.endpoint.iter_variants_with_path()
    yield from duplicates(
        ((deployment.path(*keys, "variant_name"), variant.variant_name) for keys, variant in variants if keys),
        "rename one",
    )


@endpoint_rule("variant-weights-zero")
def variant_weights_zero(deployment: Deployment) -> Iterator[Problem]:
    """Weights are relative to their sum, which must not be 0 (rule 40; ProductionVariant, InitialVariantWeight)."""
    variants = () if deployment.endpoint.uses_inference_components else deployment.endpoint.variants
    if variants and all(variant.initial_variant_weight == 0 for variant in variants):
        yield Problem(
            deployment.path("variants"),
            "every initial_variant_weight is 0, so no variant receives requests",
            "set at least one weight above 0",
        )


@endpoint_rule("model-unused", "warning")
def model_unused(deployment: Deployment) -> Iterator[Problem]:
    """A model without a variant or an inference component is created but serves no requests (rule 34)."""
    components = deployment.endpoint.inference_components
    served = {variant.model for _, variant in deployment.endpoint.iter_variants_with_path()}
    served |= {component.model for component in components.values()}
    user = "inference component" if components else "variant"
    for name in deployment.endpoint.models:
        if name not in served:
            yield Problem(
                deployment.path("models", name),
                f"no {user} serves this model",
                f'set model = "{name}" in {"an" if components else "a"} {user}, or remove the model',
            )
