"""Read the statements of a policy as grants: principal, action, resource and condition."""

import json
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from protected_endpoints.review.analysis.grant import ALL_EXCEPT, EXTERNAL, Grant, has_wildcard
from protected_endpoints.review.plan.values import as_dict, as_list, as_strings


def grants(document: object, *, principal: str = "", resource: str = "", address: str = "") -> Iterator[Grant]:
    """Yield the grants of a policy, which is a text or parsed JSON.

    `principal` is the one that has an identity policy, which names none. `resource` is the one whose policy calls it
    `*`.
    """
    for statement in _statements(document):
        effect = "Deny" if statement.get("Effect") == "Deny" else "Allow"
        base = Grant(principal, "", resource, _condition(statement), effect, address)
        principals = _principals(statement) or [principal or "no principal"]
        narrowed, named = _principals_of_condition(base)
        if named and base.effect == "Allow" and {*principals} == _accounts(principals):
            base, principals = narrowed, named
        for principal_ in principals:
            for action in _elements(statement, "Action"):
                for resource_ in _elements(statement, "Resource") or [resource or "*"]:
                    target = resource if resource and resource_ == "*" else resource_
                    yield replace(base, principal=principal_, action=action, resource=target)


def _accounts(principals: list[str]) -> set[str]:
    """Return the principals that are a whole account, or everyone."""
    return {principal for principal in principals if principal == "*" or principal.endswith(":root")}


def _principals_of_condition(grant: Grant) -> tuple[Grant, list[str]]:
    """Return a grant without the condition that names its principals, and these principals.

    IAM refuses a policy with a principal that does not exist yet, so that principals are often named by a condition.
    """
    by_operator = json.loads(grant.condition) if grant.condition else {}
    for operator, by_key in by_operator.items():
        key = next((name for name in by_key if name.lower() == "aws:principalarn"), None)
        values = as_strings(by_key.get(key)) if key else []
        if key and operator in ("ArnEquals", "StringEquals") and not any(map(has_wildcard, values)):
            others = {name: value for name, value in by_key.items() if name != key}
            remaining = {name: value for name, value in {**by_operator, operator: others}.items() if value}
            condition = json.dumps(remaining, sort_keys=True, default=str) if remaining else ""
            return replace(grant, condition=condition), sorted(values)
    return grant, []


def is_readable(document: object) -> bool:
    """Return whether a policy can be parsed."""
    return isinstance(_parsed(document), dict)


def _statements(document: object) -> list[dict[str, Any]]:
    statement = as_dict(_parsed(document)).get("Statement")
    statements = statement if isinstance(statement, list) else [statement]
    return [item for item in statements if isinstance(item, dict)]


def _parsed(document: object) -> object:
    if not isinstance(document, str):
        return document
    try:
        return json.loads(document)
    except (ValueError, RecursionError):
        return None


def _elements(statement: dict[str, Any], key: str) -> list[str]:
    if f"Not{key}" in statement:
        return [f"{ALL_EXCEPT}{', '.join(sorted(as_strings(statement[f'Not{key}'])))}"]
    return sorted({*as_strings(statement.get(key))})


def _principals(statement: dict[str, Any]) -> list[str]:
    if "NotPrincipal" in statement:
        return [f"{ALL_EXCEPT}{', '.join(_principal_names(statement['NotPrincipal']))}"]
    return _principal_names(statement.get("Principal"))


def _principal_names(principal: object) -> list[str]:
    if isinstance(principal, str):
        return [principal]
    return sorted(
        {_principal_name(type_, name) for type_, names in as_dict(principal).items() for name in as_strings(names)}
    )


def _principal_name(type_: str, name: str) -> str:
    """Return the name of a principal, which is marked as external if it does not tell the account."""
    is_external = type_ in ("CanonicalUser", "Federated") and not name.startswith("arn:")
    return f"{EXTERNAL}{name}" if is_external else name


def _condition(statement: dict[str, Any]) -> str:
    by_operator = as_dict(statement.get("Condition"))
    if not by_operator:
        return ""
    ordered = {
        operator: {key: _ordered(value) for key, value in as_dict(by_key).items()}
        for operator, by_key in by_operator.items()
    }
    return json.dumps(ordered, sort_keys=True, default=str)


def _ordered(value: Any) -> Any:
    """Return one or several values as a sorted list, so that another notation is no change."""
    return sorted(as_list(value) or [value], key=str)
