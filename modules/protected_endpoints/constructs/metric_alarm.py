"""A CloudWatch alarm about one metric."""

from constructs import Construct

from protected_endpoints.bindings import CloudwatchMetricAlarm
from protected_endpoints.deployment import alarms


class MetricAlarm(CloudwatchMetricAlarm):
    """Define an alarm whose actions are ARNs, such as that of a scaling policy."""

    def __init__(self, scope: Construct, id_: str, *, alarm: alarms.MetricAlarm, actions: list[str]) -> None:
        [metric] = alarm.metrics
        super().__init__(
            scope,
            id_,
            alarm_name=alarm.name,
            alarm_description=alarm.description,
            namespace=metric.definition.namespace,
            metric_name=metric.definition.name,
            dimensions=dict(metric.dimensions),
            statistic=metric.statistic,
            period=metric.period,
            threshold=alarm.threshold,
            comparison_operator=alarm.comparison_operator,
            evaluation_periods=alarm.evaluation_periods,
            datapoints_to_alarm=alarm.datapoints_to_alarm,
            treat_missing_data=alarm.treat_missing_data,
            alarm_actions=actions,
        )
