"""Identify what a plan does by a hash, so that an apply can verify that the plan was reviewed.

Everything in a plan counts, except for what is named here: times, versions, unchanged resources, and parts that repeat
others or only explain them. A key that a newer Terraform adds therefore counts as well.
"""

import hashlib
import json
from collections.abc import Iterable
from typing import Any

from protected_endpoints.review.plan.plan import Plan, configuration_address
from protected_endpoints.review.plan.values import Json, as_dict, as_list

# `planned_values` repeats the changes. `prior_state` and `resource_drift` are what was before, and changes repeat what
# the apply does about it.
_NOT_HASHED = {
    "format_version",
    "planned_values",
    "prior_state",
    "relevant_attributes",
    "resource_drift",
    "terraform_version",
    "timestamp",
}
# Terraform explains an action by its reason, and a resource by its identity.
_EXPLANATIONS = {"action_reason", "before_identity", "after_identity"}
_VERSIONS = {"schema_version", "version_constraint"}


def fingerprint(plans: Iterable[Plan]) -> str:
    """Return the SHA-256, in hexadecimal, of what plans change and run."""
    content = {plan.stack: [_effects(plan.raw or {}), *plan.commands] for plan in plans}
    text = json.dumps(content, sort_keys=True, separators=(",", ":"), default=str)
    return hashlib.sha256(text.encode()).hexdigest()


def _effects(raw: Json) -> Json:
    changes = [
        _without(resource, _EXPLANATIONS) for resource in as_list(raw.get("resource_changes")) if _has_effect(resource)
    ]
    changed = {configuration_address(str(as_dict(resource).get("address"))) for resource in changes}
    return {
        **{key: value for key, value in raw.items() if key not in _NOT_HASHED},
        "checks": sorted(_conditions(as_list(raw.get("checks")))),
        "configuration": _configuration(as_dict(raw.get("configuration")), changed),
        "output_changes": {
            name: output
            for name, output in as_dict(raw.get("output_changes")).items()
            if as_dict(output).get("actions") != ["no-op"]
        },
        "resource_changes": sorted(changes, key=_text),
    }


def _has_effect(resource: Any) -> bool:
    """Return whether a resource changes, is read during the apply, or gets another address in the state."""
    change = as_dict(as_dict(resource).get("change"))
    return change.get("actions") != ["no-op"] or "importing" in change or "previous_address" in resource


def _conditions(checks: Iterable[Any]) -> Iterable[str]:
    """Yield the addresses with conditions; their status may change between two plans of the same changes."""
    return (_text(as_dict(check).get("address")) for check in checks)


def _configuration(configuration: Json, changed: set[str]) -> Json:
    """Return the configuration without versions and without unchanged resources."""
    module = as_dict(configuration.get("root_module"))
    return {**as_dict(_without(configuration, _VERSIONS)), "root_module": _module(module, changed, "")}


def _module(module: Json, changed: set[str], prefix: str) -> Json:
    resources = [
        resource
        for resource in as_list(_without(module.get("resources"), _VERSIONS))
        if as_dict(resource).get("mode") == "data" or f"{prefix}{as_dict(resource).get('address')}" in changed
    ]
    calls = {
        name: {
            **as_dict(_without(call, _VERSIONS)),
            "module": _module(as_dict(as_dict(call).get("module")), changed, f"{prefix}module.{name}."),
        }
        for name, call in as_dict(module.get("module_calls")).items()
    }
    return {**module, "resources": sorted(resources, key=_text), "module_calls": calls}


def _without(value: Any, keys: set[str]) -> Any:
    """Return a value without some keys of its objects, at every depth except in the attributes of resources."""
    if isinstance(value, dict):
        return {
            key: item if key in ("before", "after", "expressions") else _without(item, keys)
            for key, item in value.items()
            if key not in keys
        }
    return [_without(item, keys) for item in value] if isinstance(value, list) else value


def _text(value: Any) -> str:
    return json.dumps(value, sort_keys=True, default=str)
