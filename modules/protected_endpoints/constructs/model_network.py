"""The network access of a model in a VPC."""

from cdktf import TerraformResourceLifecycle
from constructs import Construct

from protected_endpoints.bindings import (
    DataAwsEc2ManagedPrefixList,
    DataAwsSecurityGroup,
    DataAwsSecurityGroupFilter,
    SecurityGroup,
    SecurityGroupEgress,
)
from protected_endpoints.config import Network
from protected_endpoints.deployment.endpoint_names import EndpointNames


class ModelNetwork(Construct):
    """Define a security group without ingress and with egress only to S3 and to the environment's VPC endpoints.

    Each endpoint has its own security group, so that a change of one affects no other. The prefix list of S3 and the
    security group of the VPC endpoints are looked up by name. AWS manages the prefix list; the stack
    `<environment>-network`, which is deployed first, creates the security group.
    """

    def __init__(self, scope: Construct, id_: str, *, names: EndpointNames, network: Network) -> None:
        super().__init__(scope, id_)
        self.vpc_id, self.subnet_ids = network.vpc_id, [*network.subnet_ids]
        s3 = DataAwsEc2ManagedPrefixList(self, "S3", name=names.s3_service)
        egress = [_https("S3, for the artefact and what is recorded", prefix_list_ids=[s3.id])]
        if groups := self._vpc_endpoint_groups(names, network):
            egress.append(_https("VPC endpoints of the environment", security_groups=groups))
        group = SecurityGroup(
            self,
            "Default",
            name=names.model_security_group,
            description=f"Model of endpoint {names.base_name}",
            vpc_id=network.vpc_id,
            ingress=[],
            egress=egress,
            lifecycle=TerraformResourceLifecycle(create_before_destroy=True),
        )
        self.security_group_id = group.id

    def _vpc_endpoint_groups(self, names: EndpointNames, network: Network) -> list[str]:
        if not network.private_endpoints:
            return [*network.endpoint_security_group_ids]
        managed = DataAwsSecurityGroup(
            self,
            "PrivateEndpoints",
            vpc_id=network.vpc_id,
            filter=[DataAwsSecurityGroupFilter(name="group-name", values=[names.vpc_endpoints_security_group])],
        )
        return [managed.id]


def _https(
    description: str, *, prefix_list_ids: list[str] | None = None, security_groups: list[str] | None = None
) -> SecurityGroupEgress:
    return SecurityGroupEgress(
        description=description,
        protocol="tcp",
        from_port=443,
        to_port=443,
        cidr_blocks=[],
        ipv6_cidr_blocks=[],
        prefix_list_ids=prefix_list_ids or [],
        security_groups=security_groups or [],
        self_attribute=False,
    )
