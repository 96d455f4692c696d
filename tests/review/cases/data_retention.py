"""Plans for the rules of `data_retention`."""

from typing import Any

from tests.review.cases.shapes import BUCKET, LOGS, Cases, enabled, updated, updating, writing
from tests.review.fragments import Json, captured, change

_LIFECYCLE = "aws_s3_bucket_lifecycle_configuration.L"


def _telling(topic: str) -> Json:
    return {"notification_config": [{"error_topic": f"arn:aws:sns:us-west-2:111122223333:{topic}"}]}


def _lifecycle(before: Json, after: Json) -> dict[str, Any]:
    return updating(_LIFECYCLE, before, after)


def _keeping(days: int, noncurrent: int = 30) -> Json:
    expires = {"noncurrent_version_expiration": [{"noncurrent_days": noncurrent}]}
    return enabled(expiration=[{"days": days}], **expires) if days else enabled(**expires)


def _under(prefix: str, days: int = 90, **rule: Any) -> Json:
    """Return a lifecycle rule about a prefix."""
    return enabled(filter=[{"prefix": prefix}], expiration=[{"days": days}], **rule)


_NONCURRENT: Json = {"noncurrent_version_expiration": [{"noncurrent_days": 30}]}
_NEWER: Json = {"noncurrent_version_expiration": [{"noncurrent_days": 30, "newer_noncurrent_versions": "5"}]}
_TAGGED = enabled(filter=[{"and": [{"prefix": "", "tags": {"a": "b"}}]}], expiration=[{"days": 90}])

_ALARM = "aws_cloudwatch_metric_alarm.Errors"


def _notifying(account: str, argument: str = "alarm_actions") -> dict[str, Any]:
    alarm = {"alarm_name": "errors", argument: [f"arn:aws:sns:us-west-2:{account}:alarms"]}
    return {"others": [change(_ALARM, None, alarm, ("create",))]}


CASES: Cases = [
    *(
        ("data-destination-changed", _notifying("999988887777", argument), _notifying("111122223333", argument))
        for argument in ("alarm_actions", "ok_actions", "insufficient_data_actions")
    ),
    ("retention-removed", _lifecycle(_under("", **_NONCURRENT), _under("")), _lifecycle(_under(""), _under("", 9))),
    ("retention-removed", _lifecycle(_under(""), _under("data/")), _lifecycle(_under("data/"), _under(""))),
    ("retention-removed", _lifecycle(_under(""), _TAGGED), _lifecycle(_TAGGED, _under(""))),
    (
        "retention-removed",
        _lifecycle(_under(""), _under("", status="Disabled")),
        _lifecycle(_under("", status="Disabled"), _under("")),
    ),
    (
        "retention-removed",
        _lifecycle(_under("", **_NONCURRENT), _under("", **_NEWER)),
        _lifecycle(_under("", **_NEWER), _under("", **_NONCURRENT)),
    ),
    ("retention-lowered", _lifecycle(_under("data/"), _under("")), _lifecycle(_under(""), _under("data/"))),
    ("stateful-destroyed", {"changed": {BUCKET: "delete"}}, {"changed": {BUCKET: {"tags": {"a": "b"}}}}),
    ("stateful-destroyed", {"changed": {BUCKET: {"force_destroy": True}}}, {"changed": {BUCKET: {}}}),
    (
        "stateful-destroyed",
        {"changed": {"aws_s3_bucket_versioning.Capture": {"versioning_configuration": [{"status": "Suspended"}]}}},
        {"changed": {"aws_s3_bucket_versioning.Capture": {}}},
    ),
    (
        "stateful-destroyed",
        {"changed": {"aws_s3_bucket_versioning.Capture": "delete"}},
        {"changed": {"aws_s3_bucket_versioning.Capture": (("forget",), {})}},
    ),
    (
        "data-destination-changed",
        {"changed": updated(captured(destination_s3_uri="s3://others/data"))},
        {"changed": updated(captured(initial_sampling_percentage=10))},
    ),
    (
        "data-destination-changed",
        writing({"s3_output_path": "s3://acme-out"}, {"s3_output_path": "s3://others"}),
        writing({"s3_output_path": "s3://acme-out"}, {"s3_output_path": "s3://acme-out"}),
    ),
    (
        "data-destination-changed",
        writing(_telling("acme"), _telling("others")),
        writing(_telling("acme"), _telling("acme")),
    ),
    (
        "data-destination-changed",
        {"others": [change("aws_s3_bucket_replication_configuration.R", None, {"bucket": "b"}, ("create",))]},
        {"others": [change("aws_s3_bucket_replication_configuration.R", {"bucket": "b"}, None, ("delete",))]},
    ),
    (
        "capture-off",
        {"changed": updated({"name": "b", "data_capture_config": []})},
        {"changed": updated(captured(initial_sampling_percentage=10))},
    ),
    (
        "capture-reduced",
        {"changed": updated(captured(initial_sampling_percentage=10))},
        {"changed": updated(captured(kms_key_id="k"))},
    ),
    ("capture-reduced", {"changed": updated(captured(capture_options=[{"capture_mode": "Input"}]))}, {"changed": {}}),
    (
        "retention-lowered",
        {"changed": {LOGS: {"retention_in_days": 30}}},
        {"changed": {LOGS: {"retention_in_days": 400}}},
    ),
    (
        "retention-lowered",
        updating(_LIFECYCLE, _keeping(365), _keeping(365, 7)),
        updating(_LIFECYCLE, _keeping(365), _keeping(365, 60)),
    ),
    (
        "retention-lowered",
        updating(_LIFECYCLE, _keeping(0), _keeping(30)),
        updating(_LIFECYCLE, _keeping(0), {"rule": [{**_keeping(30)["rule"][0], "status": "Disabled"}]}),
    ),
    (
        "retention-removed",
        updating(_LIFECYCLE, _keeping(365), _keeping(0)),
        updating(_LIFECYCLE, _keeping(365), _keeping(400)),
    ),
    (
        "retention-removed",
        updating(_LIFECYCLE, _keeping(365), None),
        {"changed": {BUCKET: "delete"}, **updating(_LIFECYCLE, _keeping(365), None)},
    ),
    ("retention-removed", {"changed": {LOGS: {"retention_in_days": 0}}}, {"changed": {LOGS: "delete"}}),
]
