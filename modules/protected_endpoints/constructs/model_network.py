"""The network access of a model in a VPC."""

from collections.abc import Sequence

from cdktf import TerraformResourceLifecycle
from constructs import Construct

from protected_endpoints.bindings import (
    DataAwsEc2ManagedPrefixList,
    DataAwsSecurityGroup,
    DataAwsSecurityGroupFilter,
    SecurityGroup,
    SecurityGroupEgress,
)
from protected_endpoints.config import Egress, Network
from protected_endpoints.deployment.container_network import HTTPS
from protected_endpoints.deployment.endpoint_names import EndpointNames


class ModelNetwork(Construct):
    """Define a security group without ingress and with egress to S3, to VPC endpoints and to `egress` only.

    Each endpoint has its own security group, so that a change of one affects no other. The prefix list of S3 and the
    security group of the VPC endpoints are looked up by name. AWS manages the prefix list; the stack
    `<environment>-network`, which is deployed first, creates the security group.
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        names: EndpointNames,
        network: Network,
        egress: Sequence[Egress],
        security_group_ids: Sequence[str],
    ) -> None:
        super().__init__(scope, id_)
        self.vpc_id, self.subnet_ids = network.vpc_id, [*network.subnet_ids]
        s3 = DataAwsEc2ManagedPrefixList(self, "S3", name=names.s3_service)
        rules = [_egress("S3, for the artefact and what is recorded", prefix_list_ids=[s3.id])]
        if groups := self._vpc_endpoint_groups(names, network):
            rules.append(_egress("VPC endpoints of the environment", security_groups=groups))
        rules += [_configured(rule) for rule in egress]
        group = SecurityGroup(
            self,
            "Default",
            name=names.model_security_group,
            description=f"Model of endpoint {names.base_name}",
            vpc_id=network.vpc_id,
            ingress=[],
            egress=rules,
            lifecycle=TerraformResourceLifecycle(create_before_destroy=True),
        )
        self.existing_security_group_ids = sorted(security_group_ids)
        self.security_group_ids = [group.id, *self.existing_security_group_ids]

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


def _configured(rule: Egress) -> SecurityGroupEgress:
    return _egress(
        rule.reason,
        port=rule.port,
        cidr_blocks=[rule.cidr_ipv4] if rule.cidr_ipv4 else [],
        prefix_list_ids=[rule.prefix_list_id] if rule.prefix_list_id else [],
        security_groups=[rule.referenced_security_group_id] if rule.referenced_security_group_id else [],
    )


def _egress(
    description: str,
    *,
    port: int = HTTPS,
    cidr_blocks: Sequence[str] = (),
    prefix_list_ids: Sequence[str] = (),
    security_groups: Sequence[str] = (),
) -> SecurityGroupEgress:
    return SecurityGroupEgress(
        description=description,
        protocol="tcp",
        from_port=port,
        to_port=port,
        cidr_blocks=[*cidr_blocks],
        ipv6_cidr_blocks=[],
        prefix_list_ids=[*prefix_list_ids],
        security_groups=[*security_groups],
        self_attribute=False,
    )
