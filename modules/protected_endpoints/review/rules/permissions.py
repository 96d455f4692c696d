"""Rules about added and removed permissions."""

import re
from collections.abc import Callable

from protected_endpoints.review.analysis.condition_owners import describe_unknown_owner
from protected_endpoints.review.analysis.context import ReviewContext
from protected_endpoints.review.analysis.endpoints import EndpointAction
from protected_endpoints.review.analysis.gains import (
    describe_container_permission,
    describe_escalation,
    describe_invocation,
    describe_wildcard,
    is_created_first,
)
from protected_endpoints.review.analysis.grant import Grant, format_conditions
from protected_endpoints.review.analysis.grant_text import (
    action_on_resource,
    describe_public_grant,
    outside_accounts,
    principal_name,
)
from protected_endpoints.review.analysis.trust import is_partner, weak_trust
from protected_endpoints.review.markdown import code, pluralize
from protected_endpoints.review.plan.plan import account_id, resource_type
from protected_endpoints.review.rules.registry import RuleResult, rule

_MANAGED_BY_AWS = re.compile(r"arn:[\w-]+:iam::aws:policy/")


def _describe_added(context: ReviewContext, describe: Callable[[ReviewContext, Grant], str]) -> RuleResult:
    """Yield the address and the message of every added permission with a message."""
    for grant in context.permissions.added:
        if message := describe(context, grant):
            yield grant.address, message


def _is_reported(context: ReviewContext, grant: Grant) -> bool:
    """Return whether a rule that blocks reports an added permission."""
    describers = (describe_invocation, describe_wildcard, describe_escalation, describe_container_permission)
    is_public = describe_public_grant(context.plan, grant) or describe_unknown_owner(context, grant)
    return bool(is_public) or any(describe(context, grant) for describe in describers)


@rule("invoke-widened", "block")
def invoke_widened(context: ReviewContext) -> RuleResult:
    """A principal that is no configured invoker can invoke the endpoint, or an invoker loses a condition."""
    yield from _describe_added(context, describe_invocation)


@rule("iam-wildcard-added", "block")
def iam_wildcard_added(context: ReviewContext) -> RuleResult:
    """A wildcard includes actions and resources that the review does not show."""
    yield from _describe_added(context, describe_wildcard)


@rule("iam-escalation-added", "block")
def iam_escalation_added(context: ReviewContext) -> RuleResult:
    """A principal that can change permissions, run code or assume another role can gain further permissions."""
    added: dict[tuple[str, str, str, str], set[str]] = {}
    for grant in context.permissions.added:
        if gain := describe_escalation(context, grant):
            added.setdefault((grant.address, principal_name(grant), grant.resource, gain), set()).add(grant.action)
    for (address, principal, resource, gain), names in added.items():
        yield address, f"{principal} can perform {', '.join(map(code, sorted(names)))} on {code(resource)}, {gain}."


@rule("container-permission-added", "block")
def container_permission_added(context: ReviewContext) -> RuleResult:
    """A container with more permissions can read or change more, also if its image or a request is malicious."""
    yield from _describe_added(context, describe_container_permission)


@rule("boundary-removed", "block")
def boundary_removed(context: ReviewContext) -> RuleResult:
    """Without its permissions boundary, any policy can extend a role."""
    for role in context.plan.of_type("aws_iam_role"):
        before, after = role.value_before("permissions_boundary"), role.value_after("permissions_boundary")
        if before and role.after and not after and not role.is_deleted:
            yield role.address, f"Permissions boundary {code(before)} is removed from the role."
        elif role.is_created and not after and context.endpoints:
            yield role.address, "The new role has no permissions boundary."
        elif after != before and _MANAGED_BY_AWS.match(str(after)):
            yield role.address, f"Permissions boundary {code(after)} is a policy of AWS, which does not bound the role."
    for grant in context.permissions.added:
        change = context.by_address.get(grant.address)
        if grant.is_boundary and grant.is_all_actions and change:
            yield grant.address, f"The permissions boundary allows {action_on_resource(grant)}: it has no effect."


@rule("trust-changed", "block")
def trust_changed(context: ReviewContext) -> RuleResult:
    """A principal that can assume a role has all permissions of the role."""
    for grant in context.permissions.added:
        change = context.by_address.get(grant.address)
        if not grant.is_trust_policy or change is None:
            continue
        if not change.is_created:
            could_before = context.permissions.similar_before(grant)
            difference = " with other conditions than before." if could_before else "; it could not before."
            yield grant.address, f"{principal_name(grant)} can assume {code(grant.resource)}{difference}"
        elif reason := weak_trust(context.plan, grant) or _unknown_owner(context, grant):
            yield grant.address, f"{principal_name(grant)} can assume {code(grant.resource)}; {reason}."


def _unknown_owner(context: ReviewContext, grant: Grant) -> str:
    return "no condition requires this account or a known owner" if describe_unknown_owner(context, grant) else ""


@rule("deny-removed", "block")
def deny_removed(context: ReviewContext) -> RuleResult:
    """Without the explicit deny, any other policy can allow this."""
    by_statement: dict[tuple[str, str], set[str]] = {}
    for grant in context.permissions.removed_denies:
        change = context.by_address.get(grant.address)
        condition = "" if change and change.is_deleted else grant.condition
        by_statement.setdefault((grant.address, condition), set()).add(grant.action)
    for (address, condition), actions in sorted(by_statement.items()):
        conditions = f" if {' and '.join(map(code, format_conditions(condition)))}" if condition else ""
        yield address, f"{code(', '.join(sorted(actions)))} is no longer denied{conditions}."
    for grant in context.permissions.new_exemptions:
        if outside_accounts(context.plan, grant):
            yield grant.address, f"{_describe_exemption(grant)}. It is in another account."


@rule("iam-added", "warn")
def iam_added(context: ReviewContext) -> RuleResult:
    """A permission was added that no other rule reports."""
    added: dict[tuple[str, str, str], set[str]] = {}
    for grant in context.permissions.added:
        is_new = is_created_first(context, grant) and not _is_in_another_account(context, grant)
        if _is_new_partner(context, grant):
            accounts = ", ".join(map(code, outside_accounts(context.plan, grant)))
            conditions = " and ".join(map(code, format_conditions(grant.condition)))
            yield (
                grant.address,
                f"{principal_name(grant)} of another account ({accounts}) can assume {code(grant.resource)} if "
                f"{conditions}.",
            )
        is_new = is_new and not _is_of_another_role(context, grant)
        is_expected = grant.is_trust_policy or is_new or context.permissions.follows(grant)
        if not is_expected and not _is_reported(context, grant):
            added.setdefault((grant.address, principal_name(grant), grant.resource), set()).add(grant.action)
    for (address, principal, resource), names in added.items():
        yield address, f"{principal} can perform {', '.join(map(code, sorted(names)))} on {code(resource)}."
    for grant in context.permissions.new_exemptions:
        if not outside_accounts(context.plan, grant):
            yield grant.address, f"{_describe_exemption(grant)}."


@rule("iam-removed", "note")
def iam_removed(context: ReviewContext) -> RuleResult:
    """A principal loses a permission that it may need."""
    if any(endpoint.action is EndpointAction.DELETED for endpoint in context.endpoints):
        return
    removed: dict[tuple[str, str], list[Grant]] = {}
    for grant in context.permissions.removed:
        removed.setdefault((grant.address, grant.principal), []).append(grant)
    for (address, principal), grants in removed.items():
        actions, resources = {grant.action for grant in grants}, {grant.resource for grant in grants}
        where = code(*resources) if len(resources) == 1 else pluralize(len(resources), "resource")
        yield address, f"{code(principal)} can no longer perform {code(', '.join(sorted(actions)))} on {where}."


def _describe_exemption(grant: Grant) -> str:
    return f"{code(grant.principal)} is exempt from the deny of {action_on_resource(grant)}"


def _is_in_another_account(context: ReviewContext, grant: Grant) -> bool:
    """Return whether the resource is in another account; of repositories, `artifact-source-changed` reports it."""
    service, account = [*grant.resource.split(":"), "", "", "", ""][2], account_id(grant.resource)
    return service != "ecr" and not grant.is_boundary and account not in ("", context.plan.account)


def _is_of_another_role(context: ReviewContext, grant: Grant) -> bool:
    """Return whether an inline policy is of a role that is not an execution role, although only those have any."""
    is_inline = resource_type(grant.address) == "aws_iam_role_policy"
    return is_inline and grant.principal not in context.permissions.execution_roles


def _is_new_partner(context: ReviewContext, grant: Grant) -> bool:
    """Return whether a role is created that a principal of another account can assume under a condition."""
    change = context.by_address.get(grant.address)
    return change is not None and change.is_created and is_partner(context.plan, grant)
