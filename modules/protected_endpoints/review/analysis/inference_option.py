"""How an endpoint serves, and the changes of it that an update of the endpoint cannot make.

SageMaker documents the changes to and from serverless inference (serverless-endpoints, feature exclusions). It answers
to a removed AsyncInferenceConfig: "parameter cannot be removed from this endpoint" (sagemaker-python-sdk, PR 3124).
"""

from collections.abc import Sequence
from enum import StrEnum

from protected_endpoints.review.plan.plan import Change
from protected_endpoints.review.plan.values import Json, Unknown, as_dict, as_list, first_block


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
_NAME = "endpoint_config_name"
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


def options(endpoint: Change, configurations: Sequence[Change]) -> tuple[InferenceOption, InferenceOption] | None:
    """Return the option before and after the update of an endpoint; None if it is not updated or not shown."""
    if endpoint.actions != ("update",):
        return None
    old = next((change for change in configurations if _is_of(endpoint.value_before(_NAME), change, before=True)), None)
    new = _new_configuration(endpoint, old, configurations)
    if not old or not new:
        return None
    before, after = inference_option(old.before), inference_option(new.after)
    return (before, after) if before and after else None


def _is_of(name: object, change: Change, *, before: bool) -> bool:
    """Return whether a configuration has the name that an endpoint refers to, before or after the plan."""
    own = change.value_before("name") if before else change.value_after("name")
    return name is not None and name in (own, f"${{{change.address}.name}}")


def _new_configuration(endpoint: Change, old: Change | None, configurations: Sequence[Change]) -> Change | None:
    """Return the configuration to which an endpoint is updated.

    Its name is known only after apply if it is generated. Then it is the replacement of the old one, or the only new
    one.
    """
    name = endpoint.value_after(_NAME)
    if not isinstance(name, Unknown):
        return next((change for change in configurations if _is_of(name, change, before=False)), None)
    if old and old.is_replaced:
        return old
    created = [change for change in configurations if change.is_created]
    return created[0] if len(created) == 1 else None
