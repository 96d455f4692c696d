"""Rules about permissions: who gains one, and how much.

`opened`, `invoked`, `wild` and `escalating` each say what is wrong with one permission, or nothing; what none of them
says anything of is told by `iam_added`.
"""

from collections.abc import Iterator

from protected_endpoints.review.analysis.context import View
from protected_endpoints.review.analysis.grant import ALL_BUT, Grant, in_words
from protected_endpoints.review.plan.plan import account_of
from protected_endpoints.review.report.markdown import code

# Actions that know no resources, so that `*` is all that can be said.
_WITHOUT_RESOURCES = {
    "ecr:getauthorizationtoken",
    "cloudwatch:putmetricdata",
    "kms:listaliases",
    "logs:describeloggroups",
}
_ESCALATING = (
    "iam:add",
    "iam:attach",
    "iam:create",
    "iam:delete",
    "iam:detach",
    "iam:passrole",
    "iam:put",
    "iam:set",
    "iam:update",
    "kms:creategrant",
    "kms:putkeypolicy",
    "s3:putbucketpolicy",
    "sts:assumerole",
)
# What makes each of these a part of using a service, and no way to more.
_HARMLESS_WITH = {"iam:passrole": "iam:passedtoservice", "kms:creategrant": "kms:grantisforawsresource"}
_PRIVATE = ("aws:sourcevpc", "aws:sourcevpce", "aws:securetransport")
_ACCOUNTS = ("aws:principalaccount", "aws:principalarn", "kms:calleraccount")


def opened(view: View, grant: Grant) -> str:
    """Return whether everybody, or another account, gains a permission that no condition bounds."""
    if grant.is_of_everybody and not grant.is_bounded:
        return f"{_who(grant)} may {code(grant.may)} on {code(grant.on)}: no condition says who."
    if grant.is_of_outsider and not grant.demands:
        return f"{_who(grant)} may {code(grant.may)} on {code(grant.on)}: no condition says from where."
    account, named = view.plan.account, [] if grant.is_bounded else [grant.who]
    if grant.is_of_everybody:
        named = [each for key in _ACCOUNTS for each in grant.demands.get(key, ())]
    others = sorted({account_of(each) for each in named} - {account, ""})
    if account and others:
        names = ", ".join(code(each) for each in others)
        return f"Account {names} may {code(grant.may)} on {code(grant.on)}: no condition says from where."
    return ""


def invoked(view: View, grant: Grant) -> str:
    """Return whether somebody else gets to invoke, or a caller loses a condition."""
    if not grant.invokes or grant.is_boundary:
        return ""
    lost = sorted({key for old in view.permissions.alike(grant) for key in _private(old)} - _private(grant))
    if lost:
        return f"{_who(grant)} may {code(grant.may)} without {' and '.join(lost)} from then on."
    if "*" in grant.on.rpartition(":")[2] or not _is_of_the_project(grant):
        return f"{_who(grant)} may {code(grant.may)} on {code(grant.on)}, and `invokers` does not say so."
    return ""


def wild(_: View, grant: Grant) -> str:
    """Return whether a permission is for every action of a service, or for every resource."""
    if grant.is_trust or grant.is_boundary:
        return ""
    service, _colon, action = grant.may.lower().partition(":")
    if grant.is_of_every_action:
        return f"{_who(grant)} may {code(grant.may)} on {code(grant.on)}."
    if grant.is_of_everything and grant.may.lower() not in _WITHOUT_RESOURCES and not action.startswith("describe"):
        on = "every resource" if grant.on == "*" else code(grant.on)
        return f"{_who(grant)} may {code(grant.may)} on {on} of {code(service)}."
    return ""


def escalating(_: View, grant: Grant) -> str:
    """Return whether somebody gets to change who may what, or to become somebody else."""
    if grant.is_boundary or grant.is_trust or grant.is_of_every_action:
        return ""
    # A resource that lets its account in leaves it to the policies of the account, and those are told.
    if grant.who.endswith(":root") or (grant.is_bounded and not grant.is_held):
        return ""
    if not grant.lets(*_ESCALATING) or _HARMLESS_WITH.get(grant.may.lower()) in grant.demands:
        return ""
    if grant.lets("sts:assumerole"):
        return f"{_who(grant)} may become {code(grant.on)}."
    return f"{_who(grant)} may {code(grant.may)} on {code(grant.on)}."


_WORSE = (opened, invoked, wild, escalating)


def invoke_widened(view: View) -> Iterator[tuple[str, str]]:
    """Somebody invokes who is not one of the endpoint's callers, or a caller loses its conditions."""
    for grant in view.permissions.added:
        if says := invoked(view, grant):
            yield grant.address, says


def iam_wildcard_added(view: View) -> Iterator[tuple[str, str]]:
    """A wildcard grants what nobody thought of."""
    for grant in view.permissions.added:
        if says := wild(view, grant):
            yield grant.address, says


def iam_escalation_added(view: View) -> Iterator[tuple[str, str]]:
    """Who can change who may what, or become somebody else, may everything."""
    for grant in view.permissions.added:
        if says := escalating(view, grant):
            yield grant.address, says


def boundary_removed(view: View) -> Iterator[tuple[str, str]]:
    """Without its boundary a role can be given anything."""
    for each in view.plan.of_type("aws_iam_role"):
        bound, kept = each.was("permissions_boundary"), each.becomes("permissions_boundary")
        if bound and each.after and not kept and not each.goes:
            yield each.address, f"The role is no longer bounded by {code(bound)}."
    for grant in view.permissions.added:
        change = view.by_address.get(grant.address)
        if grant.is_boundary and grant.is_of_every_action and change and not change.comes:
            yield grant.address, f"The boundary lets {code(grant.may)} on {code(grant.on)} through: it bounds no more."


def trust_changed(view: View) -> Iterator[tuple[str, str]]:
    """Whoever may assume a role has all that it has."""
    for grant in view.permissions.added:
        change = view.by_address.get(grant.address)
        if not grant.is_trust or change is None:
            continue
        if not change.comes:
            widened = "under other conditions" if view.permissions.alike(grant) else "who could not before"
            yield grant.address, f"{_who(grant)} may assume {code(grant.on)}, {widened}."
        elif opened(view, grant) and (grant.is_of_everybody or "sts:externalid" not in grant.demands):
            yield grant.address, f"{_who(grant)} may assume {code(grant.on)}, and no condition says from where."


def deny_removed(view: View) -> Iterator[tuple[str, str]]:
    """A denial holds whatever else somebody is given; without it that is all that counts."""
    by_statement: dict[tuple[str, str], set[str]] = {}
    for grant in view.permissions.undenied:
        change = view.by_address.get(grant.address)
        when = "" if change and change.goes else grant.when
        by_statement.setdefault((grant.address, when), set()).add(grant.may)
    for (address, when), actions in sorted(by_statement.items()):
        condition = f" where {' and '.join(map(code, in_words(when)))}" if when else ""
        yield address, f"{code(', '.join(sorted(actions)))} is no longer denied{condition}."


def iam_added(view: View) -> Iterator[tuple[str, str]]:
    """Every permission that somebody gains, which no worse rule has told."""
    endpoints_come = bool(view.endpoints) and all(each.way == "comes" for each in view.endpoints)
    gained: dict[tuple[str, str, str], set[str]] = {}
    for grant in view.permissions.added:
        change = view.by_address.get(grant.address)
        is_new = change is not None and change.comes and endpoints_come
        is_told = grant.is_trust or is_new or view.permissions.replaces(grant)
        if not is_told and not any(says(view, grant) for says in _WORSE):
            gained.setdefault((grant.address, _who(grant), grant.on), set()).add(grant.may)
    for (address, who, on), actions in gained.items():
        yield address, f"{who} may {', '.join(map(code, sorted(actions)))} on {code(on)}."
    for each in view.permissions.left_out:
        yield each.address, f"{code(each.who)} is left out of the denial of {code(each.may)} on {code(each.on)}."


def iam_removed(view: View) -> Iterator[tuple[str, str]]:
    """Somebody loses a permission, and may need it."""
    lost: dict[tuple[str, str], set[str]] = {}
    for grant in view.permissions.removed:
        lost.setdefault((grant.address, grant.who), set()).add(grant.may)
    for (address, who), actions in lost.items():
        if not any(each.way == "goes" for each in view.endpoints):
            yield address, f"{code(who)} may no longer {code(', '.join(sorted(actions)))}."


def _private(grant: Grant) -> set[str]:
    """Return which of the conditions that keep a call private a permission demands."""
    return {key for key in _PRIVATE if "false" not in grant.demands.get(key, ["false"])}


def _is_of_the_project(grant: Grant) -> bool:
    """Return whether a grant is of a policy that is made for `invokers`, or of the private endpoint for them."""
    return grant.address.startswith(("aws_iam_policy.Invoke", "aws_vpc_endpoint.Runtime"))


def _who(grant: Grant) -> str:
    if grant.is_of_everybody:
        return "Everybody" if grant.who == "*" else f"Everybody but {code(grant.who.removeprefix(ALL_BUT))}"
    return code(grant.who)
