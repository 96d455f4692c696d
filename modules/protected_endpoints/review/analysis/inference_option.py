"""How an endpoint serves, and the changes of it that an update of the endpoint cannot make.

SageMaker documents the changes to and from serverless inference (serverless-endpoints, feature exclusions). It answers
to a removed AsyncInferenceConfig: "parameter cannot be removed from this endpoint" (sagemaker-python-sdk, PR 3124).
"""

from collections.abc import Iterator
from enum import StrEnum

from protected_endpoints.review.analysis.served import ServedEndpoint
from protected_endpoints.review.plan.values import Json, as_dict, as_list, first_block


class InferenceOption(StrEnum):
    """How an endpoint serves, as SageMaker distinguishes it. The value is its name in messages."""

    REAL_TIME = "real-time inference"
    SERVERLESS = "serverless inference"
    ASYNCHRONOUS = "asynchronous inference"
    COMPONENTS = "inference components"


NEW_ENDPOINT = (
    "Add a table with another name to endpoints.toml, deploy it, let the invokers call that endpoint, and remove this "
    "table then."
)
_TO_OPTION = {
    InferenceOption.SERVERLESS: "SageMaker refuses it with a ValidationError",
    InferenceOption.ASYNCHRONOUS: "it then accepts asynchronous requests only, so all other requests fail",
    InferenceOption.COMPONENTS: "it then serves requests that name a component only, and none exists yet",
}
_FROM_OPTION = {
    InferenceOption.ASYNCHRONOUS: "SageMaker refuses to remove AsyncInferenceConfig with a ValidationException",
    InferenceOption.COMPONENTS: "requests that name a component fail, and AWS does not document the update",
}


def inference_option(configuration: Json | None) -> InferenceOption | None:
    """Return how an endpoint with this configuration serves; None if the plan does not show it."""
    config = as_dict(configuration)
    variants = [as_dict(variant) for variant in as_list(config.get("production_variants"))]
    if not variants:
        return None
    if first_block(config.get("async_inference_config")):
        return InferenceOption.ASYNCHRONOUS
    if any(first_block(variant.get("serverless_config")) for variant in variants):
        return InferenceOption.SERVERLESS
    has_model = any(variant.get("model_name") for variant in variants)
    return InferenceOption.REAL_TIME if has_model else InferenceOption.COMPONENTS


def refusal(before: InferenceOption, after: InferenceOption) -> str:
    """Return why an endpoint cannot be updated from one option to another, and an empty text if it can."""
    return "" if before is after else _FROM_OPTION.get(before, "") or _TO_OPTION.get(after, "")


def options(endpoint: ServedEndpoint) -> Iterator[tuple[InferenceOption, InferenceOption]]:
    """Yield the options before and after the update of an endpoint, as far as the plan shows them.

    There are several if the name of its new configuration is known only after apply.
    """
    if endpoint.change.actions != ("update",) or endpoint.before is None:
        return
    for old in endpoint.before.configurations:
        for new in endpoint.after.configurations:
            before, after = inference_option(old.before), inference_option(new.after)
            if before and after:
                yield before, after
