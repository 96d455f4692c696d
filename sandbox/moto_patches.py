"""Behavior that moto lacks outside of SageMaker and Application Auto Scaling."""

import json
from itertools import pairwise
from typing import Any

from moto.cloudwatch.exceptions import ValidationError
from moto.cloudwatch.models import Alarm, CloudWatchBackend
from moto.cloudwatch.responses import CloudWatchResponse
from moto.core.responses import ActionResult
from moto.iam.access_control import PermissionResult
from moto.kms.responses import KmsResponse
from moto.logs.responses import LogsResponse
from moto.s3.models import FakeBucket
from moto.s3.responses import S3Response


def apply_patches() -> None:
    """Add rotation periods of keys, keys of log groups, states and history of alarms, and EventBridge of buckets.

    It also turns bucket policies off.

    A new alarm has no data, and an update leaves its state unchanged (CloudWatch API Reference, PutMetricAlarm).

    moto ignores the conditions of a deny statement in a bucket policy. tests/attacks evaluates bucket policies; the
    emulator only stores them.
    """
    periods: dict[str, int] = {}
    enable, status = KmsResponse.enable_key_rotation, KmsResponse.get_key_rotation_status

    def enable_key_rotation(self: KmsResponse) -> str:
        periods[self._get_param("KeyId")] = self._get_param("RotationPeriodInDays") or 365
        return enable(self)

    def get_key_rotation_status(self: KmsResponse) -> str:
        key_id = self._get_param("KeyId")
        return json.dumps({**json.loads(status(self)), "RotationPeriodInDays": periods.get(key_id, 365)})

    def associate_kms_key(self: LogsResponse) -> str:
        self.logs_backend.groups[self._get_param("logGroupName")].kms_key_id = self._get_param("kmsKeyId")
        return "{}"

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

    def get_permission(self: FakeBucket, action: str, resource: str) -> PermissionResult:  # noqa: ARG001  reason: moto's
        return PermissionResult.NEUTRAL

    notification_of_moto = S3Response.get_bucket_notification

    def get_bucket_notification(self: S3Response) -> Any:
        configuration = self.backend.get_bucket_notification_configuration(self.bucket_name)
        if configuration is None or configuration.event_bridge is None:
            return notification_of_moto(self)
        self.data["Action"] = "GetBucketNotificationConfiguration"
        return self.serialized(ActionResult({"EventBridgeConfiguration": {}}))

    _add(CloudWatchBackend, put_metric_alarm)
    _add(CloudWatchResponse, describe_alarm_history)
    _add(FakeBucket, get_permission)
    _add(KmsResponse, enable_key_rotation, get_key_rotation_status)
    _add(LogsResponse, associate_kms_key)
    _add(S3Response, get_bucket_notification)


def _add(responses: type, *methods: Any) -> None:
    for method in methods:
        setattr(responses, method.__name__, method)
