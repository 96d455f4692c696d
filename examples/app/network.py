"""A VPC without internet access: two subnets, and VPC endpoints of S3 and of the SageMaker runtime API."""

from cdktf_cdktf_provider_aws.route_table import RouteTable
from cdktf_cdktf_provider_aws.route_table_association import RouteTableAssociation
from cdktf_cdktf_provider_aws.security_group import SecurityGroup, SecurityGroupIngress
from cdktf_cdktf_provider_aws.subnet import Subnet
from cdktf_cdktf_provider_aws.vpc import Vpc
from cdktf_cdktf_provider_aws.vpc_endpoint import VpcEndpoint
from constructs import Construct

_ADDRESSES = "10.0.0.0/16"


class PrivateNetwork(Construct):
    """Define the VPC of the app."""

    def __init__(self, scope: Construct, id_: str, *, region: str) -> None:
        super().__init__(scope, id_)
        self.vpc = Vpc(self, "Vpc", cidr_block=_ADDRESSES, enable_dns_hostnames=True, tags={"Name": "acme-dev"})
        routes = RouteTable(self, "Routes", vpc_id=self.vpc.id)
        self.subnets = [
            self._subnet(routes, f"{region}{zone}", f"10.0.{number}.0/24") for number, zone in enumerate("ab")
        ]
        self.endpoints_group = SecurityGroup(
            self,
            "Endpoints",
            name="acme-dev-endpoints",
            description="VPC endpoints",
            vpc_id=self.vpc.id,
            ingress=[SecurityGroupIngress(protocol="tcp", from_port=443, to_port=443, cidr_blocks=[_ADDRESSES])],
        )
        self.s3_endpoint = VpcEndpoint(
            self,
            "S3",
            vpc_id=self.vpc.id,
            service_name=f"com.amazonaws.{region}.s3",
            vpc_endpoint_type="Gateway",
            route_table_ids=[routes.id],
        )
        self.runtime_endpoint = VpcEndpoint(
            self,
            "Runtime",
            vpc_id=self.vpc.id,
            service_name=f"com.amazonaws.{region}.sagemaker.runtime",
            vpc_endpoint_type="Interface",
            subnet_ids=[subnet.id for subnet in self.subnets],
            security_group_ids=[self.endpoints_group.id],
            private_dns_enabled=True,
        )

    def _subnet(self, routes: RouteTable, zone: str, addresses: str) -> Subnet:
        subnet = Subnet(self, f"Subnet-{zone}", vpc_id=self.vpc.id, availability_zone=zone, cidr_block=addresses)
        RouteTableAssociation(self, f"Routes-{zone}", subnet_id=subnet.id, route_table_id=routes.id)
        return subnet
