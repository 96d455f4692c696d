"""Plans for the rules of `network_access`."""

from typing import Any

from protected_endpoints.review.analysis.defaults import PUBLIC_ACCESS_SETTINGS
from tests.review.cases.shapes import (
    BUCKET,
    BUCKET_POLICY,
    MODEL,
    OTHER_ACCOUNT,
    OTHER_BUCKET_DELETED,
    VPC,
    Cases,
    allow,
    block,
    enabled,
    group_rules,
    moved_model,
    new,
    updated,
    updating,
)
from tests.review.fragments import ACCOUNT, CAPTURE, Json, allowing, change, configuration

_BLOCK = "aws_s3_bucket_public_access_block.Capture"
_OWNERSHIP = "aws_s3_bucket_ownership_controls.O"
_OWNED = enabled(object_ownership="BucketOwnerEnforced")


def _group(cidr: str) -> Json:
    rule = {"type": "ingress", "cidr_blocks": [cidr]}
    return change("aws_security_group_rule.In", None, rule, ("create",))


def _egress(*cidrs: str) -> dict[str, Any]:
    """Return a security group whose egress changes, with one rule for each CIDR block."""
    key = "ipv6_cidr_blocks" if ":" in cidrs[0] else "cidr_blocks"
    before, after = [{key: ["10.0.0.0/24"]}], [{key: [cidr]} for cidr in cidrs]
    return {"others": [change("aws_security_group.G", {"egress": before}, {"egress": after}, ("update",))]}


def _rule_to(cidr: str, name: str) -> Json:
    """Return a rule for egress that is created."""
    return change(f"aws_vpc_security_group_egress_rule.To{name}", None, {"cidr_ipv4": cidr}, ("create",))


def _created(type_: str, **arguments: Any) -> dict[str, Any]:
    return {"others": [change(f"{type_}.New", None, arguments, ("create",))]}


_ACCOUNT_BLOCK = "aws_s3_account_public_access_block.A"
_BLOCKED = dict.fromkeys(PUBLIC_ACCESS_SETTINGS, True)


def _serverless(**settings: Any) -> dict[str, Any]:
    """Return a new endpoint with one variant."""
    variant = {"variant_name": "AllTraffic", "model_name": "b", **settings}
    created: dict[str, Json] = {
        "aws_sagemaker_model.New": {"name": "b", "enable_network_isolation": False},
        "aws_sagemaker_endpoint_configuration.New": {"name": "c", "production_variants": [variant]},
        "aws_sagemaker_endpoint.New": {"name": "e", "endpoint_config_name": "c"},
    }
    return {"others": [change(address, None, after, ("create",)) for address, after in created.items()]}


_EVERYONE = {
    "grantee": [{"type": "Group", "uri": "http://acs.amazonaws.com/groups/global/AllUsers"}],
    "permission": "READ",
}
_OWNER = {"grantee": [{"type": "CanonicalUser", "id": "0123abcd"}], "permission": "READ"}


def _acl(**arguments: Any) -> dict[str, Any]:
    return {"others": [change("aws_s3_bucket_acl.A", None, {"bucket": CAPTURE, **arguments}, ("create",))]}


CASES: Cases = [
    ("public-access", {"changed": {BUCKET: {"acl": "public-read"}}}, {"changed": {BUCKET: {"acl": "private"}}}),
    ("public-access", _acl(acl="authenticated-read"), _acl(acl="log-delivery-write")),
    (
        "public-access",
        _acl(access_control_policy=[{"grant": [_EVERYONE]}]),
        _acl(access_control_policy=[{"grant": [_OWNER]}]),
    ),
    (
        "serverless-not-isolated",
        _serverless(serverless_config=[{"memory_size_in_mb": 2048}]),
        _serverless(instance_type="ml.m5.xlarge"),
    ),
    (
        "isolation-off",
        _serverless(instance_type="ml.m5.xlarge"),
        _serverless(serverless_config=[{"memory_size_in_mb": 2048}]),
    ),
    (
        "isolation-off",
        {"changed": {MODEL: new({"name": "b", "enable_network_isolation": False})}},
        {"changed": {MODEL: new({"name": "b"})}},
    ),
    ("isolation-off", _egress("0.0.0.0/0"), _egress("10.0.0.0/16")),
    # Half of the internet; all private addresses of IPv6.
    ("isolation-off", _egress("128.0.0.0/1"), group_rules([], [block(ipv6_cidr_blocks=["fc00::/7"])])),
    # A narrower block, and one that is not known.
    (
        "isolation-off",
        group_rules([block(cidr_blocks=["0.0.0.0/1"])], [block(cidr_blocks=["128.0.0.0/1"])]),
        group_rules([block(cidr_blocks=["0.0.0.0/0"])], [block(cidr_blocks=["128.0.0.0/1", "${aws_eip.A.public_ip}"])]),
    ),
    # A model with a new address.
    (
        "isolation-off",
        moved_model(enable_network_isolation=False),
        moved_model(enable_network_isolation=True),
    ),
    (
        "public-access",
        {"changed": {_BLOCK: {"block_public_policy": False}}},
        {"changed": {_BLOCK: {"block_public_policy": True}}},
    ),
    (
        "public-access",
        {"changed": allowing(BUCKET_POLICY, allow("s3:GetObject", Principal="*"))},
        {
            "changed": allowing(
                BUCKET_POLICY,
                allow("s3:GetObject", Principal="*", Condition={"StringEquals": {"aws:PrincipalAccount": ACCOUNT}}),
            )
        },
    ),
    (
        "public-access",
        {"changed": allowing(BUCKET_POLICY, allow("s3:GetObject", Principal=OTHER_ACCOUNT))},
        {
            "changed": allowing(
                BUCKET_POLICY, allow("s3:GetObject", Principal={"AWS": "arn:aws:iam::111122223333:root"})
            )
        },
    ),
    ("public-access", {"others": [_group("0.0.0.0/0")]}, {"others": [_group("10.0.0.0/16")]}),
    (
        "public-access",
        updating("aws_default_security_group.D", {"ingress": []}, {"ingress": [{"cidr_blocks": ["0.0.0.0/0"]}]}),
        updating("aws_default_security_group.D", {"ingress": [{"cidr_blocks": ["0.0.0.0/0"]}]}, {"ingress": []}),
    ),
    (
        "public-access",
        updating(_OWNERSHIP, _OWNED, enabled(object_ownership="ObjectWriter")),
        updating(_OWNERSHIP, enabled(object_ownership="ObjectWriter"), _OWNED),
    ),
    (
        "public-access",
        updating(_OWNERSHIP, _OWNED, None),
        {"changed": {BUCKET: "delete"}, **updating(_OWNERSHIP, _OWNED, None)},
    ),
    (
        "public-access",
        {"changed": {_BLOCK: "delete"}, "others": [OTHER_BUCKET_DELETED]},
        {"changed": {_BLOCK: "delete", BUCKET: "delete"}},
    ),
    (
        "vpc-removed",
        {"changed": {MODEL: new({"name": "b", "vpc_config": []})}},
        {"changed": {MODEL: new({"name": "b"})}},
    ),
    (
        "vpc-removed",
        {"changed": {"aws_vpc_endpoint.Runtime": "delete"}},
        {"changed": {"aws_vpc_endpoint.Runtime": {"tags": {"a": "b"}}}},
    ),
    (
        "vpc-removed",
        updating("aws_vpc_endpoint.E", {"private_dns_enabled": True}, {"private_dns_enabled": False}),
        updating("aws_vpc_endpoint.E", {"private_dns_enabled": False}, {"private_dns_enabled": True}),
    ),
    ("vpc-removed", moved_model(vpc_config=[]), moved_model(vpc_config=VPC)),
    (
        "ssm-access-on",
        {"changed": updated(configuration(enable_ssm_access=True))},
        {"changed": updated(configuration())},
    ),
    # Halves, quarters and many small blocks: in one rule, in several rules, and in several resources.
    ("isolation-off", _egress("0.0.0.0/1", "128.0.0.0/1"), _egress("198.51.100.0/24", "203.0.113.0/24")),
    ("isolation-off", _egress(*(f"{first}.0.0.0/8" for first in range(2, 6))), _egress("2.0.0.0/9")),
    ("isolation-off", _egress(*(f"{first}.128.0.0/9" for first in range(20, 30))), _egress("10.128.0.0/9")),
    (
        "isolation-off",
        {"others": [_rule_to(f"{first}.0.0.0/9", name=str(first)) for first in (20, 30, 40)]},
        {"others": [_rule_to("20.0.0.0/9", name="20")]},
    ),
    ("isolation-off", _egress("::/1", "8000::/1"), _egress("2001:db8::/32")),
    ("isolation-off", _egress("2600::/17", "2a00::/17", "2c00::/17"), _egress("fc00::/7")),
    # Half of the internet beside its other half.
    (
        "isolation-off",
        group_rules([block(cidr_blocks=["0.0.0.0/1"])], [block(cidr_blocks=["0.0.0.0/0"])]),
        group_rules([block(cidr_blocks=["0.0.0.0/1", "128.0.0.0/1"])], [block(cidr_blocks=["0.0.0.0/0"])]),
    ),
    # Prefix lists and routes.
    (
        "isolation-off",
        updating("aws_ec2_managed_prefix_list.L", {"entry": []}, {"entry": [{"cidr": "0.0.0.0/0"}]}),
        updating("aws_ec2_managed_prefix_list.L", {"entry": [{"cidr": "0.0.0.0/0"}]}, {"entry": []}),
    ),
    *(
        ("isolation-off", _created(type_, **wide), _created(type_, **narrow))
        for type_, wide, narrow in (
            ("aws_ec2_managed_prefix_list_entry", {"cidr": "0.0.0.0/1"}, {"cidr": "10.0.0.0/8"}),
            ("aws_route", {"destination_cidr_block": "0.0.0.0/0"}, {"destination_cidr_block": "10.1.0.0/16"}),
            ("aws_route", {"destination_ipv6_cidr_block": "::/0"}, {"destination_ipv6_cidr_block": "fd00::/48"}),
            ("aws_route_table", {"route": [{"cidr_block": "0.0.0.0/0"}]}, {"route": []}),
        )
    ),
    ("public-access", {"others": [_group("0.0.0.0/1")]}, {"others": [_group("10.0.0.0/8")]}),
    (
        "public-access",
        _created("aws_vpc_security_group_ingress_rule", cidr_ipv4="0.0.0.0/0"),
        _created("aws_vpc_security_group_egress_rule", cidr_ipv4="10.0.0.0/8"),
    ),
    (
        "public-access",
        updating(_ACCOUNT_BLOCK, _BLOCKED, {**_BLOCKED, "restrict_public_buckets": False}),
        updating(_ACCOUNT_BLOCK, {**_BLOCKED, "restrict_public_buckets": False}, _BLOCKED),
    ),
    ("public-access", updating(_ACCOUNT_BLOCK, _BLOCKED, None), updating(_ACCOUNT_BLOCK, _BLOCKED, _BLOCKED)),
    (
        "vpc-removed",
        updating("aws_vpc_endpoint.E", {"private_dns_enabled": True}, {"vpc_id": "v"}),
        updating("aws_vpc_endpoint.E", {"private_dns_enabled": True}, {"private_dns_enabled": True, "vpc_id": "v"}),
    ),
    # A rule that goes to another existing group, and a route that goes to another existing table.
    *(
        (
            "isolation-off",
            updating(f"{type_}.Moved", {holder: before, **wide}, {holder: after, **wide}),
            updating(f"{type_}.Moved", {holder: before, **wide}, {holder: before, **wide, "description": "a"}),
        )
        for type_, holder, before, after, wide in (
            ("aws_vpc_security_group_egress_rule", "security_group_id", "sg-1", "sg-2", {"cidr_ipv4": "0.0.0.0/0"}),
            ("aws_route", "route_table_id", "rtb-1", "rtb-2", {"destination_cidr_block": "0.0.0.0/0"}),
        )
    ),
]
