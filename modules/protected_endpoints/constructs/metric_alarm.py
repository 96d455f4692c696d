"""A CloudWatch alarm, about one metric or an expression over several."""

from collections.abc import Iterator, Mapping
from typing import Any

from constructs import Construct

from protected_endpoints.bindings import CloudwatchMetricAlarm, CloudwatchMetricAlarmMetricQuery
from protected_endpoints.bindings.blocks import build_block
from protected_endpoints.deployment import alarms
from protected_endpoints.deployment.metrics import Metric

_EXPRESSION = "alarm"  # the ID of the query that the alarm evaluates


class MetricAlarm(CloudwatchMetricAlarm):
    """Define an alarm. `actions` are ARNs that are known only to Terraform, instead of those of the alarm."""

    def __init__(
        self, scope: Construct, id_: str, *, alarm: alarms.MetricAlarm, actions: list[str] | None = None
    ) -> None:
        super().__init__(
            scope,
            id_,
            alarm_name=alarm.name,
            alarm_description=alarm.description,
            threshold=alarm.threshold,
            comparison_operator=alarm.comparison_operator,
            evaluation_periods=alarm.evaluation_periods,
            datapoints_to_alarm=alarm.datapoints_to_alarm,
            treat_missing_data=alarm.treat_missing_data,
            alarm_actions=actions or [*alarm.alarm_actions] or None,
            ok_actions=[*alarm.ok_actions] or None,
            **_subject(alarm),
        )


def _subject(alarm: alarms.MetricAlarm) -> Mapping[str, Any]:
    """Return the arguments for what the alarm evaluates: those of its only metric, or queries."""
    if alarm.expression:
        return {"metric_query": [*_queries(alarm)]}
    (metric,) = alarm.metrics
    # With `ignore`, an alarm about p99 would need a thousand requests in each period to change its state.
    few_requests = {"evaluate_low_sample_count_percentiles": "evaluate"} if metric.is_percentile else {}
    return {**metric.to_alarm_arguments(), **few_requests}


def _queries(alarm: alarms.MetricAlarm) -> Iterator[CloudwatchMetricAlarmMetricQuery]:
    expression = {"id": _EXPRESSION, "expression": alarm.expression, "label": alarm.name, "return_data": True}
    yield build_block(CloudwatchMetricAlarmMetricQuery, expression)
    for index, metric in enumerate(alarm.metrics):
        values = {**_metric(metric), "period": metric.period, "stat": metric.statistic}
        yield build_block(CloudwatchMetricAlarmMetricQuery, {"id": f"m{index}", "metric": values})


def _metric(metric: Metric) -> dict[str, Any]:
    definition = metric.definition
    return {
        "namespace": definition.namespace,
        "metric_name": definition.name,
        "dimensions": dict(metric.dimensions),
    }
