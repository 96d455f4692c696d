"""Rules about the network of an environment."""

from collections.abc import Iterator

from protected_endpoints.deployment import Deployment, NetworkDeployment
from protected_endpoints.errors import UNSET, KeyPath, Problem
from protected_endpoints.policies import to_json
from protected_endpoints.policies import vpc_endpoints as policies
from protected_endpoints.rules.account_access import named_twice
from protected_endpoints.rules.helpers import repeated
from protected_endpoints.rules.registry import endpoint_rule, network_rule


@endpoint_rule("s3-endpoint-without-route-tables")
def s3_endpoint_without_route_tables(deployment: Deployment) -> Iterator[Problem]:
    """A gateway endpoint on no route table serves nobody, and no model could load its artefact (host-vpc)."""
    network = deployment.environment.network
    if network and network.private_endpoints and not network.route_table_ids:
        yield Problem(
            _path(deployment, "route_table_ids"),
            "required for the private endpoint of S3, and missing",
            "name the route tables of subnet_ids, or write private_endpoints = false where the VPC has endpoints",
        )


@endpoint_rule("private-endpoint-setting-unused")
def private_endpoint_setting_unused(deployment: Deployment) -> Iterator[Problem]:
    """Route tables belong to endpoints that are made, their security groups to endpoints that are there already."""
    network = deployment.environment.network
    if not network:
        return
    made = network.private_endpoints
    unused = "endpoint_security_group_ids" if made else "route_table_ids"
    if getattr(network, unused):
        yield Problem(
            _path(deployment, unused),
            f"has no effect with private_endpoints = {str(made).lower()}",
            f"leave it out, or write private_endpoints = {str(not made).lower()}",
            value=[*getattr(network, unused)],
        )


@endpoint_rule("network-id-duplicate")
def network_id_duplicate(deployment: Deployment) -> Iterator[Problem]:
    """EC2 and SageMaker refuse an id that stands in a list twice."""
    network = deployment.environment.network
    for key in ("subnet_ids", "route_table_ids", "endpoint_security_group_ids") if network else ():
        ids = getattr(network, key)
        for index in repeated(ids):
            yield named_twice(_path(deployment, key, index), ids[index])


@endpoint_rule("network-stack-name-conflict")
def network_stack_name_conflict(deployment: Deployment) -> Iterator[Problem]:
    """The stack of an environment's private endpoints is called `<environment>-network`."""
    if deployment.endpoint.name == "network":
        yield Problem(
            deployment.path(),
            "the stack of an environment's private endpoints has this name",
            "choose another name",
            value=UNSET,
        )


@endpoint_rule("single-availability-zone", "warning")
def single_availability_zone(deployment: Deployment) -> Iterator[Problem]:
    """A subnet is in one availability zone; SageMaker spreads instances over the zones that it is given."""
    network = deployment.environment.network
    if network and len(network.subnet_ids) == 1:
        yield Problem(
            _path(deployment, "subnet_ids"),
            "one subnet, so every instance is in one availability zone",
            "name a subnet of another zone as well",
            value=[*network.subnet_ids],
        )


@network_rule("vpc-endpoint-policy-size")
def vpc_endpoint_policy_size(network: NetworkDeployment) -> Iterator[Problem]:
    """A policy of a VPC endpoint has at most 20,480 characters (EC2, CreateVpcEndpoint)."""
    for service, document in (("the runtime API", policies.runtime_policy), ("S3", policies.s3_policy)):
        size = len(to_json(document(network.deployments)))
        if size > policies.MAX_VPC_ENDPOINT_POLICY_SIZE:
            yield Problem(
                ("environments", network.environment.name, "network"),
                f"the policy of the private endpoint of {service} would have {size} characters for "
                f"{len(network.deployments)} endpoints, and AWS takes {policies.MAX_VPC_ENDPOINT_POLICY_SIZE}",
                "spread the endpoints over several environments, each with a VPC of its own",
            )


def _path(deployment: Deployment, *keys: str | int) -> KeyPath:
    return ("environments", deployment.environment.name, "network", *keys)
