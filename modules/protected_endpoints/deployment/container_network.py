"""Which connections a container can open to hubs and other services outside of its VPC."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from ipaddress import IPv4Network

from protected_endpoints.config.egress import Egress
from protected_endpoints.deployment.container_downloads import Source
from protected_endpoints.deployment.endpoint import Deployment

HTTPS = 443
# With one of these the container connects to a proxy or to a mirror of the hub, at any address and port.
_INDIRECT = frozenset({"ALL_PROXY", "HF_ENDPOINT", "HTTPS_PROXY", "HTTP_PROXY"})


class Access(Enum):
    """Whether a container can connect to services outside of its VPC."""

    ALLOWED = "allowed"
    ISOLATED = "blocked by network isolation"
    NO_EGRESS = "blocked by the security group of the model"
    NOT_JUDGED = "not judged"


@dataclass(frozen=True)
class ContainerNetwork:
    """The access of one container to services outside of its VPC, with the setting that decides it."""

    access: Access
    detail: str

    @property
    def is_blocked(self) -> bool:
        return self.access in (Access.ISOLATED, Access.NO_EGRESS)


def container_network(deployment: Deployment, environment: Mapping[str, str], source: Source) -> ContainerNetwork:
    """Return the network access of a container with these environment variables to a source.

    Only HTTPS to the internet reaches a hub, unless a variable names a mirror or a proxy. For other sources any egress
    counts. Routes of subnets, such as one to a NAT gateway, are not known at synth.
    """
    endpoint = deployment.endpoint
    if endpoint.is_serverless:
        return ContainerNetwork(Access.ALLOWED, "serverless inference runs outside of the VPC")
    if endpoint.network_isolation_enabled:
        return ContainerNetwork(Access.ISOLATED, "network isolation is enabled")
    if not deployment.environment.network:
        return ContainerNetwork(Access.ALLOWED, "network isolation is relaxed, without a VPC")
    is_direct = source is Source.HUB and not any(name.upper() in _INDIRECT for name in environment)
    if destinations := [rule for rule in endpoint.egress if not is_direct or _reaches_the_internet(rule)]:
        allowed = ", ".join(map(describe_egress, destinations))
        return ContainerNetwork(Access.ALLOWED, f"egress to {allowed}, if the subnets have a route")
    if endpoint.security_group_ids:
        return ContainerNetwork(Access.NOT_JUDGED, f"existing security groups {', '.join(endpoint.security_group_ids)}")
    return ContainerNetwork(Access.NO_EGRESS, "the managed security group allows S3 and VPC endpoints")


def describe_egress(rule: Egress) -> str:
    """Return the destination and the port of an egress rule, such as `10.0.0.0/16:443`."""
    return f"{rule.destination}:{rule.port}"


def _reaches_the_internet(rule: Egress) -> bool:
    """Return whether a rule allows HTTPS to public addresses, or to a prefix list, whose addresses are not known.

    A rule without a destination has an error of its own.
    """
    if rule.port != HTTPS or rule.referenced_security_group_id:
        return False
    return rule.cidr_ipv4 is None or not IPv4Network(rule.cidr_ipv4, strict=False).is_private
