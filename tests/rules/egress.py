"""The network access of containers in a VPC."""

from tests.loading.support import Table
from tests.rules.pair import NETWORK, NO_HOSTING, Pair

_RELAXED: Table = {"relax": {"network_isolation": "the container calls the feature store"}}
_IN_VPC: Table = {"in_environment": {"network": NETWORK}}
_GROUP, _OTHER_GROUP = "sg-0a1b2c3d", "sg-1a1b2c3d"
_EXISTING: Table = {
    "in_environment": {
        "network": {
            **NETWORK,
            "private_endpoints": False,
            "route_table_ids": [],
            "endpoint_security_group_ids": [_GROUP],
        }
    }
}
_SAGEMAKER = "arn:aws:sagemaker:us-west-2:111122223333"
_READ_FEATURES: Table = {
    "actions": ["sagemaker:GetRecord"],
    "resources": [f"{_SAGEMAKER}:feature-group/accounts"],
    "reason": "reads the features of an account",
}
_SERVERLESS: Table = {**NO_HOSTING, "serverless_config": {"max_concurrency": 1, "memory_size_in_mb": 2048}}
_NARROWER = (
    "use a smaller block, a prefix list or a security group, or give a reason in acknowledge.egress-to-many-addresses"
)


def _egress(*rules: Table, **changes: object) -> Table:
    """Return an endpoint in a VPC whose container may connect to these destinations."""
    tables = [{"port": 443, "reason": "reads the feature store", **rule} for rule in rules]
    return {**_RELAXED, **_IN_VPC, "egress": tables, **changes}


def _no_egress_to(*actions: str) -> str:
    listed = ", ".join(f'"{action}"' for action in actions)
    return (
        "endpoints.kmeans.permissions[0].actions: the security group of the model has no egress to this API, got "
        f"[{listed}]; add egress to port 443 of the security group of a VPC endpoint for it, or give a reason in "
        "acknowledge.permission-without-egress"
    )


PAIRS = [
    Pair(
        "egress-without-vpc",
        passes=_egress({"cidr_ipv4": "10.0.0.0/16"}, security_group_ids=[_GROUP]),
        fails=_egress({"cidr_ipv4": "10.0.0.0/16"}, security_group_ids=[_GROUP], in_environment={}),
        messages=tuple(
            f"endpoints.kmeans.{key}: requires a VPC, but environment dev has none; remove it, or add a table "
            "[environments.dev.network]"
            for key in ("egress", "security_group_ids")
        ),
    ),
    Pair(
        "egress-without-vpc",  # serverless
        passes={**_SERVERLESS, **_RELAXED, **_IN_VPC},
        fails={**_SERVERLESS, **_egress({"cidr_ipv4": "10.0.0.0/16"})},
        messages=(
            "endpoints.kmeans.egress: serverless endpoints do not run in a VPC; remove it, or set instance_type "
            "instead",
        ),
    ),
    Pair(
        "egress-with-network-isolation",  # SageMaker itself uses the security groups under isolation as well
        passes={**_IN_VPC, "security_group_ids": [_GROUP]},
        fails=_egress({"cidr_ipv4": "10.0.0.0/16"}, relax={}),
        messages=(
            "endpoints.kmeans.egress: has no effect with network isolation; remove it, or set "
            "relax.network_isolation to the reason why the container may open connections",
        ),
    ),
    Pair(
        "egress-destination-count",
        passes=_egress({"cidr_ipv4": "10.0.0.0/16"}, {"prefix_list_id": "pl-0a1b2c3d"}),
        fails=_egress({}, {}, {"cidr_ipv4": "10.0.0.0/16", "referenced_security_group_id": _GROUP}),
        messages=(
            *(
                f"endpoints.kmeans.egress[{index}]: requires one of cidr_ipv4, prefix_list_id, "
                'referenced_security_group_id; add cidr_ipv4 = "10.0.0.0/16", or one of the other two'
                for index in (0, 1)
            ),
            "endpoints.kmeans.egress[2].referenced_security_group_id: conflicts with cidr_ipv4, got "
            f'"{_GROUP}"; remove one of them',
        ),
    ),
    Pair(
        "egress-cidr-host-bits",
        passes=_egress({"cidr_ipv4": "10.0.3.0/24"}, {"cidr_ipv4": "10.0.3.4/32"}),
        fails=_egress({"cidr_ipv4": "10.0.3.4/24"}),
        messages=(
            'endpoints.kmeans.egress[0].cidr_ipv4: the address is not the first one of the block, got "10.0.3.4/24"; '
            'write "10.0.3.0/24" for the block, or "10.0.3.4/32" for the address',
        ),
    ),
    Pair(
        "egress-duplicate",
        passes=_egress({"referenced_security_group_id": _GROUP}, {"referenced_security_group_id": _OTHER_GROUP}),
        fails=_egress(
            {"referenced_security_group_id": _GROUP},
            {"referenced_security_group_id": _GROUP, "reason": "another reason for it"},
        ),
        messages=(
            f'endpoints.kmeans.egress[1].referenced_security_group_id: duplicate entry, got "{_GROUP}:443"; remove it',
        ),
    ),
    Pair(
        "egress-duplicate",  # existing VPC endpoints are allowed on port 443 already
        passes=_egress({"referenced_security_group_id": _GROUP, "port": 8443}, **_EXISTING),
        fails=_egress({"referenced_security_group_id": _GROUP}, **_EXISTING),
        messages=(
            "endpoints.kmeans.egress[0].referenced_security_group_id: is allowed already, as a group in "
            f'endpoint_security_group_ids of the network, got "{_GROUP}:443"; remove it',
        ),
    ),
    Pair(
        "security-group-duplicate",
        passes={**_IN_VPC, "security_group_ids": [_GROUP, _OTHER_GROUP]},
        fails={**_IN_VPC, "security_group_ids": [_GROUP, _GROUP]},
        messages=(f'endpoints.kmeans.security_group_ids[1]: duplicate entry, got "{_GROUP}"; remove it',),
    ),
    Pair(
        "egress-to-many-addresses",
        passes=_egress({"cidr_ipv4": "10.0.0.0/16"}),
        fails=_egress({"cidr_ipv4": "0.0.0.0/0"}, {"cidr_ipv4": "10.0.0.0/15"}),
        messages=(
            "endpoints.kmeans.egress[0].cidr_ipv4: the container can send data to any address, got "
            f'"0.0.0.0/0"; {_NARROWER}',
            "endpoints.kmeans.egress[1].cidr_ipv4: the container can send data to more addresses than a VPC has, got "
            f'"10.0.0.0/15"; {_NARROWER}',
        ),
    ),
    Pair(
        "permission-without-egress",
        passes=_egress({"referenced_security_group_id": _GROUP}, permissions=[_READ_FEATURES]),
        fails=_egress(permissions=[_READ_FEATURES]),
        messages=(_no_egress_to("sagemaker:GetRecord"),),
    ),
    Pair(
        "permission-without-egress",  # S3 and the runtime API are reachable
        passes=_egress(
            permissions=[
                {**_READ_FEATURES, "actions": ["s3:GetObject"], "resources": ["arn:aws:s3:::acme-models/a"]},
                {**_READ_FEATURES, "actions": ["sagemaker:InvokeEndpoint"], "resources": [f"{_SAGEMAKER}:endpoint/a"]},
            ]
        ),
        fails=_egress(permissions=[{**_READ_FEATURES, "actions": ["sagemaker:GetRecord", "sagemaker:BatchGetRecord"]}]),
        messages=(_no_egress_to("sagemaker:BatchGetRecord", "sagemaker:GetRecord"),),
    ),
    Pair(
        "permission-without-egress",  # existing VPC endpoints may be those of the API
        passes=_egress(permissions=[_READ_FEATURES], **_EXISTING),
        fails=_egress(
            permissions=[_READ_FEATURES],
            in_environment={"network": {**NETWORK, "private_endpoints": False, "route_table_ids": []}},
        ),
        messages=(_no_egress_to("sagemaker:GetRecord"),),
    ),
]
