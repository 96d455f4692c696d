"""Check that a plan has the form in which `terraform show -json` writes it, so that nothing of it is overlooked.

What Terraform 1.10 and newer always write has to be there and of its type, by the documentation of format_version 1 and
by Terraform's own code (internal/command/jsonplan, jsonconfig and jsonstate). Other keys are left aside, as it asks of
readers.
"""

import re
from collections.abc import Iterator

from protected_endpoints.review.plan.node import Node
from protected_endpoints.review.plan.plan import FORGET, in_configuration

_NULL = type(None)
_THERE, _ABSENT, _EITHER = (dict,), (_NULL,), (dict, _NULL)
# What `before` and `after` are with each action.
_SIDES: dict[tuple[str, ...], tuple[tuple[type, ...], tuple[type, ...]]] = {
    ("no-op",): (_EITHER, _EITHER),  # of what is gone already there is neither
    ("create",): (_ABSENT, _THERE),
    ("update",): (_THERE, _THERE),
    ("delete",): (_THERE, _ABSENT),
    ("delete", "create"): (_THERE, _THERE),
    ("create", "delete"): (_THERE, _THERE),
    ("create", "forget"): (_THERE, _THERE),
    FORGET: (_THERE, _ABSENT),
}
_READ = ("read",)
_RESOURCE = re.compile(r"(?:module\.[\w-]+\.)*(data\.)?([\w-]+)\.[\w-]+")


def check(plan: Node) -> None:
    """Raise `Misshapen` with the first place at which a plan is not what Terraform writes."""
    for key in ("complete", "errored"):
        plan.get(key).of(bool)
    if (configuration := plan.get("configuration")).is_there:  # the review of one without says so, and blocks
        _check_module(configuration.get("root_module"))
    for key in ("resource_changes", "resource_drift"):
        for resource in plan.get(key):
            _check_resource(resource)
    for output in plan.get("output_changes").values():
        _check_change(output)
    for condition in plan.get("checks"):
        for instance in condition.get("instances"):
            instance.get("address").get("to_display").of(str)
            instance.get("status").of(str)
    plan.get("deferred_changes").optional(list)
    _check_that_none_is_left_out(plan)


def _check_module(module: Node) -> None:
    """Check the configuration of a module and of those that it calls."""
    for resource in module.of(dict).get("resources"):
        resource.get("address").of(str)
        resource.get("expressions").optional(dict)
        resource.get("provisioners").optional(list)
    for call in module.get("module_calls").values():
        _check_module(call.get("module"))


def _check_resource(resource: Node) -> None:
    address = resource.get("address").of(str)
    named = _RESOURCE.fullmatch(in_configuration(address.value))
    if not named:
        raise address.wrong("not the address of a resource")
    mode = "data" if named[1] else "managed"
    for key, right in (("mode", mode), ("type", named[2])):
        if resource.get(key).value != right:
            raise resource.get(key).wrong(f"not {right}, as the address says")
    for key in ("previous_address", "deposed", "action_reason"):
        resource.get(key).optional(str)
    change = resource.get("change")
    _check_change(change)
    if mode == "managed":
        _check_object(change, is_deposed=resource.get("deposed").is_there)


def _check_change(change: Node) -> None:
    """Check what a resource and an output have in common."""
    actions = change.get("actions")
    if tuple(each.of(str).value for each in actions.of(list)) not in (*_SIDES, _READ):
        raise actions.wrong("not actions of Terraform", shows=True)
    change.get("after_unknown").of(bool, dict, list)
    for key in ("before_sensitive", "after_sensitive"):
        change.get(key).of(bool, dict, list)


def _check_object(change: Node, *, is_deposed: bool) -> None:
    """Check that a managed resource is there before and after as its actions say."""
    actions, before, after = (change.get(key) for key in ("actions", "before", "after"))
    if tuple(actions.value) == _READ:
        raise actions.wrong("not actions of a managed resource", shows=True)
    for key, kinds in zip(("before", "after"), _SIDES[tuple(actions.value)], strict=True):
        side = change.get(key).of(*kinds)
        if side.value == {} and before.value is not None:
            raise side.wrong("no attributes")
    if actions.value == ["no-op"] and before.value != after.value:
        raise after.wrong("not the same as before, although the action is no-op")
    if is_deposed:
        after.of(*_ABSENT)
    change.get("after_unknown").of(dict)
    for path in change.get("replace_paths"):
        path.of(list)
    change.get("importing").optional(dict)


def _check_that_none_is_left_out(plan: Node) -> None:
    """Check that each resource that is there before or after has its change: one that stays as it is has it as well.

    With -target, -refresh-only or after an error Terraform leaves some out; all but -refresh-only say that themselves.
    """
    entries = plan.get("resource_changes")
    changed = {entry.get("address").value for entry in entries if _is_there(entry.get("change"))}
    planned, prior = plan.get("planned_values"), plan.get("prior_state")
    before = prior.get("values") if prior.is_there else prior  # an empty state has no values
    nothing = "no changes, though there are resources (with -refresh-only a plan does not show what an apply would do)"
    if not changed and not planned.is_there:
        raise entries.wrong(nothing)
    if changed and not (plan.get("complete").value and not plan.get("errored").value):
        return
    for values in (planned, before):
        for each in _managed(values) if values.is_there else ():
            address = each.get("address").of(str).value
            if address not in changed:
                raise entries.wrong(f"no change of {address}, which is there" if changed else nothing)


def _is_there(change: Node) -> bool:
    """Return whether there is a resource before or after a change; of what is gone already there is neither."""
    return any(change.get(side).value is not None for side in ("before", "after"))


def _managed(values: Node) -> Iterator[Node]:
    """Yield the resources of a state, without data sources."""
    modules = [values.get("root_module")]
    for module in modules:
        modules += module.get("child_modules")
        yield from (each for each in module.get("resources") if each.get("mode").of(str).value != "data")
