"""Rules about the network of an environment."""

from collections.abc import Iterator

from protected_endpoints.deployment import Deployment, NetworkDeployment
from protected_endpoints.errors import KeyPath, Problem
from protected_endpoints.policies import to_json
from protected_endpoints.policies import vpc_endpoints as policies
from protected_endpoints.rules.helpers import duplicates, environment_path, indexed
from protected_endpoints.rules.registry import endpoint_rule, network_rule


@endpoint_rule("s3-endpoint-without-route-tables")
def s3_endpoint_without_route_tables(deployment: Deployment) -> Iterator[Problem]:
    """A gateway endpoint without route tables receives no traffic, so no model could load its artifact (host-vpc)."""
    network = deployment.environment.network
    if network and network.private_endpoints and not network.route_table_ids:
        yield Problem(
            _path(deployment, "route_table_ids"),
            "required for the managed S3 endpoint",
            "list the route tables of subnet_ids, or set private_endpoints = false if the VPC already has endpoints",
        )


@endpoint_rule("private-endpoint-setting-unused")
def private_endpoint_setting_unused(deployment: Deployment) -> Iterator[Problem]:
    """Route tables apply to managed VPC endpoints only, and `endpoint_security_group_ids` to existing ones only."""
    network = deployment.environment.network
    if not network:
        return
    managed = network.private_endpoints
    unused = "endpoint_security_group_ids" if managed else "route_table_ids"
    if getattr(network, unused):
        yield Problem(
            _path(deployment, unused),
            f"has no effect with private_endpoints = {str(managed).lower()}",
            f"remove it, or set private_endpoints = {str(not managed).lower()}",
            value=[*getattr(network, unused)],
        )


@endpoint_rule("network-id-duplicate")
def network_id_duplicate(deployment: Deployment) -> Iterator[Problem]:
    """EC2 and SageMaker reject a list that contains an ID twice."""
    network = deployment.environment.network
    for key in ("subnet_ids", "route_table_ids", "endpoint_security_group_ids") if network else ():
        yield from duplicates(indexed(_path(deployment, key), getattr(network, key)))


@endpoint_rule("network-stack-name-conflict")
def network_stack_name_conflict(deployment: Deployment) -> Iterator[Problem]:
    """The network stack of an environment is named `<environment>-network`."""
    if deployment.endpoint.name == "network":
        yield Problem(
            deployment.path(), "the name is reserved for the network stack of the environment", "choose another name"
        )


@endpoint_rule("single-availability-zone", "warning")
def single_availability_zone(deployment: Deployment) -> Iterator[Problem]:
    """A subnet is in one Availability Zone, and SageMaker spreads instances over the zones of the subnets."""
    network = deployment.environment.network
    if network and len(network.subnet_ids) == 1:
        yield Problem(
            _path(deployment, "subnet_ids"),
            "a single subnet places all instances in one Availability Zone",
            "add a subnet in another Availability Zone",
            value=[*network.subnet_ids],
        )


@network_rule("vpc-endpoint-policy-size")
def vpc_endpoint_policy_size(network: NetworkDeployment) -> Iterator[Problem]:
    """A VPC endpoint policy has at most 20,480 characters (EC2, CreateVpcEndpoint)."""
    for service, document in (("runtime API", policies.runtime), ("S3", policies.s3)):
        size = len(to_json(document(network.deployments)))
        if size > policies.LONGEST:
            yield Problem(
                environment_path(network.environment, "network"),
                f"the {service} endpoint policy would have {size} characters for {len(network.deployments)} endpoints, "
                f"but AWS accepts {policies.LONGEST}",
                "split the endpoints into several environments, each with its own VPC",
            )


def _path(deployment: Deployment, *keys: str | int) -> KeyPath:
    return environment_path(deployment.environment, "network", *keys)
