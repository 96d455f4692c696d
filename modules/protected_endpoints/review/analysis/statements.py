"""Read the statements of a policy as grants: principal, action, resource and condition."""

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import lru_cache
from typing import Any

from protected_endpoints.review.analysis.grant import ALL_EXCEPT, Grant, PrincipalKind, has_wildcard
from protected_endpoints.review.plan.files import parse_document
from protected_endpoints.review.plan.values import Hidden, Json, Unknown, as_dict, as_list, as_strings

# A statement with more combinations of principals, actions and resources counts as one for everything, or as no denial:
# each of them would be compared, and policies that AWS accepts have fewer.
_MAX_GRANTS = 20_000
_POLICY_NAME = re.compile(r"polic(y|ies)(_document|_json)?$")
_Principal = tuple[str, PrincipalKind]  # the text in the report, and the kind


def grants(document: object, base: Grant) -> Iterable[Grant]:
    """Return the grants of a policy, which is a text or parsed JSON.

    `base` has the principal of an identity policy, which names none; the resource that its own policy calls `*`; and
    the address.
    """
    return _grants_of_text(document, base) if isinstance(document, str) else _grants(document, base)


@lru_cache(maxsize=1000)  # most policies are the same before and after a plan
def _grants_of_text(text: str, base: Grant) -> tuple[Grant, ...]:
    return tuple(_grants(text, base))


def _grants(document: object, base: Grant) -> Iterator[Grant]:
    for statement in _statements(document):
        effect = "Deny" if statement.get("Effect") == "Deny" else "Allow"
        grant = replace(base, effect=effect, condition=_condition(statement), sid=str(statement.get("Sid", "")))
        principals = _principals(statement) or [(base.principal or "the holder of the policy", base.kind)]
        narrowed, names = _principals_of_condition(grant)
        if names and effect == "Allow" and all(_is_whole_account(name) for name, _ in principals):
            grant, principals = narrowed, [(name, PrincipalKind.NAMED) for name in names]
        actions, resources = _elements(statement, "Action"), _elements(statement, "Resource")
        if len(principals) * len(actions) * len(resources) > _MAX_GRANTS:
            if effect == "Deny":
                continue
            actions, resources = ["*"], ["*"]
        for principal, kind in principals:
            for action in actions:
                for resource in resources or [base.resource or "*"]:
                    target = base.resource if base.resource and resource == "*" else resource
                    yield replace(grant, principal=principal, kind=kind, action=action, resource=target)


def _is_whole_account(principal: str) -> bool:
    """Return whether a principal is a whole account, or everyone."""
    return principal == "*" or principal.endswith(":root")


def _principals_of_condition(grant: Grant) -> tuple[Grant, list[str]]:
    """Return a grant without the condition that names its principals, and these principals.

    IAM refuses a policy with a principal that does not exist yet, so that principals are often named by a condition.
    """
    by_operator = json.loads(grant.condition) if grant.condition else {}
    for operator, by_key in by_operator.items():
        key = next((name for name in by_key if name.lower() == "aws:principalarn"), None)
        values = as_strings(by_key.get(key)) if key else []
        if key and operator in ("ArnEquals", "StringEquals") and not any(map(has_wildcard, values)):
            other_keys = {name: value for name, value in by_key.items() if name != key}
            remaining = {name: value for name, value in {**by_operator, operator: other_keys}.items() if value}
            condition = json.dumps(remaining, sort_keys=True, default=str) if remaining else ""
            return replace(grant, condition=condition), sorted(values)
    return grant, []


def is_readable(document: object) -> bool:
    """Return whether a policy can be parsed."""
    return isinstance(_parsed(document), dict)


def find_policies(attributes: Json) -> Iterator[tuple[str, object]]:
    """Yield the policies among the attributes of a resource of any type, also inside of blocks, by attribute.

    A policy is a JSON text with the key `Statement`. An attribute that is named as one is also yielded if it is hidden
    or known only after apply.
    """
    for name, value in attributes.items():
        for leaf in _leaves(value):
            is_named = _POLICY_NAME.search(name) is not None and isinstance(leaf, Unknown | Hidden)
            if is_named or (isinstance(leaf, str) and "Statement" in as_dict(_parsed(leaf))):
                yield name, leaf


def _leaves(value: object) -> Iterator[object]:
    if isinstance(value, dict | list):
        for item in value.values() if isinstance(value, dict) else value:
            yield from _leaves(item)
    elif not isinstance(value, str) or value.lstrip().startswith("{"):
        yield value


def _statements(document: object) -> list[dict[str, Any]]:
    statement = as_dict(_parsed(document)).get("Statement")
    statements = statement if isinstance(statement, list) else [statement]
    return [item for item in statements if isinstance(item, dict)]


def _parsed(document: object) -> object:
    if not isinstance(document, str):
        return document
    try:
        return parse_document(document)  # a duplicate key hides statements from this review or from AWS
    except (ValueError, RecursionError):
        return None


def _elements(statement: dict[str, Any], key: str) -> list[str]:
    if f"Not{key}" in statement:
        return [f"{ALL_EXCEPT}{', '.join(sorted(as_strings(statement[f'Not{key}'])))}"]
    return sorted({*as_strings(statement.get(key))})


def _principals(statement: dict[str, Any]) -> list[_Principal]:
    if "NotPrincipal" in statement:
        names = sorted(name for name, _ in _named_principals(statement["NotPrincipal"]))
        return [(f"{ALL_EXCEPT}{', '.join(names)}", PrincipalKind.EVERYONE)]
    return _named_principals(statement.get("Principal"))


def _named_principals(principal: object) -> list[_Principal]:
    if isinstance(principal, str):
        return [_principal("AWS", principal)]
    return sorted(
        {_principal(type_, name) for type_, names in as_dict(principal).items() for name in as_strings(names)}
    )


def _principal(type_: str, name: str) -> _Principal:
    if type_ in ("CanonicalUser", "Federated") and not name.startswith("arn:"):
        return f"external: {name}", PrincipalKind.EXTERNAL
    return name, PrincipalKind.EVERYONE if name == "*" else PrincipalKind.NAMED


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
