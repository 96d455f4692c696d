"""Rules about what comes from elsewhere: a plan says that it is given, and not what it allows."""

import re
from collections.abc import Iterator

from protected_endpoints.review.analysis.context import View
from protected_endpoints.review.analysis.drift import EXCLUSIVE
from protected_endpoints.review.analysis.endpoints import CONFIGURATION, MODEL
from protected_endpoints.review.plan.values import Unknown, strings
from protected_endpoints.review.report.markdown import code

_POWERFUL = re.compile(r":aws:policy/(.*/)?(AdministratorAccess|PowerUserAccess|\w*FullAccess)$")
# What can let somebody in, and which of it is read here.
_LETS_IN = (
    "aws_iam_",
    "aws_kms_grant",
    "aws_lambda_permission",
    "aws_ram_",
    "aws_s3_access_point",
    "aws_s3_bucket_acl",
)
_READ = {
    "aws_iam_openid_connect_provider",
    "aws_iam_policy",
    "aws_iam_role",
    EXCLUSIVE,
    "aws_iam_role_policy",
    "aws_iam_role_policy_attachment",
}
# Which resource names a role or policy by which attribute.
_TAKEN = (
    (MODEL, "execution_role_arn", "The container runs as", "aws_iam_role"),
    (CONFIGURATION, "execution_role_arn", "The containers run as", "aws_iam_role"),
    ("aws_iam_role", "permissions_boundary", "The role is bounded by", "aws_iam_policy"),
)


def administrator_attached(view: View) -> Iterator[tuple[str, str]]:
    """A policy of AWS's own that lets its holder do everything in a service, or everywhere."""
    for address, role, arn in _attached_from_elsewhere(view):
        if _POWERFUL.search(arn):
            yield address, f"{code(f'role/{role}')} gets {code(arn)}."


def iam_unreviewable(view: View) -> Iterator[tuple[str, str]]:
    """A policy that this plan does not show can say anything, and so can what this review does not read."""
    for address in view.permissions.unreadable:
        change = view.by_address[address]
        if not change.stays and not change.goes:
            yield address, "What this policy says is not shown: it is known after the apply, or marked as sensitive."
    for address, role, arn in _attached_from_elsewhere(view):
        if not _POWERFUL.search(arn):
            yield address, f"{code(f'role/{role}')} gets {code(arn)}, and this plan does not say what that allows."
    for each in view.changing:
        if each.type.startswith(_LETS_IN) and each.type not in _READ and not each.goes:
            yield each.address, "A resource of this kind can let somebody in, and this review does not read it."
    for address, what, arn in _taken_from_elsewhere(view):
        yield address, f"{what} {code(arn)} from then on, and this plan does not say what that allows."


def inline_policies_kept(view: View) -> Iterator[tuple[str, str]]:
    """An inline policy that nobody describes stays on a role, and grants what no plan shows."""
    destroyed = {each.was("name") for each in view.plan.of_type("aws_iam_role") if each.goes}
    described = {each.becomes("name") for each in view.plan.of_type("aws_iam_role_policy")}
    for each in view.plan.of_type(EXCLUSIVE):
        role = each.was("role_name")
        if (each.goes or each.is_forgotten or each.differs("role_name")) and role and role not in destroyed:
            yield each.address, f"Inline policies that somebody adds to {code(f'role/{role}')} are no longer deleted."
        kept = {*strings(each.becomes("policy_names"))} - {*strings(each.was("policy_names"))} - described
        others = sorted(name for name in kept if not name.startswith("${aws_iam_role_policy."))
        if others and not each.goes:
            yield each.address, f"The inline policies {code(', '.join(others))} stay, and this plan does not show them."


def _taken_from_elsewhere(view: View) -> Iterator[tuple[str, str, str]]:
    """Yield the roles and boundaries that take the place of others and are not of this plan: where, how, and which."""
    for kind, attribute, what, of in _TAKEN:
        known = [each.becomes("arn") for each in view.plan.of_type(of)]
        for each in view.plan.of_type(kind):
            arn = each.becomes(attribute)
            is_other = each.was(attribute) and each.differs(attribute) and not each.goes
            is_made = isinstance(arn, Unknown) or arn in known or str(arn).startswith(f"${{{of}.")
            if is_other and arn and not is_made:
                yield each.address, what, str(arn)


def _attached_from_elsewhere(view: View) -> Iterator[tuple[str, str, str]]:
    """Yield the attachments that come, of policies that are not of this plan: where, to which role, and which."""
    known = [each.becomes("arn") for each in view.plan.of_type("aws_iam_policy")]
    for each in view.plan.of_type("aws_iam_role_policy_attachment"):
        arn = each.becomes("policy_arn")
        comes = each.comes or each.is_replaced or each.differs("policy_arn")
        if comes and arn and arn not in known and not str(arn).startswith("${aws_iam_policy."):
            yield each.address, str(each.becomes("role")), str(arn)
    for each in view.plan.of_type("aws_iam_role"):
        # Where the configuration does not say them, they repeat the attachments.
        if view.plan.configures(each.address, "managed_policy_arns"):
            before, after = (strings(side("managed_policy_arns")) for side in (each.was, each.becomes))
            yield from ((each.address, str(each.becomes("name")), arn) for arn in after if arn not in before)
