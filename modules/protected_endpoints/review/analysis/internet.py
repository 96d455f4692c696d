"""The resources of a plan that open a network to the internet, alone or together."""

from collections.abc import Iterator

from protected_endpoints.review.analysis.addresses import internet_blocks, new_public_blocks
from protected_endpoints.review.analysis.traffic import GROUPS, Direction, is_moved, is_rule
from protected_endpoints.review.plan.plan import Change, Plan
from protected_endpoints.review.plan.values import Json, as_dict, as_list, as_strings

PREFIX_LISTS = ("aws_ec2_managed_prefix_list", "aws_ec2_managed_prefix_list_entry")
ROUTES = ("aws_default_route_table", "aws_ec2_transit_gateway_route", "aws_route", "aws_route_table")
_RULE_BLOCKS = ("cidr_blocks", "ipv6_cidr_blocks", "cidr_ipv4", "cidr_ipv6")
_ROUTE_BLOCKS = ("cidr_block", "ipv6_cidr_block", "destination_cidr_block", "destination_ipv6_cidr_block")


def opened_to_internet(plan: Plan, direction: Direction) -> dict[str, list[str]]:
    """Return the new CIDR blocks by the address of the resource that allows them, if they are the internet together."""
    added = {
        change.address: new_public_blocks(
            [] if is_moved(change) else _blocks(change, change.before, direction),
            _blocks(change, change.after, direction),
        )
        for change in plan.changes
        if not change.is_unchanged and not change.is_deleted
    }
    internet = internet_blocks(block for blocks in added.values() for block in blocks)
    opened = {address: sorted({*blocks} & internet) for address, blocks in added.items()}
    return {address: blocks for address, blocks in opened.items() if blocks}


def _blocks(change: Change, side: Json | None, direction: Direction) -> Iterator[str]:
    """Yield the CIDR blocks from or to which a resource allows traffic."""
    attributes = side or {}
    if change.type in GROUPS or is_rule(change, direction):
        is_own = attributes.get("type", direction) == direction
        for rule in (*([attributes] if is_own else []), *map(as_dict, as_list(attributes.get(direction)))):
            yield from (block for key in _RULE_BLOCKS for block in as_strings(rule.get(key)))
    elif change.type in PREFIX_LISTS and direction == "egress":
        for entry in (attributes, *map(as_dict, as_list(attributes.get("entry")))):
            yield from as_strings(entry.get("cidr"))
    elif change.type in ROUTES and direction == "egress":
        for route in (attributes, *map(as_dict, as_list(attributes.get("route")))):
            yield from (block for key in _ROUTE_BLOCKS for block in as_strings(route.get(key)))
