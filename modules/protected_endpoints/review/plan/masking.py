"""Hide what a plan marks as sensitive, and every value of a container's environment."""

from typing import Any

from protected_endpoints.review.plan.values import Json, hidden, listed, table

_ENVIRONMENT = "environment"


def shown_arguments(arguments: Json, kind: str) -> Json:
    """Return the arguments of a resource with the environment of its containers hidden."""
    masked: Json = shown(arguments, False, kind)
    return masked


def attributes(value: object, sensitive: object, kind: str) -> Json | None:
    """Return the attributes of a resource, of which each is hidden where all of it is sensitive."""
    if not isinstance(value, dict):
        return None
    flags = dict.fromkeys(value, True) if sensitive is True else sensitive
    return {**shown(value, flags, kind)}


def shown(value: Any, sensitive: Any, kind: str) -> Any:
    """Return a value with what is sensitive hidden, and every value of a model's environment."""
    if sensitive is True:
        return hidden(value)
    if isinstance(value, dict):
        flags = table(sensitive)
        return {
            key: _hidden_values(each)
            if key == _ENVIRONMENT and kind == "aws_sagemaker_model"
            else shown(each, flags.get(key), kind)
            for key, each in value.items()
        }
    if isinstance(value, list):
        marks = [*listed(sensitive), *[False] * len(value)]
        return [shown(each, flag, kind) for each, flag in zip(value, marks, strict=False)]
    return value


def _hidden_values(environment: Any) -> Any:
    return (
        {key: hidden(value) for key, value in environment.items()}
        if isinstance(environment, dict)
        else hidden(environment)
    )
