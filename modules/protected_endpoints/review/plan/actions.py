"""What Terraform does with a resource whose arguments change: update it, or replace it."""

from protected_endpoints.review.plan.cloud_control import CREATE_ONLY, desired_state
from protected_endpoints.review.plan.plan import Change
from protected_endpoints.review.plan.resource_types import (
    ALARM,
    CONFIGURATION,
    DASHBOARD,
    ENDPOINT,
    MODEL,
    ROLE_POLICIES_EXCLUSIVE,
    SSM_PARAMETER,
)
from protected_endpoints.review.plan.values import as_dict, first_block

# Arguments whose change replaces the resource (None: every argument, because SageMaker cannot update it).
FORCES_REPLACEMENT: dict[str, tuple[str, ...] | None] = {
    MODEL: None,
    CONFIGURATION: None,
    ENDPOINT: ("name",),
    "aws_iam_policy": ("name", "description"),
    "aws_iam_role": ("name",),
    ROLE_POLICIES_EXCLUSIVE: ("role_name",),
    "aws_iam_role_policy": ("name", "name_prefix", "role"),
    "aws_iam_role_policy_attachment": None,
    "aws_kms_alias": ("name",),
    ALARM: ("alarm_name",),
    "aws_appautoscaling_policy": ("name", "resource_id", "scalable_dimension", "service_namespace"),
    "aws_appautoscaling_scheduled_action": ("name", "resource_id", "scalable_dimension", "service_namespace"),
    "aws_appautoscaling_target": ("resource_id", "scalable_dimension", "service_namespace"),
    "aws_cloudtrail": ("name",),
    DASHBOARD: ("dashboard_name",),
    "aws_cloudwatch_log_group": ("name",),
    "aws_s3_bucket": ("bucket",),
    "aws_sns_topic": ("name",),
    SSM_PARAMETER: ("name",),
    "aws_vpc_endpoint": ("service_name", "vpc_id"),
}


def planned_actions(change: Change, *, create_first: bool) -> tuple[str, ...]:
    """Return the actions of a resource whose arguments before and after are known, as Terraform names them."""
    before, after = change.before, change.after
    if before is None or after is None:
        return ("create",) if before is None else ("delete",)
    differing = {key for key in {*before, *after} if before.get(key) != after.get(key)}
    forcing = FORCES_REPLACEMENT.get(change.type, ())
    if not differing:
        return ("no-op",)
    if forcing is None or differing & {*forcing} or _replaces_component(change) or _replaces_endpoint(change):
        return ("create", "delete") if create_first else ("delete", "create")
    return ("update",)


def _replaces_component(change: Change) -> bool:
    before, after = desired_state(change.before), desired_state(change.after)
    return any(before.get(key) != after.get(key) for key in CREATE_ONLY)


def _replaces_endpoint(change: Change) -> bool:
    """Return whether an endpoint gets rollback alarms or loses them, which AWS can update and the provider cannot."""
    configs = (first_block(as_dict(side).get("deployment_config")) for side in (change.before, change.after))
    before, after = (bool(config.get("auto_rollback_configuration")) for config in configs)
    return change.type == ENDPOINT and before != after
