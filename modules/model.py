"""The model: an image, its artefact and its environment."""

from cdktf import TerraformResourceLifecycle
from constructs import Construct

from modules.bindings import SagemakerModel, SagemakerModelPrimaryContainer, SagemakerModelVpcConfig
from modules.config import Endpoint
from modules.names import Names
from modules.network import ModelNetwork
from modules.role import ExecutionRole


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
        role: ExecutionRole,
        network: ModelNetwork | None,
    ) -> None:
        isolated = endpoint.relax.network_isolation is None
        content = {
            "image": endpoint.image,
            "model_data_url": endpoint.model_data_url,
            "environment": endpoint.environment,
            "execution_role_arn": role.arn,
            "enable_network_isolation": isolated,
            "revision": endpoint.revision,
            **({"vpc_id": network.vpc_id, "subnet_ids": network.subnet_ids} if network else {}),
        }
        super().__init__(
            scope,
            id_,
            name=names.model(content),
            execution_role_arn=role.arn,
            enable_network_isolation=isolated,
            primary_container=SagemakerModelPrimaryContainer(
                image=endpoint.image,
                model_data_url=endpoint.model_data_url,
                environment={name: _literal(value) for name, value in endpoint.environment.items()} or None,
            ),
            vpc_config=_vpc_config(network) if network else None,
            lifecycle=TerraformResourceLifecycle(create_before_destroy=True),
            depends_on=role.policies,
        )


def _vpc_config(network: ModelNetwork) -> SagemakerModelVpcConfig:
    return SagemakerModelVpcConfig(subnets=network.subnet_ids, security_group_ids=[network.security_group_id])


def _literal(text: str) -> str:
    """Keep Terraform from reading `${...}` and `%{...}` in a value as a template."""
    return text.replace("${", "$${").replace("%{", "%%{")
