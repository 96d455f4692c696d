"""The endpoint configuration: variants, data capture and asynchronous inference."""

from collections.abc import Mapping
from typing import Any

from cdktf import ITerraformDependable, TerraformResourceLifecycle
from constructs import Construct
from pydantic.main import IncEx

from protected_endpoints.bindings import (
    SagemakerEndpointConfiguration,
    SagemakerEndpointConfigurationAsyncInferenceConfig,
    SagemakerEndpointConfigurationDataCaptureConfig,
    SagemakerEndpointConfigurationProductionVariants,
    SagemakerEndpointConfigurationShadowProductionVariants,
)
from protected_endpoints.bindings.blocks import build_block
from protected_endpoints.config import AsyncInferenceConfig, DataCapture, Endpoint, Variant
from protected_endpoints.constructs.encryption_key import EncryptionKey
from protected_endpoints.constructs.execution_role import ExecutionRole
from protected_endpoints.constructs.model import Model
from protected_endpoints.deployment.endpoint_names import EndpointNames
from protected_endpoints.deployment.s3_location import S3Location

# "InputAndOutput" is in the API's enumeration, but CreateEndpoint refuses it.
_CAPTURE_OPTIONS = {"All": ("Input", "Output"), "Input": ("Input",), "Output": ("Output",)}

# Keys of async_inference_config that only IAM and KMS policies use. SageMaker has no such arguments.
_ONLY_FOR_POLICIES: Mapping[str, IncEx | bool] = {
    "input_locations": True,
    "input_kms_key_id": True,
    "output_config": {"readers": True, "notification_config": {"kms_key_id"}},
}


class EndpointConfiguration(SagemakerEndpointConfiguration):
    """Define the variants of an endpoint, its data capture and its asynchronous output, encrypted with its key.

    SageMaker cannot change an endpoint configuration. Terraform creates a new one with a generated name, updates the
    endpoint to it and then deletes the previous one. With a fixed name the change would never reach the endpoint.
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        names: EndpointNames,
        endpoint: Endpoint,
        models: dict[str, Model],
        role: ExecutionRole,
        key: EncryptionKey,
        capture: S3Location | None,
        depends_on: list[ITerraformDependable],
    ) -> None:
        async_config = endpoint.async_inference_config
        shadow_variants = [
            build_block(SagemakerEndpointConfigurationShadowProductionVariants, _variant(variant, models))
            for variant in endpoint.shadow_variants
        ]
        super().__init__(
            scope,
            id_,
            name_prefix=names.configuration_prefix,
            # Serverless inference has no volume that a key could encrypt.
            kms_key_arn=None if endpoint.is_serverless else key.arn,
            execution_role_arn=role.arn if endpoint.uses_inference_components else None,
            production_variants=[
                build_block(SagemakerEndpointConfigurationProductionVariants, _variant(variant, models))
                for variant in endpoint.production_variants
            ],
            shadow_production_variants=shadow_variants or None,
            async_inference_config=_async_inference(async_config, key) if async_config else None,
            data_capture_config=_data_capture(endpoint.data_capture, capture, key) if capture else None,
            lifecycle=TerraformResourceLifecycle(create_before_destroy=True),
            depends_on=depends_on,
        )


def _variant(variant: Variant, models: dict[str, Model]) -> dict[str, Any]:
    """Return the arguments of a variant. Their names are the keys of endpoints.toml, except for the model."""
    arguments = variant.model_dump(exclude={"model", "scaling"}, exclude_none=True)
    if variant.model:
        arguments["model_name"] = models[variant.model].name
        arguments.setdefault("initial_variant_weight", 1)
    if variant.instance_type:
        arguments["initial_instance_count"] = variant.instance_count
    return arguments


def _async_inference(
    settings: AsyncInferenceConfig, key: EncryptionKey
) -> SagemakerEndpointConfigurationAsyncInferenceConfig:
    arguments = settings.model_dump(exclude_none=True, exclude=_ONLY_FOR_POLICIES)
    arguments["output_config"].setdefault("kms_key_id", key.arn)
    return build_block(SagemakerEndpointConfigurationAsyncInferenceConfig, arguments)


def _data_capture(
    settings: DataCapture, capture: S3Location, key: EncryptionKey
) -> SagemakerEndpointConfigurationDataCaptureConfig:
    header = settings.capture_content_type_header
    arguments = {
        "enable_capture": True,
        "initial_sampling_percentage": settings.initial_sampling_percentage,
        "destination_s3_uri": capture.uri,
        "kms_key_id": key.arn,
        "capture_options": tuple({"capture_mode": mode} for mode in _CAPTURE_OPTIONS[settings.capture_mode]),
        "capture_content_type_header": header.model_dump() if header else None,
    }
    return build_block(SagemakerEndpointConfigurationDataCaptureConfig, arguments)
