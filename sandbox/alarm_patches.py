"""States of alarms in moto, which has none but `OK`.

A new alarm has no data, and an update leaves its state unchanged (CloudWatch API Reference, PutMetricAlarm). The states
are set by `sandbox/alarm_states.py`.
"""

from itertools import pairwise
from typing import Any

from moto.cloudwatch.exceptions import ValidationError
from moto.cloudwatch.models import Alarm, CloudWatchBackend
from moto.cloudwatch.responses import CloudWatchResponse
from moto.core.responses import ActionResult

from sandbox.moto_patches import add_methods


def patch_alarms() -> None:
    """Let moto keep states of alarms, and describe their history."""
    put_metric_alarm_of_moto = CloudWatchBackend.put_metric_alarm

    def put_metric_alarm(self: CloudWatchBackend, name: str, *arguments: Any, **settings: Any) -> Alarm:
        if (settings.get("datapoints_to_alarm") or 1) > settings["evaluation_periods"]:
            raise ValidationError("DatapointsToAlarm must be less than or equal to EvaluationPeriods.")
        before = self.alarms.get(name)
        alarm = put_metric_alarm_of_moto(self, name, *arguments, **settings)
        alarm.state_value = before.state_value if before else "INSUFFICIENT_DATA"
        alarm.history = before.history if before else []
        return alarm

    def describe_alarm_history(self: CloudWatchResponse) -> ActionResult:
        alarm = self.cloudwatch_backend.alarms[self._get_param("AlarmName")]
        states = [state for _, _, _, state, _ in alarm.history] + [alarm.state_value]
        summaries = [f"Alarm updated from {before} to {after}" for before, after in pairwise(states)]
        items = [{"HistoryItemType": "StateUpdate", "HistorySummary": summary} for summary in summaries]
        return ActionResult({"AlarmHistoryItems": items[::-1]})

    add_methods(CloudWatchBackend, put_metric_alarm)
    add_methods(CloudWatchResponse, describe_alarm_history)
