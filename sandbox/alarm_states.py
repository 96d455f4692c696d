"""The states of alarms, from the metrics of simulated minutes.

moto stores alarms, and never evaluates them. Anomaly detection is not simulated.
"""

import operator
from collections.abc import Callable

from moto.cloudwatch.models import Alarm, Dimension, MetricStat

from sandbox.metric_math import evaluate_expression
from sandbox.metrics import Key, Metrics

_COMPARISONS: dict[str, Callable[[float, float], bool]] = {
    "GreaterThanThreshold": operator.gt,
    "GreaterThanOrEqualToThreshold": operator.ge,
    "LessThanThreshold": operator.lt,
    "LessThanOrEqualToThreshold": operator.le,
}
_MINUTE = 60


def evaluate_alarm(alarm: Alarm, metrics: Metrics) -> None:
    """Set the state of an alarm (CloudWatch User Guide, "Evaluating an alarm" and "how alarms treat missing data")."""
    if alarm.threshold_metric_id or alarm.rule:
        return
    datapoints = [_datapoint(alarm, metrics, periods_ago) for periods_ago in range(alarm.evaluation_periods)]
    state = _state(alarm, datapoints)
    if state != alarm.state_value:
        alarm.update_state(f"The datapoints, latest first, are {datapoints}.", "{}", state)


def latest_value(alarm: Alarm, metrics: Metrics) -> float | None:
    """Return the datapoint of the last period, or None without data."""
    return _datapoint(alarm, metrics, 0)


def _state(alarm: Alarm, datapoints: list[float | None]) -> str:
    missing = alarm.treat_missing_data or "missing"
    present = [datapoint for datapoint in datapoints if datapoint is not None]
    if not present and missing == "missing":
        return "INSUFFICIENT_DATA"
    if not present and missing == "ignore":
        return alarm.state_value
    breaches = _COMPARISONS[alarm.comparison_operator]
    breaching = sum(breaches(datapoint, alarm.threshold) for datapoint in present)
    if missing == "breaching":
        breaching += len(datapoints) - len(present)
    return "ALARM" if breaching >= (alarm.datapoints_to_alarm or alarm.evaluation_periods) else "OK"


def _datapoint(alarm: Alarm, metrics: Metrics, periods_ago: int) -> float | None:
    if not alarm.metric_data_queries:
        key = _key(alarm.namespace, alarm.metric_name, alarm.dimensions)
        statistic = alarm.statistic or str(alarm.extended_statistic)
        return metrics.datapoint(key, statistic, minutes=_minutes(alarm.period), periods_ago=periods_ago)
    values = {
        query.id: _statistic(query.metric_stat, metrics, periods_ago)
        for query in alarm.metric_data_queries
        if query.metric_stat
    }
    for query in alarm.metric_data_queries:
        if query.expression:
            values[query.id] = evaluate_expression(query.expression, values)
    (returned,) = (query.id for query in alarm.metric_data_queries if query.return_data in (True, "true", None))
    return values[returned]


def _statistic(stat: MetricStat, metrics: Metrics, periods_ago: int) -> float | None:
    key = _key(stat.metric.namespace, stat.metric.metric_name, stat.metric.dimensions)
    return metrics.datapoint(key, stat.stat, minutes=_minutes(stat.period), periods_ago=periods_ago)


def _key(namespace: str, name: str, dimensions: list[Dimension]) -> Key:
    return namespace, name, frozenset((str(dimension.name), str(dimension.value)) for dimension in dimensions)


def _minutes(period: int | str) -> int:
    """Return a period in minutes. A shorter one is evaluated once a minute."""
    return max(int(period) // _MINUTE, 1)
