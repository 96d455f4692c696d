"""The network of an environment."""

from tests.loading.support import Table, example
from tests.rules.pair import Pair

_SUBNETS = ["subnet-0a1b2c3d", "subnet-1a1b2c3d"]
_TABLE, _OTHER_TABLE = "rtb-0a1b2c3d", "rtb-1a1b2c3d"
_GROUP, _OTHER_GROUP = "sg-0a1b2c3d", "sg-1a1b2c3d"
_TWICE = 'named twice, got "{}"; take one of the two out'


def _network(**changes: object) -> Table:
    """Return an environment with a network whose private endpoints are made."""
    made: Table = {"vpc_id": "vpc-0a1b2c3d", "subnet_ids": _SUBNETS, "route_table_ids": [_TABLE], **changes}
    return {"in_environment": {"network": made}}


def _existing(**changes: object) -> Table:
    """Return an environment with a network whose private endpoints are there already."""
    return _network(private_endpoints=False, **{"route_table_ids": [], **changes})


PAIRS = [
    Pair(
        "s3-endpoint-without-route-tables",
        passes=_network(),
        fails=_network(route_table_ids=[]),
        messages=(
            "environments.dev.network.route_table_ids: required for the private endpoint of S3, and missing; name the "
            "route tables of subnet_ids, or write private_endpoints = false where the VPC has endpoints",
        ),
    ),
    Pair(
        "private-endpoint-setting-unused",
        passes=_existing(endpoint_security_group_ids=[_GROUP]),
        fails=_network(endpoint_security_group_ids=[_GROUP]),
        messages=(
            "environments.dev.network.endpoint_security_group_ids: has no effect with private_endpoints = true, "
            f'got ["{_GROUP}"]; leave it out, or write private_endpoints = false',
        ),
    ),
    Pair(
        "private-endpoint-setting-unused",
        passes=_network(private_endpoints=True),
        fails=_existing(route_table_ids=[_TABLE]),
        messages=(
            "environments.dev.network.route_table_ids: has no effect with private_endpoints = false, "
            f'got ["{_TABLE}"]; leave it out, or write private_endpoints = true',
        ),
    ),
    Pair(
        "network-id-duplicate",
        passes=_network(route_table_ids=[_TABLE, _OTHER_TABLE]),
        fails=_network(subnet_ids=[*_SUBNETS, _SUBNETS[0]], route_table_ids=[_TABLE, _TABLE]),
        messages=(
            f"environments.dev.network.subnet_ids[2]: {_TWICE.format(_SUBNETS[0])}",
            f"environments.dev.network.route_table_ids[1]: {_TWICE.format(_TABLE)}",
        ),
    ),
    Pair(
        "network-id-duplicate",
        passes=_existing(endpoint_security_group_ids=[_GROUP, _OTHER_GROUP]),
        fails=_existing(endpoint_security_group_ids=[_GROUP, _OTHER_GROUP, _OTHER_GROUP]),
        messages=(f"environments.dev.network.endpoint_security_group_ids[2]: {_TWICE.format(_OTHER_GROUP)}",),
    ),
    Pair(
        "network-stack-name-conflict",
        passes={"name": "networks"},
        fails={"name": "network"},
        messages=(
            "endpoints.network: the stack of an environment's private endpoints has this name; choose another name",
        ),
    ),
    Pair(
        "single-availability-zone",
        passes=_network(),
        fails=_network(subnet_ids=_SUBNETS[:1]),
        messages=(
            "environments.dev.network.subnet_ids: one subnet, so every instance is in one availability zone, "
            f'got ["{_SUBNETS[0]}"]; name a subnet of another zone as well',
        ),
    ),
]


def fleet(count: int) -> Table:
    """Return the repository's file with so many endpoints behind private endpoints, and a caller for 25 of them."""
    file = example()
    file["environments"]["dev"]["network"] = _network()["in_environment"]["network"]
    (kmeans,) = file["endpoints"].values()
    callers = [f"arn:aws:iam::111122223333:role/caller-{index // 25}" for index in range(count)]
    file["endpoints"] = {f"kmeans-{index}": {**kmeans, "invokers": [each]} for index, each in enumerate(callers)}
    return file
