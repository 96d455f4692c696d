"""The policies of a scalable target, resolved: what they track, and the alarms that start them."""

from collections.abc import Iterator
from dataclasses import dataclass

from protected_endpoints.config.scaling import StepAdjustment, StepScalingPolicy
from protected_endpoints.deployment.alarms import MetricAlarm
from protected_endpoints.deployment.scaling import ScalingTarget

TARGET_TRACKING = "target-tracking"
WAKE_UP = "wake-up"


@dataclass(frozen=True)
class TrackedMetric:
    """A metric that target tracking keeps at a value, which is not predefined."""

    namespace: str
    metric_name: str
    statistic: str
    dimensions: tuple[tuple[str, str], ...]
    unit: str | None = None


@dataclass(frozen=True)
class StepPolicy:
    """A step scaling policy with the alarm that starts it."""

    settings: StepScalingPolicy
    alarm: MetricAlarm


def tracked_metric(target: ScalingTarget) -> TrackedMetric | None:
    """Return the metric that target tracking keeps at its value, or None for a predefined one.

    Raises:
        ValueError: SageMaker does not publish the metric for this target (rule scaling-metric-unknown).

    """
    settings = target.settings.customized_metric_specification
    if settings and settings.namespace:
        dimensions = tuple(sorted(settings.dimensions.items()))
        return TrackedMetric(settings.namespace, settings.metric_name, settings.statistic, dimensions, settings.unit)
    if settings:
        return _published(target, settings.metric_name, settings.statistic)
    if target.settings.predefined_metric_type is None and target.resource.default_metric:
        return _published(target, target.resource.default_metric, "Average")
    return None


def predefined_metric(target: ScalingTarget) -> str:
    """Return the type of the predefined metric that target tracking uses unless there is a `tracked_metric`."""
    return target.settings.predefined_metric_type or target.resource.predefined_metrics[0]


def step_policies(target: ScalingTarget) -> Iterator[StepPolicy]:
    """Yield the step policies of a target, those that leave zero first.

    Raises:
        ValueError: SageMaker does not publish a metric for this target (rule scaling-metric-unknown).

    """
    if target.wakes_up:
        yield _wake_up(target)
    for policy in target.settings.step_scaling_policies:
        yield StepPolicy(policy, _alarm(target, policy, f"scaling-{policy.name}"))


def _wake_up(target: ScalingTarget) -> StepPolicy:
    """Return the policy that adds the first capacity when requests wait or fail without any."""
    metric = target.resource.wake_up_metric
    if metric is None:
        raise ValueError(f"{target.resource.kind} cannot be scaled to zero")
    policy = StepScalingPolicy(
        name=WAKE_UP,
        metric_name=metric.name,
        statistic=metric.statistic,
        threshold=1,
        comparison_operator="GreaterThanOrEqualToThreshold",
        evaluation_periods=metric.evaluation_periods,
        cooldown=metric.cooldown,
        step_adjustments=(StepAdjustment(metric_interval_lower_bound=0, scaling_adjustment=1),),
    )
    return StepPolicy(policy, _alarm(target, policy, WAKE_UP))


def _published(target: ScalingTarget, name: str, statistic: str) -> TrackedMetric:
    metric = target.source.metric(name, statistic)
    return TrackedMetric(metric.definition.namespace, name, statistic, metric.dimensions)


def _alarm(target: ScalingTarget, policy: StepScalingPolicy, alarm: str) -> MetricAlarm:
    """Return the alarm of a policy. Without data it does not act: an endpoint without requests keeps its capacity."""
    return MetricAlarm(
        key=alarm,
        name=target.source.alarm_name(alarm),
        description=f"Starts the scaling policy {policy.name} of {target.resource_id}.",
        metrics=(target.source.metric(policy.metric_name, policy.statistic, policy.period),),
        threshold=policy.threshold,
        comparison_operator=policy.comparison_operator,
        evaluation_periods=policy.evaluation_periods,
        datapoints_to_alarm=policy.evaluation_periods,
        treat_missing_data="missing",
    )
