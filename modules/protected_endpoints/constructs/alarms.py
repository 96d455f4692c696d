"""CloudWatch alarms."""

from collections.abc import Sequence

from cdktf import ITerraformDependable
from constructs import Construct

from protected_endpoints.bindings import (
    CloudwatchMetricAlarm,
    CloudwatchMetricAlarmMetricQuery,
    CloudwatchMetricAlarmMetricQueryMetric,
)
from protected_endpoints.deployment.alarms import MetricAlarm
from protected_endpoints.deployment.metrics import Metric


class Alarm(CloudwatchMetricAlarm):
    """Define an alarm about one metric, or about an expression over several.

    A percentile of few requests is one of them: such a period leaves the state of the alarm as it is.
    """

    def __init__(self, scope: Construct, id_: str, *, alarm: MetricAlarm) -> None:
        (metric, *_), is_math = alarm.metrics, bool(alarm.expression)
        is_percentile = not is_math and metric.is_percentile
        super().__init__(
            scope,
            id_,
            alarm_name=alarm.name,
            alarm_description=alarm.description,
            namespace=None if is_math else metric.definition.namespace,
            metric_name=None if is_math else metric.definition.name,
            dimensions=None if is_math else dict(metric.dimensions),
            period=None if is_math else metric.period,
            statistic=None if is_math or is_percentile else metric.statistic,
            extended_statistic=metric.statistic if is_percentile else None,
            evaluate_low_sample_count_percentiles="ignore" if is_percentile else None,
            metric_query=_queries(alarm) if is_math else None,
            threshold=alarm.threshold,
            comparison_operator=alarm.comparison_operator,
            evaluation_periods=alarm.evaluation_periods,
            datapoints_to_alarm=alarm.datapoints_to_alarm,
            treat_missing_data=alarm.treat_missing_data,
            alarm_actions=[*alarm.alarm_actions] or None,
            ok_actions=[*alarm.ok_actions] or None,
        )


class Alarms(Construct):
    """Define alarms in a scope of their own. They name metrics, so that they exist before what publishes them.

    Attributes:
        alarms: the alarms by their keys.

    """

    def __init__(self, scope: Construct, id_: str, *, alarms: Sequence[MetricAlarm]) -> None:
        super().__init__(scope, id_)
        self.alarms = {alarm.key: Alarm(self, alarm.key, alarm=alarm) for alarm in alarms}

    @property
    def dependencies(self) -> list[ITerraformDependable]:
        """Return what the endpoint depends on, so that it is watched from its first request."""
        return [*self.alarms.values()]


def _queries(alarm: MetricAlarm) -> list[CloudwatchMetricAlarmMetricQuery]:
    """Return the metrics as m0, m1 and so on, and the expression over them."""
    return [
        *(_query(f"m{index}", metric) for index, metric in enumerate(alarm.metrics)),
        CloudwatchMetricAlarmMetricQuery(id="result", expression=alarm.expression, return_data=True),
    ]


def _query(id_: str, metric: Metric) -> CloudwatchMetricAlarmMetricQuery:
    return CloudwatchMetricAlarmMetricQuery(
        id=id_,
        metric=CloudwatchMetricAlarmMetricQueryMetric(
            namespace=metric.definition.namespace,
            metric_name=metric.definition.name,
            dimensions=dict(metric.dimensions),
            period=metric.period,
            stat=metric.statistic,
        ),
        return_data=False,
    )
