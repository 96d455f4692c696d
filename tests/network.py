"""A VPC in the emulator, for `[environments.<name>.network]`."""

import json
from dataclasses import dataclass
from typing import Self

from sandbox.emulator import Emulator


@dataclass(frozen=True)
class Vpc:
    """The ids of a VPC with two subnets in different Availability Zones, and of a route table."""

    vpc_id: str
    subnet_ids: list[str]
    route_table_id: str

    @classmethod
    def create(cls, aws: Emulator) -> Self:
        """Create the VPC in the emulator."""
        ec2 = aws.client("ec2")
        vpc_id = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
        subnets = [
            ec2.create_subnet(VpcId=vpc_id, CidrBlock=f"10.0.{number}.0/24", AvailabilityZone=f"{aws.region}{zone}")
            for number, zone in enumerate("ab")
        ]
        route_table = ec2.create_route_table(VpcId=vpc_id)
        return cls(
            vpc_id, [subnet["Subnet"]["SubnetId"] for subnet in subnets], route_table["RouteTable"]["RouteTableId"]
        )

    def table(self, environment: str) -> str:
        """Return the network table of an environment in endpoints.toml."""
        return (
            f"[environments.{environment}.network]\n"
            f"vpc_id = {json.dumps(self.vpc_id)}\n"
            f"subnet_ids = {json.dumps(self.subnet_ids)}\n"
            f"route_table_ids = [{json.dumps(self.route_table_id)}]\n"
        )
