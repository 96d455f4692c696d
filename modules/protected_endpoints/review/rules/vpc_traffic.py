"""Rules about the traffic of a VPC: its subnets and security groups, prefix lists and routes."""

from collections.abc import Callable, Iterator, Set
from functools import partial

from protected_endpoints.review.analysis.context import ReviewContext
from protected_endpoints.review.analysis.internet import PREFIX_LISTS, ROUTES, opened_to_internet
from protected_endpoints.review.analysis.traffic import UNKNOWN_TRAFFIC, Direction, Traffic, added_traffic, is_unknown
from protected_endpoints.review.markdown import code
from protected_endpoints.review.plan.plan import Change
from protected_endpoints.review.plan.resource_types import MODEL
from protected_endpoints.review.plan.values import Json, as_dict, as_list, as_strings, first_block
from protected_endpoints.review.rules.registry import RuleResult, rule

_SECURITY_GROUP, _SECURITY_GROUPS = "aws_security_group", "security_group_ids"
# The arguments of a VPC endpoint without whose items requests of a part of the VPC take another way.
_PLACES = ("route_table_ids", "subnet_ids")
# Resources that decide where the traffic of a VPC goes, by what they are.
_ROUTING = {
    **dict.fromkeys(ROUTES, "Routes"),
    **dict.fromkeys(("aws_main_route_table_association", "aws_route_table_association"), "Routes"),
    **dict.fromkeys(("aws_internet_gateway", "aws_internet_gateway_attachment", "aws_nat_gateway"), "Gateways"),
    **dict.fromkeys(("aws_egress_only_internet_gateway", "aws_vpn_connection", "aws_vpn_gateway"), "Gateways"),
    **dict.fromkeys(("aws_vpc_peering_connection", "aws_vpc_peering_connection_accepter"), "Peering connections"),
    **dict.fromkeys(("aws_ec2_transit_gateway_vpc_attachment", "aws_networkmanager_vpc_attachment"), "Attachments"),
    **dict.fromkeys(("aws_network_acl", "aws_network_acl_rule", "aws_default_network_acl"), "Network ACLs"),
    **dict.fromkeys(("aws_network_acl_association", "aws_network_interface_sg_attachment"), "Network interfaces"),
    **dict.fromkeys(("aws_vpc_dhcp_options", "aws_vpc_dhcp_options_association"), "DHCP options"),
    **dict.fromkeys(("aws_route53_resolver_rule", "aws_route53_resolver_rule_association"), "DNS rules"),
    **dict.fromkeys(("aws_route53_record", "aws_route53_zone_association"), "DNS records"),
    **dict.fromkeys(("aws_vpc_block_public_access_exclusion", "aws_vpc_block_public_access_options"), "Exclusions"),
}


@rule("network-changed", "warn")
def network_changed(context: ReviewContext) -> RuleResult:
    """Subnets and security groups determine where a container can send data."""
    # Functions that exist once, because new models share the values of all models before.
    known = {key: partial(_vpc_ids, key) for key in ("subnets", _SECURITY_GROUPS)}
    owners = {key: partial(_owners, context, ids) for key, ids in known.items()}
    for model in context.compared(MODEL):
        after = first_block(model.after.get("vpc_config"))
        # Which subnets a new model is in, the environment decides.
        had_vpc = True in model.previous_values(_has_vpc)
        keys = known if had_vpc else (_SECURITY_GROUPS,) if model.is_new else ()
        for key in keys if after else ():
            before, same = model.previous_values(known[key]), model.previous_values(owners[key])
            yield from ((model.address, message) for message in _added(context, key, before, same, after.get(key)))
    for endpoint in context.plan.of_type("aws_vpc_endpoint"):
        if endpoint.before and endpoint.after and not endpoint.is_deleted:
            ids, owners_before = _group_ids(endpoint.before), _owners(context, _group_ids, endpoint.before)
            added = _added(context, _SECURITY_GROUPS, ids, owners_before, endpoint.value_after(_SECURITY_GROUPS))
            yield from ((endpoint.address, message) for message in added)
            yield from ((endpoint.address, message) for message in _removed_places(endpoint))


def _has_vpc(attributes: Json) -> list[bool]:
    return [bool(first_block(attributes.get("vpc_config")))]


def _vpc_ids(key: str, attributes: Json) -> set[str]:
    return {*as_strings(first_block(attributes.get("vpc_config")).get(key))}


def _group_ids(attributes: Json) -> set[str]:
    return {*as_strings(attributes.get(_SECURITY_GROUPS))}


def _owners(context: ReviewContext, ids: Callable[[Json], Set[str]], attributes: Json) -> set[str]:
    """Return the addresses of the security groups of the plan that a resource has."""
    replacements = context.permissions.replacements
    return {owner for id_ in ids(attributes) for owner in replacements.owners(id_, _SECURITY_GROUP)}


def _added(context: ReviewContext, key: str, before: Set[str], same: Set[str], after: object) -> Iterator[str]:
    """Yield a message about the subnets or security groups that are added, except new groups of the plan.

    `same` are the addresses of the groups before.
    """
    external = []
    for id_ in as_strings(after):
        owners = context.permissions.replacements.owners(id_, _SECURITY_GROUP)
        if id_ in before or not owners.isdisjoint(same):
            continue
        if owners:
            names = code(", ".join(sorted(owners)))
            yield f"{code(id_)} added to {code(key)}: the rules of {names} apply from now on."
        elif not id_.startswith(f"${{{_SECURITY_GROUP}."):  # egress-added reports the rules of a new group
            external.append(id_)
    if external:
        yield f"{code(', '.join(external))} added to {code(key)}; this plan does not show its rules."
    if is_unknown(after):
        yield f"{code(key)} is known only after apply; this plan does not show its rules."


def _removed_places(endpoint: Change) -> Iterator[str]:
    """Yield a message about the route tables and subnets that a VPC endpoint no longer serves."""
    for key in _PLACES:
        after = endpoint.value_after(key)
        removed = sorted({*as_strings(endpoint.value_before(key))} - {*as_strings(after)})
        if removed and not is_unknown(after):
            yield f"{code(', '.join(removed))} removed from {code(key)}: its requests no longer use the VPC endpoint."


@rule("egress-added", "warn")
def egress_added(context: ReviewContext) -> RuleResult:
    """A container can send requests and model data to every destination that its security groups allow."""
    for address, traffic in _added_traffic(context, "egress"):
        yield address, _describe("Egress to", traffic)
    for change in context.changed_resources:
        if change.type in PREFIX_LISTS and not change.is_deleted:
            for cidr in sorted({*_entries(change.after)} - {*_entries(change.before)}):
                yield change.address, f"{code(cidr)} is added to a prefix list: rules that use the list allow it."


@rule("ingress-added", "warn")
def ingress_added(context: ReviewContext) -> RuleResult:
    """A host that reaches a VPC endpoint or an instance can try to use it."""
    for address, traffic in _added_traffic(context, "ingress"):
        yield address, _describe("Ingress from", traffic)


@rule("routes-changed", "warn")
def routes_changed(context: ReviewContext) -> RuleResult:
    """Routes, gateways, network ACLs and DNS decide where the traffic of a VPC goes."""
    for change in context.changed_resources:
        if kind := _ROUTING.get(change.type):
            yield change.address, f"{kind} of a VPC change; this review does not show the traffic that they allow."


def _added_traffic(context: ReviewContext, direction: Direction) -> Iterator[tuple[str, Traffic]]:
    """Yield the added traffic of security groups without that of the internet, which a rule that blocks reports."""
    internet = opened_to_internet(context.plan, direction)
    for address, traffic in added_traffic(context.plan, direction):
        if traffic.peer not in internet.get(address, ()):
            yield address, traffic


def _describe(direction: str, traffic: Traffic) -> str:
    if traffic == UNKNOWN_TRAFFIC:
        return f"{direction.partition(' ')[0]} rules are known only after apply; this plan does not show them."
    return f"{direction} {code(traffic.peer)} on {traffic.ports} is added."


def _entries(attributes: object) -> list[str]:
    entries = [as_dict(attributes), *map(as_dict, as_list(as_dict(attributes).get("entry")))]
    return [cidr for entry in entries for cidr in as_strings(entry.get("cidr"))]
