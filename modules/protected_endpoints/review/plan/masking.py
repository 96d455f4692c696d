"""Hide values that a plan marks as sensitive, and every value of a container environment."""

from typing import Any

from protected_endpoints.review.plan.cloud_control import CLOUD_CONTROL, is_inference_component
from protected_endpoints.review.plan.values import Json, as_dict, as_list, hide

_ENVIRONMENT = "environment"
_DOCUMENTS = ("desired_state", "properties")
_MODEL = "aws_sagemaker_model"
_WITH_HIDDEN_VALUES = (_MODEL, CLOUD_CONTROL)  # which have values that are hidden although no plan marks them


def redacted_arguments(arguments: Json, resource_type: str) -> Json:
    """Return the arguments of a resource with the environments of its containers hidden."""
    result: Json = redacted(arguments, False, resource_type)
    return result


def redacted_attributes(value: object, sensitive: object, resource_type: str) -> Json | None:
    """Return the attributes of a resource; if the whole resource is sensitive, every attribute is hidden."""
    if not isinstance(value, dict):
        return None
    flags = dict.fromkeys(value, True) if sensitive is True else sensitive
    return {**redacted(value, flags, resource_type)}


def redacted(value: Any, sensitive: Any, resource_type: str) -> Any:
    """Return a value in which sensitive values, and the values of a model's environment, are hidden."""
    if sensitive is True:
        return hide(value)
    if not sensitive and resource_type not in _WITH_HIDDEN_VALUES:
        return value
    if isinstance(value, dict):
        flags = as_dict(sensitive)
        # The document of another type may contain a secret under any name.
        hidden = _DOCUMENTS if resource_type == CLOUD_CONTROL and not is_inference_component(value) else ()
        return {
            key: hide(item)
            if key in hidden
            else _hide_values(item)
            if key == _ENVIRONMENT and resource_type == _MODEL
            else redacted(item, flags.get(key), resource_type)
            for key, item in value.items()
        }
    if isinstance(value, list):
        flags_of_items = [*as_list(sensitive), *[False] * len(value)]
        return [redacted(item, flag, resource_type) for item, flag in zip(value, flags_of_items, strict=False)]
    return value


def _hide_values(environment: Any) -> Any:
    if isinstance(environment, dict):
        return {name: hide(value, str(name)) for name, value in environment.items()}
    return hide(environment)
