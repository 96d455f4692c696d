"""Read a plan as `terraform show -json` writes it.

What a plan marks as sensitive, and every value of a container's environment, is hidden before anything else sees it.
"""

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from protected_endpoints.review.plan import validation
from protected_endpoints.review.plan.files import read_json
from protected_endpoints.review.plan.masking import attributes, shown
from protected_endpoints.review.plan.node import Misshapen, Node, is_nested_deeply
from protected_endpoints.review.plan.plan import FORGET, Change, Plan, Unreadable, in_configuration
from protected_endpoints.review.plan.values import UNKNOWN, Json, listed, table

_WRITE = "write it with: terraform show -json plan.bin > plan.json"
# Attributes that the configuration chooses, not AWS.
_CHOSEN = ("bucket", "name")
_REFERENCE = re.compile(r"\$\{[\w.\[\]-]+\}")


def read_all(files: Iterable[Path]) -> list[Plan]:
    """Return the plans of files. Raises `Unreadable`, also where two are of one stack, of which one would be lost."""
    by_stack: dict[str, Path] = {}
    for file in files:
        if other := by_stack.get(file.stem):
            raise Unreadable(f"{file}: also the name of {other}, got {file.stem}; call each plan like its stack")
        by_stack[file.stem] = file
    return [read(each) for each in by_stack.values()]


def read(file: Path) -> Plan:
    """Return the plan of a file; the stack is called like the file. Raises `Unreadable`."""
    return of_json(read_json(file, fix=_WRITE), file.stem, str(file))


def of_json(raw: Any, stack: str, place: str) -> Plan:
    """Return the plan of parsed JSON. Raises `Unreadable`."""
    version = raw.get("format_version") if isinstance(raw, dict) else None
    if not isinstance(version, str) or "values" in raw:  # a state has these
        raise Unreadable(f"{place}: not a Terraform plan in JSON; {_WRITE}")
    if version.split(".")[0] != "1":
        raise Unreadable(
            f"{place}: format_version {version[:20]!r} is not 1.x, which this review reads; use a newer review"
        )
    if is_nested_deeply(raw):
        raise Unreadable(f"{place}: nested too deeply for a plan; {_WRITE}")
    try:
        validation.check(Node(raw))
    except Misshapen as error:
        raise Unreadable(f"{place}: {error}; with Terraform 1.10 or newer, {_WRITE}") from None
    configuration = dict(_configuration(raw["configuration"]["root_module"])) if "configuration" in raw else {}
    templates = {address: table(each.get("expressions")) for address, each in configuration.items()}
    found = _changes(raw.get("resource_changes", []), templates)
    changes = with_known([each for each in found if not each.is_deposed])
    return Plan(
        stack=stack,
        changes=tuple(changes),
        drift=tuple(_changes(raw.get("resource_drift", []), {})),
        deposed=tuple(each for each in found if each.is_deposed),
        configured=frozenset((address, name) for address, expressions in templates.items() for name in expressions),
        commands=tuple((address, command) for address, each in configuration.items() if (command := _command(each))),
        conditions=tuple(_conditions(raw.get("checks", []))),
        outputs=tuple(_outputs(raw.get("output_changes", {}))),
        is_complete=raw["complete"] and not raw["errored"] and not raw.get("deferred_changes"),
        has_configuration="configuration" in raw,
        terraform_version=str(raw.get("terraform_version", ""))[:40],
        raw=raw,
    )


def _command(resource: Json) -> str:
    """Return what a resource runs on the machine of Terraform, as it is configured, and nothing for most."""
    if (resource.get("mode"), resource.get("type")) == ("data", "external"):
        return as_command(resource.get("expressions"))
    return as_command(found) if (found := resource.get("provisioners")) else ""


def as_command(configured: Any) -> str:
    """Return how a command is configured, in the same letters whenever it is the same; it may hold secrets."""
    return json.dumps(configured, sort_keys=True)


def _configuration(module: Json, prefix: str = "") -> Iterator[tuple[str, Json]]:
    """Yield what the configuration of a module, and of those that it calls, says of each resource."""
    for each in module.get("resources", []):
        yield f"{prefix}{each['address']}", each
    for name, call in module.get("module_calls", {}).items():
        yield from _configuration(call["module"], f"{prefix}module.{name}.")


def _changes(raw: Sequence[Json], templates: Mapping[str, Json]) -> list[Change]:
    return [_change(each, templates) for each in raw if each["mode"] != "data"]


def _change(resource: Json, templates: Mapping[str, Json]) -> Change:
    address, kind, change = resource["address"], resource["type"], resource["change"]
    actions = tuple(change["actions"])
    before = attributes(change["before"], change["before_sensitive"], kind)
    after = _known(change["after"], change["after_unknown"], templates.get(in_configuration(address), {}))
    return Change(
        address=address,
        type=kind,
        actions=actions,
        before=before,
        # What is forgotten stays in AWS as it is.
        after=before if actions == FORGET else attributes(after, change["after_sensitive"], kind),
        replace_paths=tuple(".".join(map(str, path)) for path in change.get("replace_paths", [])),
        previous_address=resource.get("previous_address"),
        is_tainted=resource.get("action_reason") == "replace_because_tainted",
        imported="importing" in change,
        is_deposed="deposed" in resource,
    )


def _conditions(checks: Sequence[Json]) -> Iterator[tuple[str, str]]:
    """Yield the addresses of what has conditions, and whether the plan says already that they hold."""
    for each in checks:
        for instance in each.get("instances", []):
            yield instance["address"]["to_display"], instance["status"]


def _known(value: Any, unknown: Any, template: Any) -> Any:
    """Return a value with what the configuration says in the place of what is known only after the apply."""
    if unknown is True:
        constant = template.get("constant_value") if isinstance(template, dict) else None
        return constant if isinstance(constant, str) else UNKNOWN
    if isinstance(unknown, dict) and (isinstance(value, dict) or (value is None and _any(unknown))):
        inner = table(template)
        known = value or {}
        return {
            **known,
            **{key: _known(known.get(key), each, inner.get(key)) for key, each in unknown.items() if _any(each)},
        }
    if isinstance(unknown, list) and isinstance(value, list):
        padded = [*listed(template), *[None] * len(value)]
        flags = [*unknown, *[False] * len(value)]
        return [_known(each, flag, inner) for each, flag, inner in zip(value, flags, padded, strict=False)]
    return value


def _any(flags: Any) -> bool:
    """Return whether a tree of flags has a true leaf: empty tables stand for nothing."""
    if isinstance(flags, dict):
        return any(map(_any, flags.values()))
    return any(map(_any, flags)) if isinstance(flags, list) else flags is True


def with_known(changes: Sequence[Change]) -> list[Change]:
    """Return changes in which references to attributes that are known already are these attributes."""
    sides: dict[str, dict[str, str]] = {"before": {}, "after": {}}
    for change in changes:
        for side, known in sides.items():
            if side == "after" and change.is_replaced and "name" not in (change.after or {}):
                continue
            for key, each in (getattr(change, side) or {}).items():
                # The attributes of what is replaced are those of the old one, but for what the configuration says.
                stays = side == "before" or not change.is_replaced or key in _CHOSEN
                if isinstance(each, str) and "${" not in each and stays:
                    known[f"${{{change.address}.{key}}}"] = each
    return [
        replace(
            each,
            before=_substituted(each.before, lambda text: _with(text, sides["before"])),
            after=_substituted(each.after, lambda text: _with(text, sides["after"])),
        )
        for each in changes
    ]


def _substituted(value: Any, substitute: Callable[[str], str]) -> Any:
    if isinstance(value, dict):
        return {key: _substituted(each, substitute) for key, each in value.items()}
    if isinstance(value, list):
        return [_substituted(each, substitute) for each in value]
    return substitute(value) if isinstance(value, str) and "${" in value else value


def _with(text: str, known: Mapping[str, str]) -> str:
    return _REFERENCE.sub(lambda found: known.get(found[0], found[0]), text)


def _outputs(changes: Mapping[str, Json]) -> Iterator[tuple[str, Any, Any]]:
    for name, change in sorted(changes.items()):
        before = shown(change.get("before"), change["before_sensitive"], "")
        is_unknown = change["after_unknown"] is True
        after = UNKNOWN if is_unknown else shown(change.get("after"), change["after_sensitive"], "")
        if before != after:
            yield name, before, after
