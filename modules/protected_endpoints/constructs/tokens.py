"""Tokens in a deployment: the Terraform expressions that they stand for."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from cdktf import DefaultTokenResolver, StringConcat, Tokenization
from constructs import Construct

from protected_endpoints import rules
from protected_endpoints.config.table import ConfigTable
from protected_endpoints.config.types.token import is_token
from protected_endpoints.deployment import Deployment
from protected_endpoints.errors import KeyPath


def token_paths(deployment: Deployment) -> list[KeyPath]:
    """Return the key paths of all tokens of a deployment."""
    environment = deployment.environment
    return [
        *_paths(environment, ("environments", environment.name)),
        *_paths(deployment.endpoint, deployment.path()),
    ]


def with_expressions(scope: Construct, deployment: Deployment) -> Deployment:
    """Return a deployment with the expressions of its tokens, such as `${aws_vpc.Vpc.id}`.

    Names contain hashes of the content of a deployment. The text of a token is a number that depends on everything
    else in the app, so a change elsewhere would change the names, and replace the resources.

    Raises:
        ConfigurationError: the deployment breaks a rule now that two tokens of the same value are equal.

    """
    if not token_paths(deployment):
        return deployment
    resolved = replace(
        deployment,
        environment=_resolved(deployment.environment, scope),
        endpoint=_resolved(deployment.endpoint, scope),
    )
    rules.check(resolved)
    return resolved


def _paths(value: Any, path: KeyPath) -> Iterator[KeyPath]:
    if is_token(value):
        yield path
    elif isinstance(value, ConfigTable):
        for name in type(value).model_fields:
            yield from _paths(getattr(value, name), (*path, name))
    elif isinstance(value, tuple):
        for index, item in enumerate(value):
            yield from _paths(item, (*path, index))
    elif isinstance(value, dict):
        for name, item in value.items():
            yield from _paths(item, (*path, name))


def _resolved(value: Any, scope: Construct) -> Any:
    if is_token(value):
        # While it prepares, CDKTF also turns an attribute of another stack into an output of that stack.
        resolver = DefaultTokenResolver(StringConcat())
        return Tokenization.resolve(value, preparing=True, resolver=resolver, scope=scope)
    if isinstance(value, ConfigTable):
        return value.model_copy(
            update={name: _resolved(getattr(value, name), scope) for name in value.model_fields_set}
        )
    if isinstance(value, tuple):
        return tuple(_resolved(item, scope) for item in value)
    if isinstance(value, dict):
        return {name: _resolved(item, scope) for name, item in value.items()}
    return value
