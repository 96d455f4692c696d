"""Rules about Application Auto Scaling: targets, policies and scheduled actions.

A target is the same if what it scales is, whatever its address. Of a variant or component that the plan deletes,
nothing is reported here.
"""

from collections.abc import Iterator

from protected_endpoints.review.analysis.context import ReviewContext
from protected_endpoints.review.analysis.scaling import Bounds, Named, Scaled, action_bounds, unit
from protected_endpoints.review.analysis.scaling_changes import (
    fewer,
    more,
    never_scales_in,
    policy_weakenings,
    suspensions,
)
from protected_endpoints.review.markdown import code
from protected_endpoints.review.plan.plan import Change
from protected_endpoints.review.rules.registry import RuleResult, rule

_TIMES = ("schedule", "timezone", "start_time", "end_time")
_Bounds = tuple[str, str, Bounds, Bounds]  # address, what has them, before and after


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
    for target, change in _removed_targets(context):
        if before.lowest(target) == 0:
            yield (
                change.address,
                f"{code(target[0])} is no longer scaled. If it is at 0 {unit(target)} at that moment, it stays there. "
                "Set `min_capacity` to 1 first, and remove the scaling after the instances have started.",
            )


@rule("scaling-removed", "warn")
def scaling_removed(context: ReviewContext) -> RuleResult:
    """Without a scalable target, a fleet keeps the size that it has at that moment, whatever the load is."""
    for target, change in _removed_targets(context):
        moved = change.value_after("resource_id") if not change.is_deleted else None
        instead = f"; the target scales {code(moved)} instead" if moved and moved != target[0] else ""
        yield (
            change.address,
            f"{code(target[0])} is no longer scaled from {context.scaling.before.bounds(target)} {unit(target)}"
            f"{instead}. It keeps the {unit(target)} that it has at that moment.",
        )
    for (target, name), change in context.scaling.before.policies.items():
        if target in context.scaling.after.targets and not _successor(context, target, name):
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
    for address, owner, before, after in _changed_bounds(context):
        if changed := [*fewer(before, after)]:
            yield address, f"{owner}: {'; '.join(changed)}."
    for target, change in context.scaling.after.targets.items():
        previous = context.scaling.before.attributes(context.scaling.before.targets.get(target))
        if changed := [*suspensions(previous, change.after or {})]:
            yield change.address, f"{code(target[0])}: {'; '.join(changed)}."
    for old, policy, name in _compared_policies(context):
        if changed := [*policy_weakenings(old.before or {}, policy.after or {})]:
            yield (
                policy.address,
                f"The policy {code(name)} scales less, later, or by something else: {'; '.join(changed)}.",
            )
    for named, change in context.scaling.after.actions.items():
        yield from ((change.address, text) for text in _action_weakenings(context, named, change))


@rule("scaling-cost", "warn")
def scaling_cost(context: ReviewContext) -> RuleResult:
    """A fleet that becomes ten times as large, or never smaller again, costs accordingly."""
    for address, owner, before, after in _changed_bounds(context):
        if changed := [*more(before, after)]:
            yield address, f"{owner}: {'; '.join(changed)}, which costs up to as many times as much."
    for named, change in context.scaling.after.actions.items():
        if named not in context.scaling.before.actions:
            target, action = context.scaling.after.bounds(named[0]), action_bounds(change.after or {})
            if changed := [*more(target, action)]:
                yield change.address, f"Scheduled action {code(named[1])}: {'; '.join(changed)}."
    for old, policy, name in _compared_policies(context):
        if never_scales_in(old.before or {}, policy.after or {}):
            yield policy.address, f"The policy {code(name)} no longer removes instances: `disable_scale_in` is true."


@rule("scaling-changed", "note")
def scaling_changed(context: ReviewContext) -> RuleResult:
    """The bounds and the times of scaling change, and with them capacity and cost."""
    before, after = context.scaling.before, context.scaling.after
    for target, change in after.targets.items():
        if target not in before.targets:
            yield change.address, f"{code(target[0])} scales from {after.bounds(target)} {unit(target)}."
    for named, change in after.actions.items():
        if named not in before.actions:
            bounds = action_bounds(change.after or {})
            yield (
                change.address,
                f"From {code(change.value_after('schedule'))} on, {code(named[0][0])} scales from {bounds} "
                f"{unit(named[0])} until another action changes it.",
            )
    for address, owner, old, new in _changed_bounds(context):
        yield address, f"{owner}: {old} → {new}."


def _removed_targets(context: ReviewContext) -> Iterator[tuple[Scaled, Change]]:
    """Yield the targets that are deleted or scale something else, although what they scaled stays."""
    for target, change in context.scaling.before.targets.items():
        is_kept = target in context.scaling.after.targets or change.is_removed_from_state
        if not is_kept and not context.scaling.is_gone(target):
            yield target, change


def _changed_bounds(context: ReviewContext) -> Iterator[_Bounds]:
    """Yield the targets and scheduled actions whose bounds differ."""
    before, after = context.scaling.before, context.scaling.after
    for target in (target for target in after.targets if target in before.targets):
        old, new = before.bounds(target), after.bounds(target)
        if old != new:
            yield after.targets[target].address, code(target[0]), old, new
    for named in (named for named in after.actions if named in before.actions):
        old, new = (action_bounds(side.attributes(side.actions[named])) for side in (before, after))
        if old != new:
            yield after.actions[named].address, f"Scheduled action {code(named[1])}", old, new


def _compared_policies(context: ReviewContext) -> Iterator[tuple[Change, Change, str]]:
    """Yield the policies that exist before, with what they become, and their name."""
    for (target, name), change in context.scaling.before.policies.items():
        if successor := _successor(context, target, name):
            yield change, successor, name


def _successor(context: ReviewContext, target: Scaled, name: str) -> Change | None:
    """Return the policy with the name of an earlier one, or else the only new one of its type for the same target."""
    before, after = context.scaling.before.policies, context.scaling.after.policies
    if same := after.get((target, name)):
        return same
    type_ = before[target, name].value_before("policy_type")
    new = [
        change
        for (of, other), change in after.items()
        if of == target and (of, other) not in before and change.value_after("policy_type") == type_
    ]
    return new[0] if len(new) == 1 else None


def _action_weakenings(context: ReviewContext, named: Named, change: Change) -> Iterator[str]:
    """Yield how a new scheduled action lowers the capacity, and how an action that raises it acts at other times."""
    target, name = named
    previous = context.scaling.before.actions.get(named)
    if previous is None:
        usual, action = context.scaling.after.bounds(target), action_bounds(change.after or {})
        if action.max is not None and usual.min is not None and action.max <= 1 < usual.min:
            yield (
                f"The scheduled action {code(name)} allows at most {action.max:g} {unit(target)} where at least "
                f"{usual.min:g} were kept, until another action changes it."
            )
        elif action.min == 0 and usual.min:
            yield f"The scheduled action {code(name)} sets `min_capacity` to 0, where it was {usual.min:g}."
    elif _raises(context, named) and previous.differs(*_TIMES):
        times = [
            f"{code(key)} {code(previous.value_before(key))} → {code(change.value_after(key))}"
            for key in _TIMES
            if previous.value_before(key) != change.value_after(key)
        ]
        yield f"The scheduled action {code(name)}, which raises the capacity, acts at other times: {'; '.join(times)}."


def _raises(context: ReviewContext, named: Named) -> bool:
    """Return whether a scheduled action sets a higher minimum than another one, or than its target."""
    before = context.scaling.before
    lowest, action = before.lowest(named[0]), action_bounds(before.attributes(before.actions[named]))
    return lowest is not None and action.min is not None and action.min > lowest
