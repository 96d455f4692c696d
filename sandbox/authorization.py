"""Decide a request by the caller's identity policies, as IAM would, for what the sandbox needs.

moto checks signatures and actions, but neither resources nor conditions. Not modelled: permissions boundaries,
session policies, service control policies and policies on the resource. An operator that is not known is an error.

Only an invocation is decided by all that a policy says. Every other call of a role is decided by its actions alone.
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

# The account that moto takes the caller to be of.
ACCOUNT_ID = os.environ["MOTO_ACCOUNT_ID"]


class Denied(Exception):
    """Raised for a request that is not signed by a role of the account, or that its policies do not allow."""


def identity_policies(role_name: str) -> list[dict[str, Any]]:
    """Return the inline and attached policies of a role."""
    iam = iam_backends[ACCOUNT_ID]["aws"]
    inline = [iam.get_role_policy(role_name, name)[1] for name in iam.list_role_policies(role_name)]
    attached = [
        next(version.document for version in policy.versions if version.is_default)
        for policy in iam.list_attached_role_policies(role_name)[0]
    ]
    return [json.loads(document) for document in inline + attached]


def signer(*, method: str, path: str, body: bytes, headers: dict[str, str], action: str) -> str:
    """Return the name of the role that signed a request; raises `Denied` for a wrong signature or key."""
    try:
        request = IAMRequest(ACCOUNT_ID, method, path, {}, body, headers, action)
        request.check_signature()
    except HTTPException as error:
        raise Denied(str(error.description)) from error
    return request._access_key.arn.split("/")[1]


def caller(headers: dict[str, str]) -> str | None:
    """Return the name of the role whose credentials a request is signed with, if they are a role's."""
    token = headers.get("X-Amz-Security-Token")
    assumed = sts_backends[ACCOUNT_ID]["aws"].assumed_roles if token else []
    return next((str(each.role_arn).rsplit("/", 1)[1] for each in assumed if each.session_token == token), None)


def grants(policies: Iterable[dict[str, Any]], action: str) -> bool:
    """Return whether the policies allow an action on anything at all, under whatever condition."""
    return any(
        statement["Effect"] == "Allow" and _matches_action(statement, action)
        for policy in policies
        for statement in policy["Statement"]
    )


def allowed(policies: Iterable[dict[str, Any]], action: str, resource: str, context: Context) -> bool:
    """Return whether the policies allow an action: some statement does, and none denies it."""
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
        and any(fnmatchcase(resource, each) for each in _listed(statement["Resource"]))
        and all(
            _holds(operator, context.get(key), _listed(values))
            for operator, keys in statement.get("Condition", {}).items()
            for key, values in keys.items()
        )
    )


def _matches_action(statement: dict[str, Any], action: str) -> bool:
    return any(fnmatchcase(action.lower(), each.lower()) for each in _listed(statement["Action"]))


def _holds(operator: str, actual: str | None, expected: list[str]) -> bool:
    match operator:
        case "Bool" | "StringEquals" | "ArnEquals":
            return actual in expected
        case "StringLike" | "ArnLike":
            return actual is not None and any(fnmatchcase(actual, each) for each in expected)
        case "StringNotEquals" | "ArnNotEquals":
            return actual not in expected
    raise NotImplementedError(f"the sandbox does not know the condition operator {operator}")


def _listed(value: str | list[str]) -> list[str]:
    return [value] if isinstance(value, str) else value
