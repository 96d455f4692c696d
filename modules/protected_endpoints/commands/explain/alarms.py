"""The CloudWatch alarms of an endpoint: when each one fires."""

from collections.abc import Iterator

from protected_endpoints.deployment import Deployment
from protected_endpoints.deployment.alarms import MetricAlarm

_OPERATORS = {
    "GreaterThanOrEqualToThreshold": "from",
    "GreaterThanThreshold": "above",
    "LessThanThreshold": "below",
    "LessThanOrEqualToThreshold": "up to",
}
_TIME_UNITS = ("Seconds", "Microseconds")
_MICROSECONDS = 1_000_000


def alarms(deployment: Deployment) -> Iterator[tuple[str, str]]:
    """Yield pairs of the name of an alarm and the condition in which it fires."""
    for alarm in deployment.metric_alarms:
        yield alarm.name, _condition(alarm)


def _condition(alarm: MetricAlarm) -> str:
    """Return when an alarm fires, with its threshold in the unit of the metric and in another one where that helps."""
    metric = alarm.metrics[0]
    unit = f" {metric.definition.unit.lower()}" if metric.definition.unit in _TIME_UNITS else ""
    meaning, periods = alarm.threshold_meaning, f"{alarm.datapoints_to_alarm} of {alarm.evaluation_periods} periods"
    if metric.definition.unit == "Microseconds":
        meaning = f"{alarm.threshold / _MICROSECONDS:g} s"
    return (
        f"{metric.definition.name} {metric.statistic} {_OPERATORS[alarm.comparison_operator]} "
        f"{alarm.threshold:,.10g}{unit}{f' ({meaning})' if meaning else ''} in "
        f"{'1 period' if alarm.evaluation_periods == 1 else periods} of {metric.period} s"
    )
