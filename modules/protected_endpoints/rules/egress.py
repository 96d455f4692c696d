"""Rules about the network access of containers in a VPC: `egress` and `security_group_ids`."""

from collections.abc import Iterator
from ipaddress import IPv4Network

from protected_endpoints.config.egress import Egress
from protected_endpoints.deployment import Deployment
from protected_endpoints.deployment.container_network import HTTPS, describe_egress
from protected_endpoints.errors import KeyPath, Problem
from protected_endpoints.rules.helpers import REMOVE_ONE, duplicates, indexed, set_keys
from protected_endpoints.rules.registry import endpoint_rule

_VPC_KEYS = ("egress", "security_group_ids")
_DESTINATIONS = ("cidr_ipv4", "prefix_list_id", "referenced_security_group_id")
_LARGEST_VPC_BLOCK = 16  # a CIDR block of a VPC has at most 65,536 addresses (VPC guide, VPC CIDR blocks)


@endpoint_rule("egress-without-vpc")
def egress_without_vpc(deployment: Deployment) -> Iterator[Problem]:
    """Security groups belong to a VPC, which serverless inference does not support (CreateModel, VpcConfig)."""
    environment, endpoint = deployment.environment, deployment.endpoint
    if endpoint.is_serverless:
        message, suggestion = "serverless endpoints do not run in a VPC", "remove it, or set instance_type instead"
    elif not environment.network:
        message = f"requires a VPC, but environment {environment.name} has none"
        suggestion = f"remove it, or add a table [environments.{environment.name}.network]"
    else:
        return
    for key in set_keys(endpoint, _VPC_KEYS):
        yield Problem(deployment.path(key), message, suggestion)


@endpoint_rule("egress-with-network-isolation")
def egress_with_network_isolation(deployment: Deployment) -> Iterator[Problem]:
    """An isolated container opens no connections, whatever its security group allows (rule 30)."""
    endpoint = deployment.endpoint
    if endpoint.egress and endpoint.network_isolation_enabled and not endpoint.is_serverless:
        yield Problem(
            deployment.path("egress"),
            "has no effect with network isolation",
            "remove it, or set relax.network_isolation to the reason why the container may open connections",
        )


@endpoint_rule("egress-destination-count")
def egress_destination_count(deployment: Deployment) -> Iterator[Problem]:
    """A rule of a security group has exactly one destination (AuthorizeSecurityGroupEgress)."""
    for path, rule in _egress(deployment):
        keys = set_keys(rule, _DESTINATIONS)
        if not keys:
            example = 'add cidr_ipv4 = "10.0.0.0/16", or one of the other two'
            yield Problem(path, f"requires one of {', '.join(_DESTINATIONS)}", example)
        for key in keys[1:]:
            yield Problem((*path, key), f"conflicts with {keys[0]}", REMOVE_ONE, value=getattr(rule, key))


@endpoint_rule("egress-cidr-host-bits")
def egress_cidr_host_bits(deployment: Deployment) -> Iterator[Problem]:
    """A CIDR block begins with its first address, or the AWS provider rejects it (aws_security_group, cidr_blocks)."""
    for path, rule in _egress(deployment):
        if rule.cidr_ipv4 and (block := str(IPv4Network(rule.cidr_ipv4, strict=False))) != rule.cidr_ipv4:
            yield Problem(
                (*path, "cidr_ipv4"),
                "the address is not the first one of the block",
                f'write "{block}" for the block, or "{rule.cidr_ipv4.partition("/")[0]}/32" for the address',
                value=rule.cidr_ipv4,
            )


@endpoint_rule("egress-duplicate")
def egress_duplicate(deployment: Deployment) -> Iterator[Problem]:
    """EC2 rejects a rule that the security group already has (InvalidPermission.Duplicate)."""
    network = deployment.environment.network
    existing = network.endpoint_security_group_ids if network and not network.private_endpoints else ()
    managed = {f"{group}:{HTTPS}" for group in existing}
    destinations = [
        ((*path, key), describe_egress(rule))
        for path, rule in _egress(deployment)
        for key in set_keys(rule, _DESTINATIONS)[:1]
    ]
    yield from duplicates((path, destination) for path, destination in destinations if destination not in managed)
    for path, destination in destinations:
        if destination in managed:
            message = "is allowed already, as a group in endpoint_security_group_ids of the network"
            yield Problem(path, message, "remove it", value=destination)


@endpoint_rule("security-group-duplicate")
def security_group_duplicate(deployment: Deployment) -> Iterator[Problem]:
    """CreateModel rejects a security group that is listed twice (VpcConfig, SecurityGroupIds)."""
    yield from duplicates(indexed(deployment.path("security_group_ids"), deployment.endpoint.security_group_ids))


@endpoint_rule("egress-to-many-addresses", "warning")
def egress_to_many_addresses(deployment: Deployment) -> Iterator[Problem]:
    """A block that is larger than a VPC includes addresses of others, to which the container can send data."""
    for path, rule in _egress(deployment):
        if rule.cidr_ipv4 and IPv4Network(rule.cidr_ipv4, strict=False).prefixlen < _LARGEST_VPC_BLOCK:
            everywhere = rule.cidr_ipv4 == "0.0.0.0/0"
            yield Problem(
                (*path, "cidr_ipv4"),
                f"the container can send data to {'any address' if everywhere else 'more addresses than a VPC has'}",
                "use a smaller block, a prefix list or a security group, or give a reason in "
                "acknowledge.egress-to-many-addresses",
                value=rule.cidr_ipv4,
            )


@endpoint_rule("permission-without-egress", "warning")
def permission_without_egress(deployment: Deployment) -> Iterator[Problem]:
    """A container calls an API of AWS through a VPC endpoint or the internet, which its security group has to allow."""
    endpoint, network = deployment.endpoint, deployment.environment.network
    if not network or endpoint.network_isolation_enabled or endpoint.is_serverless:
        return
    if endpoint.egress or endpoint.security_group_ids or network.endpoint_security_group_ids:
        return
    for index, permission in enumerate(endpoint.permissions):
        if unreachable := sorted({action for action in permission.actions if not _is_reachable(action)}):
            yield Problem(
                deployment.path("permissions", index, "actions"),
                "the security group of the model has no egress to this API",
                "add egress to port 443 of the security group of a VPC endpoint for it, or give a reason in "
                "acknowledge.permission-without-egress",
                value=unreachable,
            )


def _is_reachable(action: str) -> bool:
    """Return whether a container can call an action without egress of its own: through S3, or the managed endpoint.

    KMS decrypts for other services, so a permission for it does not show that the container calls it.
    """
    service, _, name = action.partition(":")
    return service in ("s3", "kms") or (service == "sagemaker" and name.startswith("InvokeEndpoint"))


def _egress(deployment: Deployment) -> Iterator[tuple[KeyPath, Egress]]:
    """Yield the egress rules with their key paths."""
    for index, rule in enumerate(deployment.endpoint.egress):
        yield deployment.path("egress", index), rule
