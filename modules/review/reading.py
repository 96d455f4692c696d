"""Read a plan as `terraform show -json` writes it.

What a plan marks as sensitive, and every value of a container's environment, is hidden here, before anything else sees
it. Keys that are not known are left aside, as Terraform asks of readers; another major version is refused.
"""

import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from modules.review.plan import FORGET, Change, Plan, Unreadable, in_configuration
from modules.review.values import UNKNOWN, Json, hidden, listed, table

_DEEPEST = 60
_ENVIRONMENT = "environment"
# Attributes that the configuration chooses, not AWS.
_CHOSEN = ("bucket", "name")
_REFERENCE = re.compile(r"\$\{[\w.\[\]-]+\}")


def read(file: Path) -> Plan:
    """Return the plan of a file; the stack is called like the file. Raises `Unreadable`."""
    try:
        raw = json.loads(file.read_bytes())
    except OSError as error:
        raise Unreadable(f"{file}: cannot be read ({error.strerror}); write it with: terraform show -json") from None
    except RecursionError:
        raise Unreadable(f"{file}: nested too deeply for a plan; write it with: terraform show -json") from None
    except ValueError:
        raise Unreadable(
            f"{file}: not whole JSON; write it again with: terraform show -json plan.bin > plan.json"
        ) from None
    return of_json(raw, file.stem, str(file))


def of_json(raw: Any, stack: str, place: str) -> Plan:
    """Return the plan of parsed JSON. Raises `Unreadable`."""
    version = raw.get("format_version") if isinstance(raw, dict) else None
    if not isinstance(version, str) or "resource_changes" not in raw:
        if isinstance(version, str) and "terraform_version" in raw and "values" not in raw:
            raw = {**raw, "resource_changes": []}  # a plan of outputs alone has no changes of resources
        else:
            raise Unreadable(f"{place}: not a Terraform plan in JSON; write it with: terraform show -json plan.bin")
    if version.split(".")[0] != "1":
        raise Unreadable(
            f"{place}: format_version {version[:20]!r} is not 1.x, which this review reads; use a newer review"
        )
    if _depth(raw) > _DEEPEST:
        raise Unreadable(f"{place}: nested too deeply for a plan; write it with: terraform show -json plan.bin")
    configuration = dict(_configuration(table(raw.get("configuration")).get("root_module")))
    templates = {address: table(each.get("expressions")) for address, each in configuration.items()}
    found = _changes(raw.get("resource_changes"), templates)
    changes = with_known([each for each in found if not each.is_deposed])
    return Plan(
        stack=stack,
        changes=tuple(changes),
        drift=tuple(_changes(raw.get("resource_drift"), {})),
        deposed=tuple(each for each in found if each.is_deposed),
        configured=frozenset((address, name) for address, expressions in templates.items() for name in expressions),
        commands=tuple((address, command) for address, each in configuration.items() if (command := _command(each))),
        outputs=tuple(_outputs(raw.get("output_changes"))),
        is_complete=not raw.get("errored")
        and raw.get("complete", True) is not False
        and not raw.get("deferred_changes"),
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


def _configuration(module: object, prefix: str = "") -> Iterator[tuple[str, Json]]:
    """Yield what the configuration of a module, and of those that it calls, says of each resource."""
    for each in listed(table(module).get("resources")):
        if isinstance(each, dict):
            yield f"{prefix}{each.get('address')}", each
    for name, call in table(table(module).get("module_calls")).items():
        yield from _configuration(table(call).get("module"), f"{prefix}module.{name}.")


def _changes(raw: object, templates: Mapping[str, Json]) -> list[Change]:
    found = []
    for each in listed(raw):
        change = table(table(each).get("change"))
        if not isinstance(each, dict) or each.get("mode") == "data" or not isinstance(each.get("address"), str):
            continue
        address, kind = each["address"], str(each.get("type", ""))
        actions = tuple(str(action) for action in listed(change.get("actions")))
        before = _attributes(change.get("before"), change.get("before_sensitive"), kind)
        after = _known(change.get("after"), change.get("after_unknown"), templates.get(in_configuration(address), {}))
        # What is forgotten stays in AWS as it is.
        kept = before if actions == FORGET else _attributes(after, change.get("after_sensitive"), kind)
        found.append(
            Change(
                address=address,
                type=kind,
                actions=actions,
                before=before,
                after=kept,
                replace_paths=tuple(".".join(map(str, listed(path))) for path in listed(change.get("replace_paths"))),
                previous_address=each["previous_address"] if isinstance(each.get("previous_address"), str) else None,
                imported=bool(change.get("importing")),
                is_deposed="deposed" in each,
            )
        )
    return found


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


def shown_arguments(arguments: Json, kind: str) -> Json:
    """Return the arguments of a resource with the environment of its containers hidden."""
    shown: Json = _shown(arguments, False, kind)
    return shown


def _attributes(value: object, sensitive: object, kind: str) -> Json | None:
    """Return the attributes of a resource, of which each is hidden where all of it is sensitive."""
    if not isinstance(value, dict):
        return None
    flags = dict.fromkeys(value, True) if sensitive is True else sensitive
    return {**_shown(value, flags, kind)}


def _shown(value: Any, sensitive: Any, kind: str) -> Any:
    """Return a value with what is sensitive hidden, and every value of a model's environment."""
    if sensitive is True:
        return hidden(value)
    if isinstance(value, dict):
        flags = table(sensitive)
        return {
            key: _hidden_values(each)
            if key == _ENVIRONMENT and kind == "aws_sagemaker_model"
            else _shown(each, flags.get(key), kind)
            for key, each in value.items()
        }
    if isinstance(value, list):
        marks = [*listed(sensitive), *[False] * len(value)]
        return [_shown(each, flag, kind) for each, flag in zip(value, marks, strict=False)]
    return value


def _hidden_values(environment: Any) -> Any:
    return (
        {key: hidden(value) for key, value in environment.items()}
        if isinstance(environment, dict)
        else hidden(environment)
    )


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


def _outputs(raw: object) -> list[tuple[str, Any, Any]]:
    found = []
    for name, each in sorted(table(raw).items()):
        change = table(each)
        before = _shown(change.get("before"), change.get("before_sensitive"), "")
        after = (
            UNKNOWN
            if change.get("after_unknown") is True
            else _shown(change.get("after"), change.get("after_sensitive"), "")
        )
        if before != after:
            found.append((str(name), before, after))
    return found


def _depth(raw: Any) -> int:
    """Return how deeply tables and lists are nested, without recursion, which a hostile file would exhaust."""
    level, depth = [raw], 0
    while level and depth <= _DEEPEST:
        level = [
            inner
            for each in level
            if isinstance(each, dict | list)
            for inner in (each.values() if isinstance(each, dict) else each)
        ]
        depth += 1
    return depth
