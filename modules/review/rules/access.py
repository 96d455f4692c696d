"""Rules about who gets in, and what the model and its role may do."""

import re
from collections.abc import Iterator

from modules.review.endpoints import CONFIGURATION, MODEL, variants
from modules.review.statements import Grant
from modules.review.text import code
from modules.review.values import first, listed
from modules.review.view import View

# Actions that know no resources, so that `*` is all that can be said.
_WITHOUT_RESOURCES = {
    "ecr:getauthorizationtoken",
    "cloudwatch:putmetricdata",
    "kms:listaliases",
    "logs:describeloggroups",
}
_ESCALATING = (
    "iam:passrole",
    "iam:put",
    "iam:attach",
    "iam:create",
    "iam:update",
    "kms:putkeypolicy",
    "kms:creategrant",
)
_POWERFUL = re.compile(r":aws:policy/(.*/)?(AdministratorAccess|PowerUserAccess|\w*FullAccess)$")
_PRIVATE = ("aws:sourcevpc", "aws:sourcevpce", "aws:securetransport")
_OPEN = ("0.0.0.0/0", "::/0")
_PUBLIC_ACCESS = ("block_public_acls", "block_public_policy", "ignore_public_acls", "restrict_public_buckets")


def isolation_off(view: View) -> Iterator[tuple[str, str]]:
    """The container opens connections, and gets the credentials of the execution role."""
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


def public_access(view: View) -> Iterator[tuple[str, str]]:
    """Somebody outside gets in."""
    for each in view.plan.of_type("aws_s3_bucket_public_access_block"):
        opened = [key for key in _PUBLIC_ACCESS if each.was(key) is True and each.becomes(key) is not True]
        bucket_goes = any(other.type == "aws_s3_bucket" and other.goes for other in view.plan.changes)
        if (opened and not each.goes) or (each.goes and not bucket_goes):
            yield each.address, f"Public access is possible: {', '.join(opened) or 'the block'} goes off."
    account = _account(view)
    for grant in view.permissions.added:
        if _is_trust(grant) or grant.is_bounded:
            continue
        if grant.who == "*":
            yield grant.address, f"Everybody may {_may(grant)} on {code(grant.on)}: no condition says who."
        elif account and (other := _account_of(grant.who)) and other != account:
            yield (
                grant.address,
                f"Account {code(other)} may {_may(grant)} on {code(grant.on)}: no condition says from where.",
            )
    for each in view.changing:
        if each.type.startswith(("aws_security_group", "aws_vpc_security_group")):
            for cidr in {*_open_to(each.after)} - {*_open_to(each.before)}:
                yield each.address, f"The security group lets in from {code(cidr)}."


def invoke_widened(view: View) -> Iterator[tuple[str, str]]:
    """Somebody invokes who is not one of the endpoint's callers, or a caller loses its conditions."""
    for grant in view.permissions.added:
        if not grant.may.lower().startswith(("sagemaker:invokeendpoint", "sagemaker:*")) or "at the most" in grant.who:
            continue
        lost = sorted({key for old in _before(view, grant) for key in _private(old)} - _private(grant))
        if lost:
            yield grant.address, f"{_who(grant)} may {_may(grant)} without {' and '.join(lost)} from then on."
        elif "*" in grant.on.rpartition(":")[2] or not _is_of_the_project(grant):
            yield grant.address, f"{_who(grant)} may {_may(grant)} on {code(grant.on)}, and `invokers` does not say so."


def iam_wildcard_added(view: View) -> Iterator[tuple[str, str]]:
    """A wildcard grants what nobody thought of."""
    for grant in view.permissions.added:
        service, _, action = grant.may.partition(":")
        if _is_trust(grant) or "at the most" in grant.who:
            continue
        if grant.may == "*" or action == "*" or grant.may.startswith("all but"):
            yield grant.address, f"{_who(grant)} may {code(grant.may)} on {code(grant.on)}."
        elif (
            grant.on == "*"
            and grant.may.lower() not in _WITHOUT_RESOURCES
            and not action.lower().startswith("describe")
        ):
            yield grant.address, f"{_who(grant)} may {code(grant.may)} on every resource of {code(service)}."


def iam_escalation_added(view: View) -> Iterator[tuple[str, str]]:
    """Who can change who may what, or become somebody else, may everything."""
    for grant in view.permissions.added:
        action = grant.may.lower()
        if "at the most" in grant.who or grant.is_bounded:
            continue
        if action.startswith("sts:assumerole") and not _is_trust(grant):
            yield grant.address, f"{_who(grant)} may become {code(grant.on)}."
        elif action.startswith(_ESCALATING) and not (action in ("kms:creategrant", "iam:passrole") and grant.when):
            yield grant.address, f"{_who(grant)} may {code(grant.may)} on {code(grant.on)}."


def administrator_attached(view: View) -> Iterator[tuple[str, str]]:
    """A policy of AWS's own that lets its holder do everything in a service, or everywhere."""
    for address, role, arn in _attached_from_elsewhere(view):
        if _POWERFUL.search(arn):
            yield address, f"{code(f'role/{role}')} gets {code(arn)}."


def boundary_removed(view: View) -> Iterator[tuple[str, str]]:
    """Without its boundary a role can be given anything."""
    for each in view.plan.of_type("aws_iam_role"):
        bound, kept = each.was("permissions_boundary"), each.becomes("permissions_boundary")
        if bound and each.after and not kept and not each.goes:
            yield each.address, f"The role is no longer bounded by {code(bound)}."


def trust_changed(view: View) -> Iterator[tuple[str, str]]:
    """Whoever may assume a role has all that it has."""
    for grant in view.permissions.added:
        change = view.by_address.get(grant.address)
        if _is_trust(grant) and change and not change.comes:
            widened = "under other conditions" if _before(view, grant) else "who could not before"
            yield grant.address, f"{_who(grant)} may assume {code(grant.on)}, {widened}."
        elif _is_trust(grant) and (grant.who == "*" and not grant.is_bounded):
            yield grant.address, f"Everybody may assume {code(grant.on)}."


def deny_removed(view: View) -> Iterator[tuple[str, str]]:
    """A denial holds whatever else somebody is given; without it that is all that counts."""
    by_statement: dict[tuple[str, str], set[str]] = {}
    for grant in view.permissions.undenied:
        by_statement.setdefault((grant.address, grant.when), set()).add(grant.may)
    for (address, when), actions in sorted(by_statement.items()):
        condition = f" where {code(when)}" if when else ""
        yield address, f"{code(', '.join(sorted(actions)))} is no longer denied{condition}."


def ssm_access_on(view: View) -> Iterator[tuple[str, str]]:
    """Whoever gets a shell reads every request, and the model."""
    for each in view.plan.of_type(CONFIGURATION):
        if not _shells(each.before) and _shells(each.after):
            yield each.address, "People can open a shell in the container, beside requests and model."


def iam_added(view: View) -> Iterator[tuple[str, str]]:
    """Every permission that somebody gains, which no worse rule has told."""
    told = {address for rule in _WORSE for address, _ in rule(view)}
    for grant in view.permissions.added:
        change = view.by_address.get(grant.address)
        is_new = (
            change is not None
            and change.comes
            and all(e.way == "comes" for e in view.endpoints)
            and bool(view.endpoints)
        )
        if grant.address not in told and not is_new and not view.permissions.replaces(grant) and not _is_trust(grant):
            yield grant.address, f"{_who(grant)} may {_may(grant)} on {code(grant.on)}."


def iam_unreviewable(view: View) -> Iterator[tuple[str, str]]:
    """A policy that is known only after the apply can say anything."""
    for address in view.permissions.unreadable:
        change = view.by_address[address]
        if not change.stays and not change.goes:
            yield (
                address,
                "What this policy says is known only after the apply, and the configuration does not tell it.",
            )
    for address, role, arn in _attached_from_elsewhere(view):
        if not _POWERFUL.search(arn):
            yield address, f"{code(f'role/{role}')} gets {code(arn)}, and this plan does not say what that allows."


def _attached_from_elsewhere(view: View) -> Iterator[tuple[str, str, str]]:
    """Yield the attachments that come, of policies that are not of this plan: where, to which role, and which."""
    known = [each.becomes("arn") for each in view.plan.of_type("aws_iam_policy")]
    for each in view.plan.of_type("aws_iam_role_policy_attachment"):
        arn = each.becomes("policy_arn")
        comes = each.comes or each.is_replaced or each.differs("policy_arn")
        if comes and isinstance(arn, str) and arn not in known and not arn.startswith("${aws_iam_policy."):
            yield each.address, str(each.becomes("role")), arn


def iam_removed(view: View) -> Iterator[tuple[str, str]]:
    """Somebody loses a permission, and may need it."""
    lost: dict[tuple[str, str], set[str]] = {}
    for grant in view.permissions.removed:
        lost.setdefault((grant.address, grant.who), set()).add(grant.may)
    for (address, who), actions in lost.items():
        if not any(each.way == "goes" for each in view.endpoints):
            yield address, f"{code(who)} may no longer {code(', '.join(sorted(actions)))}."


_WORSE = (public_access, invoke_widened, iam_wildcard_added, iam_escalation_added)


def _before(view: View, grant: Grant) -> list[Grant]:
    """Return what the same principal could do alike before."""
    return [
        each for each in view.permissions.before if (each.effect, each.who, each.may) == ("Allow", grant.who, grant.may)
    ]


def _private(grant: Grant) -> set[str]:
    keys = {condition.rpartition(" ")[2] for condition in grant.conditions}
    return {each for each in _PRIVATE if each in keys}


def _is_trust(grant: Grant) -> bool:
    return grant.address.startswith("aws_iam_role.")


def _is_of_the_project(grant: Grant) -> bool:
    """Return whether a grant is of a policy that is made for `invokers`, or of the private endpoint for them."""
    return grant.address.startswith(("aws_iam_policy.Invoke", "aws_vpc_endpoint.Runtime"))


def _who(grant: Grant) -> str:
    return "Everybody" if grant.who == "*" else code(grant.who)


def _may(grant: Grant) -> str:
    return f"{code(grant.may)}"


def _account(view: View) -> str:
    """Return the account of a plan, as most ARNs of its roles and keys say."""
    for each in view.plan.changes:
        for attributes in (each.before, each.after):
            arn = (attributes or {}).get("arn")
            if isinstance(arn, str) and _account_of(arn):
                return _account_of(arn)
    return ""


def _account_of(arn: str) -> str:
    parts = arn.split(":")
    account = parts[4] if arn.startswith("arn:") and len(parts) > 5 else arn
    return account if account.isdigit() else ""


def _open_to(group: object) -> list[str]:
    """Return the whole internet where a security group lets it in."""
    attributes = group if isinstance(group, dict) else {}
    rules = [attributes, *(each for each in listed(attributes.get("ingress")) if isinstance(each, dict))]
    if attributes.get("type") == "egress":
        return []
    found = [
        cidr
        for rule in rules
        for key in ("cidr_blocks", "ipv6_cidr_blocks", "cidr_ipv4", "cidr_ipv6")
        for cidr in (listed(rule.get(key)) or [rule.get(key)])
    ]
    return [each for each in found if each in _OPEN]


def _shells(configuration: object) -> bool:
    return any(each.get("enable_ssm_access") is True for each in variants(first([configuration]) or None))
