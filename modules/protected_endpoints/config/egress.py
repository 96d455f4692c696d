"""The table of a destination that containers may connect to."""

from typing import Annotated

from pydantic import Field

from protected_endpoints.config.table import ConfigTable
from protected_endpoints.config.types import CidrIpv4, PrefixListId, RuleDescription, SecurityGroupId


class Egress(ConfigTable):
    """A destination that the security group of the model allows: one of three kinds, and a TCP port."""

    cidr_ipv4: CidrIpv4 | None = None
    """IPv4 addresses of the destination. `0.0.0.0/0` is any address."""
    prefix_list_id: PrefixListId | None = None
    """ID of a prefix list with the addresses of the destination."""
    referenced_security_group_id: SecurityGroupId | None = None
    """ID of the security group of the destination, such as that of a VPC endpoint."""
    port: Annotated[int, Field(ge=1, le=65535, examples=[443])]
    """Number of the TCP port of the destination, from 1 to 65535."""
    reason: RuleDescription
    """Why the container connects to it. It is the description of the rule in the security group."""

    @property
    def destination(self) -> str | None:
        """Return the destination, or None for a table without one, which a rule rejects."""
        return self.cidr_ipv4 or self.prefix_list_id or self.referenced_security_group_id
