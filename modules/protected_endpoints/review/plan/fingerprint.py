"""Say in a few letters what a plan does, so that an apply can tell whether it is what was reviewed."""

import hashlib
import json
from collections.abc import Iterable
from typing import Any

from protected_endpoints.review.plan.plan import Plan
from protected_endpoints.review.plan.values import listed, table

_SAID = ("actions", "before", "after", "after_unknown", "replace_paths", "importing")
_NOTHING = ({"no-op"}, {"read"})


def fingerprint(plans: Iterable[Plan]) -> str:
    """Return the SHA-256 of what plans change and run; what they leave alone, times and versions are not in it."""
    said = {plan.stack: [*_changes(plan.raw or {}), *plan.commands] for plan in plans}
    return hashlib.sha256(json.dumps(said, sort_keys=True, separators=(",", ":"), default=str).encode()).hexdigest()


def _changes(raw: dict[str, Any]) -> list[Any]:
    changes = [
        [
            str(each.get("address")),
            {key: table(each.get("change")).get(key) for key in _SAID},
            each.get("previous_address"),
        ]
        for each in listed(raw.get("resource_changes"))
        if isinstance(each, dict) and {*map(str, listed(table(each.get("change")).get("actions")))} not in _NOTHING
    ]
    outputs = [
        [name, {key: table(each).get(key) for key in _SAID}]
        for name, each in table(raw.get("output_changes")).items()
        if table(each).get("actions") != ["no-op"]
    ]
    return [sorted(changes, key=lambda each: str(each[0])), sorted(outputs, key=lambda each: str(each[0]))]
