"""Rules about the ways in and out that are no permissions: networks, public access, shells."""

from collections.abc import Iterator

from protected_endpoints.review.analysis.context import View
from protected_endpoints.review.analysis.endpoints import CONFIGURATION, MODEL, variants
from protected_endpoints.review.plan.plan import Change
from protected_endpoints.review.plan.values import Json, first, listed, strings, table
from protected_endpoints.review.report.markdown import code
from protected_endpoints.review.rules.permissions import opened

_INTERNET = ("0.0.0.0/0", "::/0")
_OWNED = "BucketOwnerEnforced"
_PUBLIC_ACCESS = ("block_public_acls", "block_public_policy", "ignore_public_acls", "restrict_public_buckets")


def isolation_off(view: View) -> Iterator[tuple[str, str]]:
    """The container opens connections, and gets the credentials of the execution role."""
    for address, cidr in _opened_to_the_internet(view, "egress"):
        yield address, f"The security group lets out to {code(cidr)}: what is behind it can send data anywhere."
    for each in view.plan.of_type(MODEL):
        is_off = each.after is not None and each.becomes("enable_network_isolation") is not True
        if each.was("enable_network_isolation") is True and is_off and not each.goes:
            yield (
                each.address,
                "The container gets a network and the execution role's credentials: it can send them on.",
            )


def vpc_removed(view: View) -> Iterator[tuple[str, str]]:
    """What was private goes over the public network."""
    for each in view.plan.of_type(MODEL):
        if listed(each.was("vpc_config")) and each.after and not listed(each.becomes("vpc_config")) and not each.goes:
            yield each.address, "The model leaves the VPC."
    for each in view.plan.of_type("aws_vpc_endpoint"):
        if each.goes or each.is_old_first:
            yield (
                each.address,
                "The private endpoint is destroyed: calls from the VPC find no way, or take the public one.",
            )
        elif each.was("private_dns_enabled") is True and each.becomes("private_dns_enabled") is False:
            yield each.address, "The name of the service leads to its public address again, for calls from the VPC too."


def network_changed(view: View) -> Iterator[tuple[str, str]]:
    """Its subnets and security groups decide where a container can send what it gets."""
    made = [id_ for each in view.plan.of_type("aws_security_group") for id_ in (each.was("id"), each.becomes("id"))]
    for each in view.plan.of_type(MODEL):
        before, after = (first(side("vpc_config")) for side in (each.was, each.becomes))
        for key in ("subnets", "security_group_ids") if before and after else ():
            more = [one for one in strings(after.get(key)) if one not in strings(before.get(key)) and one not in made]
            if more := [one for one in more if not one.startswith("${aws_security_group.")]:
                yield each.address, f"The model gets {code(', '.join(more))} as `{key}`."


def public_access(view: View) -> Iterator[tuple[str, str]]:
    """Somebody outside gets in."""
    for each in view.plan.of_type("aws_s3_bucket_public_access_block"):
        opened_ways = [key for key in _PUBLIC_ACCESS if each.was(key) is True and each.becomes(key) is not True]
        if (opened_ways and not each.goes) or (each.goes and not view.plan.goes_with_its_bucket(each)):
            yield each.address, f"Public access is possible: {', '.join(opened_ways) or 'the block'} goes off."
    for each in view.plan.of_type("aws_s3_bucket_ownership_controls"):
        owned, owns = (first(side("rule")).get("object_ownership") == _OWNED for side in (each.was, each.becomes))
        if owned and (not view.plan.goes_with_its_bucket(each) if each.goes else not owns):
            yield each.address, "Access lists count again: who writes an object can let others read it."
    for grant in view.permissions.added:
        if not grant.is_trust and (says := opened(view, grant)):
            yield grant.address, says
    for address, cidr in _opened_to_the_internet(view, "ingress"):
        yield address, f"The security group lets in from {code(cidr)}."


def ssm_access_on(view: View) -> Iterator[tuple[str, str]]:
    """Whoever gets a shell reads every request, and the model."""
    for each in view.plan.of_type(CONFIGURATION):
        if not _shells(each.before) and _shells(each.after):
            yield each.address, "People can open a shell in the container, beside requests and model."


def _opened_to_the_internet(view: View, way: str) -> Iterator[tuple[str, str]]:
    """Yield the security groups that let the whole internet in (`ingress`), or let out to it (`egress`)."""
    for each in view.changing:
        if each.type.startswith(("aws_security_group", "aws_vpc_security_group")):
            for cidr in sorted({*_internet(each, each.after, way)} - {*_internet(each, each.before, way)}):
                yield each.address, cidr


def _internet(change: Change, group: Json | None, way: str) -> list[str]:
    attributes = group or {}
    is_rule = attributes.get("type") == way or change.type.endswith(f"_{way}_rule")
    rules = [*([attributes] if is_rule else []), *map(table, listed(attributes.get(way)))]
    found = [
        cidr
        for rule in rules
        for key in ("cidr_blocks", "ipv6_cidr_blocks", "cidr_ipv4", "cidr_ipv6")
        for cidr in strings(rule.get(key))
    ]
    return [each for each in found if each in _INTERNET]


def _shells(configuration: object) -> bool:
    return any(each.get("enable_ssm_access") is True for each in variants(first([configuration]) or None))
