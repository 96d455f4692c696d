"""Compare two synthesized folders, without Terraform and without credentials."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, cast

from protected_endpoints.review.plan.actions import planned_actions
from protected_endpoints.review.plan.files import read_json
from protected_endpoints.review.plan.lifecycle import is_triggered, newly_ignored, unguarded, with_ignored_changes
from protected_endpoints.review.plan.masking import redacted_arguments
from protected_endpoints.review.plan.node import InvalidStructure, Node, is_nested_too_deeply
from protected_endpoints.review.plan.plan import Change, Plan, Unreadable, resource_type
from protected_endpoints.review.plan.reading import resolve_references, serialize_command
from protected_endpoints.review.plan.resource_types import CONFIGURATION, ENDPOINT
from protected_endpoints.review.plan.values import Json, Unknown, as_dict, as_list

_SYNTHESIZE_AGAIN = "synthesize again"
_META_ARGUMENTS = {"//", "connection", "count", "depends_on", "for_each", "lifecycle", "provider", "provisioner"}
_MISSING = object()
# Arguments that are maps; every other object is a block, and so is every object in a list.
_MAPS = {"dimensions", "environment", "tags", "tags_all", "variables"}


def stacks(folder: Path) -> dict[str, Json]:
    """Return the Terraform JSON of each stack of a `cdktf.out`. Raises `Unreadable`."""
    if not folder.is_dir():
        raise Unreadable(f"{folder}: not a folder; create it with: cdktf synth --output {folder}")
    return {file.parent.name: _read(file) for file in sorted(folder.glob("stacks/*/cdk.tf.json"))}


def changed_stacks(base: Path, head: Path) -> list[str]:
    """Return the stacks that were added or removed or whose Terraform JSON differs, except for CDKTF's metadata."""
    return _changed(stacks(base), stacks(head))


def plans(base: Path, head: Path) -> list[Plan]:
    """Return the plan of each stack that differs, as far as it follows from the two folders."""
    return compare(stacks(base), stacks(head))


def compare(before: Mapping[str, Json], after: Mapping[str, Json]) -> list[Plan]:
    """Return the plan of each stack that differs, from the stacks of two folders by name."""
    return [_plan(name, before.get(name) or {}, after.get(name) or {}) for name in _changed(before, after)]


def _changed(before: Mapping[str, Json], after: Mapping[str, Json]) -> list[str]:
    return sorted(name for name in {*before, *after} if _differs(before.get(name), after.get(name)))


def configured_arguments(stack: Json) -> dict[str, Json]:
    """Return the arguments of each resource of a stack by its address, in the form of a plan."""
    arguments = {address: _arguments(resource, address) for address, resource in _resources(stack)}
    return {address: resource for address, resource in arguments.items() if resource is not None}


def _read(file: Path) -> Json:
    content = read_json(file, suggestion=_SYNTHESIZE_AGAIN)
    if is_nested_too_deeply(content):
        raise Unreadable(f"{file}: nested too deeply for a stack; {_SYNTHESIZE_AGAIN}")
    try:
        _check(Node(content))
    except InvalidStructure as error:
        raise Unreadable(f"{file}: {error}; {_SYNTHESIZE_AGAIN}") from None
    return cast(Json, content)


def _check(stack: Node) -> None:
    """Raise `InvalidStructure` if a stack is not what CDKTF writes, so that the review could overlook a part of it."""
    for by_id in (stack.get("resource"), *stack.get("resource").values()):
        if not by_id.expect(dict).value:
            raise by_id.error("no resources")
    for resource in (item for by_id in stack.get("resource").values() for item in by_id.values()):
        resource.get("provisioner").expect_optional(dict, list)
        if resource.get("lifecycle").exists:
            for condition in resource.get("lifecycle").get("postcondition"):
                condition.get("condition").expect(str)
    for by_id in stack.get("data").values():
        by_id.expect(dict)
    for output in stack.get("output").values():
        output.expect(dict)


def _differs(before: Any, after: Any) -> bool:
    """Return whether two values differ in more than CDKTF's metadata."""
    if before == after:
        return False
    if isinstance(before, dict) and isinstance(after, dict):
        keys = ({*before} | {*after}) - {"//"}
        return any(_differs(before.get(key, _MISSING), after.get(key, _MISSING)) for key in keys)
    if isinstance(before, list) and isinstance(after, list) and len(before) == len(after):
        return any(map(_differs, before, after))
    return True


def _plan(name: str, base: Json, head: Json) -> Plan:
    before, after = dict(_resources(base)), dict(_resources(head))
    changes = _changes(before, after)
    outputs = _outputs(base, head)
    raw = {
        "resource_changes": [_raw(change) for change in changes],
        "output_changes": {output: {"before": old, "after": new} for output, old, new in outputs},
        "terraform": [base.get("terraform"), head.get("terraform")],
        "provider": [base.get("provider"), head.get("provider")],
    }
    arguments = frozenset(
        (address, key) for side in (before, after) for address, resource in side.items() for key in resource
    )
    return Plan(
        name,
        tuple(_with_new_configurations(changes)),
        configured=arguments,
        commands=tuple(_commands(head)),
        conditions=tuple((address, "unknown") for address, resource in after.items() if _compares_version(resource)),
        outputs=outputs,
        exposed_outputs=tuple(_exposed_outputs(base, head)),
        unguarded=frozenset(unguarded(base, head)),
        ignored=tuple(newly_ignored(before, after)),
        output_values=_output_values(head),
        provider=_provider(head or base),
        states=(_state(base), _state(head)),
        providers=(_versioned_provider(base), _versioned_provider(head)),
        raw=raw,
    )


def _changes(before: Mapping[str, Json], after: Mapping[str, Json]) -> list[Change]:
    """Return the change of each resource, by the resources of both folders by address."""
    created_first = {
        address
        for address, resource in after.items()
        if as_dict(resource.get("lifecycle")).get("create_before_destroy") is True
    }
    without_actions = [
        Change(
            address,
            resource_type(address),
            (),
            _arguments(before.get(address), address),
            _arguments(with_ignored_changes(address, before, after), address),
        )
        for address in sorted({*before, *after})
    ]
    # A reference to a name that changes is a change as well, so that actions follow from resolved references.
    return [
        replace(change, actions=("delete", "create"))
        if is_triggered(change.address, before, after)
        else replace(change, actions=planned_actions(change, create_first=change.address in created_first))
        for change in resolve_references(without_actions)
    ]


def _state(stack: Json) -> Json:
    """Return the backend of a stack, which decides where its state is."""
    terraform = as_dict(stack.get("terraform"))
    return {name: terraform[name] for name in ("backend", "cloud") if name in terraform}


def _compares_version(resource: Json) -> bool:
    """Return whether a postcondition fails if an endpoint or a component does not serve the planned version."""
    postconditions = as_dict(resource.get("lifecycle")).get("postcondition", [])
    attributes = ("self.endpoint_config_name", "jsondecode(self.properties).Specification.")
    return any(attribute in postcondition["condition"] for postcondition in postconditions for attribute in attributes)


def _resources(stack: Json) -> Iterator[tuple[str, Json]]:
    for type_, by_id in as_dict(stack.get("resource")).items():
        for id_, resource in as_dict(by_id).items():
            if isinstance(resource, dict) and resource.get("count") != 0:
                yield f"{type_}.{id_}", resource


def _commands(stack: Json) -> Iterator[tuple[str, str]]:
    for address, resource in _resources(stack):
        if provisioners := resource.get("provisioner"):
            yield address, serialize_command(provisioners)
    for id_, source in as_dict(as_dict(stack.get("data")).get("external")).items():
        yield f"data.external.{id_}", serialize_command(source)


def _arguments(resource: Json | None, address: str) -> Json | None:
    """Return the arguments in the form of a plan: blocks are lists, and secrets are hidden."""
    if resource is None:
        return None
    arguments = {key: _blocks(key, value) for key, value in resource.items() if key not in _META_ARGUMENTS}
    return redacted_arguments(arguments, resource_type(address))


def _blocks(key: str, value: Any) -> Any:
    if isinstance(value, dict) and key not in _MAPS:
        return [{name: _blocks(name, item) for name, item in value.items()}]
    if isinstance(value, list):
        return [block for item in value for block in (_blocks("", item) if isinstance(item, dict) else [item])]
    return value


def _with_new_configurations(changes: list[Change]) -> Iterator[Change]:
    """Yield the changes; an endpoint whose configuration is replaced under a generated name is updated."""
    renamed = {
        f"${{{change.address}.name}}"
        for change in changes
        if change.type == CONFIGURATION and change.is_replaced and (change.after or {}).get("name_prefix")
    }
    for change in changes:
        follows = change.type == ENDPOINT and change.value_after("endpoint_config_name") in renamed
        if follows and change.after and change.actions in (("no-op",), ("update",)):
            after = {**change.after, "endpoint_config_name": Unknown(change.after["endpoint_config_name"])}
            yield Change(change.address, change.type, ("update",), change.before, after)
        else:
            yield change


def _provider(stack: Json) -> Json:
    """Return the arguments of the AWS provider without an alias."""
    configured = as_dict(stack.get("provider")).get("aws")
    providers = map(as_dict, as_list(configured) or [configured])
    return next((provider for provider in providers if "alias" not in provider), {})


def _versioned_provider(stack: Json) -> Json:
    required = as_dict(as_dict(stack.get("terraform")).get("required_providers"))
    return {**_provider(stack), "version": as_dict(required.get("aws")).get("version")} if stack else {}


def _output_values(stack: Json) -> Json:
    return {name: as_dict(output).get("value") for name, output in as_dict(stack.get("output")).items()}


def _outputs(base: Json, head: Json) -> tuple[tuple[str, Any, Any], ...]:
    before, after = map(_output_values, (base, head))
    return tuple(
        (name, before.get(name), after.get(name))
        for name in sorted({*before, *after})
        if before.get(name) != after.get(name)
    )


def _exposed_outputs(base: Json, head: Json) -> Iterator[str]:
    before, after = (as_dict(stack.get("output")) for stack in (base, head))
    for name in sorted({*before} & {*after}):
        if before[name].get("sensitive") is True and after[name].get("sensitive") is not True:
            yield name


def _raw(change: Change) -> Json:
    """Return the part of a change that the fingerprint hashes."""
    content = {"actions": list(change.actions), "before": change.before, "after": change.after}
    return {"address": change.address, "change": content}
