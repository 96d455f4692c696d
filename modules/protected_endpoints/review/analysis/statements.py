"""Read the statements of a policy as grants: who may do what, on what, when."""

import json
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from protected_endpoints.review.analysis.grant import ALL_BUT, OUTSIDER, Grant, has_wildcard
from protected_endpoints.review.plan.values import listed, strings, table


def grants(document: object, *, who: str = "", on: str = "", address: str = "") -> Iterator[Grant]:
    """Yield the grants of a policy, given as text or parsed.

    `who` has an identity's policy, which names no principal; `on` is what a policy is of that calls itself `*`.
    """
    for statement in _statements(document):
        effect = "Deny" if statement.get("Effect") == "Deny" else "Allow"
        base = Grant(who, "", on, _when(statement), effect, address)
        principals = _principals(statement) or [who or "nobody"]
        narrowed, named = _by_condition(base)
        if named and base.effect == "Allow" and {*principals} == _delegated(principals):
            base, principals = narrowed, named
        for principal in principals:
            for action in _listed(statement, "Action"):
                for resource in _listed(statement, "Resource") or [on or "*"]:
                    yield replace(base, who=principal, may=action, on=on if on and resource == "*" else resource)


def _delegated(principals: list[str]) -> set[str]:
    """Return the principals that stand for all of an account, or for everybody."""
    return {each for each in principals if each == "*" or each.endswith(":root")}


def _by_condition(grant: Grant) -> tuple[Grant, list[str]]:
    """Return a grant without the condition that says which principals it is for, and these.

    A policy that names a role which is not there yet is refused, so they are often named by a condition.
    """
    found = json.loads(grant.when) if grant.when else {}
    for operator, by_key in found.items():
        key = next((each for each in by_key if each.lower() == "aws:principalarn"), None)
        values = strings(by_key.get(key)) if key else []
        if key and operator in ("ArnEquals", "StringEquals") and not any(map(has_wildcard, values)):
            others = {each: value for each, value in by_key.items() if each != key}
            left = {name: value for name, value in {**found, operator: others}.items() if value}
            when = json.dumps(left, sort_keys=True, default=str) if left else ""
            return replace(grant, when=when), sorted(values)
    return grant, []


def is_readable(document: object) -> bool:
    """Return whether a policy is there to be read."""
    return isinstance(_parsed(document), dict)


def _statements(document: object) -> list[dict[str, Any]]:
    found = table(_parsed(document)).get("Statement")
    return [each for each in (found if isinstance(found, list) else [found]) if isinstance(each, dict)]


def _parsed(document: object) -> object:
    if not isinstance(document, str):
        return document
    try:
        return json.loads(document)
    except (ValueError, RecursionError):
        return None


def _listed(statement: dict[str, Any], key: str) -> list[str]:
    if f"Not{key}" in statement:
        return [f"{ALL_BUT}{', '.join(sorted(strings(statement[f'Not{key}'])))}"]
    return sorted({*strings(statement.get(key))})


def _principals(statement: dict[str, Any]) -> list[str]:
    if "NotPrincipal" in statement:
        return [f"{ALL_BUT}{', '.join(_names(statement['NotPrincipal']))}"]
    return _names(statement.get("Principal"))


def _names(principal: object) -> list[str]:
    if isinstance(principal, str):
        return [principal]
    return sorted({_named(kind, each) for kind, found in table(principal).items() for each in strings(found)})


def _named(kind: str, principal: str) -> str:
    """Return a principal by its name, after what it is where that name tells no account."""
    foreign = kind in ("CanonicalUser", "Federated") and not principal.startswith("arn:")
    return f"{OUTSIDER}{principal}" if foreign else principal


def _when(statement: dict[str, Any]) -> str:
    condition = table(statement.get("Condition"))
    if not condition:
        return ""
    ordered = {
        operator: {key: _ordered(value) for key, value in table(by_key).items()}
        for operator, by_key in condition.items()
    }
    return json.dumps(ordered, sort_keys=True, default=str)


def _ordered(value: Any) -> Any:
    """Return a set of values in one order, one alone as a list, so that writing it another way is no change."""
    values = listed(value) or [value]
    return sorted(values, key=str)
