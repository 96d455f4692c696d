"""The SageMaker endpoint."""

from cdktf import ITerraformDependable, Postcondition, TerraformResourceLifecycle
from constructs import Construct

from protected_endpoints.bindings import SagemakerEndpoint, SagemakerEndpointDeploymentConfig
from protected_endpoints.bindings.blocks import build_block
from protected_endpoints.constructs.endpoint_configuration import EndpointConfiguration
from protected_endpoints.constructs.endpoint_metrics import EndpointMetrics
from protected_endpoints.deployment import Deployment

# Terraform deregisters a scalable target before such an update, and registers it only after one that succeeds.
_NOT_SCALED = " A variant whose instance_type changed is not scaled until a deployment succeeds."


class Endpoint(SagemakerEndpoint, EndpointMetrics):
    """Define the endpoint under a name that never changes.

    SageMaker reports an update that it rolled back as successful. A postcondition compares the configuration that the
    endpoint serves with the expected one and fails the apply if they differ. Terraform then keeps the previous
    configuration, which the endpoint still uses.

    Alarms that roll an update back can only be set when the endpoint is created: Terraform replaces an endpoint that
    gets or loses them. An endpoint that exists therefore keeps its `deployment_config` as long as none is configured.

    Methods such as `metric_model_latency` return its metrics, for dashboards and alarms composed in Python.

    `dependencies` are created before the endpoint and deleted after it.
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        deployment: Deployment,
        configuration: EndpointConfiguration,
        dependencies: list[ITerraformDependable],
    ) -> None:
        names, rollout = deployment.names, deployment.rollout
        expected_config = f"aws_sagemaker_endpoint_configuration.{configuration.friendly_unique_id}.name"
        super().__init__(
            scope,
            id_,
            name=names.endpoint_name,
            endpoint_config_name=configuration.name,
            deployment_config=build_block(SagemakerEndpointDeploymentConfig, rollout.model_dump()) if rollout else None,
            lifecycle=TerraformResourceLifecycle(
                ignore_changes=["deployment_config"] if deployment.uses_default_rollout else None,
                postcondition=[
                    Postcondition(
                        condition=f"${{self.endpoint_config_name == {expected_config}}}",
                        error_message=_rollback_message(deployment),
                    )
                ],
            ),
            depends_on=dependencies,
        )
        self._deployment = deployment


def _rollback_message(deployment: Deployment) -> str:
    names = deployment.names
    has_scaled_instances = any(target.variant_index is not None for target in deployment.scaling_targets)
    return (
        f"SageMaker rolled endpoint {names.endpoint_name} back: it serves the configuration from before this change, "
        f"which Terraform has kept with its model. The reason is in the log group {names.log_group}, or in the history "
        f"of a rollback alarm. Correct what failed and deploy again; to deploy an earlier content instead, raise "
        f"revision of [endpoints.{names.endpoint}] first."
        f"{_NOT_SCALED if has_scaled_instances else ''}"
    )
