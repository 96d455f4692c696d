"""Rules about Application Auto Scaling: targets, policies and scheduled actions.

A target is the same if what it scales is, whatever its address. Of a variant or component that the plan deletes,
nothing is reported here.
"""

from collections.abc import Iterator

from protected_endpoints.review.analysis.alarms import weakenings
from protected_endpoints.review.analysis.context import ReviewContext
from protected_endpoints.review.analysis.endpoints import EndpointAction, initial_capacity, variants
from protected_endpoints.review.analysis.scaling import Named, Scaled, action_bounds, unit
from protected_endpoints.review.analysis.scaling_changes import (
    fewer,
    policy_weakenings,
    suspensions,
)
from protected_endpoints.review.markdown import code
from protected_endpoints.review.plan.plan import Change
from protected_endpoints.review.plan.values import Json
from protected_endpoints.review.rules.registry import RuleResult, rule

_WAKE_UP = "wake-up"  # the policy that leaves zero
_TIMES = ("schedule", "timezone", "start_time", "end_time")


@rule("never-wakes", "block")
def never_wakes(context: ReviewContext) -> RuleResult:
    """Target tracking cannot leave zero: without a step policy and its alarm, all later requests fail or wait."""
    before, after = context.scaling.before, context.scaling.after
    for target, change in after.targets.items():
        was_stuck = before.lowest(target) == 0 and not before.wakes(target)
        if after.lowest(target) == 0 and not after.wakes(target) and not was_stuck:
            yield (
                change.address,
                f"{code(target[0])} can scale to 0 {unit(target)}, and no alarm starts a step policy that adds the "
                "first one: it stays at 0. Restore the policy and its alarm, or set `min_capacity` to 1.",
            )
        elif after.lowest(target) == 0 and (changed := _later_start(context, target)):
            yield (
                change.address,
                f"{code(target[0])} can scale to 0 {unit(target)}, and the alarm that starts the first one may not "
                f"fire any more: {'; '.join(changed)}.",
            )
    for target, change in context.scaling.removed_targets():
        if before.lowest(target) == 0:
            yield (
                change.address,
                f"{code(target[0])} is no longer scaled. If it is at 0 {unit(target)} at that moment, it stays there. "
                "Set `min_capacity` to 1 first, and remove the scaling after the instances have started.",
            )


@rule("scaling-removed", "warn")
def scaling_removed(context: ReviewContext) -> RuleResult:
    """Without a scalable target, a fleet keeps the size that it has at that moment, whatever the load is."""
    for target, change in context.scaling.removed_targets():
        moved = change.value_after("resource_id") if not change.is_deleted else None
        instead = f" in favor of {code(moved)}" if moved and moved != target[0] else ""
        bounds = f"{context.scaling.before.bounds(target)} {unit(target)}"
        yield (
            change.address,
            f"Scaling of {code(target[0])}, {bounds}, is removed{instead}: it keeps the {unit(target)} it has then.",
        )
    for (target, name), change in context.scaling.before.policies.items():
        is_unneeded = name == _WAKE_UP and context.scaling.after.lowest(target)
        if target in context.scaling.after.targets and not is_unneeded and not context.scaling.successor(target, name):
            yield change.address, f"The policy {code(name)} of {code(target[0])} is deleted: it no longer scales it."
    for (target, name), change in context.scaling.before.actions.items():
        is_kept = (target, name) in context.scaling.after.actions
        if target in context.scaling.after.targets and not is_kept and _raises(context, (target, name)):
            yield (
                change.address,
                f"The scheduled action {code(name)} of {code(target[0])}, which raises the capacity to "
                f"{action_bounds(change.before or {})} {unit(target)}, is deleted.",
            )


@rule("scaling-weaker", "warn")
def scaling_weaker(context: ReviewContext) -> RuleResult:
    """A fleet that becomes smaller, or grows later, refuses requests under a load that it served before."""
    for address, owner, before, after in context.scaling.changed_bounds():
        if changed := [*fewer(before, after)]:
            yield address, f"{owner}: {'; '.join(changed)}."
    for target, change in context.scaling.after.targets.items():
        previous = context.scaling.before.attributes(context.scaling.before.targets.get(target))
        if changed := [*suspensions(previous, change.after or {})]:
            yield change.address, f"{code(target[0])}: {'; '.join(changed)}."
    for old, policy, name in context.scaling.compared_policies():
        if changed := [*policy_weakenings(old.before or {}, policy.after or {})]:
            yield (
                policy.address,
                f"The policy {code(name)} scales less, later, or by something else: {'; '.join(changed)}.",
            )
    for named, change in context.scaling.after.actions.items():
        yield from ((change.address, text) for text in _action_weakenings(context, named, change))


@rule("scale-reset", "warn")
def scale_reset(context: ReviewContext) -> RuleResult:
    """UpdateEndpoint sets the instances of every variant to `initial_instance_count`, whatever they are scaled to."""
    for address, variant, target in _scaled_variants(context):
        most, initial = context.scaling.before.bounds(target).max, initial_capacity(variant)
        if most is None or initial is None or most > initial:
            yield (
                address,
                f"The update starts variant {code(variant.get('variant_name'))} with its initial {_shown(initial)} "
                f"{unit(target)}, also if it is scaled to more, up to {_shown(most)}. Under load, raise "
                "`min_capacity`, which the initial capacity follows, to what the load needs in the same change, "
                "and lower it in a later one.",
            )


@rule("scaling-changed", "note")
def scaling_changed(context: ReviewContext) -> RuleResult:
    """The bounds and the times of scaling change, and with them capacity and cost."""
    before, after = context.scaling.before, context.scaling.after
    for target, change in after.targets.items():
        if target not in before.targets:
            yield change.address, f"Scaling of {code(target[0])}: {after.bounds(target)} {unit(target)}."
    for named, change in after.actions.items():
        if named not in before.actions:
            bounds = action_bounds(change.after or {})
            yield (
                change.address,
                f"Scaling of {code(named[0][0])} from {code(change.value_after('schedule'))} on: {bounds} "
                f"{unit(named[0])}, until another action changes it.",
            )
    for address, owner, old, new in context.scaling.changed_bounds():
        yield address, f"{owner}: {old} → {new}."


def _later_start(context: ReviewContext, target: Scaled) -> list[str]:
    """Return how the alarms that start a target at zero become weaker, unless one of them stays as it is."""
    changed = [weakenings(alarm, {}) if alarm.before else [] for alarm in context.scaling.after.waking_alarms(target)]
    return [text for texts in changed for text in texts] if all(changed) else []


def _action_weakenings(context: ReviewContext, named: Named, change: Change) -> Iterator[str]:
    """Yield how a new scheduled action lowers the capacity, and how an existing one acts at other times or less."""
    target, name = named
    previous, action = context.scaling.before.actions.get(named), action_bounds(change.after or {})
    if previous is None:
        usual = context.scaling.after.bounds(target)
        if action.max is not None and usual.min is not None and action.max <= 1 < usual.min:
            yield (
                f"The scheduled action {code(name)} allows at most {action.max:g} {unit(target)} where at least "
                f"{usual.min:g} were kept, until another action changes it."
            )
        elif action.min == 0 and usual.min:
            yield f"The scheduled action {code(name)} sets `min_capacity` to 0, where it was {usual.min:g}."
        return
    before = action_bounds(previous.before or {})
    lost = [f"{key}_capacity" for key in ("min", "max") if getattr(before, key) and getattr(action, key) is None]
    if lost:
        yield f"The scheduled action {code(name)} no longer sets {code(', '.join(lost))}, which stays as it is then."
    times = [
        f"{code(key)} {code(previous.value_before(key))} → {code(change.value_after(key))}"
        for key in _TIMES
        if previous.value_before(key) != change.value_after(key)
    ]
    if times:
        yield f"The scheduled action {code(name)} acts at other times: {'; '.join(times)}."


def _raises(context: ReviewContext, named: Named) -> bool:
    """Return whether a scheduled action sets a higher minimum than another one, or than its target."""
    before = context.scaling.before
    lowest, action = before.lowest(named[0]), action_bounds(before.attributes(before.actions[named]))
    return lowest is not None and action.min is not None and action.min > lowest


def _scaled_variants(context: ReviewContext) -> Iterator[tuple[str, Json, Scaled]]:
    """Yield the variants after the update of an endpoint that are scaled before it, with its address."""
    actions = {item.change.address: item.action for item in context.endpoints}
    targets = {target[0]: target for target in context.scaling.before.targets}
    for served in context.comparisons.served.endpoints:
        address = served.change.address
        if actions.get(address) is not EndpointAction.UPDATED:
            continue
        prefix = f"endpoint/{served.change.value_after('name')}/variant/"
        for configuration in served.after.configurations:
            for variant in variants(configuration.after):
                if target := targets.get(f"{prefix}{variant.get('variant_name')}"):
                    yield address, variant, target


def _shown(number: float | None) -> str:
    return "unknown number of" if number is None else f"{number:g}"
