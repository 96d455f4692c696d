"""The SageMaker endpoint."""

from cdktf import Postcondition, TerraformResourceLifecycle
from constructs import Construct

from protected_endpoints.bindings import SagemakerEndpoint, SagemakerEndpointDeploymentConfig
from protected_endpoints.bindings.blocks import build_block
from protected_endpoints.config import DeploymentConfig
from protected_endpoints.constructs.endpoint_configuration import EndpointConfiguration
from protected_endpoints.constructs.endpoint_logs import EndpointLogs
from protected_endpoints.constructs.execution_role import ExecutionRole
from protected_endpoints.deployment.endpoint_names import EndpointNames


class Endpoint(SagemakerEndpoint):
    """Define the endpoint under a name that never changes.

    SageMaker reports an update that it rolled back as successful. A postcondition compares the configuration that the
    endpoint serves with the expected one and fails the apply if they differ. Terraform then keeps the previous
    configuration, which the endpoint still uses.
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        names: EndpointNames,
        settings: DeploymentConfig | None,
        configuration: EndpointConfiguration,
        logs: EndpointLogs,
        role: ExecutionRole,
    ) -> None:
        expected_config = f"aws_sagemaker_endpoint_configuration.{configuration.friendly_unique_id}.name"
        super().__init__(
            scope,
            id_,
            name=names.endpoint_name,
            endpoint_config_name=configuration.name,
            deployment_config=build_block(SagemakerEndpointDeploymentConfig, settings.model_dump())
            if settings
            else None,
            lifecycle=TerraformResourceLifecycle(
                postcondition=[
                    Postcondition(
                        condition=f"${{self.endpoint_config_name == {expected_config}}}",
                        error_message=_rollback_message(names),
                    )
                ]
            ),
            # SageMaker uses the role and its policies to delete an endpoint, so Terraform has to delete them later.
            depends_on=[logs, *role.dependencies],
        )


def _rollback_message(names: EndpointNames) -> str:
    return (
        f"SageMaker rolled endpoint {names.endpoint_name} back: it serves the configuration from before this change, "
        f"which Terraform has kept with its model. The reason is in the log group {names.log_group}. Correct what "
        f"failed and deploy again; to deploy an earlier content instead, raise revision of "
        f"[endpoints.{names.endpoint}] first."
    )
