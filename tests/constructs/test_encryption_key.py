"""The KMS key of an endpoint."""

import json

from tests.support import only, resources, synth

_KEY = "${aws_kms_key.Key.arn}"
_EXISTING_KEY = "arn:aws:kms:us-west-2:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab"


def test_a_managed_key_rotates_and_cannot_be_destroyed() -> None:
    key = only(synth(kms={"rotation_period_in_days": 90, "deletion_window_in_days": 7}), "aws_kms_key")
    assert key["enable_key_rotation"] is True
    assert (key["rotation_period_in_days"], key["deletion_window_in_days"]) == (90, 7)
    assert key["lifecycle"] == {"prevent_destroy": True}


def test_with_a_relaxation_the_key_and_the_bucket_can_be_destroyed() -> None:
    stack = synth(relax={"prevent_destroy": "the endpoint is retired"})
    assert only(stack, "aws_kms_key")["lifecycle"] == {"prevent_destroy": False}
    assert only(stack, "aws_s3_bucket")["lifecycle"] == {"prevent_destroy": False}
    assert only(stack, "aws_s3_bucket")["force_destroy"] is True


def test_the_key_encrypts_volumes_captured_data_and_logs() -> None:
    stack = synth()
    configuration = only(stack, "aws_sagemaker_endpoint_configuration")
    assert configuration["kms_key_arn"] == _KEY
    assert configuration["data_capture_config"]["kms_key_id"] == _KEY
    assert only(stack, "aws_cloudwatch_log_group")["kms_key_id"] == _KEY
    (rule,) = only(stack, "aws_s3_bucket_server_side_encryption_configuration")["rule"]
    assert rule == {
        "apply_server_side_encryption_by_default": {"sse_algorithm": "aws:kms", "kms_master_key_id": _KEY},
        "bucket_key_enabled": True,
    }


def test_an_existing_key_replaces_the_managed_key_everywhere() -> None:
    stack = synth(kms={"key_arn": _EXISTING_KEY})
    assert only(stack, "aws_kms_key")["count"] == 0
    assert not resources(stack, "aws_kms_alias")
    assert "${aws_kms_key" not in json.dumps(stack["resource"])
    assert only(stack, "aws_sagemaker_endpoint_configuration")["kms_key_arn"] == _EXISTING_KEY
    assert stack["output"]["kms_key_arn"]["value"] == _EXISTING_KEY
