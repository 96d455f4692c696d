"""Rules about added and removed permissions.

The functions `_describe_*` return a message about one permission, or an empty text. `iam-added` reports the
permissions that neither they nor `describe_public_grant` report.
"""

import re
from collections.abc import Callable

from protected_endpoints.review.analysis.context import ReviewContext
from protected_endpoints.review.analysis.endpoints import EndpointAction
from protected_endpoints.review.analysis.grant import Grant, format_conditions
from protected_endpoints.review.analysis.grant_text import (
    action_on_resource,
    describe_permission,
    describe_public_grant,
    outside_accounts,
    principal_name,
)
from protected_endpoints.review.analysis.trust import is_partner, weak_trust
from protected_endpoints.review.markdown import code
from protected_endpoints.review.plan.plan import account_id
from protected_endpoints.review.rules.registry import RuleResult, rule

# Actions that do not support resources, so that `*` is the only resource.
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
# Conditions that limit an escalating action to the use of a service.
_HARMLESS_WITH = {"iam:passrole": "iam:passedtoservice", "kms:creategrant": "kms:grantisforawsresource"}
# The statements that `permissions` of an endpoint add to the policy of its execution role.
_CONTAINER_SID = re.compile(r"Permission[0-9]+")
_WITHOUT_SIGNATURE = "sagemaker:callwithbearertoken"
_PRIVATE_KEYS = ("aws:sourcevpc", "aws:sourcevpce", "aws:securetransport")


def _describe_invocation(context: ReviewContext, grant: Grant) -> str:
    """Return a message if a principal that is no invoker can invoke, or an invoker loses a condition."""
    if not grant.is_invocation or grant.is_boundary:
        return ""
    before = {key for old in context.permissions.similar_before(grant) for key in _private_conditions(old)}
    if lost := sorted(before - _private_conditions(grant)):
        return f"{principal_name(grant)} can perform {code(grant.action)} without condition {' and '.join(lost)}."
    if "*" in grant.resource.rpartition(":")[2] or not _is_managed_invoke_policy(grant):
        return f"{describe_permission(grant)}, which `invokers` does not configure."
    return ""


def _describe_wildcard(context: ReviewContext, grant: Grant) -> str:
    """Return a message if a permission is for every action of a service, or for every resource."""
    if grant.is_trust_policy or grant.is_boundary:
        return ""
    service, _colon, action = grant.action.lower().partition(":")
    if grant.is_all_actions:
        return f"{describe_permission(grant)}."
    if grant.is_all_resources and grant.action.lower() not in _WITHOUT_RESOURCES and not action.startswith("describe"):
        resource = "every resource" if grant.resource == "*" else code(grant.resource)
        reason = context.reason_of("bearer_tokens") if grant.action.lower() == _WITHOUT_SIGNATURE else ""
        return f"{principal_name(grant)} can perform {code(grant.action)} on {resource} of {code(service)}.{reason}"
    return ""


def _describe_escalation(context: ReviewContext, grant: Grant) -> str:
    """Return a message if a principal can change permissions or assume a role."""
    if grant.is_boundary or grant.is_trust_policy or grant.is_all_actions:
        return ""
    # A resource policy for the whole account delegates to the identity policies of the account, which are reviewed.
    if grant.principal.endswith(":root") or (grant.is_restricted and not grant.is_identity_policy):
        return ""
    harmless_condition = _HARMLESS_WITH.get(grant.action.lower())
    if _is_administration_of_new_key(context, grant):
        return ""
    if not grant.matches_action(*_ESCALATING) or harmless_condition in grant.required_condition_values:
        return ""
    if grant.matches_action("sts:assumerole"):
        return f"{principal_name(grant)} can assume {code(grant.resource)}."
    return f"{describe_permission(grant)}."


def _describe_container_permission(context: ReviewContext, grant: Grant) -> str:
    """Return a message if a container gains one of its `permissions`, or loses a condition."""
    if not _CONTAINER_SID.fullmatch(grant.sid) or not grant.is_identity_policy or grant.is_boundary:
        return ""
    had_another = any(old.resource == grant.resource for old in context.permissions.similar_before(grant))
    conditions = ", with other conditions than before" if had_another else ""
    return f"The container can perform {action_on_resource(grant)} as {principal_name(grant)}{conditions}."


def _is_administration_of_new_key(context: ReviewContext, grant: Grant) -> bool:
    """Return whether a named role of the account administers a key that is created: the configured administrators."""
    change = context.by_address.get(grant.address)
    is_new_key = change is not None and change.is_created and change.type == "aws_kms_key"
    is_administration = grant.action.lower() == "kms:put*" and not grant.is_public
    return is_new_key and is_administration and not outside_accounts(context.plan, grant)


def _is_in_another_account(context: ReviewContext, grant: Grant) -> bool:
    """Return whether the resource is in another account; of repositories, `artifact-source-changed` reports it."""
    service, account = [*grant.resource.split(":"), "", "", "", ""][2], account_id(grant.resource)
    return service != "ecr" and not grant.is_boundary and account not in ("", context.plan.account)


def _is_new_partner(context: ReviewContext, grant: Grant) -> bool:
    """Return whether a role is created that a principal of another account can assume under a condition."""
    change = context.by_address.get(grant.address)
    return change is not None and change.is_created and is_partner(context.plan, grant)


def _is_created_first(context: ReviewContext, grant: Grant) -> bool:
    """Return whether a policy is created together with the endpoints of the plan."""
    actions = [endpoint.action for endpoint in context.endpoints]
    change = context.by_address.get(grant.address)
    is_first_plan = bool(actions) and all(action is EndpointAction.CREATED for action in actions)
    return is_first_plan and change is not None and change.is_created


def _describe_added(context: ReviewContext, describe: Callable[[ReviewContext, Grant], str]) -> RuleResult:
    """Yield the address and the message of every added permission with a message."""
    for grant in context.permissions.added:
        if message := describe(context, grant):
            yield grant.address, message


def _is_reported(context: ReviewContext, grant: Grant) -> bool:
    """Return whether a rule that blocks reports an added permission."""
    describers = (_describe_invocation, _describe_wildcard, _describe_escalation, _describe_container_permission)
    is_public = bool(describe_public_grant(context.plan, grant))
    return is_public or any(describe(context, grant) for describe in describers)


@rule("invoke-widened", "block")
def invoke_widened(context: ReviewContext) -> RuleResult:
    """A principal that is no configured invoker can invoke the endpoint, or an invoker loses a condition."""
    yield from _describe_added(context, _describe_invocation)


@rule("iam-wildcard-added", "block")
def iam_wildcard_added(context: ReviewContext) -> RuleResult:
    """A wildcard includes actions and resources that the review does not show."""
    yield from _describe_added(context, _describe_wildcard)


@rule("iam-escalation-added", "block")
def iam_escalation_added(context: ReviewContext) -> RuleResult:
    """A principal that can change permissions or assume another role can gain further permissions."""
    yield from _describe_added(context, _describe_escalation)


@rule("container-permission-added", "block")
def container_permission_added(context: ReviewContext) -> RuleResult:
    """A container with more permissions can read or change more, also if its image or a request is malicious."""
    yield from _describe_added(context, _describe_container_permission)


@rule("boundary-removed", "block")
def boundary_removed(context: ReviewContext) -> RuleResult:
    """Without its permissions boundary, any policy can extend a role."""
    for role in context.plan.of_type("aws_iam_role"):
        before, after = role.value_before("permissions_boundary"), role.value_after("permissions_boundary")
        if before and role.after and not after and not role.is_deleted:
            yield role.address, f"Permissions boundary {code(before)} is removed from the role."
    for grant in context.permissions.added:
        change = context.by_address.get(grant.address)
        if grant.is_boundary and grant.is_all_actions and change and not change.is_created:
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
        elif reason := weak_trust(context.plan, grant):
            yield grant.address, f"{principal_name(grant)} can assume {code(grant.resource)}; {reason}."


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


@rule("iam-added", "warn")
def iam_added(context: ReviewContext) -> RuleResult:
    """A permission was added that no other rule reports."""
    added: dict[tuple[str, str, str], set[str]] = {}
    for grant in context.permissions.added:
        is_new = _is_created_first(context, grant) and not _is_in_another_account(context, grant)
        if _is_new_partner(context, grant):
            accounts = ", ".join(map(code, outside_accounts(context.plan, grant)))
            conditions = " and ".join(map(code, format_conditions(grant.condition)))
            yield (
                grant.address,
                f"{principal_name(grant)} of another account ({accounts}) can assume {code(grant.resource)} if "
                f"{conditions}.",
            )
        is_expected = grant.is_trust_policy or is_new or context.permissions.replaces(grant)
        if not is_expected and not _is_reported(context, grant):
            added.setdefault((grant.address, principal_name(grant), grant.resource), set()).add(grant.action)
    for (address, principal, resource), names in added.items():
        yield address, f"{principal} can perform {', '.join(map(code, sorted(names)))} on {code(resource)}."
    for grant in context.permissions.new_exemptions:
        yield (
            grant.address,
            f"{code(grant.principal)} is exempt from the deny of {action_on_resource(grant)}.",
        )


@rule("iam-removed", "note")
def iam_removed(context: ReviewContext) -> RuleResult:
    """A principal loses a permission that it may need."""
    if any(endpoint.action is EndpointAction.DELETED for endpoint in context.endpoints):
        return
    removed: dict[tuple[str, str], set[str]] = {}
    for grant in context.permissions.removed:
        removed.setdefault((grant.address, grant.principal), set()).add(grant.action)
    for (address, principal), actions in removed.items():
        yield address, f"{code(principal)} can no longer perform {code(', '.join(sorted(actions)))}."


def _private_conditions(grant: Grant) -> set[str]:
    """Return the condition keys by which a permission requires a private or encrypted connection."""
    required = grant.required_condition_values
    return {key for key in _PRIVATE_KEYS if "false" not in required.get(key, ["false"])}


def _is_managed_invoke_policy(grant: Grant) -> bool:
    """Return whether a grant is in a policy that this project creates from `invokers`."""
    return grant.address.startswith(("aws_iam_policy.Invoke", "aws_vpc_endpoint.Runtime"))
