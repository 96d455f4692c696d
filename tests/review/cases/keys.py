"""Plans for the rules of `keys`."""

from typing import Any

from tests.review.cases.shapes import LOGS, MANAGED_KEY, Cases, updated, updating, writing
from tests.review.fragments import KEY, NEW_FIRST, Json, change

_OTHER_KEY = "arn:aws:kms:us-west-2:999988887777:key/1234abcd-12ab-34cd-56ef-1234567890ab"
_ENCRYPTION = "aws_s3_bucket_server_side_encryption_configuration.Capture"
_SSE = "apply_server_side_encryption_by_default"


def _dumping(before: str, after: str) -> Json:
    """Return a variant whose core dumps are encrypted with another key."""
    old, new = (
        {"production_variants": [{"variant_name": "A", "core_dump_config": [{"kms_key_id": key}]}]}
        for key in (before, after)
    )
    return change("aws_sagemaker_endpoint_configuration.C", old, new, NEW_FIRST)


def _deleted_elsewhere(action: str) -> dict[str, Any]:
    """Return a key that the provider no longer finds, and that the plan creates again or no longer has."""
    address, key = "aws_kms_key.Elsewhere", {"arn": _OTHER_KEY}
    planned = [change(address, None, {"enable_key_rotation": True}, ("create",))] if action == "create" else []
    return {"others": planned, "resource_drift": [change(address, key, None, ("delete",))]}


def _created(days: int) -> dict[str, Any]:
    arguments = {"arn": _OTHER_KEY, "enable_key_rotation": True, "deletion_window_in_days": days}
    return {"others": [change("aws_kms_key.New", None, arguments, ("create",))]}


CASES: Cases = [
    ("key-window-short", _created(7), _created(30)),
    ("key-destroyed", _deleted_elsewhere("create"), _deleted_elsewhere("no-op")),
    (
        "key-destroyed",
        {"changed": {MANAGED_KEY: {"deletion_window_in_days": 7}}},
        {"changed": {MANAGED_KEY: {"deletion_window_in_days": None}}},
    ),
    (
        "key-destroyed",
        updating("aws_kms_key.Default", {"arn": _OTHER_KEY}, {"arn": _OTHER_KEY, "deletion_window_in_days": 7}),
        updating("aws_kms_key.Default", {"arn": _OTHER_KEY}, {"arn": _OTHER_KEY, "deletion_window_in_days": 30}),
    ),
    ("key-destroyed", {"changed": {MANAGED_KEY: "delete"}}, {"changed": {MANAGED_KEY: {"enable_key_rotation": False}}}),
    (
        "key-destroyed",
        {"changed": {MANAGED_KEY: {"deletion_window_in_days": 7}}},
        {"changed": {MANAGED_KEY: {"deletion_window_in_days": 31}}},
    ),
    (
        "key-destroyed",
        {"changed": {MANAGED_KEY: {"is_enabled": False}}},
        {"changed": {MANAGED_KEY: {"is_enabled": True}}},
    ),
    (
        "encryption-removed",
        {"changed": updated({"name": "b", "kms_key_arn": None})},
        {"changed": updated({"name": "b", "kms_key_arn": "k"})},
    ),
    ("encryption-removed", {"changed": {LOGS: {"kms_key_id": None}}}, {"changed": {LOGS: {"retention_in_days": 30}}}),
    (
        "encryption-removed",
        {"changed": {_ENCRYPTION: {"rule": [{_SSE: [{"sse_algorithm": "AES256", "kms_master_key_id": _OTHER_KEY}]}]}}},
        {"changed": {_ENCRYPTION: {"rule": [{_SSE: [{"sse_algorithm": "aws:kms:dsse", "kms_master_key_id": KEY}]}]}}},
    ),
    (
        "encryption-removed",
        writing({"kms_key_id": KEY}, {"s3_output_path": "s3://a"}),
        writing({"kms_key_id": KEY}, {"kms_key_id": KEY}),
    ),
    ("key-changed", writing({"kms_key_id": KEY}, {"kms_key_id": _OTHER_KEY}), {"changed": {}}),
    (
        "key-changed",
        {"others": [_dumping(KEY, _OTHER_KEY)]},
        {"others": [_dumping(_OTHER_KEY, KEY)]},
    ),
    ("key-changed", {"changed": {LOGS: {"kms_key_id": _OTHER_KEY}}}, {"changed": {LOGS: {"kms_key_id": None}}}),
    (
        "rotation-off",
        {"changed": {MANAGED_KEY: {"enable_key_rotation": False}}},
        {"changed": {MANAGED_KEY: {"rotation_period_in_days": 90}}},
    ),
    (
        "rotation-off",
        updating("aws_kms_key.Other", {"rotation_period_in_days": 90}, {"rotation_period_in_days": 2560}),
        updating("aws_kms_key.Other", {"rotation_period_in_days": 365}, {"rotation_period_in_days": 90}),
    ),
]
