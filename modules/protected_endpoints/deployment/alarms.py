"""The CloudWatch alarms of an endpoint, resolved: names, metrics and thresholds in the unit of the metric."""

from dataclasses import dataclass
from typing import Literal

from protected_endpoints.deployment.metrics import Metric

ComparisonOperator = Literal[
    "GreaterThanThreshold", "GreaterThanOrEqualToThreshold", "LessThanThreshold", "LessThanOrEqualToThreshold"
]
MissingData = Literal["notBreaching", "breaching", "missing", "ignore"]


@dataclass(frozen=True)
class MetricAlarm:
    """A CloudWatch alarm about one metric, or about an expression over several (PutMetricAlarm).

    `key` is the ID of its construct, `name` the name in AWS. An `expression` refers to the metrics as m0, m1 and so on.
    `threshold` is in the unit of the metric; `threshold_meaning` says which part of an instance it is, where that unit
    does not. `datapoints_to_alarm` of `evaluation_periods` periods have to breach it. `alarm_actions` and `ok_actions`
    are ARNs: SNS topics, or scaling policies.
    """

    key: str
    name: str
    description: str
    metrics: tuple[Metric, ...]
    threshold: float
    comparison_operator: ComparisonOperator
    evaluation_periods: int
    datapoints_to_alarm: int
    treat_missing_data: MissingData
    expression: str = ""
    threshold_meaning: str = ""
    alarm_actions: tuple[str, ...] = ()
    ok_actions: tuple[str, ...] = ()
