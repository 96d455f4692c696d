"""Rules about what the instances of endpoints cost."""

from protected_endpoints.review.analysis.context import ReviewContext
from protected_endpoints.review.analysis.endpoints import instance_counts, variants
from protected_endpoints.review.analysis.scaling import action_bounds
from protected_endpoints.review.analysis.scaling_changes import MORE, larger_fleet, more, never_scales_in
from protected_endpoints.review.markdown import code
from protected_endpoints.review.plan.resource_types import CONFIGURATION
from protected_endpoints.review.rules.registry import RuleResult, rule


@rule("scaling-cost", "warn")
def scaling_cost(context: ReviewContext) -> RuleResult:
    """A fleet that becomes ten times as large, or never smaller again, costs accordingly."""
    for address, owner, before, after in context.scaling.changed_bounds():
        if changed := [*more(before, after)]:
            yield address, f"{owner}: {'; '.join(changed)}, which costs up to as many times as much."
    for named, change in context.scaling.after.actions.items():
        if named not in context.scaling.before.actions:
            target, action = context.scaling.after.bounds(named[0]), action_bounds(change.after or {})
            if changed := [*more(target, action)]:
                yield change.address, f"Scheduled action {code(named[1])}: {'; '.join(changed)}."
    for old, policy, name in context.scaling.compared_policies():
        if never_scales_in(old.before or {}, policy.after or {}):
            yield policy.address, f"The policy {code(name)} no longer removes instances: `disable_scale_in` is true."
        for larger in larger_fleet(old.before or {}, policy.after or {}):
            yield policy.address, f"The policy {code(name)}: {larger}, so that the same load starts as many more."


@rule("capacity-cost", "warn")
def capacity_cost(context: ReviewContext) -> RuleResult:
    """An endpoint with ten times the instances costs ten times as much."""
    for compared in context.compared(CONFIGURATION):
        before, after = (sum(instance_counts(side).values()) for side in (compared.before, compared.after))
        if before and after >= before * MORE and not compared.is_new:
            yield compared.address, f"Instances: {before} → {after}, which cost as many times as much."


@rule("cost", "note")
def cost(context: ReviewContext) -> RuleResult:
    """The cost per hour changes, by the prices in the file of `--prices`."""
    hourly = context.prices.hourly
    for change in context.plan.of_type(CONFIGURATION):
        sides = [instance_counts(side) for side in (change.before, None if change.is_deleted else change.after)]
        if hourly and sides[0] != sides[1] and all(type_ in hourly for side in sides for _, type_ in side):
            before, after = (sum(hourly[type_] * count for (_, type_), count in side.items()) for side in sides)
            yield (
                change.address,
                f"{after - before:+.2f} USD per hour ({before:.2f} → {after:.2f}) at prices of {context.prices.as_of}.",
            )
    for target, change in context.scaling.after.targets.items():
        price, most = hourly.get(_instance_type(context, target[0])), context.scaling.after.bounds(target).max
        if price and most and most != context.scaling.before.bounds(target).max:
            yield (
                change.address,
                f"Up to {most * price:.2f} USD per hour with `max_capacity` {most:g}, at prices of "
                f"{context.prices.as_of}.",
            )


def _instance_type(context: ReviewContext, resource_id: str) -> str:
    """Return the instance type of a variant after the plan, and an empty text for what has none or is not shown."""
    endpoint, _, name = resource_id.removeprefix("endpoint/").partition("/variant/")
    types = [
        str(variant.get("instance_type"))
        for served in context.comparisons.served.endpoints
        for configuration in served.after.configurations
        for variant in variants(configuration.after)
        if served.change.value_after("name") == endpoint and variant.get("variant_name") == name
    ]
    return types[0] if types else ""
