"""Read the parts of a plan that are no changes of resources: outputs, checks, and actions of providers."""

import re
from collections.abc import Iterator

from protected_endpoints.review.plan.masking import redacted
from protected_endpoints.review.plan.plan import ActionInvocation, Check
from protected_endpoints.review.plan.values import UNKNOWN, Json, as_dict, as_list

_CHECK_BLOCK = "check"
_LOWER_THEN_UPPER = re.compile(r"(?<=[a-z])(?=[A-Z])")


def outputs(raw: Json) -> Iterator[tuple[str, object, object]]:
    """Yield the name of each output that changes, with its value before and after."""
    for name, change in sorted(raw.get("output_changes", {}).items()):
        if change["actions"] != ["no-op"]:
            before = redacted(change.get("before"), change["before_sensitive"], "")
            after = redacted(change.get("after"), change["after_sensitive"], "")
            yield name, before, UNKNOWN if change["after_unknown"] is True else after


def output_values(raw: Json) -> Iterator[tuple[str, object]]:
    """Yield the name of each output whose value after the plan is known, with that value."""
    for name, change in raw.get("output_changes", {}).items():
        if change["after_unknown"] is not True:
            yield name, redacted(change.get("after"), change["after_sensitive"], "")


def exposed_outputs(raw: Json) -> Iterator[str]:
    """Yield the outputs that are no longer sensitive.

    The change of an output is sensitive if the output was sensitive before or is after; its configuration tells which.
    """
    module = as_dict(as_dict(raw.get("configuration")).get("root_module"))
    configured = as_dict(module.get("outputs"))
    for name, change in sorted(raw.get("output_changes", {}).items()):
        is_changed = change["actions"] != ["no-op"] and change["before_sensitive"] is True
        if is_changed and name in configured and as_dict(configured[name]).get("sensitive") is not True:
            yield name


def checks(raw: Json) -> Iterator[Check]:
    """Yield the `check` blocks, whose failure does not stop an apply as that of another condition does."""
    for check in raw.get("checks", []):
        if as_dict(check.get("address")).get("kind") == _CHECK_BLOCK:
            problems = [
                str(as_dict(problem).get("message"))
                for instance in check.get("instances", [])
                for problem in as_list(instance.get("problems"))
            ]
            yield Check(check["address"]["to_display"], check["status"], tuple(problems))


def action_invocations(raw: Json) -> Iterator[ActionInvocation]:
    """Yield the actions that the apply invokes, and those that it invokes once it knows more."""
    for invocation in raw.get("action_invocations", []):
        yield _invocation(invocation, is_deferred=False)
    for deferred in raw.get("deferred_action_invocations", []):
        yield _invocation(deferred["action_invocation"], is_deferred=True)


def _invocation(invocation: Json, *, is_deferred: bool) -> ActionInvocation:
    return ActionInvocation(
        invocation["address"],
        invocation["type"],
        redacted(invocation.get("config_values"), invocation.get("config_sensitive"), ""),
        *_trigger(invocation),
        is_deferred,
    )


def _trigger(invocation: Json) -> tuple[str, str]:
    """Return the event that causes an invocation, such as `after update`, and the address of its resource."""
    lifecycle = as_dict(invocation.get("lifecycle_action_trigger"))
    resource, event = lifecycle.get("triggering_resource_address"), lifecycle.get("action_trigger_event")
    if not isinstance(resource, str) or not isinstance(event, str):
        return "", ""
    return _LOWER_THEN_UPPER.sub(" ", event).lower(), resource
