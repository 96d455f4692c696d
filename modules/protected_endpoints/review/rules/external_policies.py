"""Rules about policies, roles and resources outside of the plan, which does not show what they allow."""

import re
from collections.abc import Iterator

from protected_endpoints.review.analysis.context import ReviewContext
from protected_endpoints.review.analysis.execution_roles import EXECUTION_ROLE, existing_role
from protected_endpoints.review.markdown import code
from protected_endpoints.review.plan.resource_types import CONFIGURATION, MODEL, ROLE_POLICIES_EXCLUSIVE
from protected_endpoints.review.plan.values import Json, Unknown, as_strings, identifier
from protected_endpoints.review.rules.registry import RuleResult, rule

_BOUNDARY = "permissions_boundary"
_POWERFUL = re.compile(r":aws:policy/(.*/)?(AdministratorAccess|PowerUserAccess|\w*FullAccess)$")
# Types of resources that can grant access, and those among them that the review reads.
_GRANTING = (
    "aws_cognito_identity_pool_roles_attachment",
    "aws_eks_access_",
    "aws_iam_",
    "aws_identitystore_",
    "aws_kms_grant",
    "aws_lakeformation_",
    "aws_lambda_permission",
    "aws_organizations_",
    "aws_ram_",
    "aws_rolesanywhere_",
    "aws_s3_access_point",
    "aws_s3_bucket_acl",
    "aws_ssoadmin_",
    "aws_verifiedpermissions_",
)
_READ = {
    "aws_iam_group_policy",
    "aws_iam_openid_connect_provider",
    "aws_iam_policy",
    "aws_iam_role",
    ROLE_POLICIES_EXCLUSIVE,
    "aws_iam_role_policy",
    "aws_iam_role_policy_attachment",
    "aws_iam_user_policy",
    "aws_ssoadmin_permission_set_inline_policy",
}


@rule("administrator-attached", "block")
def administrator_attached(context: ReviewContext) -> RuleResult:
    """An AWS managed policy allows every action of a service, or of all services."""
    for address, role, arn in _external_attachments(context):
        if _POWERFUL.search(arn):
            yield address, f"{code(arn)} is attached to {code(f'role/{role}')}."


@rule("iam-unreviewable", "warn")
def iam_unreviewable(context: ReviewContext) -> RuleResult:
    """The plan does not show the policy, or the review does not read resources of this type."""
    for address in context.permissions.unreadable:
        change = context.by_address[address]
        if not change.is_unchanged and not change.is_deleted:
            yield address, "The policy cannot be reviewed: it is sensitive, invalid, or known only after apply."
    for address, role, arn in _external_attachments(context):
        if not _POWERFUL.search(arn):
            yield address, f"{code(arn)} is attached to {code(f'role/{role}')}; this plan does not show what it allows."
    for change in context.changed_resources:
        if change.type.startswith(_GRANTING) and change.type not in _READ and not change.is_deleted:
            yield change.address, "A resource of this type can grant access, and this review does not read it."
    for address, arn in _external_boundaries(context):
        yield address, f"Permissions boundary is now {code(arn)}; this plan does not show what it allows."


@rule("boundary-replaced", "block")
def boundary_replaced(context: ReviewContext) -> RuleResult:
    """A permissions boundary limits deployers only if they cannot change it."""
    policies = context.plan.of_type("aws_iam_policy")
    before_in_stack = {policy.value_before("arn") for policy in policies}
    for role in context.plan.of_type("aws_iam_role"):
        before, after = role.value_before(_BOUNDARY), role.value_after(_BOUNDARY)
        if not role.after or role.is_deleted or not role.differs(_BOUNDARY):
            continue
        if before and after and before not in before_in_stack and _is_in_plan(context, after):
            yield (
                role.address,
                f"Permissions boundary {code(str(before))} of another stack is replaced by one of this stack, "
                "which its deployers can change.",
            )


@rule("execution-role-unreviewable", "block")
def execution_role_unreviewable(context: ReviewContext) -> RuleResult:
    """The plan shows neither what an existing role allows nor whether SageMaker can assume it."""
    for compared in (*context.compared(MODEL), *context.compared(CONFIGURATION)):
        arn = existing_role(context.plan, compared.after)
        if arn is None or (arn in compared.previous_values(_roles) and not compared.is_new):
            continue
        before = compared.before.get(EXECUTION_ROLE)
        change = f"changes from {code(before)} to" if before and not compared.is_new else "is"
        yield (
            compared.address,
            f"The execution role {change} the existing {code(arn)}, which this plan does not show. Compare it with the "
            f"output of `protected-endpoints policy role {context.plan.stack}`.",
        )


@rule("model-unreviewable", "block")
def model_unreviewable(context: ReviewContext) -> RuleResult:
    """The plan shows neither the image, the network isolation nor the execution role of a model outside of it."""
    for endpoint in context.comparisons.served.endpoints:
        changes = (endpoint.change, *endpoint.after.configurations)
        before = endpoint.before.missing if endpoint.before else ()
        added = [name for name in endpoint.after.missing if name not in before]
        if added and not all(change.is_unchanged for change in changes):
            yield (
                endpoint.change.address,
                f"The endpoint serves {code(', '.join(added))}, which this plan does not show.",
            )


@rule("served-unreviewable", "warn")
def served_unreviewable(context: ReviewContext) -> RuleResult:
    """What an adopted endpoint serves is not in the state, so the plan does not show what the new version weakens."""
    if any(configuration.before for configuration in context.plan.of_type(CONFIGURATION)):
        return
    for endpoint in context.comparisons.served.endpoints:
        missing = endpoint.before.missing if endpoint.before else ()
        if missing and endpoint.change.differs("endpoint_config_name"):
            yield (
                endpoint.change.address,
                f"The endpoint serves {code(', '.join(missing))} now, which this plan does not show. The new version "
                "is compared with the defaults instead.",
            )


@rule("inline-policies-kept", "warn")
def inline_policies_kept(context: ReviewContext) -> RuleResult:
    """An unmanaged inline policy stays on a role, and the plan does not show what it allows."""
    deleted_roles = {
        change.value_before("name") for change in context.plan.of_type("aws_iam_role") if change.is_deleted
    }
    managed = {change.value_after("name") for change in context.plan.of_type("aws_iam_role_policy")}
    for change in context.plan.of_type(ROLE_POLICIES_EXCLUSIVE):
        role = change.value_before("role_name")
        is_removed = change.is_deleted or change.is_removed_from_state or change.differs("role_name")
        if is_removed and role and role not in deleted_roles:
            yield change.address, f"Unmanaged inline policies of {code(f'role/{role}')} are no longer deleted."
        added = {*as_strings(change.value_after("policy_names"))} - {*as_strings(change.value_before("policy_names"))}
        unmanaged = sorted(name for name in added - managed if not name.startswith("${aws_iam_role_policy."))
        if unmanaged and not change.is_deleted:
            yield (
                change.address,
                f"Inline policies {code(', '.join(unmanaged))} are kept; this plan does not show what they allow.",
            )


def _external_boundaries(context: ReviewContext) -> Iterator[tuple[str, str]]:
    """Yield changed permissions boundaries outside of the plan: address of the role, and ARN."""
    for role in context.plan.of_type("aws_iam_role"):
        arn = role.value_after(_BOUNDARY)
        is_changed = role.value_before(_BOUNDARY) and role.differs(_BOUNDARY) and not role.is_deleted
        if is_changed and arn and not _is_in_plan(context, arn):
            yield role.address, str(arn)


def _is_in_plan(context: ReviewContext, arn: object) -> bool:
    """Return whether the plan contains a policy; its ARN can be known only after apply."""
    return isinstance(arn, Unknown) or str(arn) in context.plan.policy_arns or str(arn).startswith("${aws_iam_policy.")


def _external_attachments(context: ReviewContext) -> Iterator[tuple[str, str, str]]:
    """Yield new attachments of policies outside of the plan: address, name of the role, and ARN of the policy."""
    for change in context.plan.of_type("aws_iam_role_policy_attachment"):
        arn = identifier(change.value_after("policy_arn")) or change.value_after("policy_arn")
        is_new = change.is_created or change.is_replaced or change.differs("policy_arn")
        is_in_plan = str(arn) in context.plan.policy_arns or str(arn).startswith("${aws_iam_policy.")
        if is_new and arn and not is_in_plan:
            yield change.address, str(change.value_after("role")), str(arn)
    for change in context.plan.of_type("aws_iam_role"):
        # If the configuration does not set them, they repeat the attachments.
        if context.plan.configures(change.address, "managed_policy_arns"):
            arns = (change.value_before("managed_policy_arns"), change.value_after("managed_policy_arns"))
            before, after = map(as_strings, arns)
            yield from ((change.address, str(change.value_after("name")), arn) for arn in after if arn not in before)


def _roles(attributes: Json) -> list[str]:
    return as_strings(attributes.get(EXECUTION_ROLE))
