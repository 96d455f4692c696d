"""Scaling activities: what a scaling policy does to the capacity of its target when an alarm invokes it.

Suspended scaling and the aggregation of metrics are not simulated. Capacity takes effect at once.
"""

import math

from sandbox.sagemaker_hosting import Hosting
from sandbox.sagemaker_records import Record
from sandbox.scalable_resources import find_resource
from sandbox.scalable_targets import Target

_COOLDOWN = 300  # seconds; the default for SageMaker (Application Auto Scaling API Reference)


class ScalingActivities:
    """The policies of one region, and when they last scaled their targets."""

    def __init__(self, hosting: Hosting) -> None:
        self._hosting = hosting
        self._latest: dict[tuple[Target, str], int] = {}

    def invoke(self, policy_arn: str, *, value: float, threshold: float, minute: int) -> None:
        """Scale the target of a policy, whose alarm has a value beyond its threshold, unless it cools down."""
        targets = self._hosting.scalable_targets
        for (target, _), policy in targets.policies.items():
            if policy["PolicyARN"] != policy_arn:
                continue
            resource = find_resource(self._hosting, *target)
            if self._hosting.rollouts.is_in_progress(resource.endpoint):
                continue  # SageMaker blocks scaling while it updates the endpoint
            before = resource.capacity
            after = targets.bounded(target, _desired_capacity(policy, before, value, threshold))
            direction = "Out" if after > before else "In"
            if after == before or self._cools_down(target, direction, policy, minute):
                continue
            resource.scale(after)
            self._latest[target, direction] = minute

    def _cools_down(self, target: Target, direction: str, policy: Record, minute: int) -> bool:
        settings = policy.get("TargetTrackingScalingPolicyConfiguration", {})
        step = policy.get("StepScalingPolicyConfiguration", {})
        cooldown = settings.get(f"Scale{direction}Cooldown", step.get("Cooldown", _COOLDOWN))
        latest = self._latest.get((target, direction))
        return latest is not None and (minute - latest) * 60 < cooldown


def _desired_capacity(policy: Record, capacity: int, value: float, threshold: float) -> int:
    if tracking := policy.get("TargetTrackingScalingPolicyConfiguration"):
        # All metrics that are tracked are averages over the capacity.
        return math.ceil(capacity * value / float(tracking["TargetValue"]))
    return _stepped(policy["StepScalingPolicyConfiguration"], capacity, value - threshold)


def _stepped(configuration: Record, capacity: int, breach: float) -> int:
    """Return the capacity after the step whose interval contains the difference of value and threshold."""
    steps = (
        step["ScalingAdjustment"]
        for step in configuration["StepAdjustments"]
        if step.get("MetricIntervalLowerBound", -math.inf) <= breach < step.get("MetricIntervalUpperBound", math.inf)
    )
    adjustment = next(steps, None)
    if adjustment is None:
        return capacity
    match configuration["AdjustmentType"]:
        case "ExactCapacity":
            return int(adjustment)
        case "PercentChangeInCapacity":
            # A fraction is rounded toward zero, but not to zero (PutScalingPolicy).
            least = configuration.get("MinAdjustmentMagnitude", 1)
            change = max(int(capacity * abs(adjustment) / 100), least)
            return capacity + int(math.copysign(change, adjustment))
    return capacity + int(adjustment)
