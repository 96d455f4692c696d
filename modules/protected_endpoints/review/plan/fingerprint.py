"""Identify what a plan changes by a hash, so that an apply can verify that the plan was reviewed."""

import hashlib
import json
from collections.abc import Iterable
from typing import Any

from protected_endpoints.review.plan.plan import Plan
from protected_endpoints.review.plan.values import as_dict, as_list

_HASHED_KEYS = ("actions", "before", "after", "after_unknown", "replace_paths", "importing")
_WITHOUT_EFFECT = ({"no-op"}, {"read"})


def fingerprint(plans: Iterable[Plan]) -> str:
    """Return the SHA-256, in hexadecimal, of what plans change and run.

    Unchanged resources, times and versions are not included.
    """
    content = {plan.stack: [*_changes(plan.raw or {}), *plan.commands] for plan in plans}
    text = json.dumps(content, sort_keys=True, separators=(",", ":"), default=str)
    return hashlib.sha256(text.encode()).hexdigest()


def _changes(raw: dict[str, Any]) -> list[Any]:
    resources = [
        [
            str(resource.get("address")),
            {key: as_dict(resource.get("change")).get(key) for key in _HASHED_KEYS},
            resource.get("previous_address"),
        ]
        for resource in as_list(raw.get("resource_changes"))
        if isinstance(resource, dict) and _actions(resource) not in _WITHOUT_EFFECT
    ]
    outputs = [
        [name, {key: as_dict(output).get(key) for key in _HASHED_KEYS}]
        for name, output in as_dict(raw.get("output_changes")).items()
        if as_dict(output).get("actions") != ["no-op"]
    ]
    return [sorted(resources, key=lambda item: str(item[0])), sorted(outputs, key=lambda item: str(item[0]))]


def _actions(resource: dict[str, Any]) -> set[str]:
    return {*map(str, as_list(as_dict(resource.get("change")).get("actions")))}
