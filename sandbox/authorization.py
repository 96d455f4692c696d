"""Authorize requests by the identity policies of the calling role, as far as the sandbox needs it.

moto checks signatures and actions, but neither resources nor conditions. Permissions boundaries, session policies,
service control policies and resource policies are not evaluated. An unknown condition operator is an error.

For an invocation, actions, resources and conditions are evaluated; for every other call of a role, only its actions.
"""

import json
import os
from collections.abc import Iterable
from fnmatch import fnmatchcase
from typing import Any

from moto.iam.access_control import IAMRequest
from moto.iam.models import iam_backends
from moto.sts.models import sts_backends
from werkzeug.exceptions import HTTPException

Context = dict[str, str]

# The account of all callers.
ACCOUNT_ID = os.environ["MOTO_ACCOUNT_ID"]


class Denied(Exception):
    """Raised for a request that no role of the account has signed, or that the policies of the role do not allow."""


def identity_policies(role_name: str) -> list[dict[str, Any]]:
    """Return the inline and attached policies of a role."""
    iam = iam_backends[ACCOUNT_ID]["aws"]
    inline = [iam.get_role_policy(role_name, name)[1] for name in iam.list_role_policies(role_name)]
    attached = [
        next(version.document for version in policy.versions if version.is_default)
        for policy in iam.list_attached_role_policies(role_name)[0]
    ]
    return [json.loads(document) for document in inline + attached]


def signing_role(*, method: str, path: str, body: bytes, headers: dict[str, str], action: str) -> str:
    """Return the name of the role that signed a request.

    Raises:
        Denied: the signature or the access key is invalid.

    """
    try:
        request = IAMRequest(ACCOUNT_ID, method, path, {}, body, headers, action)
        request.check_signature()
    except HTTPException as error:
        raise Denied(str(error.description)) from error
    return request._access_key.arn.split("/")[1]


def role_of_session(headers: dict[str, str]) -> str | None:
    """Return the name of the role of the session token of a request, or None without one."""
    token = headers.get("X-Amz-Security-Token")
    assumed = sts_backends[ACCOUNT_ID]["aws"].assumed_roles if token else []
    return next((str(role.role_arn).rsplit("/", 1)[1] for role in assumed if role.session_token == token), None)


def allows_action(policies: Iterable[dict[str, Any]], action: str) -> bool:
    """Return whether any statement of the policies allows an action, for any resource and under any condition."""
    return any(
        statement["Effect"] == "Allow" and _matches_action(statement, action)
        for policy in policies
        for statement in policy["Statement"]
    )


def is_allowed(policies: Iterable[dict[str, Any]], action: str, resource: str, context: Context) -> bool:
    """Return whether a statement of the policies allows an action and none denies it."""
    effects = {
        statement["Effect"]
        for policy in policies
        for statement in policy["Statement"]
        if _matches(statement, action, resource, context)
    }
    return effects == {"Allow"}


def _matches(statement: dict[str, Any], action: str, resource: str, context: Context) -> bool:
    return (
        _matches_action(statement, action)
        and any(fnmatchcase(resource, pattern) for pattern in _as_list(statement["Resource"]))
        and all(
            _is_met(operator, context.get(key), _as_list(values))
            for operator, keys in statement.get("Condition", {}).items()
            for key, values in keys.items()
        )
    )


def _matches_action(statement: dict[str, Any], action: str) -> bool:
    return any(fnmatchcase(action.lower(), pattern.lower()) for pattern in _as_list(statement["Action"]))


def _is_met(operator: str, actual: str | None, expected: list[str]) -> bool:
    match operator:
        case "Bool" | "StringEquals" | "ArnEquals":
            return actual in expected
        case "StringLike" | "ArnLike":
            return actual is not None and any(fnmatchcase(actual, pattern) for pattern in expected)
        case "StringNotEquals" | "ArnNotEquals":
            return actual not in expected
    raise NotImplementedError(f"the sandbox does not support the condition operator {operator}")


def _as_list(value: str | list[str]) -> list[str]:
    return [value] if isinstance(value, str) else value
