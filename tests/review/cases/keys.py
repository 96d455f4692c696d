"""Plans for the rules of `keys`."""

from tests.review.cases.shapes import LOGS, OWN_KEY, Cases, updated
from tests.review.fragments import KEY

_ELSEWHERE = "arn:aws:kms:us-west-2:999988887777:key/1234abcd-12ab-34cd-56ef-1234567890ab"
_ENCRYPTION = "aws_s3_bucket_server_side_encryption_configuration.Capture"
_SSE = "apply_server_side_encryption_by_default"

CASES: Cases = [
    ("key-destroyed", {"changed": {OWN_KEY: "delete"}}, {"changed": {OWN_KEY: {"enable_key_rotation": False}}}),
    (
        "key-destroyed",
        {"changed": {OWN_KEY: {"deletion_window_in_days": 7}}},
        {"changed": {OWN_KEY: {"deletion_window_in_days": 31}}},
    ),
    ("key-destroyed", {"changed": {OWN_KEY: {"is_enabled": False}}}, {"changed": {OWN_KEY: {"is_enabled": True}}}),
    (
        "encryption-removed",
        {"changed": updated({"name": "b", "kms_key_arn": None})},
        {"changed": updated({"name": "b", "kms_key_arn": "k"})},
    ),
    ("encryption-removed", {"changed": {LOGS: {"kms_key_id": None}}}, {"changed": {LOGS: {"retention_in_days": 30}}}),
    (
        "encryption-removed",
        {"changed": {_ENCRYPTION: {"rule": [{_SSE: [{"sse_algorithm": "AES256", "kms_master_key_id": _ELSEWHERE}]}]}}},
        {"changed": {_ENCRYPTION: {"rule": [{_SSE: [{"sse_algorithm": "aws:kms:dsse", "kms_master_key_id": KEY}]}]}}},
    ),
    ("key-changed", {"changed": {LOGS: {"kms_key_id": _ELSEWHERE}}}, {"changed": {LOGS: {"kms_key_id": None}}}),
    (
        "rotation-off",
        {"changed": {OWN_KEY: {"enable_key_rotation": False}}},
        {"changed": {OWN_KEY: {"rotation_period_in_days": 90}}},
    ),
]
