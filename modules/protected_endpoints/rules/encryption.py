"""Rules about the key."""

from collections.abc import Iterator

from protected_endpoints.aws.service_models import has_local_storage
from protected_endpoints.deployment import Deployment
from protected_endpoints.errors import Problem
from protected_endpoints.rules.helpers import elsewhere
from protected_endpoints.rules.registry import endpoint_rule


@endpoint_rule("key-not-in-region")
def key_not_in_region(deployment: Deployment) -> Iterator[Problem]:
    """SageMaker, S3 and CloudWatch Logs use keys of their own region only (rule 7)."""
    endpoint = deployment.endpoint
    yield from elsewhere(deployment, deployment.path("kms", "key_arn"), endpoint.kms.key_arn, "key")
    for place, container in endpoint.iter_containers_with_path():
        name = "model_data_kms_key_arn"
        yield from elsewhere(deployment, deployment.path(*place, name), container.model_data_kms_key_arn, "key")
        for index, source in enumerate(container.additional_model_data_source):
            path = deployment.path(*place, "additional_model_data_source", index, name)
            yield from elsewhere(deployment, path, source.model_data_kms_key_arn, "key")
    if asynchronous := endpoint.async_inference_config:
        told = asynchronous.output_config.notification_config
        keys = {
            ("input_kms_key_id",): asynchronous.input_kms_key_id,
            ("output_config", "kms_key_id"): asynchronous.output_config.kms_key_id,
            ("output_config", "notification_config", "kms_key_id"): told.kms_key_id if told else None,
        }
        for below, key in keys.items():
            yield from elsewhere(deployment, deployment.path("async_inference_config", *below), key, "key")
    for place, variant in endpoint.iter_variants_with_path():
        if dump := variant.core_dump_config:
            path = deployment.path(*place, "core_dump_config", "kms_key_id")
            yield from elsewhere(deployment, path, dump.kms_key_id, "key")


@endpoint_rule("key-setting-unused")
def key_setting_unused(deployment: Deployment) -> Iterator[Problem]:
    """Administration, rotation and deletion of an existing key are its owner's; a setting here would do nothing."""
    kms = deployment.endpoint.kms
    for name in ("admins", "rotation_period_in_days", "deletion_window_in_days"):
        if kms.key_arn and name in kms.model_fields_set:
            yield Problem(
                deployment.path("kms", name),
                "has no effect on the existing key of key_arn",
                "leave one of the two out",
                value=getattr(kms, name),
            )


@endpoint_rule("local-storage-not-under-key", "warning")
def local_storage_not_under_key(deployment: Deployment) -> Iterator[Problem]:
    """A hardware module encrypts local storage, not the key (rule 53; CreateEndpointConfig, KmsKeyId)."""
    for place, variant in deployment.endpoint.iter_variants_with_path():
        if variant.instance_type and has_local_storage(variant.instance_type):
            yield Problem(
                deployment.path(*place, "instance_type"),
                "has local NVMe storage, which the instance's own hardware encrypts and not your key",
                "choose a type without local storage if every byte has to be under your key",
                value=variant.instance_type,
            )
