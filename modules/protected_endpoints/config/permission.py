"""The table of a permission of the execution role for the container itself."""

from typing import Annotated

from pydantic import Field

from protected_endpoints.config.table import ConfigTable
from protected_endpoints.config.types import (
    ConditionKey,
    ConditionOperator,
    ConditionValue,
    IamAction,
    IamResource,
    Reason,
)


class Permission(ConfigTable):
    """A statement in the policy of the execution role that allows the container to call AWS."""

    actions: Annotated[tuple[IamAction, ...], Field(strict=False, min_length=1)]
    """IAM actions, without wildcards."""
    resources: Annotated[tuple[IamResource, ...], Field(strict=False, min_length=1)]
    """ARNs of the resources. `*` only for actions that support no resource-level permissions."""
    conditions: dict[
        ConditionOperator, dict[ConditionKey, Annotated[tuple[ConditionValue, ...], Field(strict=False, min_length=1)]]
    ] = {}
    """Conditions of the statement by operator and condition key, each with a list of values. Default: none."""
    reason: Reason
    """Why the container needs the permission."""
