"""The endpoint and its configuration."""

from cdktf import ITerraformDependable, Postcondition, TerraformResourceLifecycle
from constructs import Construct

from modules.bindings import (
    CloudwatchLogGroup,
    SagemakerEndpoint,
    SagemakerEndpointConfiguration,
    SagemakerEndpointConfigurationDataCaptureConfig,
    SagemakerEndpointConfigurationDataCaptureConfigCaptureOptions,
    SagemakerEndpointConfigurationProductionVariants,
)
from modules.config import DataCapture, Endpoint, Logs
from modules.key import EncryptionKey
from modules.model import Model
from modules.names import Names, S3Location
from modules.role import ExecutionRole

# "InputAndOutput" is in the API's enumeration, but CreateEndpoint refuses it.
_CAPTURE_OPTIONS = {"All": ("Input", "Output"), "Input": ("Input",), "Output": ("Output",)}


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
    """Define what runs and what is recorded: one variant, `AllTraffic`, under the endpoint's key.

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
        model: Model,
        key: EncryptionKey,
        capture: S3Location | None,
        depends_on: list[ITerraformDependable],
    ) -> None:
        super().__init__(
            scope,
            id_,
            name_prefix=names.configuration_prefix,
            kms_key_arn=key.arn,
            production_variants=[
                SagemakerEndpointConfigurationProductionVariants(
                    variant_name="AllTraffic",
                    model_name=model.name,
                    instance_type=endpoint.instance_type,
                    initial_instance_count=endpoint.initial_instance_count,
                    initial_variant_weight=1,
                )
            ],
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
        configuration: EndpointConfiguration,
        logs: EndpointLogs,
        role: ExecutionRole,
    ) -> None:
        wanted = f"aws_sagemaker_endpoint_configuration.{configuration.friendly_unique_id}.name"
        super().__init__(
            scope,
            id_,
            name=names.base,
            endpoint_config_name=configuration.name,
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


def _data_capture(
    settings: DataCapture, capture: S3Location, key: EncryptionKey
) -> SagemakerEndpointConfigurationDataCaptureConfig:
    return SagemakerEndpointConfigurationDataCaptureConfig(
        enable_capture=True,
        initial_sampling_percentage=settings.initial_sampling_percentage,
        destination_s3_uri=capture.uri,
        kms_key_id=key.arn,
        capture_options=[
            SagemakerEndpointConfigurationDataCaptureConfigCaptureOptions(capture_mode=mode)
            for mode in _CAPTURE_OPTIONS[settings.capture_mode]
        ],
    )


def _rolled_back(names: Names) -> str:
    return (
        f"SageMaker rolled endpoint {names.base} back: it serves the configuration from before this change, which "
        f"Terraform has kept with its model. The reason is in the log group {names.log_group}. Correct what "
        f"failed and deploy again; to deploy the same or an earlier content once more, raise revision of "
        f"[endpoints.{names.endpoint}] first."
    )
