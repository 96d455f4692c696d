"""The defaults of this project, with which a resource that a plan creates is compared.

A resource that exists is compared with itself before. Without these defaults, a protection that was never on could not
be removed, so that a first plan could not weaken any.
"""

from collections.abc import Sequence
from typing import Any

from protected_endpoints.review.analysis.endpoints import variants
from protected_endpoints.review.plan.resource_types import (
    ALARM,
    BUCKET,
    BUCKET_ENCRYPTION,
    CONFIGURATION,
    MODEL,
    TOPIC,
    TRAIL,
)
from protected_endpoints.review.plan.values import UNKNOWN, Json, as_list, first_block

PUBLIC_ACCESS_SETTINGS = ("block_public_acls", "block_public_policy", "ignore_public_acls", "restrict_public_buckets")
_KEY = UNKNOWN  # the ARN of a managed key, which is known only after apply
_CAPTURE = {
    "enable_capture": True,
    "initial_sampling_percentage": 100,
    "kms_key_id": _KEY,
    "capture_options": [{"capture_mode": "Input"}, {"capture_mode": "Output"}],
}
_DEFAULTS: dict[str, Json] = {
    "aws_kms_key": {"enable_key_rotation": True, "deletion_window_in_days": 30, "is_enabled": True},
    BUCKET: {"force_destroy": False},
    BUCKET_ENCRYPTION: {
        "rule": [{"apply_server_side_encryption_by_default": [{"sse_algorithm": "aws:kms", "kms_master_key_id": _KEY}]}]
    },
    "aws_s3_bucket_ownership_controls": {"rule": [{"object_ownership": "BucketOwnerEnforced"}]},
    "aws_s3_account_public_access_block": dict.fromkeys(PUBLIC_ACCESS_SETTINGS, True),
    "aws_s3_bucket_public_access_block": dict.fromkeys(PUBLIC_ACCESS_SETTINGS, True),
    "aws_s3_bucket_versioning": {"versioning_configuration": [{"status": "Enabled"}]},
    "aws_cloudwatch_log_group": {"kms_key_id": _KEY, "retention_in_days": 365},
    ALARM: {"actions_enabled": True},
    TOPIC: {"kms_master_key_id": _KEY},
    TRAIL: {"enable_logging": True, "enable_log_file_validation": True, "kms_key_id": _KEY},
    "aws_vpc_endpoint": {"private_dns_enabled": True},
}


def default(type_: str, after: Json) -> Json:
    """Return the protections that this project gives a new resource of a type, and none if it creates no such type."""
    if type_ == MODEL:
        return {"enable_network_isolation": True}
    if type_ == CONFIGURATION:
        return _configuration(after)
    if type_ == "aws_vpc_endpoint" and after.get("vpc_endpoint_type", "Gateway") == "Gateway":
        return {}  # private DNS is a setting of interface endpoints
    return _DEFAULTS.get(type_, {})


def is_serverless(configurations: Sequence[Json]) -> bool:
    """Return whether all variants are serverless. SageMaker supports no network isolation, VPC or capture for them."""
    all_variants: list[Any] = [variant for configuration in configurations for variant in variants(configuration)]
    return bool(all_variants) and all(first_block(variant.get("serverless_config")) for variant in all_variants)


def _configuration(after: Json) -> Json:
    if is_serverless([after]):
        return {}
    outputs = as_list(after.get("async_inference_config"))
    output = [{"output_config": [{"kms_key_id": _KEY}]}] if outputs else []
    dumps = [
        {"variant_name": variant.get("variant_name"), "core_dump_config": [{"kms_key_id": _KEY}]}
        for variant in variants(after)
        if first_block(variant.get("core_dump_config"))
    ]
    return {
        "kms_key_arn": _KEY,
        "data_capture_config": [_CAPTURE],
        "async_inference_config": output,
        "production_variants": dumps,
    }
