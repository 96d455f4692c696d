"""Rules about step scaling policies: their names and their steps."""

import math
from collections.abc import Iterator
from itertools import pairwise

from protected_endpoints.config.scaling import StepAdjustment, StepScalingPolicy
from protected_endpoints.deployment import Deployment
from protected_endpoints.deployment.scaling_policies import TARGET_TRACKING, WAKE_UP
from protected_endpoints.errors import KeyPath, Problem
from protected_endpoints.rules.helpers import duplicates, plain_number
from protected_endpoints.rules.registry import endpoint_rule

_MANAGED = (TARGET_TRACKING, WAKE_UP)
_LOWER, _UPPER = "metric_interval_lower_bound", "metric_interval_upper_bound"


@endpoint_rule("scaling-policy-name")
def scaling_policy_name(deployment: Deployment) -> Iterator[Problem]:
    """A target has one policy of a name, and this project uses two names (rule 93; PutScalingPolicy)."""
    for target in deployment.scaling_targets:
        names = [
            (deployment.path(*target.path, "step_scaling_policies", index, "name"), policy.name)
            for index, policy in enumerate(target.settings.step_scaling_policies)
        ]
        yield from duplicates(names, "rename one of the two")
        for path, name in names:
            if name in _MANAGED:
                yield Problem(path, "is the name of a managed policy", "rename it", value=name)


@endpoint_rule("step-adjustment-bounds")
def step_adjustment_bounds(deployment: Deployment) -> Iterator[Problem]:
    """A step has one bound or two in order (StepAdjustment)."""
    for path, policy in _policies(deployment):
        for index, step in enumerate(policy.step_adjustments):
            lower, upper = _bounds(step)
            if (lower, upper) == (-math.inf, math.inf):
                suggestion = f"add {_UPPER if _is_below(policy) else _LOWER} = 0"
                yield Problem((*path, "step_adjustments", index), f"requires {_LOWER} or {_UPPER}", suggestion)
            elif lower >= upper:
                yield Problem(
                    (*path, "step_adjustments", index, _LOWER),
                    f"must be less than {_UPPER} ({upper:g})",
                    "exchange the bounds or correct one of them",
                    value=plain_number(step.metric_interval_lower_bound),
                )


@endpoint_rule("step-adjustment-intervals")
def step_adjustment_intervals(deployment: Deployment) -> Iterator[Problem]:
    """The intervals of steps cover all values beyond the threshold once (StepAdjustment).

    For a value without a step, the policy fails in AWS and changes nothing.
    """
    for path, policy in _policies(deployment):
        intervals = sorted(map(_bounds, policy.step_adjustments))
        if any(lower >= upper or (lower, upper) == (-math.inf, math.inf) for lower, upper in intervals):
            continue  # step-adjustment-bounds reports it
        steps = (*path, "step_adjustments")
        for (_, end), (start, _) in pairwise(intervals):
            if start != end:
                problem = "overlap" if start < end else "have a gap"
                yield Problem(
                    steps,
                    f"the intervals of two steps {problem} between {min(start, end):g} and {max(start, end):g}",
                    f"let one end where the next one starts, for example at {start:g}",
                )
        first, last = intervals[0][0], intervals[-1][1]
        start, end = (first, last) if not _is_below(policy) else (-last, -first)
        if start > 0 or end != math.inf:
            yield Problem(
                steps,
                f"no step covers some values {'below' if _is_below(policy) else 'above'} the threshold",
                _covering(policy),
            )


@endpoint_rule("step-adjustment-unused")
def step_adjustment_unused(deployment: Deployment) -> Iterator[Problem]:
    """A step on the other side of the threshold never applies, because its alarm is not in ALARM state there."""
    for path, policy in _policies(deployment):
        for index, step in enumerate(policy.step_adjustments):
            lower, upper = _bounds(step)
            if lower < upper and (lower >= 0 if _is_below(policy) else upper <= 0) and (lower, upper) != (0, 0):
                yield Problem(
                    (*path, "step_adjustments", index),
                    f"has no effect with {policy.comparison_operator}, because bounds are relative to the threshold",
                    _covering(policy),
                )
        if policy.min_adjustment_magnitude and policy.adjustment_type != "PercentChangeInCapacity":
            yield Problem(
                (*path, "min_adjustment_magnitude"),
                f"has no effect with {policy.adjustment_type}",
                'remove it, or set adjustment_type = "PercentChangeInCapacity"',
                value=policy.min_adjustment_magnitude,
            )


@endpoint_rule("step-adjustment-negative")
def step_adjustment_negative(deployment: Deployment) -> Iterator[Problem]:
    """An exact capacity is not negative (StepAdjustment, ScalingAdjustment)."""
    for path, policy in _policies(deployment):
        for index, step in enumerate(policy.step_adjustments):
            if policy.adjustment_type == "ExactCapacity" and step.scaling_adjustment < 0:
                yield Problem(
                    (*path, "step_adjustments", index, "scaling_adjustment"),
                    "must not be negative with ExactCapacity",
                    'set the capacity, or adjustment_type = "ChangeInCapacity"',
                    value=step.scaling_adjustment,
                )


@endpoint_rule("step-adjustment-direction", "warning")
def step_adjustment_direction(deployment: Deployment) -> Iterator[Problem]:
    """More load usually requires more capacity: the other sign removes it under load, or adds it without."""
    for path, policy in _policies(deployment):
        for index, step in enumerate(policy.step_adjustments):
            change = step.scaling_adjustment
            is_opposite = change > 0 if _is_below(policy) else change < 0
            if policy.adjustment_type != "ExactCapacity" and is_opposite:
                yield Problem(
                    (*path, "step_adjustments", index, "scaling_adjustment"),
                    f"{'adds' if change > 0 else 'removes'} capacity with {policy.comparison_operator}",
                    f"set it to {-change}, or correct comparison_operator",
                    value=change,
                )


def _policies(deployment: Deployment) -> Iterator[tuple[KeyPath, StepScalingPolicy]]:
    for target in deployment.scaling_targets:
        for index, policy in enumerate(target.settings.step_scaling_policies):
            yield deployment.path(*target.path, "step_scaling_policies", index), policy


def _bounds(step: StepAdjustment) -> tuple[float, float]:
    lower, upper = step.metric_interval_lower_bound, step.metric_interval_upper_bound
    return (-math.inf if lower is None else lower, math.inf if upper is None else upper)


def _is_below(policy: StepScalingPolicy) -> bool:
    """Return whether the policy acts below its threshold."""
    return policy.comparison_operator.startswith("LessThan")


def _covering(policy: StepScalingPolicy) -> str:
    if _is_below(policy):
        return f"begin with {_UPPER} = 0, the threshold, and omit {_LOWER} of the last step"
    return f"begin with {_LOWER} = 0, the threshold, and omit {_UPPER} of the last step"
