"""The endpoint and its configuration."""

from collections.abc import Mapping
from typing import Any

from cdktf import ITerraformDependable, Postcondition, TerraformResourceLifecycle
from constructs import Construct
from pydantic.main import IncEx

from protected_endpoints.bindings import (
    CloudwatchLogGroup,
    SagemakerEndpoint,
    SagemakerEndpointConfiguration,
    SagemakerEndpointConfigurationAsyncInferenceConfig,
    SagemakerEndpointConfigurationDataCaptureConfig,
    SagemakerEndpointConfigurationProductionVariants,
    SagemakerEndpointConfigurationShadowProductionVariants,
    SagemakerEndpointDeploymentConfig,
)
from protected_endpoints.bindings.blocks import block
from protected_endpoints.config import AsyncInferenceConfig, DataCapture, Endpoint, Logs, Variant
from protected_endpoints.constructs.encryption_key import EncryptionKey
from protected_endpoints.constructs.execution_role import ExecutionRole
from protected_endpoints.constructs.model import Model
from protected_endpoints.deployment.names import Names
from protected_endpoints.deployment.s3_location import S3Location

# "InputAndOutput" is in the API's enumeration, but CreateEndpoint refuses it.
_CAPTURE_OPTIONS = {"All": ("Input", "Output"), "Input": ("Input",), "Output": ("Output",)}

# What requests and topics are encrypted with and who reads answers is not told to SageMaker.
_OF_OUTPUT: Mapping[str, IncEx | bool] = {"readers": True, "notification_config": {"kms_key_id"}}
_ONLY_FOR_ROLES: Mapping[str, IncEx | bool] = {
    "input_locations": True,
    "input_kms_key_id": True,
    "output_config": _OF_OUTPUT,
}


class EndpointLogs(CloudwatchLogGroup):
    """Define the log group before the endpoint exists; SageMaker would make one unencrypted and for ever."""

    def __init__(self, scope: Construct, id_: str, *, names: Names, settings: Logs, key: EncryptionKey) -> None:
        super().__init__(
            scope,
            id_,
            name=names.log_group,
            retention_in_days=settings.retention_in_days,
            kms_key_id=key.arn,
        )


class EndpointConfiguration(SagemakerEndpointConfiguration):
    """Define what runs, what is recorded and where answers go, under the endpoint's key.

    SageMaker cannot change a configuration. Terraform makes a new one under a name of its own, moves the endpoint to
    it and deletes the old one last; with a fixed name the change would never reach the endpoint.
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        names: Names,
        endpoint: Endpoint,
        models: dict[str, Model],
        role: ExecutionRole,
        key: EncryptionKey,
        capture: S3Location | None,
        depends_on: list[ITerraformDependable],
    ) -> None:
        asynchronous = endpoint.async_inference_config
        production, shadow = (
            [_variant(each, models) for each in variants]
            for variants in (endpoint.production_variants, endpoint.shadow_variants)
        )
        super().__init__(
            scope,
            id_,
            name_prefix=names.configuration_prefix,
            # Serverless inference has no volume that a key could encrypt.
            kms_key_arn=None if endpoint.is_serverless else key.arn,
            execution_role_arn=role.arn if endpoint.uses_inference_components else None,
            production_variants=[block(SagemakerEndpointConfigurationProductionVariants, each) for each in production],
            shadow_production_variants=[
                block(SagemakerEndpointConfigurationShadowProductionVariants, each) for each in shadow
            ]
            or None,
            async_inference_config=_asynchronous(asynchronous, key) if asynchronous else None,
            data_capture_config=_data_capture(endpoint.data_capture, capture, key) if capture else None,
            lifecycle=TerraformResourceLifecycle(create_before_destroy=True),
            depends_on=depends_on,
        )


class ServingEndpoint(SagemakerEndpoint):
    """Define the endpoint, whose name stays the same for ever.

    SageMaker answers an update that it rolled back as a success. A postcondition notices that the endpoint serves
    another configuration than the wanted one and fails the apply, so that Terraform keeps the old configuration,
    which is still in use.
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        names: Names,
        endpoint: Endpoint,
        configuration: EndpointConfiguration,
        logs: EndpointLogs,
        role: ExecutionRole,
    ) -> None:
        deployment = endpoint.deployment_config
        wanted = f"aws_sagemaker_endpoint_configuration.{configuration.friendly_unique_id}.name"
        super().__init__(
            scope,
            id_,
            name=names.base_name,
            endpoint_config_name=configuration.name,
            deployment_config=block(SagemakerEndpointDeploymentConfig, deployment.model_dump()) if deployment else None,
            lifecycle=TerraformResourceLifecycle(
                postcondition=[
                    Postcondition(
                        condition=f"${{self.endpoint_config_name == {wanted}}}",
                        error_message=_rolled_back(names),
                    )
                ]
            ),
            # SageMaker needs the role and its policies to delete an endpoint, so they have to outlive it.
            depends_on=[logs, *role.policies],
        )


def _variant(variant: Variant, models: dict[str, Model]) -> dict[str, Any]:
    """Return what Terraform takes: the keys are the same but for the model."""
    arguments = variant.model_dump(exclude={"model"}, exclude_none=True)
    if variant.model:
        arguments["model_name"] = models[variant.model].name
        arguments.setdefault("initial_variant_weight", 1)
    if variant.instance_type:
        arguments["initial_instance_count"] = variant.instance_count
    return arguments


def _asynchronous(
    settings: AsyncInferenceConfig, key: EncryptionKey
) -> SagemakerEndpointConfigurationAsyncInferenceConfig:
    arguments = settings.model_dump(exclude_none=True, exclude=_ONLY_FOR_ROLES)
    arguments["output_config"].setdefault("kms_key_id", key.arn)
    return block(SagemakerEndpointConfigurationAsyncInferenceConfig, arguments)


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
    return block(SagemakerEndpointConfigurationDataCaptureConfig, arguments)


def _rolled_back(names: Names) -> str:
    return (
        f"SageMaker rolled endpoint {names.base_name} back: it serves the configuration from before this change, which "
        f"Terraform has kept with its model. The reason is in the log group {names.log_group}. Correct what "
        f"failed and deploy again; to deploy an earlier content instead, raise revision of "
        f"[endpoints.{names.endpoint}] first."
    )
