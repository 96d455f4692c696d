"""The stack of the VPC endpoints that the SageMaker endpoints of an environment share."""

from cdktf import TerraformResourceLifecycle, Token
from constructs import Construct

from protected_endpoints import policies
from protected_endpoints.bindings import DataAwsVpc, SecurityGroup, SecurityGroupIngress, VpcEndpoint
from protected_endpoints.config import Network
from protected_endpoints.deployment import NetworkDeployment
from protected_endpoints.deployment.environment_names import EnvironmentNames
from protected_endpoints.policies import vpc_endpoints as network_policies
from protected_endpoints.stacks.base import AwsStack

# SageMaker Runtime HTTP/2, which bidirectional streams use, has a port of its own.
_PORTS = {443: "Callers in the VPC", 8443: "Bidirectional streams of callers in the VPC"}


class NetworkStack(AwsStack):
    """Define the VPC endpoints of one environment: an interface endpoint for the runtime API and a gateway for S3.

    Their policies allow the environment's invokers, SageMaker endpoints and S3 locations, and nothing else. The S3
    gateway endpoint handles all traffic to S3 on the configured route tables, so their subnets must run models only.

    Raises:
        ConfigurationError: the deployment breaks a rule.

    """

    def __init__(self, scope: Construct, id_: str, *, deployment: NetworkDeployment) -> None:
        super().__init__(scope, id_, deployment=deployment)
        names, network = deployment.names, deployment.network
        runtime = VpcEndpoint(
            self,
            "Runtime",
            vpc_id=network.vpc_id,
            service_name=names.runtime_service,
            vpc_endpoint_type="Interface",
            subnet_ids=[*network.subnet_ids],
            security_group_ids=[self._security_group(names, network).id],
            private_dns_enabled=True,
            policy=policies.to_json(network_policies.runtime_policy(deployment.deployments)),
        )
        s3 = VpcEndpoint(
            self,
            "S3",
            vpc_id=network.vpc_id,
            service_name=names.s3_service,
            vpc_endpoint_type="Gateway",
            route_table_ids=[*network.route_table_ids],
            policy=policies.to_json(network_policies.s3_policy(deployment.deployments)),
        )
        self._output("runtime_vpc_endpoint_id", runtime.id)
        self._output("s3_vpc_endpoint_id", s3.id)

    def _security_group(self, names: EnvironmentNames, network: Network) -> SecurityGroup:
        """Define access to the runtime API from all addresses of the VPC. IAM policies decide who may invoke."""
        vpc = DataAwsVpc(self, "Vpc", id=network.vpc_id)
        addresses = Token.as_list(f"${{{vpc.fqn}.cidr_block_associations[*].cidr_block}}")
        return SecurityGroup(
            self,
            "PrivateEndpoints",
            name=names.vpc_endpoints_security_group,
            description=f"Private endpoints of {names.prefix}",
            vpc_id=network.vpc_id,
            ingress=[
                SecurityGroupIngress(
                    description=description,
                    protocol="tcp",
                    from_port=port,
                    to_port=port,
                    cidr_blocks=addresses,
                    ipv6_cidr_blocks=[],
                    prefix_list_ids=[],
                    security_groups=[],
                    self_attribute=False,
                )
                for port, description in _PORTS.items()
            ],
            egress=[],
            lifecycle=TerraformResourceLifecycle(create_before_destroy=True),
        )
