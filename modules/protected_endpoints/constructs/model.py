"""A SageMaker model: its containers, their model data and their environment variables."""

from collections.abc import Mapping
from typing import Any

from cdktf import TerraformResourceLifecycle
from constructs import Construct
from pydantic.main import IncEx

from protected_endpoints import config
from protected_endpoints.bindings import (
    SagemakerModel,
    SagemakerModelContainer,
    SagemakerModelInferenceExecutionConfig,
    SagemakerModelPrimaryContainer,
    SagemakerModelVpcConfig,
)
from protected_endpoints.bindings.blocks import build_block
from protected_endpoints.config import Endpoint
from protected_endpoints.constructs.execution_role import ExecutionRole
from protected_endpoints.constructs.model_network import ModelNetwork
from protected_endpoints.deployment.endpoint_names import EndpointNames

# Keys of a container that only the policies of the execution role use. SageMaker has no such arguments.
_ONLY_FOR_POLICIES: Mapping[str, IncEx | bool] = {
    "model_package_image": True,
    "model_package_data": True,
    "model_data_account_id": True,
    "model_data_kms_key_arn": True,
    "additional_model_data_source": {"__all__": {"model_data_kms_key_arn"}},
}


class Model(SagemakerModel):
    """Define a model with network isolation, unless `relax.network_isolation` is set.

    Network isolation also keeps AWS credentials out of the container. If the environment has a network, SageMaker
    loads model data and writes captured data through it as well.

    SageMaker cannot change a model, so its name contains a hash of its content and of `revision`. Terraform creates a
    changed model before it deletes the previous one, which exists until the endpoint no longer uses it.
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        names: EndpointNames,
        endpoint: Endpoint,
        model: config.Model,
        role: ExecutionRole,
        network: ModelNetwork | None,
    ) -> None:
        isolated = endpoint.network_isolation_enabled
        content = {
            **model.model_dump(exclude_defaults=True),
            "execution_role_arn": role.arn,
            "enable_network_isolation": isolated,
            "revision": endpoint.revision,
            **({"vpc_id": network.vpc_id, "subnet_ids": network.subnet_ids} if network else {}),
        }
        containers = [build_block(SagemakerModelContainer, _arguments(container)) for container in model.container]
        execution_config = model.inference_execution_config
        super().__init__(
            scope,
            id_,
            name=names.model(content),
            execution_role_arn=role.arn,
            enable_network_isolation=isolated,
            primary_container=None if containers else build_block(SagemakerModelPrimaryContainer, _arguments(model)),
            container=containers or None,
            inference_execution_config=SagemakerModelInferenceExecutionConfig(mode=execution_config.mode)
            if execution_config
            else None,
            vpc_config=_vpc_config(network) if network else None,
            lifecycle=TerraformResourceLifecycle(create_before_destroy=True),
            depends_on=role.dependencies,
        )


def _arguments(container: config.Container) -> dict[str, Any]:
    environment = {name: _escape_templates(value) for name, value in container.environment.items()}
    keys = {*config.Container.model_fields}
    return {**container.model_dump(include=keys, exclude=_ONLY_FOR_POLICIES), "environment": environment}


def _vpc_config(network: ModelNetwork) -> SagemakerModelVpcConfig:
    return SagemakerModelVpcConfig(subnets=network.subnet_ids, security_group_ids=[network.security_group_id])


def _escape_templates(text: str) -> str:
    """Escape `${...}` and `%{...}`, which Terraform would evaluate as templates."""
    return text.replace("${", "$${").replace("%{", "%%{")
