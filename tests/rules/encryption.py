"""KMS keys and what they encrypt."""

from tests.loading.support import Table
from tests.rules.pair import KEY, OVERRIDE, PROVIDER_6, ROLE, Pair

_OTHER_REGION_KEY = "arn:aws:kms:eu-west-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab"
_TOPIC = "arn:aws:sns:us-west-2:111122223333:answers"
_SETTINGS = {"admins": [f"{ROLE}/security"], "rotation_period_in_days": 365, "deletion_window_in_days": 30}


def _output_encrypted_with(key: str) -> Table:
    return {
        "async_inference_config": {
            "input_locations": ["s3://acme/requests"],
            "input_kms_key_id": key,
            "output_config": {
                "s3_output_path": "s3://acme/answers",
                "kms_key_id": key,
                "notification_config": {"success_topic": _TOPIC, "kms_key_id": key},
            },
        },
        "core_dump_config": {"destination_s3_uri": "s3://acme/dumps", "kms_key_id": key},
    }


def _model_data_encrypted_with(key: str) -> Table:
    source = {"s3_uri": "s3://my-bucket/adapters/", "s3_data_type": "S3Prefix"}
    adapter = {"channel_name": "adapter", "s3_data_source": source, "model_data_kms_key_arn": key}
    return {"project": PROVIDER_6, "model_data_kms_key_arn": key, "additional_model_data_source": [adapter]}


PAIRS = [
    Pair(
        "key-not-in-region",
        passes={"kms": {"key_arn": KEY}},
        fails={"kms": {"key_arn": _OTHER_REGION_KEY}},
        messages=(
            f'endpoints.kmeans.kms.key_arn: the key is not in region us-west-2, got "{_OTHER_REGION_KEY}"; use a key '
            f"in that region, or {OVERRIDE}",
        ),
    ),
    Pair(
        "key-not-in-region",  # keys of output and core dumps
        passes=_output_encrypted_with(KEY),
        fails=_output_encrypted_with(_OTHER_REGION_KEY),
        messages=tuple(
            f'endpoints.kmeans.{key_path}: the key is not in region us-west-2, got "{_OTHER_REGION_KEY}"; use a key in '
            f"that region, or {OVERRIDE}"
            for key_path in (
                "async_inference_config.input_kms_key_id",
                "async_inference_config.output_config.kms_key_id",
                "async_inference_config.output_config.notification_config.kms_key_id",
                "core_dump_config.kms_key_id",
            )
        ),
    ),
    Pair(
        "key-not-in-region",  # keys of model data
        passes=_model_data_encrypted_with(KEY),
        fails=_model_data_encrypted_with(_OTHER_REGION_KEY),
        messages=tuple(
            f'endpoints.kmeans.{key_path}: the key is not in region us-west-2, got "{_OTHER_REGION_KEY}"; use a key in '
            f"that region, or {OVERRIDE}"
            for key_path in ("model_data_kms_key_arn", "additional_model_data_source[0].model_data_kms_key_arn")
        ),
    ),
    Pair(
        "key-setting-unused",
        passes={"kms": _SETTINGS, "in_environment": {"deployers": [f"{ROLE}/ci"]}},
        fails={"kms": {**_SETTINGS, "key_arn": KEY}, "in_environment": {"deployers": [f"{ROLE}/ci"]}},
        messages=tuple(
            f"endpoints.kmeans.kms.{key}: has no effect on the existing key in key_arn, got {value}; remove one of them"
            for key, value in (
                ("admins", f'["{ROLE}/security"]'),
                ("rotation_period_in_days", 365),
                ("deletion_window_in_days", 30),
            )
        ),
    ),
    Pair(
        "local-storage-not-under-key",
        passes={"instance_type": "ml.m5.xlarge"},
        fails={"instance_type": "ml.m5d.xlarge"},
        messages=(
            "endpoints.kmeans.instance_type: has local NVMe storage, which the instance hardware encrypts "
            'instead of the KMS key, got "ml.m5d.xlarge"; choose a type without local storage if the KMS key '
            "must encrypt all data",
        ),
    ),
]
