"""A model: containers, what they load and what they are told."""

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
from protected_endpoints.bindings.blocks import block
from protected_endpoints.config import Endpoint
from protected_endpoints.constructs.execution_role import ExecutionRole
from protected_endpoints.constructs.model_network import ModelNetwork
from protected_endpoints.deployment.names import Names

# What a package holds and which keys model data is under is not told to SageMaker, only to the execution role.
_ONLY_FOR_ROLES: Mapping[str, IncEx | bool] = {
    "model_package_image": True,
    "model_package_data": True,
    "model_data_kms_key_arn": True,
    "additional_model_data_source": {"__all__": {"model_data_kms_key_arn"}},
}


class Model(SagemakerModel):
    """Define a model that can neither reach the network nor use AWS credentials, unless that is relaxed.

    Where the environment has a network, what SageMaker loads and records for it goes through that as well.

    SageMaker cannot change a model, so its name carries a hash of its content and of `revision`: a changed model is
    made beside the old one, which stays until the endpoint no longer needs it.
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        names: Names,
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
        several = model.inference_execution_config
        super().__init__(
            scope,
            id_,
            name=names.model(content),
            execution_role_arn=role.arn,
            enable_network_isolation=isolated,
            primary_container=None if model.container else block(SagemakerModelPrimaryContainer, _arguments(model)),
            container=[block(SagemakerModelContainer, _arguments(each)) for each in model.container] or None,
            inference_execution_config=SagemakerModelInferenceExecutionConfig(mode=several.mode) if several else None,
            vpc_config=_vpc_config(network) if network else None,
            lifecycle=TerraformResourceLifecycle(create_before_destroy=True),
            depends_on=role.policies,
        )


def _arguments(container: config.Container) -> dict[str, Any]:
    environment = {name: _literal(value) for name, value in container.environment.items()}
    keys = {*config.Container.model_fields}
    return {**container.model_dump(include=keys, exclude=_ONLY_FOR_ROLES), "environment": environment}


def _vpc_config(network: ModelNetwork) -> SagemakerModelVpcConfig:
    return SagemakerModelVpcConfig(subnets=network.subnet_ids, security_group_ids=[network.security_group_id])


def _literal(text: str) -> str:
    """Keep Terraform from reading `${...}` and `%{...}` in a value as a template."""
    return text.replace("${", "$${").replace("%{", "%%{")
