"""Plans for the rules of `vpc_traffic`."""

from typing import Any

from tests.review.cases.shapes import MODEL, VPC, Cases, block, group_rules, moved_model, new, updating
from tests.review.fragments import NEW_FIRST, Json, change


def _rule(type_: str, **arguments: Any) -> dict[str, Any]:
    """Return a new rule of an existing security group."""
    return {"others": [change(f"{type_}.Rule", None, arguments, ("create",))]}


def _unknown_egress(before: Json) -> Json:
    return change("aws_security_group.G", before, {"name": "g"}, ("update",), after_unknown={"egress": True})


def _new_rule(destination: Json) -> Json:
    """Return a new rule of egress with a group that is known only after apply."""
    rule = {**block(type="egress"), **destination}
    unknown = {"source_security_group_id": True}
    return change("aws_security_group_rule.R", None, rule, ("create",), after_unknown=unknown)


_RULE = {**block(type="egress", cidr_blocks=["10.0.0.0/16"]), "security_group_id": "sg-2"}
_S3 = block(prefix_list_ids=["pl-1"], security_groups=[])
_STORE = block(prefix_list_ids=[], security_groups=["sg-2"])


def _entries(*cidrs: str) -> Json:
    """Return the arguments of a prefix list."""
    return {"entry": [{"cidr": cidr} for cidr in cidrs]}


def _ingress(before: list[Json], after: list[Json]) -> dict[str, Any]:
    """Return a security group whose ingress rules change."""
    return updating("aws_security_group.Network", {"ingress": before}, {"ingress": after})


def _in_groups(group: str) -> Json:
    return {"name": "b", "vpc_config": [{"subnets": ["subnet-1"], "security_group_ids": [group]}]}


def _group(id_: str, actions: tuple[str, ...]) -> Json:
    """Return a managed security group, whose ID is known only after apply if it is replaced."""
    if actions == NEW_FIRST:
        return change("aws_security_group.Own", {"id": id_}, {"tags": {}}, actions, after_unknown={"id": True})
    return change("aws_security_group.Own", {"id": id_}, {"id": id_}, actions)


_LIST, _ENDPOINT = "aws_ec2_managed_prefix_list.L", "aws_vpc_endpoint.E"
_REFERENCE = "${aws_security_group.Own.id}"

CASES: Cases = [
    (
        "network-changed",
        moved_model(vpc_config=[{"subnets": ["subnet-1"], "security_group_ids": ["sg-9"]}]),
        moved_model(vpc_config=VPC),
    ),
    (
        "network-changed",
        moved_model({"vpc_config": [{"security_group_ids": True}]}, vpc_config=[{"subnets": ["subnet-1"]}]),
        moved_model({"arn": True}, vpc_config=VPC),
    ),
    (
        "network-changed",
        {"changed": {MODEL: new({"vpc_config": [{"subnets": ["subnet-1"], "security_group_ids": ["sg-9"]}]})}},
        {"changed": {MODEL: new({"vpc_config": [{"subnets": ["subnet-1"], "security_group_ids": ["sg-1"]}]})}},
    ),
    ("egress-added", group_rules([_S3], [_S3, _STORE]), group_rules([_S3, _STORE], [_S3])),
    # The same destination with another description, and the same rules in another order.
    (
        "egress-added",
        group_rules([_S3], [block(cidr_blocks=["10.0.0.0/16"])]),
        group_rules([_S3, _STORE], [{**_STORE, "description": "b"}, _S3]),
    ),
    # A wider block, and a narrower one.
    (
        "egress-added",
        group_rules([block(cidr_blocks=["10.0.1.0/24"])], [block(cidr_blocks=["10.0.0.0/16"])]),
        group_rules([block(cidr_blocks=["10.0.0.0/16"])], [block(cidr_blocks=["10.0.1.0/24"])]),
    ),
    (
        "egress-added",
        group_rules([block(ipv6_cidr_blocks=["fd00::/64"])], [block(ipv6_cidr_blocks=["fd00::/48"])]),
        group_rules([block(ipv6_cidr_blocks=["fd00::/48"])], [block(ipv6_cidr_blocks=["fd00::/64"])]),
    ),
    # Another port, another protocol, a wider range of ports.
    (
        "egress-added",
        group_rules([_STORE], [{**_STORE, "from_port": 80}]),
        group_rules([{**_STORE, "from_port": 80}], [_STORE]),
    ),
    (
        "egress-added",
        group_rules([_STORE], [{**_STORE, "to_port": 444}]),
        group_rules([{**_STORE, "to_port": 444}], [_STORE]),
    ),
    (
        "egress-added",
        group_rules([_STORE], [{**_STORE, "protocol": "udp"}]),
        group_rules([{**_STORE, "protocol": "-1", "from_port": 0, "to_port": 0}], [_STORE]),
    ),
    # The whole internet is a block of isolation-off; another port to it is not.
    (
        "egress-added",
        group_rules([block(cidr_blocks=["0.0.0.0/0"])], [block(port=80, cidr_blocks=["0.0.0.0/0"])]),
        group_rules([_S3], [_S3, block(cidr_blocks=["0.0.0.0/0"])]),
    ),
    # Rules that are resources of their own.
    (
        "egress-added",
        _rule("aws_security_group_rule", **block(type="egress", source_security_group_id="sg-2")),
        _rule("aws_security_group_rule", **block(type="ingress", source_security_group_id="sg-2")),
    ),
    (
        "egress-added",
        _rule("aws_vpc_security_group_egress_rule", ip_protocol="tcp", from_port=1, to_port=9, cidr_ipv4="10.0.0.0/16"),
        _rule("aws_vpc_security_group_ingress_rule", ip_protocol="tcp", from_port=1, to_port=9, cidr_ipv4="10.0.0.0/8"),
    ),
    # The members of the group itself.
    ("egress-added", group_rules([_S3], [_S3, block(self=True)]), group_rules([_S3, block(self=True)], [_S3])),
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
        group_rules([], []),
    ),
    # A new group beside a model that is in a VPC already, and one with the first model.
    (
        "egress-added",
        {"changed": {MODEL: new({"vpc_config": VPC})}, **group_rules(None, [_STORE], ("create",))},
        {"changed": {MODEL: new({"vpc_config": VPC})}, **group_rules([_STORE], [_STORE])},
    ),
    # A prefix list with one more entry, as a block and as a resource.
    (
        "egress-added",
        updating(_LIST, _entries("10.0.0.0/16"), _entries("10.0.0.0/16", "192.0.2.0/24")),
        updating(_LIST, _entries("10.0.0.0/16", "192.0.2.0/24"), _entries("192.0.2.0/24")),
    ),
    (
        "egress-added",
        _rule("aws_ec2_managed_prefix_list_entry", cidr="192.0.2.0/24", prefix_list_id="pl-1"),
        updating("aws_ec2_managed_prefix_list_entry.Rule", {"cidr": "192.0.2.0/24"}, None),
    ),
    # Ingress, in all forms.
    ("ingress-added", _ingress([_S3], [_S3, _STORE]), _ingress([_S3, _STORE], [_S3])),
    ("ingress-added", _ingress([_STORE], [{**_STORE, "protocol": "-1"}]), group_rules([_STORE], [_S3])),
    (
        "ingress-added",
        _rule(
            "aws_vpc_security_group_ingress_rule", ip_protocol="tcp", from_port=1, to_port=9, cidr_ipv4="10.0.0.0/16"
        ),
        _rule("aws_vpc_security_group_egress_rule", ip_protocol="tcp", from_port=1, to_port=9, cidr_ipv4="10.0.0.0/16"),
    ),
    (
        "ingress-added",
        _rule("aws_security_group_rule", **block(type="ingress", source_security_group_id="sg-2")),
        _rule("aws_security_group_rule", **block(type="egress", source_security_group_id="sg-2")),
    ),
    (
        "ingress-added",
        _rule("aws_default_security_group", ingress=[block(self=True)]),
        _rule("aws_security_group", ingress=[block(self=True)]),
    ),
    # More ports for the internet, which has some already.
    (
        "ingress-added",
        _ingress([block(cidr_blocks=["0.0.0.0/0"])], [block(protocol="-1", port=0, cidr_blocks=["0.0.0.0/0"])]),
        _ingress([block(protocol="-1", port=0, cidr_blocks=["0.0.0.0/0"])], [block(cidr_blocks=["0.0.0.0/0"])]),
    ),
    # A managed group with other rules, that the model did not have; and its own one, which is replaced.
    (
        "network-changed",
        {"changed": {MODEL: new(_in_groups("sg-open"))}, "others": [_group("sg-open", ("no-op",))]},
        {"changed": {MODEL: new(_in_groups(_REFERENCE))}, "others": [_group("sg-1", NEW_FIRST)]},
    ),
    # The groups, subnets and route tables of a VPC endpoint.
    (
        "network-changed",
        updating(_ENDPOINT, {"security_group_ids": ["sg-1"]}, {"security_group_ids": ["sg-9"]}),
        updating(_ENDPOINT, {"security_group_ids": ["sg-1", "sg-2"]}, {"security_group_ids": ["sg-1"]}),
    ),
    *(
        (
            "network-changed",
            updating(_ENDPOINT, {key: ["a", "b"]}, {key: ["a", "c"]}),
            updating(_ENDPOINT, {key: ["a"]}, {key: ["a", "b"]}),
        )
        for key in ("route_table_ids", "subnet_ids")
    ),
    *(
        ("routes-changed", _rule(type_, vpc_id="vpc-1"), updating("aws_vpc.V", {"tags": {}}, {"tags": {"a": "b"}}))
        for type_ in ("aws_nat_gateway", "aws_network_acl_rule", "aws_vpc_peering_connection", "aws_route53_record")
    ),
]
