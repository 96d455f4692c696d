"""Attacks on a plan, in the form in which Terraform would show a changed configuration."""

import json
from collections.abc import Iterator
from functools import partial
from typing import Any

from protected_endpoints.review.plan.actions import FORCES_REPLACEMENT
from tests.review.attacks.attack import DOCUMENT, REMOVED, Attack, Json, Path, parsed_document, replaced, text, walk
from tests.review.attacks.folders import PROVIDER_ARGUMENTS, RESOURCES, SOURCES
from tests.review.attacks.harmless import FEWER_PERMISSIONS, is_harmless
from tests.review.attacks.statements import policy_attacks
from tests.review.attacks.values import other_values

_ATTACKER = "example.com/others/aws"
_COMMANDS = [{"type": "local-exec", "expressions": {"command": {"constant_value": "id"}}}]
_INVOCATION = {
    "address": "action.aws_lambda_invoke.x",
    "type": "aws_lambda_invoke",
    "name": "x",
    "config_values": {"function_name": "x", "payload": "{}"},
    "config_sensitive": {},
    "provider_name": "hashicorp/aws",
    "lifecycle_action_trigger": {
        "triggering_resource_address": "aws_kms_key.Key",
        "action_trigger_event": "AfterUpdate",
    },
}
_TOP: Json = {
    "action_invocations": [_INVOCATION],
    "deferred_action_invocations": [{"reason": "unknown", "action_invocation": _INVOCATION}],
    "deferred_changes": [{"reason": "unknown", "resource_change": {}}],
    "unknown_changes": [{"address": "aws_iam_role.x"}],
    "errored": True,
    "complete": False,
    "format_version": "2.0",
}
_ALWAYS = ("format_version", "complete", "errored", "configuration", "resource_changes")
_CONFIGURATION: Json = {
    "module_calls": {"x": {"source": "./x", "module": {"resources": []}}},
    "variables": {"x": {"default": "x"}},
    "unknown": {"x": {}},
    "actions": [{"address": "action.aws_lambda_invoke.x", "type": "aws_lambda_invoke", "name": "x"}],
}
_RESOURCE: Json = {
    "provisioners": _COMMANDS,
    "for_each_expression": {"constant_value": {"a": "b"}},
    "count_expression": {"references": ["data.external.x.result"]},
    "provider_config_key": "aws.other",
    "unknown": "x",
}
_ACTIONS: tuple[list[str], ...] = (["forget"], ["create", "forget"], ["delete"], ["delete", "create"], ["unknown"], [])


def attacks(source: str, plan: Json) -> Iterator[Attack]:
    """Yield every attack on a plan; each makes the plan as it is after it."""

    def attack(kind: str, path: Path, new: Any, place: str = "") -> Attack:
        return Attack(kind, source, f"{text(path)} {place}".strip(), partial(replaced, plan, path, new))

    yield from (attack("plan key", (key,), value) for key, value in _TOP.items())
    for key in _ALWAYS:
        yield attack("plan key removed", (key,), REMOVED)
        others: tuple[Any, ...] = (None, [None], {}, "x")
        yield from (attack("plan key of another type", (key,), value, repr(value)) for value in others)
    yield from _provider_attacks(attack, plan)
    root = ("configuration", "root_module")
    yield from (attack("configuration block", (*root, key), value) for key, value in _CONFIGURATION.items())
    configured = plan["configuration"]["root_module"]["resources"]
    positions = {resource["address"]: index for index, resource in enumerate(configured)}
    for address, index in positions.items():
        yield from (
            attack("configuration meta argument", (*root, "resources", index, key), value, address)
            for key, value in _RESOURCE.items()
        )
    yield from _foreign(source, plan)
    for index, resource in enumerate(plan["resource_changes"]):
        if resource["mode"] == "managed" and "deposed" not in resource:
            path = ("resource_changes", index)
            yield attack("provider of a change", (*path, "provider_name"), _ATTACKER, resource["address"])
            yield attack("mode of a change", (*path, "mode"), "data", resource["address"])
            yield attack("change removed", path, REMOVED, resource["address"])
            yield from _action_attacks(attack, path, resource)
            if resource["change"]["after"] is not None and resource["address"] in positions:
                yield from _argument_attacks(source, plan, index, positions[resource["address"]])


def _provider_attacks(attack: Any, plan: Json) -> Iterator[Attack]:
    aws = ("configuration", "provider_config", "aws")
    for name, value in PROVIDER_ARGUMENTS.items():
        if name in ("allowed_account_ids", "region"):
            continue  # the provider refuses another account; in another Region a plan has other changes
        new = REMOVED if value is REMOVED else {"constant_value": value}
        yield attack("provider argument", (*aws, "expressions", name.strip()), new)
    yield attack("provider source", (*aws, "full_name"), _ATTACKER)
    yield attack("provider alias", (*aws, "alias"), "x")
    yield attack("provider module", (*aws, "module_address"), "module.x")
    yield attack("provider unknown key", (*aws, "unknown"), "x")
    other = {**plan["configuration"]["provider_config"]["aws"], "alias": "other"}
    yield attack("second provider", ("configuration", "provider_config", "aws.other"), other)
    null = {"name": "null", "full_name": "hashicorp/null"}
    yield attack("second provider", ("configuration", "provider_config", "null"), null, "null")
    yield attack("provider removed", ("configuration", "provider_config"), REMOVED)


def _foreign(source: str, plan: Json) -> Iterator[Attack]:
    for type_, arguments in RESOURCES.items():
        yield Attack("resource added", source, type_, partial(_with_resource, plan, type_, "managed", arguments))
    for type_, arguments in SOURCES.items():
        yield Attack("data source added", source, type_, partial(_with_resource, plan, type_, "data", arguments))
    for type_ in ("aws_lambda_function", "azurerm_role_assignment"):
        yield Attack("foreign resource deposed", source, type_, partial(_with_deposed, plan, type_))


def _with_resource(plan: Json, type_: str, mode: str, arguments: Json) -> Json:
    address = f"{'data.' if mode == 'data' else ''}{type_}.X"
    described = {key: {"constant_value": value} for key, value in arguments.items()}
    configured: Json = {"address": address, "mode": mode, "type": type_, "name": "X", "expressions": described}
    if "provisioner" in arguments:
        configured["provisioners"] = _COMMANDS
    root = plan["configuration"]["root_module"]
    with_resource = {**root, "resources": [*root["resources"], configured]}
    result: Json = replaced(plan, ("configuration", "root_module"), with_resource)
    if mode == "managed":
        result["resource_changes"] = [*plan["resource_changes"], _created(address, type_, arguments)]
    return result


def _created(address: str, type_: str, arguments: Json) -> Json:
    change = {"actions": ["create"], "before": None, "after": {**arguments}, "after_unknown": {"id": True}}
    return {
        "address": address,
        "mode": "managed",
        "type": type_,
        "name": "X",
        "provider_name": "hashicorp/aws",
        "change": {**change, "before_sensitive": False, "after_sensitive": {}},
    }


def _with_deposed(plan: Json, type_: str) -> Json:
    created = _created(f"{type_}.X", type_, {"name": "x"})
    change = {**created["change"], "actions": ["delete"], "before": {"name": "x"}, "after": None, "after_unknown": {}}
    deposed = {**created, "deposed": "0a1b2c3d", "change": {**change, "before_sensitive": {}, "after_sensitive": False}}
    return {**plan, "resource_changes": [*plan["resource_changes"], deposed]}


def _action_attacks(attack: Any, path: Path, resource: Json) -> Iterator[Attack]:
    if resource["change"]["actions"] == ["no-op"]:
        for actions in _ACTIONS:
            if actions == ["delete"] and resource["type"] in FEWER_PERMISSIONS:
                continue
            change = {**resource["change"], "actions": actions}
            if actions in (["forget"], ["delete"]):
                change = {**change, "after": None, "after_sensitive": False}
            yield attack(f"actions {actions}", (*path, "change"), change, resource["address"])


def _argument_attacks(source: str, plan: Json, index: int, position: int) -> Iterator[Attack]:
    """Yield attacks on each argument that the configuration of a resource sets."""
    resource = plan["resource_changes"][index]
    expressions = plan["configuration"]["root_module"]["resources"][position].get("expressions", {})
    address, type_, after = resource["address"], resource["type"], resource["change"]["after"]
    for path, value in _configured(expressions, after):

        def attack(kind: str, new: Any, place: str = "", path: Path = path) -> Attack:
            make = partial(_with_argument, plan, index, position, path, new)
            return Attack(kind, source, f"{address} {text(path)} {place}".strip(), make)

        policy = parsed_document(value)
        if policy and "Statement" in policy:
            for kind, place, changed in policy_attacks(policy):
                yield attack(f"policy {kind}", json.dumps(changed), place)
        for kind, new in other_values(value):
            if not is_harmless(type_, text(path), kind):
                yield attack(f"argument {kind}", new)
        for inner, leaf in walk(value) if not policy else ():
            for kind, new in other_values(leaf):
                if not is_harmless(type_, text((*path, *inner)), kind) and DOCUMENT not in inner:
                    yield attack(f"argument {kind}", replaced(value, inner, new), text(inner))


def _configured(expressions: Any, after: Any, path: Path = ()) -> Iterator[tuple[Path, Any]]:
    """Yield the path and the value of each argument in the expressions of a resource, of blocks their arguments."""
    if isinstance(expressions, list):
        for number, block in enumerate(expressions):
            yield from _configured(block, after[number] if _has(after, number) else None, (*path, number))
    elif isinstance(expressions, dict) and not _is_expression(expressions):
        for key, inner in expressions.items():
            yield from _configured(inner, after[key] if _has(after, key) else None, (*path, key))
    elif isinstance(expressions, dict):
        yield path, expressions.get("constant_value") if after is None else after


def _has(value: Any, key: Any) -> bool:
    return key in value if isinstance(value, dict) else isinstance(value, list) and key < len(value)


def _is_expression(value: Json) -> bool:
    return bool(value) and {*value} <= {"constant_value", "references"}


def _with_argument(plan: Json, index: int, position: int, path: Path, new: Any) -> Json:
    """Return a plan in which an argument has another value, both in the change and in the configuration."""
    resource = plan["resource_changes"][index]
    change, type_ = resource["change"], resource["type"]
    if _lookup(change["after"], path) is not None:
        after = replaced(change["after"], path, None if new is REMOVED else new)
        change = {**change, "after": after, "actions": _actions(type_, path, change)}
    elif new is REMOVED and _lookup(change["after_unknown"], path) is not None:
        change = {**change, "after_unknown": replaced(change["after_unknown"], path, REMOVED)}
    result = replaced(plan, ("resource_changes", index, "change"), change)
    expression = REMOVED if new is REMOVED else {"constant_value": new}
    configured = ("configuration", "root_module", "resources", position, "expressions", *path)
    return dict(replaced(result, configured, expression))


def _lookup(value: Any, path: Path) -> Any:
    for key in path:
        if not _has(value, key):
            return None
        value = value[key]
    return value


def _actions(type_: str, path: Path, change: Json) -> list[str]:
    if change["actions"] != ["no-op"]:
        return list(change["actions"])
    forcing = FORCES_REPLACEMENT.get(type_, ())
    return ["create", "delete"] if forcing is None or path[0] in forcing else ["update"]
