"""Plans for the rules of `network_access`."""

from typing import Any

from tests.review.cases.shapes import (
    BUCKET,
    BUCKET_POLICY,
    MODEL,
    OTHER_ACCOUNT,
    OTHER_BUCKET_DELETED,
    Cases,
    allow,
    enabled,
    new,
    updated,
    updating,
)
from tests.review.fragments import CAPTURE, Json, allowing, change, configuration

_BLOCK = "aws_s3_bucket_public_access_block.Capture"
_OWNERSHIP = "aws_s3_bucket_ownership_controls.O"
_OWNED = enabled(object_ownership="BucketOwnerEnforced")


def _group(cidr: str) -> Json:
    rule = {"type": "ingress", "cidr_blocks": [cidr]}
    return change("aws_security_group_rule.In", None, rule, ("create",))


def _egress(cidr: str) -> dict[str, Any]:
    """Return a security group whose egress changes."""
    before, after = ({"egress": [{"cidr_blocks": blocks}]} for blocks in (["10.0.0.0/24"], [cidr]))
    return {"others": [change("aws_security_group.G", before, after, ("update",))]}


def _block(*, port: int = 443, protocol: str = "tcp", **destination: Any) -> Json:
    return {"protocol": protocol, "from_port": port, "to_port": port, **destination}


def _rules(before: list[Json] | None, after: list[Json], actions: tuple[str, ...] = ("update",)) -> dict[str, Any]:
    """Return a security group whose egress rules change."""
    old = None if before is None else {"egress": before}
    return {"others": [change("aws_security_group.Network", old, {"egress": after}, actions)]}


def _rule(type_: str, **arguments: Any) -> dict[str, Any]:
    """Return a new rule of an existing security group."""
    return {"others": [change(f"{type_}.Rule", None, arguments, ("create",))]}


def _unknown_egress(before: Json) -> Json:
    return change("aws_security_group.G", before, {"name": "g"}, ("update",), after_unknown={"egress": True})


def _new_rule(destination: Json) -> Json:
    """Return a new rule of egress with a group that is known only after apply."""
    rule = {**_block(type="egress"), **destination}
    unknown = {"source_security_group_id": True}
    return change("aws_security_group_rule.R", None, rule, ("create",), after_unknown=unknown)


_RULE = {**_block(type="egress", cidr_blocks=["10.0.0.0/16"]), "security_group_id": "sg-2"}
_S3 = _block(prefix_list_ids=["pl-1"], security_groups=[])
_STORE = _block(prefix_list_ids=[], security_groups=["sg-2"])
_VPC = [{"subnets": ["subnet-1"], "security_group_ids": ["sg-1"]}]


def _moved_model(after_unknown: Json | None = None, **arguments: Any) -> dict[str, Any]:
    """Return a protected model that is replaced by one with another address."""
    after = {"name": "b", "enable_network_isolation": True, "vpc_config": _VPC, **arguments}
    created = change("aws_sagemaker_model.Moved", None, after, ("create",), after_unknown=after_unknown or {})
    return {"changed": {MODEL: "delete"}, "others": [created]}


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
        "isolation-off",
        {"changed": {MODEL: new({"name": "b", "enable_network_isolation": False})}},
        {"changed": {MODEL: new({"name": "b"})}},
    ),
    ("isolation-off", _egress("0.0.0.0/0"), _egress("10.0.0.0/16")),
    # Half of the internet; all private addresses of IPv6.
    ("isolation-off", _egress("128.0.0.0/1"), _rules([], [_block(ipv6_cidr_blocks=["fc00::/7"])])),
    # A narrower block, and one that is not known.
    (
        "isolation-off",
        _rules([_block(cidr_blocks=["0.0.0.0/1"])], [_block(cidr_blocks=["128.0.0.0/1"])]),
        _rules([_block(cidr_blocks=["0.0.0.0/0"])], [_block(cidr_blocks=["128.0.0.0/1", "${aws_eip.A.public_ip}"])]),
    ),
    # A model with a new address.
    (
        "isolation-off",
        _moved_model(enable_network_isolation=False),
        _moved_model(enable_network_isolation=True),
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
                allow("s3:GetObject", Principal="*", Condition={"StringEquals": {"aws:PrincipalOrgID": "o-1"}}),
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
    ("vpc-removed", _moved_model(vpc_config=[]), _moved_model(vpc_config=_VPC)),
    (
        "network-changed",
        _moved_model(vpc_config=[{"subnets": ["subnet-1"], "security_group_ids": ["sg-9"]}]),
        _moved_model(vpc_config=_VPC),
    ),
    (
        "network-changed",
        _moved_model({"vpc_config": [{"security_group_ids": True}]}, vpc_config=[{"subnets": ["subnet-1"]}]),
        _moved_model({"arn": True}, vpc_config=_VPC),
    ),
    (
        "network-changed",
        {"changed": {MODEL: new({"vpc_config": [{"subnets": ["subnet-1"], "security_group_ids": ["sg-9"]}]})}},
        {"changed": {MODEL: new({"vpc_config": [{"subnets": ["subnet-1"], "security_group_ids": ["sg-1"]}]})}},
    ),
    ("egress-added", _rules([_S3], [_S3, _STORE]), _rules([_S3, _STORE], [_S3])),
    # The same destination with another description, and the same rules in another order.
    (
        "egress-added",
        _rules([_S3], [_block(cidr_blocks=["10.0.0.0/16"])]),
        _rules([_S3, _STORE], [{**_STORE, "description": "b"}, _S3]),
    ),
    # A wider block, and a narrower one.
    (
        "egress-added",
        _rules([_block(cidr_blocks=["10.0.1.0/24"])], [_block(cidr_blocks=["10.0.0.0/16"])]),
        _rules([_block(cidr_blocks=["10.0.0.0/16"])], [_block(cidr_blocks=["10.0.1.0/24"])]),
    ),
    (
        "egress-added",
        _rules([_block(ipv6_cidr_blocks=["fd00::/64"])], [_block(ipv6_cidr_blocks=["fd00::/48"])]),
        _rules([_block(ipv6_cidr_blocks=["fd00::/48"])], [_block(ipv6_cidr_blocks=["fd00::/64"])]),
    ),
    # Another port, another protocol, a wider range of ports.
    ("egress-added", _rules([_STORE], [{**_STORE, "from_port": 80}]), _rules([{**_STORE, "from_port": 80}], [_STORE])),
    ("egress-added", _rules([_STORE], [{**_STORE, "to_port": 444}]), _rules([{**_STORE, "to_port": 444}], [_STORE])),
    (
        "egress-added",
        _rules([_STORE], [{**_STORE, "protocol": "udp"}]),
        _rules([{**_STORE, "protocol": "-1", "from_port": 0, "to_port": 0}], [_STORE]),
    ),
    # The whole internet is a block of isolation-off; another port to it is not.
    (
        "egress-added",
        _rules([_block(cidr_blocks=["0.0.0.0/0"])], [_block(port=80, cidr_blocks=["0.0.0.0/0"])]),
        _rules([_S3], [_S3, _block(cidr_blocks=["0.0.0.0/0"])]),
    ),
    # Rules that are resources of their own.
    (
        "egress-added",
        _rule("aws_security_group_rule", **_block(type="egress", source_security_group_id="sg-2")),
        _rule("aws_security_group_rule", **_block(type="ingress", source_security_group_id="sg-2")),
    ),
    (
        "egress-added",
        _rule("aws_vpc_security_group_egress_rule", ip_protocol="tcp", from_port=1, to_port=9, cidr_ipv4="10.0.0.0/16"),
        _rule("aws_vpc_security_group_ingress_rule", ip_protocol="tcp", from_port=1, to_port=9, cidr_ipv4="10.0.0.0/8"),
    ),
    # The members of the group itself.
    ("egress-added", _rules([_S3], [_S3, _block(self=True)]), _rules([_S3, _block(self=True)], [_S3])),
    # A rule of another group, and one of a group that is replaced.
    (
        "egress-added",
        updating("aws_security_group_rule.R", {**_RULE, "security_group_id": "sg-1"}, _RULE),
        updating("aws_security_group_rule.R", _RULE, {**_RULE, "security_group_id": "${aws_security_group.G.id}"}),
    ),
    # A destination that is known only after apply. The provider computes the source of a rule with another destination.
    (
        "egress-added",
        {"others": [_new_rule({})]},
        {"others": [_new_rule({"cidr_blocks": ["10.0.0.0/16"], "type": "ingress"})]},
    ),
    # The rules are known only after apply.
    (
        "egress-added",
        {"others": [_unknown_egress({"egress": []})]},
        _rules([], []),
    ),
    # A new group beside a model that is in a VPC already, and one with the first model.
    (
        "egress-added",
        {"changed": {MODEL: new({"vpc_config": _VPC})}, **_rules(None, [_STORE], ("create",))},
        {"changed": {MODEL: new({"vpc_config": _VPC})}, **_rules([_STORE], [_STORE])},
    ),
    (
        "ssm-access-on",
        {"changed": updated(configuration(enable_ssm_access=True))},
        {"changed": updated(configuration())},
    ),
]
