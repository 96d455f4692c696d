"""The CloudWatch alarms of an endpoint."""

from collections.abc import Sequence

from constructs import Construct

from protected_endpoints.constructs.metric_alarm import MetricAlarm
from protected_endpoints.deployment import alarms


class Alarms(Construct):
    """Define alarms in a scope of their own. They name metrics, so that they can exist before the endpoint.

    Attributes:
        resources: the alarms. The endpoint depends on them, so that it is watched from its first request.

    """

    def __init__(self, scope: Construct, id_: str, *, metric_alarms: Sequence[alarms.MetricAlarm]) -> None:
        super().__init__(scope, id_)
        self.resources = [MetricAlarm(self, alarm.key, alarm=alarm) for alarm in metric_alarms]
