"""The traffic that security groups allow, before and after."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

from protected_endpoints.review.analysis.addresses import canonical, enclosing
from protected_endpoints.review.plan.plan import Change, Plan
from protected_endpoints.review.plan.resource_types import MODEL
from protected_endpoints.review.plan.values import UNKNOWN, Json, Unknown, as_dict, as_list, as_number, as_strings

Direction = Literal["egress", "ingress"]
DEFAULT_GROUP = "aws_default_security_group"
GROUPS = ("aws_security_group", DEFAULT_GROUP)
_RULE = "aws_security_group_rule"
_HOLDERS = ("security_group_id", "route_table_id", "prefix_list_id")  # what a rule, route or entry is a part of
_PEERS = (
    *("cidr_blocks", "ipv6_cidr_blocks", "prefix_list_ids", "security_groups"),  # blocks of a group
    "source_security_group_id",  # aws_security_group_rule
    *("cidr_ipv4", "cidr_ipv6", "prefix_list_id", "referenced_security_group_id"),  # aws_vpc_security_group_*_rule
)
_ALL_PROTOCOLS = ("-1", "all")
_HTTPS = 443
_SELF = "self"  # the members of the group itself
_COMPUTED = "source_security_group_id"  # the provider computes it for a rule with another peer
_UNKNOWN = str(UNKNOWN)


@dataclass(frozen=True)
class Traffic:
    """What a rule of a security group allows: addresses, a prefix list or a security group, with its ports.

    A port is None if it is known only after apply, and 0 if the rule has none.
    """

    peer: str
    protocol: str
    from_port: int | None
    to_port: int | None

    @property
    def ports(self) -> str:
        """Return the protocol and the ports in words, such as `TCP port 443`."""
        if self.protocol in _ALL_PROTOCOLS:
            return "all ports"
        protocol = "an unknown protocol" if self.protocol == _UNKNOWN else self.protocol.upper()
        if self.from_port is None or self.to_port is None:
            return f"{protocol}, unknown ports"
        ports = f"port {self.from_port}" if self.from_port == self.to_port else f"ports {self.from_port}-{self.to_port}"
        return f"{protocol} {ports}"

    def covers_ports(self, other: "Traffic") -> bool:
        """Return whether this allows the protocol and the ports of other traffic."""
        return self.protocol in _ALL_PROTOCOLS or self._covers_ports(other)

    def _covers_ports(self, other: "Traffic") -> bool:
        if self.from_port is None or self.to_port is None or other.from_port is None or other.to_port is None:
            return False
        is_same_protocol = self.protocol == other.protocol != _UNKNOWN
        return is_same_protocol and self.from_port <= other.from_port and other.to_port <= self.to_port


UNKNOWN_TRAFFIC = Traffic(_UNKNOWN, _UNKNOWN, None, None)


def added_traffic(plan: Plan, direction: Direction) -> Iterator[tuple[str, Traffic]]:
    """Yield the address of each security group or rule, with the traffic that it did not allow before.

    The egress of a group of a first deployment is compared with the default, and its ingress with nothing. A new group
    beside a model that is in a VPC already adds all of its destinations. The default group exists before it is managed.
    """
    is_in_vpc = any(as_list(model.value_before("vpc_config")) for model in plan.of_type(MODEL))
    for change in plan.changes:
        if change.is_deleted or not (change.type in GROUPS or is_rule(change, direction)):
            continue
        before: Iterable[Traffic] = () if is_moved(change) else _allowed(change, change.before, direction)
        if change.type in GROUPS and change.type != DEFAULT_GROUP and not change.before:
            if direction == "ingress":
                continue
            before = () if is_in_vpc else _default(change.after or {})
        yield from (
            (change.address, traffic) for traffic in _not_covered(_allowed(change, change.after, direction), before)
        )


def _not_covered(after: Iterable[Traffic], before: Iterable[Traffic]) -> Iterator[Traffic]:
    """Yield the traffic that no other one includes, without comparing each of thousands."""
    by_peer: dict[str, set[Traffic]] = {}
    for traffic in before:
        by_peer.setdefault(canonical(traffic.peer), set()).add(traffic)
    for traffic in after:
        covering = (previous for peer in enclosing(traffic.peer) for previous in by_peer.get(peer, ()))
        if not any(previous.covers_ports(traffic) for previous in covering):
            yield traffic


def _default(group: Json) -> Iterator[Traffic]:
    """Yield the egress that every model in a VPC has: HTTPS to S3 and to the VPC endpoints of the environment."""
    blocks = [as_dict(block) for block in as_list(group.get("egress"))]
    for peer in ("prefix_list_ids", "security_groups"):
        others = [key for key in _PEERS if key != peer]
        matching = [
            block
            for block in blocks
            if as_list(block.get(peer)) and not any(block.get(key) for key in (*others, _SELF))
        ]
        # `egress` of an endpoint can only add further blocks.
        for block in matching[:1]:
            if (block.get("protocol"), block.get("from_port"), block.get("to_port")) == ("tcp", _HTTPS, _HTTPS):
                yield from _of_rule(block)


def is_rule(change: Change, direction: Direction) -> bool:
    """Return whether a resource is one rule of a security group in a direction."""
    has_type = change.type == _RULE and direction in (change.value_before("type"), change.value_after("type"))
    return has_type or change.type == f"aws_vpc_security_group_{direction}_rule"


def is_moved(change: Change) -> bool:
    """Return whether a rule, route or entry is added to another existing resource, which the plan does not show."""
    for argument in _HOLDERS if change.type not in GROUPS else ():
        before, after = str(change.value_before(argument)), str(change.value_after(argument))
        if before != after and after.startswith(("sg-", "rtb-", "pl-")):
            return True
    return False


def _allowed(change: Change, attributes: Json | None, direction: Direction) -> Iterator[Traffic]:
    rule = attributes or {}
    if change.type not in GROUPS:
        if rule.get("type", direction) == direction:
            yield from _of_rule(rule)
    elif isinstance(blocks := rule.get(direction), Unknown):
        yield UNKNOWN_TRAFFIC
    else:
        for block in as_list(blocks):
            yield from [UNKNOWN_TRAFFIC] if isinstance(block, Unknown) else _of_rule(as_dict(block))


def _of_rule(rule: Json) -> Iterator[Traffic]:
    protocol = str(rule.get("protocol", rule.get("ip_protocol", _ALL_PROTOCOLS[0])))
    ports = _port(rule.get("from_port")), _port(rule.get("to_port"))
    known = [peer for key in _PEERS for peer in as_strings(rule.get(key))]
    for peer in [*known, *([_SELF] if rule.get(_SELF) is True else [])]:
        yield Traffic(peer, protocol, *ports)
    if any(is_unknown(rule.get(key)) for key in _PEERS if key != _COMPUTED or not known):
        yield Traffic(_UNKNOWN, protocol, *ports)


def _port(value: object) -> int | None:
    return None if isinstance(value, Unknown) else int(as_number(value))


def is_unknown(value: object) -> bool:
    """Return whether a value, or a part of it, is known only after apply."""
    return any(isinstance(item, Unknown) for item in (value, *as_list(value)))
