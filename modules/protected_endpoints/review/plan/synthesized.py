"""Compare two folders that were synthesized, without Terraform and without credentials."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any, cast

from protected_endpoints.review.analysis.endpoints import CONFIGURATION, ENDPOINT, MODEL
from protected_endpoints.review.plan.files import read_json
from protected_endpoints.review.plan.masking import shown_arguments
from protected_endpoints.review.plan.node import Misshapen, Node, is_nested_deeply
from protected_endpoints.review.plan.plan import Change, Plan, Unreadable
from protected_endpoints.review.plan.reading import as_command, with_known
from protected_endpoints.review.plan.values import UNKNOWN, Json, table

# Arguments that Terraform can only change by making the resource anew; every one, for what SageMaker cannot change.
_FORCING: dict[str, tuple[str, ...] | None] = {
    MODEL: None,
    CONFIGURATION: None,
    ENDPOINT: ("name",),
    "aws_iam_policy": ("name", "description"),
    "aws_iam_role": ("name",),
    "aws_iam_role_policies_exclusive": ("role_name",),
    "aws_iam_role_policy": ("name", "name_prefix", "role"),
    "aws_iam_role_policy_attachment": None,
    "aws_kms_alias": ("name",),
    "aws_cloudwatch_log_group": ("name",),
    "aws_s3_bucket": ("bucket",),
    "aws_vpc_endpoint": ("service_name", "vpc_id"),
}
_AGAIN = "synthesize again"
_OF_TERRAFORM = {"//", "connection", "count", "depends_on", "for_each", "lifecycle", "provider", "provisioner"}
# Maps of somebody's own keys; every other table is a block.
_MAPS = {"environment", "tags", "tags_all", "variables"}


def stacks(folder: Path) -> dict[str, Json]:
    """Return the Terraform JSON of every stack of a `cdktf.out`. Raises `Unreadable`."""
    if not folder.is_dir():
        raise Unreadable(f"{folder}: there is no such folder; synthesize with: cdktf synth --output {folder}")
    return {file.parent.name: _read(file) for file in sorted(folder.glob("stacks/*/cdk.tf.json"))}


def changed(base: Path, head: Path) -> list[str]:
    """Return the stacks whose Terraform JSON differs, also by being there or not; CDKTF's own notes do not count."""
    before, after = stacks(base), stacks(head)
    return sorted(
        name for name in {*before, *after} if _without_notes(before.get(name)) != _without_notes(after.get(name))
    )


def plans(base: Path, head: Path) -> list[Plan]:
    """Return what Terraform would do to each stack that differs, as far as the two folders tell."""
    before, after = stacks(base), stacks(head)
    return [_plan(name, before.get(name) or {}, after.get(name) or {}) for name in changed(base, head)]


def _read(file: Path) -> Json:
    found = read_json(file, fix=_AGAIN)
    if is_nested_deeply(found):
        raise Unreadable(f"{file}: nested too deeply for a stack; {_AGAIN}")
    try:
        _check(Node(found))
    except Misshapen as error:
        raise Unreadable(f"{file}: {error}; {_AGAIN}") from None
    return cast(Json, found)


def _check(stack: Node) -> None:
    """Raise `Misshapen` where a stack is not what CDKTF writes, so that something of it would be overlooked."""
    for named in (stack.get("resource"), *stack.get("resource").values()):
        if not named.of(dict).value:
            raise named.wrong("no resources")
    for resource in (each for named in stack.get("resource").values() for each in named.values()):
        resource.get("provisioner").optional(dict, list)
        if resource.get("lifecycle").is_there:
            for condition in resource.get("lifecycle").get("postcondition"):
                condition.get("condition").of(str)
    for named in stack.get("data").values():
        named.of(dict)
    for output in stack.get("output").values():
        output.of(dict)


def _without_notes(node: Any) -> Any:
    if isinstance(node, dict):
        return {key: _without_notes(each) for key, each in node.items() if key != "//"}
    return [_without_notes(each) for each in node] if isinstance(node, list) else node


def _plan(name: str, base: Json, head: Json) -> Plan:
    before, after = dict(_resources(base)), dict(_resources(head))
    first_of = {
        address for address, each in after.items() if table(each.get("lifecycle")).get("create_before_destroy") is True
    }
    written = [
        Change(
            address,
            address.partition(".")[0],
            (),
            _arguments(before.get(address), address),
            _arguments(after.get(address), address),
        )
        for address in sorted({*before, *after})
    ]
    # What refers to a name that changes, changes with it.
    changes = [
        replace(each, actions=_actions(each, new_first=each.address in first_of)) for each in with_known(written)
    ]
    outputs = _outputs(base, head)
    raw = {"resource_changes": [_raw(each) for each in changes], "output_changes": {}}
    arguments = frozenset((address, key) for side in (before, after) for address, each in side.items() for key in each)
    return Plan(
        name,
        tuple(_reached(changes)),
        configured=arguments,
        commands=tuple(_commands(head)),
        conditions=tuple((address, "unknown") for address, each in after.items() if _compares_itself(each)),
        outputs=outputs,
        raw=raw,
    )


def _compares_itself(resource: Json) -> bool:
    """Return whether the apply fails where an endpoint serves another configuration than it was told to."""
    conditions = table(resource.get("lifecycle")).get("postcondition", [])
    return any("self.endpoint_config_name" in each["condition"] for each in conditions)


def _resources(stack: Json) -> Iterator[tuple[str, Json]]:
    for kind, by_id in table(stack.get("resource")).items():
        for id_, each in table(by_id).items():
            if isinstance(each, dict) and each.get("count") != 0:
                yield f"{kind}.{id_}", each


def _commands(stack: Json) -> Iterator[tuple[str, str]]:
    for address, each in _resources(stack):
        if provisioners := each.get("provisioner"):
            yield address, as_command(provisioners)
    for id_, each in table(table(stack.get("data")).get("external")).items():
        yield f"data.external.{id_}", as_command(each)


def _actions(change: Change, *, new_first: bool) -> tuple[str, ...]:
    before, after = change.before, change.after
    if before is None or after is None:
        return ("create",) if before is None else ("delete",)
    differing = {key for key in {*before, *after} if before.get(key) != after.get(key)}
    forcing = _FORCING.get(change.type, ())
    if not differing:
        return ("no-op",)
    if forcing is None or differing & {*forcing}:
        return ("create", "delete") if new_first else ("delete", "create")
    return ("update",)


def _arguments(resource: Json | None, address: str) -> Json | None:
    """Return the arguments as a plan writes them: blocks in lists, and secrets hidden."""
    if resource is None:
        return None
    arguments = {key: _blocks(key, each) for key, each in resource.items() if key not in _OF_TERRAFORM}
    return shown_arguments(arguments, address.partition(".")[0])


def _blocks(key: str, value: Any) -> Any:
    if isinstance(value, dict) and key not in _MAPS:
        return [{inner: _blocks(inner, each) for inner, each in value.items()}]
    if isinstance(value, list):
        return [item for each in value for item in (_blocks(key, each) if isinstance(each, dict) else [each])]
    return value


def _reached(changes: list[Change]) -> Iterator[Change]:
    """Yield the changes, with an endpoint that follows its configuration to a new name."""
    renamed = {
        f"${{{each.address}.name}}"
        for each in changes
        if each.type == CONFIGURATION and each.is_replaced and (each.after or {}).get("name_prefix")
    }
    for each in changes:
        follows = each.type == ENDPOINT and each.becomes("endpoint_config_name") in renamed
        if follows and each.after and each.actions in (("no-op",), ("update",)):
            after = {**each.after, "endpoint_config_name": UNKNOWN}
            yield Change(each.address, each.type, ("update",), each.before, after)
        else:
            yield each


def _outputs(base: Json, head: Json) -> tuple[tuple[str, Any, Any], ...]:
    before, after = (
        {name: table(each).get("value") for name, each in table(stack.get("output")).items()} for stack in (base, head)
    )
    return tuple(
        (name, before.get(name), after.get(name))
        for name in sorted({*before, *after})
        if before.get(name) != after.get(name)
    )


def _raw(change: Change) -> Json:
    """Return what the fingerprint is made of."""
    said = {"actions": list(change.actions), "before": change.before, "after": change.after}
    return {"address": change.address, "change": said}
