"""How a plan makes scaling weaker, so that a fleet is too small under load, or more expensive.

A change of the load by half is what a fleet has to bear anyway; therefore less capacity counts from half of it on, and
more of it from ten times on. Smaller changes are notes.
"""

from collections.abc import Iterator

from protected_endpoints.review.analysis.difference import differences
from protected_endpoints.review.analysis.scaling import Bounds
from protected_endpoints.review.markdown import code
from protected_endpoints.review.plan.values import Json, as_number, first_block

FEWER, MORE = 0.5, 10  # factors of a capacity that is much lower or higher
_PERCENT = 0.01
_MIN_INSTANCES = 2  # one in another Availability Zone than the other
_TRACKING, _STEPS = "target_tracking_scaling_policy_configuration", "step_scaling_policy_configuration"
_CUSTOM, _PREDEFINED = "customized_metric_specification", "predefined_metric_specification"
_COOLDOWN = 300  # seconds of both cooldowns if they are unset (Application Auto Scaling, "Define cooldown periods")
# A share of the provisioned concurrency, which is never above 1.
_SHARE = "SageMakerVariantProvisionedConcurrencyUtilization"
_SUSPENDED = {
    "dynamic_scaling_in_suspended": "scaling in by policies is suspended",
    "dynamic_scaling_out_suspended": "scaling out by policies is suspended",
    "scheduled_scaling_suspended": "scheduled actions are suspended",
}


def fewer(before: Bounds, after: Bounds) -> Iterator[str]:
    """Yield the bounds that allow half of the capacity or less, or a single instance or none where there were more."""
    if before.max and after.max is not None and after.max <= before.max * FEWER:
        yield f"`max_capacity` {before.max:g} → {after.max:g}: what runs above it is removed at once"
    if before.min is None or after.min is None or after.min >= before.min:
        return
    if after.min == 0:
        yield f"`min_capacity` {before.min:g} → 0: requests wait or fail until the first instance has started"
    elif after.min < _MIN_INSTANCES <= before.min:
        yield f"`min_capacity` {before.min:g} → {after.min:g}: no other instance takes over if it fails"


def more(before: Bounds, after: Bounds) -> Iterator[str]:
    """Yield the bounds that allow ten times the capacity or more, which costs as much more."""
    for name, old, new in (("min", before.min, after.min), ("max", before.max, after.max)):
        if old and new and new >= old * MORE:
            yield f"`{name}_capacity` {old:g} → {new:g}"


def suspensions(before: Json, after: Json) -> Iterator[str]:
    """Yield the kinds of scaling of a target that are suspended from now on."""
    old, new = (first_block(side.get("suspended_state")) for side in (before, after))
    for argument, text in _SUSPENDED.items():
        if new.get(argument) is True and old.get(argument) is not True:
            yield text


def policy_weakenings(before: Json, after: Json) -> Iterator[str]:
    """Yield the changes by which a policy adds capacity later, less of it, or by another metric."""
    if before.get("policy_type") != after.get("policy_type"):
        yield f"`policy_type` {code(before.get('policy_type'))} → {code(after.get('policy_type'))}"
        return
    yield from _step_weakenings(first_block(before.get(_STEPS)), first_block(after.get(_STEPS)))
    old, new = (first_block(side.get(_TRACKING)) for side in (before, after))
    if differences(*({key: side.get(key) for key in (_PREDEFINED, _CUSTOM)} for side in (old, new))):
        yield f"it follows {code(metric_name(new))} instead of {code(metric_name(old))}"
    else:
        yield from _target_weakenings(old, new)
    if _cooldown(new, "scale_out_cooldown") * FEWER >= _cooldown(old, "scale_out_cooldown"):
        yield _seconds(old, new, "scale_out_cooldown", "it adds instances less often")
    if _cooldown(new, "scale_in_cooldown") <= _cooldown(old, "scale_in_cooldown") * FEWER:
        yield _seconds(old, new, "scale_in_cooldown", "it removes instances sooner")


def never_scales_in(before: Json, after: Json) -> bool:
    """Return whether a policy does not remove instances from now on."""
    old, new = (first_block(side.get(_TRACKING)) for side in (before, after))
    return new.get("disable_scale_in") is True and old.get("disable_scale_in") is not True


def larger_fleet(before: Json, after: Json) -> Iterator[str]:
    """Yield a target value with which the same load has ten times the instances or more."""
    old, new = (first_block(side.get(_TRACKING)) for side in (before, after))
    values = as_number(old.get("target_value")), as_number(new.get("target_value"))
    if metric_name(old) == metric_name(new) and 0 < values[1] * MORE <= values[0]:
        yield f"`target_value` {values[0]:,} → {values[1]:,}"


def metric_name(tracking: Json) -> str:
    predefined, custom = first_block(tracking.get(_PREDEFINED)), first_block(tracking.get(_CUSTOM))
    return str(predefined.get("predefined_metric_type") or custom.get("metric_name") or "a metric of its own")


def _target_weakenings(before: Json, after: Json) -> Iterator[str]:
    old, new = as_number(before.get("target_value")), as_number(after.get("target_value"))
    if metric_name(after) == _SHARE and new >= 1 > old:
        yield f"`target_value` {old:g} → {new:g}: the metric is never above 1, so that nothing is added"
    elif old and new >= old / FEWER:
        share = f"{old / new:.0%}" if old / new >= _PERCENT else "less than 1%"
        yield f"`target_value` {old:,} → {new:,}: the same load has {share} of the instances or fewer"


def _step_weakenings(before: Json, after: Json) -> Iterator[str]:
    for path, (old, new) in differences(before, after).items():
        is_more = path.endswith("scaling_adjustment") and as_number(new) > as_number(old) > 0
        is_sooner = path == "cooldown" and as_number(new) < as_number(old)
        if not is_more and not is_sooner:
            yield f"{code(path)} {code(old)} → {code(new)}"


def _cooldown(tracking: Json, argument: str) -> float:
    return as_number(value) if (value := tracking.get(argument)) is not None else _COOLDOWN


def _seconds(before: Json, after: Json, argument: str, effect: str) -> str:
    old, new = (_cooldown(side, argument) for side in (before, after))
    return f"`{argument}` {old:g} → {new:g} seconds: {effect}"
