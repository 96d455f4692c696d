"""Rules about KMS keys and what they encrypt."""

from collections.abc import Iterator

from protected_endpoints.aws.instance_types import has_local_storage
from protected_endpoints.deployment import Deployment
from protected_endpoints.errors import KeyPath, Problem
from protected_endpoints.rules.helpers import REMOVE_ONE, not_in_region
from protected_endpoints.rules.registry import endpoint_rule


@endpoint_rule("key-not-in-region")
def key_not_in_region(deployment: Deployment) -> Iterator[Problem]:
    """SageMaker, S3 and CloudWatch Logs accept keys of their own region only (rule 7)."""
    for keys, arn in _keys(deployment):
        yield from not_in_region(deployment, deployment.path(*keys), arn, "key")


@endpoint_rule("key-setting-unused")
def key_setting_unused(deployment: Deployment) -> Iterator[Problem]:
    """The owner of an existing key controls its administrators, rotation and deletion."""
    kms = deployment.endpoint.kms
    for name in ("admins", "rotation_period_in_days", "deletion_window_in_days"):
        if kms.key_arn and name in kms.model_fields_set:
            yield Problem(
                deployment.path("kms", name),
                "has no effect on the existing key in key_arn",
                REMOVE_ONE,
                value=getattr(kms, name),
            )


@endpoint_rule("local-storage-not-under-key", "warning")
def local_storage_not_under_key(deployment: Deployment) -> Iterator[Problem]:
    """A hardware module, not the KMS key, encrypts local storage (rule 53; CreateEndpointConfig, KmsKeyId)."""
    for keys, variant in deployment.endpoint.iter_variants_with_path():
        if variant.instance_type and has_local_storage(variant.instance_type):
            yield Problem(
                deployment.path(*keys, "instance_type"),
                "has local NVMe storage, which the instance hardware encrypts instead of the KMS key",
                "choose a type without local storage if the KMS key must encrypt all data",
                value=variant.instance_type,
            )


def _keys(deployment: Deployment) -> Iterator[tuple[KeyPath, str | None]]:
    """Yield every existing key of an endpoint with the keys of the file that lead to it."""
    endpoint, name = deployment.endpoint, "model_data_kms_key_arn"
    yield ("kms", "key_arn"), endpoint.kms.key_arn
    for keys, container in endpoint.iter_containers_with_path():
        yield (*keys, name), container.model_data_kms_key_arn
        for index, source in enumerate(container.additional_model_data_source):
            yield (*keys, "additional_model_data_source", index, name), source.model_data_kms_key_arn
    if settings := endpoint.async_inference_config:
        output = settings.output_config
        yield ("async_inference_config", "input_kms_key_id"), settings.input_kms_key_id
        yield ("async_inference_config", "output_config", "kms_key_id"), output.kms_key_id
        if notifications := output.notification_config:
            path = ("async_inference_config", "output_config", "notification_config", "kms_key_id")
            yield path, notifications.kms_key_id
    for keys, variant in endpoint.iter_variants_with_path():
        if variant.core_dump_config:
            yield (*keys, "core_dump_config", "kms_key_id"), variant.core_dump_config.kms_key_id
