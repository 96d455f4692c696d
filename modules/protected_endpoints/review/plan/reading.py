"""Read the plans that `terraform show -json` writes.

Sensitive values, and every value of a container environment, are hidden before any other code sees them.
"""

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from protected_endpoints.review.plan import parts, validation
from protected_endpoints.review.plan.files import read_json
from protected_endpoints.review.plan.masking import redacted_attributes
from protected_endpoints.review.plan.node import InvalidStructure, Node, is_nested_too_deeply
from protected_endpoints.review.plan.plan import REMOVED_FROM_STATE, Change, Plan, Unreadable, configuration_address
from protected_endpoints.review.plan.values import Json, Unknown, as_dict, as_list, as_strings

_HOW_TO_WRITE = "write it with: terraform show -json plan.bin > plan.json"
# Attributes that the configuration sets, not AWS.
_CONFIGURED = ("bucket", "name")
_REFERENCE = re.compile(r"\$\{[\w.\[\]-]+\}")


def read_all(files: Iterable[Path]) -> list[Plan]:
    """Return the plans of files. Raises `Unreadable`, also if two files name the same stack."""
    by_stack: dict[str, Path] = {}
    for file in files:
        if first := by_stack.get(file.stem):
            raise Unreadable(f"{file}: same stack name as {first}, got {file.stem}; name each file after its stack")
        by_stack[file.stem] = file
    return [read(file) for file in by_stack.values()]


def read(file: Path) -> Plan:
    """Return the plan of a file, which is named after its stack. Raises `Unreadable`."""
    return parse_plan(read_json(file, suggestion=_HOW_TO_WRITE), file.stem, str(file))


def parse_plan(raw: Any, stack: str, file: str) -> Plan:
    """Return the plan of parsed JSON. Raises `Unreadable`, whose message begins with the name of the file."""
    _check(raw, file)
    configuration = dict(_configuration(raw["configuration"]["root_module"])) if "configuration" in raw else {}
    expressions = {address: as_dict(resource.get("expressions")) for address, resource in configuration.items()}
    parsed = _changes(raw.get("resource_changes", []), expressions)
    return Plan(
        stack=stack,
        changes=tuple(resolve_references([change for change in parsed if not change.is_deposed])),
        drift=tuple(_changes(raw.get("resource_drift", []), {})),
        deposed=tuple(change for change in parsed if change.is_deposed),
        configured=frozenset((address, name) for address, by_name in expressions.items() for name in by_name),
        commands=tuple(
            (address, command) for address, resource in configuration.items() if (command := _command(resource))
        ),
        conditions=tuple(_conditions(raw.get("checks", []))),
        checks=tuple(parts.checks(raw)),
        action_invocations=tuple(parts.action_invocations(raw)),
        outputs=tuple(parts.outputs(raw)),
        exposed_outputs=tuple(parts.exposed_outputs(raw)),
        output_values=dict(parts.output_values(raw)),
        provider=_provider(raw),
        deferred=tuple(item["resource_change"]["address"] for item in raw.get("deferred_changes", [])),
        is_errored=raw["errored"],
        is_complete=raw["complete"],
        is_applyable=raw.get("applyable", True),
        has_configuration="configuration" in raw,
        terraform_version=str(raw.get("terraform_version", ""))[:40],
        raw=raw,
    )


def _check(raw: Any, file: str) -> None:
    """Raise `Unreadable` if the JSON is not a plan that this review can read whole."""
    version = raw.get("format_version") if isinstance(raw, dict) else None
    if not isinstance(version, str) or "values" in raw:  # a state has values
        raise Unreadable(f"{file}: not a Terraform plan in JSON; {_HOW_TO_WRITE}")
    if (major := version.split(".")[0]) != "1":
        update = "plan again with Terraform 1.10 or newer" if major == "0" else "use a newer version of the review"
        raise Unreadable(f"{file}: format_version must be 1.x, got {version[:20]!r}; {update}")
    if is_nested_too_deeply(raw):
        raise Unreadable(f"{file}: nested too deeply for a plan; {_HOW_TO_WRITE}")
    try:
        validation.check(Node(raw))
    except InvalidStructure as error:
        raise Unreadable(f"{file}: {error}; with Terraform 1.10 or newer, {_HOW_TO_WRITE}") from None


def _command(resource: Json) -> str:
    """Return the command that Terraform runs for a resource, as it is configured, and an empty text without one."""
    if (resource.get("mode"), resource.get("type")) == ("data", "external"):
        return serialize_command(resource.get("expressions"))
    return serialize_command(provisioners) if (provisioners := resource.get("provisioners")) else ""


def serialize_command(configured: Any) -> str:
    """Return the configuration of a command as canonical JSON, which may hold secrets."""
    return json.dumps(configured, sort_keys=True)


def _configuration(module: Json, prefix: str = "") -> Iterator[tuple[str, Json]]:
    """Yield the configuration of each resource of a module, and of the modules that it calls."""
    for resource in module.get("resources", []):
        yield f"{prefix}{resource['address']}", resource
    for name, call in module.get("module_calls", {}).items():
        yield from _configuration(call["module"], f"{prefix}module.{name}.")


def _changes(raw: Sequence[Json], expressions: Mapping[str, Json]) -> list[Change]:
    return [_change(resource, expressions) for resource in raw if resource["mode"] != "data"]


def _change(resource: Json, expressions: Mapping[str, Json]) -> Change:
    address, type_, change = resource["address"], resource["type"], resource["change"]
    actions = tuple(change["actions"])
    before = redacted_attributes(change["before"], change["before_sensitive"], type_)
    configured = expressions.get(configuration_address(address), {})
    after = _fill_unknowns(change["after"], change["after_unknown"], configured)
    is_removed_from_state = actions == REMOVED_FROM_STATE  # it stays in AWS as it is
    return Change(
        address=address,
        type=type_,
        actions=actions,
        before=before,
        after=before if is_removed_from_state else redacted_attributes(after, change["after_sensitive"], type_),
        replace_paths=tuple(".".join(map(str, path)) for path in change.get("replace_paths", [])),
        previous_address=resource.get("previous_address"),
        is_tainted=resource.get("action_reason") == "replace_because_tainted",
        is_imported="importing" in change,
        is_deposed="deposed" in resource,
    )


def _conditions(checks: Sequence[Json]) -> Iterator[tuple[str, str]]:
    """Yield the address of each instance with conditions, and their status in the plan."""
    for check in checks:
        for instance in check.get("instances", []):
            yield instance["address"]["to_display"], instance["status"]


def _fill_unknowns(value: Any, unknown: Any, expression: Any) -> Any:
    """Return a value in which constants of the configuration, or `UNKNOWN`, replace what is known only after apply."""
    if unknown is True:
        constant = as_dict(expression).get("constant_value")
        is_known = _is_text(constant) or (isinstance(constant, dict) and all(map(_is_text, constant.values())))
        return constant if is_known else Unknown(_reference(as_dict(expression).get("references")))
    if isinstance(unknown, dict) and (isinstance(value, dict) or (value is None and _has_true(unknown))):
        inner = _expressions_of_items(expression)
        attributes = value or {}
        filled = {
            key: _fill_unknowns(attributes.get(key), flags, inner.get(key))
            for key, flags in unknown.items()
            if _has_true(flags)
        }
        return {**attributes, **filled}
    if isinstance(unknown, list) and isinstance(value, list):
        expressions = [*_by_id(as_list(expression), value), *[None] * len(value)]
        flags_of_items = [*unknown, *[False] * len(value)]
        return [
            _fill_unknowns(item, flags, inner)
            for item, flags, inner in zip(value, flags_of_items, expressions, strict=False)
        ]
    return value


def _by_id(expressions: Sequence[Any], items: Sequence[Any]) -> Sequence[Any]:
    """Return the expressions of blocks in the order of the items: those with IDs are a set, which has its own order."""
    ids = {as_dict(as_dict(block).get("id")).get("constant_value"): block for block in expressions}
    found = [ids.get(as_dict(item).get("id")) for item in items]
    return found if None not in ids and all(found) else expressions


def _is_text(constant: Any) -> bool:
    """Return whether a constant is a string, or a list of strings, that is not empty."""
    return isinstance(constant, str) or bool(constant and as_strings(constant) == constant)


def _expressions_of_items(expression: Any) -> Json:
    """Return the expressions of the attributes of a block, or of the items of a map, which is one expression."""
    constant = as_dict(expression).get("constant_value")
    if isinstance(constant, dict):
        return {key: {"constant_value": item} for key, item in constant.items()}
    return as_dict(expression)


def _reference(references: object) -> str:
    """Return the reference of an expression to one attribute, which Terraform lists before its resource."""
    attribute, *resource = as_strings(references) or [""]
    is_single = len(resource) == 1 and attribute.startswith(f"{resource[0]}.")
    return f"${{{attribute}}}" if is_single else ""


def _has_true(flags: Any) -> bool:
    """Return whether a tree of flags has a true leaf."""
    if isinstance(flags, dict):
        return any(map(_has_true, flags.values()))
    return any(map(_has_true, flags)) if isinstance(flags, list) else flags is True


def resolve_references(changes: Sequence[Change]) -> list[Change]:
    """Return changes in which references to known attributes are replaced by the attributes."""
    sides: dict[str, dict[str, str]] = {"before": {}, "after": {}}
    for change in changes:
        for side, references in sides.items():
            if side == "after" and change.is_replaced and "name" not in (change.after or {}):
                continue
            for key, value in (getattr(change, side) or {}).items():
                # A replaced resource keeps only the attributes that the configuration sets.
                is_kept = side == "before" or not change.is_replaced or key in _CONFIGURED
                if isinstance(value, str) and "${" not in value and is_kept:
                    references[f"${{{change.address}.{key}}}"] = value
    return [
        replace(
            change,
            before=_substitute(change.before, lambda text: _resolve(text, sides["before"])),
            after=_substitute(change.after, lambda text: _resolve(text, sides["after"])),
        )
        for change in changes
    ]


def _substitute(value: Any, substitute: Callable[[str], str]) -> Any:
    if isinstance(value, dict):
        return {key: _substitute(item, substitute) for key, item in value.items()}
    if isinstance(value, list):
        return [_substitute(item, substitute) for item in value]
    return substitute(value) if isinstance(value, str) and "${" in value else value


def _resolve(text: str, references: Mapping[str, str]) -> str:
    return _REFERENCE.sub(lambda match: references.get(match[0], match[0]), text)


def _provider(raw: Json) -> Json:
    """Return the arguments of the AWS provider that are constants."""
    configured = as_dict(as_dict(as_dict(raw.get("configuration")).get("provider_config")).get("aws"))
    expressions = as_dict(configured.get("expressions"))
    return {name: as_dict(expression).get("constant_value") for name, expression in expressions.items()}
