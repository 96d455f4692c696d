"""Check that a plan has the structure that `terraform show -json` writes, so that the review overlooks nothing.

Every key that Terraform 1.10 and newer always writes must exist and have its type, by the documentation of
format_version 1 and by Terraform's code (internal/command/jsonplan, jsonconfig and jsonstate). Other keys are ignored,
as the documentation asks of readers.
"""

import re
from collections.abc import Iterator

from protected_endpoints.review.plan.node import Node
from protected_endpoints.review.plan.plan import REMOVED_FROM_STATE, configuration_address

_NULL = type(None)
_PRESENT, _ABSENT, _EITHER = (dict,), (_NULL,), (dict, _NULL)
# The types of `before` and `after` for each combination of actions.
_SIDES: dict[tuple[str, ...], tuple[tuple[type, ...], tuple[type, ...]]] = {
    ("no-op",): (_EITHER, _EITHER),  # both are null if the resource was already deleted
    ("create",): (_ABSENT, _PRESENT),
    ("update",): (_PRESENT, _PRESENT),
    ("delete",): (_PRESENT, _ABSENT),
    ("delete", "create"): (_PRESENT, _PRESENT),
    ("create", "delete"): (_PRESENT, _PRESENT),
    ("create", "forget"): (_PRESENT, _PRESENT),
    REMOVED_FROM_STATE: (_PRESENT, _ABSENT),
}
_READ = ("read",)
_CONFIGURED = re.compile(r"(?:[a-z]+\.)?[\w-]+\.[\w-]+")  # data.type.name and ephemeral.type.name as well
_RESOURCE = re.compile(r"(?:module\.[\w-]+\.)*(data\.)?([\w-]+)\.[\w-]+")


def check(plan: Node) -> None:
    """Raise `InvalidStructure` with the first path at which a plan is not what Terraform writes."""
    for key in ("complete", "errored"):
        plan.get(key).expect(bool)
    plan.get("applyable").expect_optional(bool)
    if (configuration := plan.get("configuration")).exists:  # a plan without it is reviewed, and blocks
        _check_module(configuration.get("root_module"))
    for key in ("resource_changes", "resource_drift"):
        for resource in plan.get(key):
            _check_resource(resource)
    for output in plan.get("output_changes").values():
        _check_change(output)
    _check_conditions(plan)
    _check_invocations(plan)
    for deferred in plan.get("deferred_changes"):
        _check_resource(deferred.get("resource_change"))
    _check_every_resource_has_a_change(plan)
    _check_every_configured_resource_has_a_change(plan)


def _check_conditions(plan: Node) -> None:
    for condition in plan.get("checks"):
        condition.get("status").expect(str)
        condition.get("address").get("to_display").expect(str)
        for instance in condition.get("instances"):
            instance.get("address").get("to_display").expect(str)
            instance.get("status").expect(str)


def _check_invocations(plan: Node) -> None:
    """Check the actions of providers, which Terraform 1.14 and newer invokes."""
    deferred = [item.get("action_invocation") for item in plan.get("deferred_action_invocations")]
    for invocation in (*plan.get("action_invocations"), *deferred):
        for key in ("address", "type"):
            invocation.get(key).expect(str)


def _check_module(module: Node) -> None:
    """Check the configuration of a module and of the modules that it calls."""
    for resource in module.expect(dict).get("resources"):
        address = resource.get("address").expect(str)
        if not _CONFIGURED.fullmatch(address.value):
            raise address.error("not the address of a resource in a module")
        resource.get("expressions").expect_optional(dict)
        resource.get("provisioners").expect_optional(list)
    for call in module.get("module_calls").values():
        _check_module(call.get("module"))


def _check_address(address: Node) -> re.Match[str]:
    match = _RESOURCE.fullmatch(configuration_address(address.expect(str).value))
    if not match:
        raise address.error("not a resource address")
    return match


def _check_resource(resource: Node) -> None:
    match = _check_address(resource.get("address"))
    mode = "data" if match[1] else "managed"
    for key, expected in (("mode", mode), ("type", match[2])):
        if resource.get(key).value != expected:
            raise resource.get(key).error(f"must be {expected}, as in the address")
    for key in ("previous_address", "deposed", "action_reason"):
        resource.get(key).expect_optional(str)
    change = resource.get("change")
    _check_change(change)
    if mode == "managed":
        _check_managed(change, is_deposed=resource.get("deposed").exists)


def _check_change(change: Node) -> None:
    """Check the keys that the changes of resources and of outputs have in common."""
    actions = change.get("actions")
    if tuple(action.expect(str).value for action in actions.expect(list)) not in (*_SIDES, _READ):
        raise actions.error("not a combination of Terraform actions", show_value=True)
    change.get("after_unknown").expect(bool, dict, list)
    for key in ("before_sensitive", "after_sensitive"):
        change.get(key).expect(bool, dict, list)


def _check_managed(change: Node, *, is_deposed: bool) -> None:
    """Check that `before` and `after` of a managed resource match its actions."""
    actions, before, after = (change.get(key) for key in ("actions", "before", "after"))
    if tuple(actions.value) == _READ:
        raise actions.error("not an action of a managed resource", show_value=True)
    for key, types in zip(("before", "after"), _SIDES[tuple(actions.value)], strict=True):
        side = change.get(key).expect(*types)
        if side.value == {} and before.value is not None:
            raise side.error("no attributes")
    if actions.value == ["no-op"] and before.value != after.value:
        raise after.error("differs from before, although the action is no-op")
    if is_deposed:
        after.expect(*_ABSENT)
    change.get("after_unknown").expect(dict)
    for path in change.get("replace_paths"):
        path.expect(list)
    change.get("importing").expect_optional(dict)


def _check_every_resource_has_a_change(plan: Node) -> None:
    """Check that every resource before or after the plan has a change; an unchanged resource has a no-op.

    With -target, -refresh-only or after an error Terraform omits some. Except with -refresh-only, the plan says so.
    """
    entries = plan.get("resource_changes")
    changed = {entry.get("address").value for entry in entries if _has_resource(entry.get("change"))}
    planned, prior = plan.get("planned_values"), plan.get("prior_state")
    before = prior.get("values") if prior.exists else prior  # an empty state has no values
    no_changes = "no changes, although resources exist (a -refresh-only plan does not show what an apply would do)"
    if not changed and not planned.exists:
        raise entries.error(no_changes)
    if changed and not (plan.get("complete").value and not plan.get("errored").value):
        return
    for values in (planned, before):
        for resource in _managed(values) if values.exists else ():
            _check_address(resource.get("address"))
            address = resource.get("address").value
            if address not in changed:
                raise entries.error(f"no change of {address}, which exists" if changed else no_changes)


def _check_every_configured_resource_has_a_change(plan: Node) -> None:
    """Check that every resource of the configuration has a change, unless a plan may omit it.

    The resources of a module, and those with `count` or `for_each`, may have no instance.
    """
    configuration = plan.get("configuration")
    if not configuration.exists or not plan.get("complete").value or plan.get("errored").value:
        return
    entries = plan.get("resource_changes")
    changed = {configuration_address(entry.get("address").value) for entry in entries}
    if not any(entry.get("change").get("after").value is not None for entry in entries):
        return  # a -destroy plan has no change of a resource that was never created
    for resource in configuration.get("root_module").get("resources"):
        is_repeated = any(resource.get(key).exists for key in ("count_expression", "for_each_expression"))
        address = resource.get("address").value
        is_managed = address.count(".") == 1  # not data.type.name or ephemeral.type.name
        if is_managed and not is_repeated and address not in changed:
            raise entries.error(f"no change of {address}, which is configured")


def _has_resource(change: Node) -> bool:
    """Return whether a resource exists before or after a change; neither is so if it was already deleted."""
    return any(change.get(side).value is not None for side in ("before", "after"))


def _managed(values: Node) -> Iterator[Node]:
    """Yield the resources of a state, without data sources."""
    modules = [values.get("root_module")]
    for module in modules:
        modules += module.get("child_modules")
        yield from (item for item in module.get("resources") if item.get("mode").expect(str).value != "data")
