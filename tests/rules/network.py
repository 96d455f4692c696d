"""The network of an environment."""

from tests.loading.support import Table, example
from tests.rules.pair import Pair

_SUBNETS = ["subnet-0a1b2c3d", "subnet-1a1b2c3d"]
_TABLE, _OTHER_TABLE = "rtb-0a1b2c3d", "rtb-1a1b2c3d"
_GROUP, _OTHER_GROUP = "sg-0a1b2c3d", "sg-1a1b2c3d"
_DUPLICATE = 'duplicate entry, got "{}"; remove it'


def _network(**changes: object) -> Table:
    """Return an environment with a network and managed VPC endpoints."""
    network: Table = {"vpc_id": "vpc-0a1b2c3d", "subnet_ids": _SUBNETS, "route_table_ids": [_TABLE], **changes}
    return {"in_environment": {"network": network}}


def _existing(**changes: object) -> Table:
    """Return an environment with a network and existing VPC endpoints."""
    return _network(private_endpoints=False, **{"route_table_ids": [], **changes})


PAIRS = [
    Pair(
        "s3-endpoint-without-route-tables",
        passes=_network(),
        fails=_network(route_table_ids=[]),
        messages=(
            "environments.dev.network.route_table_ids: required for the managed S3 endpoint; list the route "
            "tables of subnet_ids, or set private_endpoints = false if the VPC already has endpoints",
        ),
    ),
    Pair(
        "private-endpoint-setting-unused",
        passes=_existing(endpoint_security_group_ids=[_GROUP]),
        fails=_network(endpoint_security_group_ids=[_GROUP]),
        messages=(
            "environments.dev.network.endpoint_security_group_ids: has no effect with private_endpoints = true, "
            f'got ["{_GROUP}"]; remove it, or set private_endpoints = false',
        ),
    ),
    Pair(
        "private-endpoint-setting-unused",
        passes=_network(private_endpoints=True),
        fails=_existing(route_table_ids=[_TABLE]),
        messages=(
            "environments.dev.network.route_table_ids: has no effect with private_endpoints = false, got "
            f'["{_TABLE}"]; remove it, or set private_endpoints = true',
        ),
    ),
    Pair(
        "network-id-duplicate",
        passes=_network(route_table_ids=[_TABLE, _OTHER_TABLE]),
        fails=_network(subnet_ids=[*_SUBNETS, _SUBNETS[0]], route_table_ids=[_TABLE, _TABLE]),
        messages=(
            f"environments.dev.network.subnet_ids[2]: {_DUPLICATE.format(_SUBNETS[0])}",
            f"environments.dev.network.route_table_ids[1]: {_DUPLICATE.format(_TABLE)}",
        ),
    ),
    Pair(
        "network-id-duplicate",
        passes=_existing(endpoint_security_group_ids=[_GROUP, _OTHER_GROUP]),
        fails=_existing(endpoint_security_group_ids=[_GROUP, _OTHER_GROUP, _OTHER_GROUP]),
        messages=(f"environments.dev.network.endpoint_security_group_ids[2]: {_DUPLICATE.format(_OTHER_GROUP)}",),
    ),
    Pair(
        "network-stack-name-conflict",
        passes={"name": "networks"},
        fails={"name": "network"},
        messages=(
            "endpoints.network: the name is reserved for the network stack of the environment; choose another name",
        ),
    ),
    Pair(
        "single-availability-zone",
        passes=_network(),
        fails=_network(subnet_ids=_SUBNETS[:1]),
        messages=(
            "environments.dev.network.subnet_ids: a single subnet places all instances in one Availability Zone, "
            f'got ["{_SUBNETS[0]}"]; add a subnet in another Availability Zone',
        ),
    ),
]


def fleet(count: int) -> Table:
    """Return the example with a number of endpoints behind VPC endpoints, and an invoker for each 25 of them."""
    file = example()
    file["environments"]["dev"]["network"] = _network()["in_environment"]["network"]
    kmeans = file["endpoints"].pop("kmeans")
    for index in range(count):
        invoker = f"arn:aws:iam::111122223333:role/caller-{index // 25}"
        file["endpoints"][f"kmeans-{index}"] = {**kmeans, "invokers": [invoker]}
    return file
