"""The destinations that security groups allow, before and after."""

from collections.abc import Iterator
from dataclasses import dataclass
from ipaddress import ip_network

from protected_endpoints.review.plan.plan import Change, Plan
from protected_endpoints.review.plan.resource_types import MODEL
from protected_endpoints.review.plan.values import UNKNOWN, Json, Unknown, as_dict, as_list, as_number, as_strings

_GROUPS = ("aws_security_group", "aws_default_security_group")
_RULES = ("aws_security_group_rule", "aws_vpc_security_group_egress_rule")
_GROUP = "security_group_id"
_DESTINATIONS = (
    *("cidr_blocks", "ipv6_cidr_blocks", "prefix_list_ids", "security_groups"),  # blocks of a group
    "source_security_group_id",  # aws_security_group_rule
    *("cidr_ipv4", "cidr_ipv6", "prefix_list_id", "referenced_security_group_id"),  # aws_vpc_security_group_egress_rule
)
_ALL_PROTOCOLS = ("-1", "all")
_HTTPS = 443
_SELF = "self"  # the members of the group itself
_COMPUTED = "source_security_group_id"  # the provider computes it for a rule with another destination


@dataclass(frozen=True)
class Egress:
    """One destination of a security group: addresses, a prefix list or a security group, with its ports."""

    destination: str
    protocol: str
    from_port: int
    to_port: int

    @property
    def ports(self) -> str:
        """Return the protocol and the ports in words, such as `TCP port 443`."""
        if self.protocol in _ALL_PROTOCOLS:
            return "all ports"
        ports = f"port {self.from_port}" if self.from_port == self.to_port else f"ports {self.from_port}-{self.to_port}"
        return f"{self.protocol.upper()} {ports}"

    def covers(self, other: "Egress") -> bool:
        """Return whether this destination includes another one, with its ports."""
        has_ports = self.from_port <= other.from_port and other.to_port <= self.to_port
        has_protocol = self.protocol in _ALL_PROTOCOLS or (self.protocol == other.protocol and has_ports)
        return has_protocol and includes(self.destination, other.destination)


_UNKNOWN_EGRESS = Egress(str(UNKNOWN), _ALL_PROTOCOLS[0], 0, 0)


def added_egress(plan: Plan) -> Iterator[tuple[str, Egress]]:
    """Yield the address of each security group or rule, with the destinations that it did not allow before.

    A group of a first deployment is compared with the default. A new group beside a model that is in a VPC already adds
    all of its destinations.
    """
    is_in_vpc = any(as_list(model.value_before("vpc_config")) for model in plan.of_type(MODEL))
    for change in plan.changes:
        if change.is_deleted or change.type not in (*_GROUPS, *_RULES):
            continue
        before = [] if _is_moved(change) else [*_allowed(change, change.before)]
        if change.type in _GROUPS and not change.before and not is_in_vpc:
            before = [*_default(change.after or {})]
        for egress in _allowed(change, change.after):
            if not any(previous.covers(egress) for previous in before):
                yield change.address, egress


def _default(group: Json) -> Iterator[Egress]:
    """Yield the egress that every model in a VPC has: HTTPS to S3 and to the VPC endpoints of the environment."""
    blocks = [as_dict(block) for block in as_list(group.get("egress"))]
    for destination in ("prefix_list_ids", "security_groups"):
        others = [key for key in _DESTINATIONS if key != destination]
        matching = [
            block
            for block in blocks
            if as_list(block.get(destination)) and not any(block.get(key) for key in (*others, _SELF))
        ]
        # `egress` of an endpoint can only add further blocks.
        for block in matching[:1]:
            if (block.get("protocol"), block.get("from_port"), block.get("to_port")) == ("tcp", _HTTPS, _HTTPS):
                yield from _destinations(block)


def _is_moved(change: Change) -> bool:
    """Return whether a rule is added to another existing group, whose egress the plan does not show."""
    before, after = (str(value(_GROUP)) for value in (change.value_before, change.value_after))
    return change.type in _RULES and before != after and after.startswith("sg-")


def _allowed(change: Change, attributes: Json | None) -> Iterator[Egress]:
    rule = attributes or {}
    if isinstance(rule.get("egress"), Unknown):
        yield _UNKNOWN_EGRESS
    elif change.type in _GROUPS:
        for block in map(as_dict, as_list(rule.get("egress"))):
            yield from _destinations(block)
    elif rule.get("type", "egress") == "egress":
        yield from _destinations(rule)


def _destinations(rule: Json) -> Iterator[Egress]:
    protocol = str(rule.get("protocol", rule.get("ip_protocol", _ALL_PROTOCOLS[0])))
    ports = int(as_number(rule.get("from_port"))), int(as_number(rule.get("to_port")))
    known = [destination for key in _DESTINATIONS for destination in as_strings(rule.get(key))]
    for destination in [*known, *([_SELF] if rule.get(_SELF) is True else [])]:
        yield Egress(destination, protocol, *ports)
    if any(is_unknown(rule.get(key)) for key in _DESTINATIONS if key != _COMPUTED or not known):
        yield _UNKNOWN_EGRESS


def is_unknown(value: object) -> bool:
    """Return whether a value, or a part of it, is known only after apply."""
    return any(isinstance(item, Unknown) for item in (value, *as_list(value)))


def includes(block: str, other: str) -> bool:
    """Return whether a destination is another one, or a block of addresses that includes it."""
    try:
        networks = ip_network(block, strict=False), ip_network(other, strict=False)
    except ValueError:
        return block == other
    if networks[0].version != networks[1].version:
        return False
    return networks[1].subnet_of(networks[0])  # type: ignore[arg-type]  # reason: mypy does not narrow by version
