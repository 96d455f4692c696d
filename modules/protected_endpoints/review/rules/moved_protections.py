"""Rules about protections that move to another resource, or that a second one overrides."""

from protected_endpoints.review.analysis.context import ReviewContext
from protected_endpoints.review.markdown import code
from protected_endpoints.review.plan.plan import Change
from protected_endpoints.review.plan.values import UNKNOWN, Unknown
from protected_endpoints.review.rules.registry import RuleResult, rule

_BUCKET = {"bucket": "aws_s3_bucket"}
_ROLE = {"role": "aws_iam_role"}
_ENDPOINT = {"vpc_endpoint_id": "aws_vpc_endpoint"}
# The arguments that refer to what a resource protects, and the type of that. Managed resources of these types keep
# theirs: this project never moves one.
REFERENCES: dict[str, dict[str, str]] = {
    "aws_cloudwatch_log_data_protection_policy": {"log_group_name": "aws_cloudwatch_log_group"},
    "aws_iam_role_policies_exclusive": {"role_name": "aws_iam_role"},
    "aws_iam_role_policy": _ROLE,
    "aws_iam_role_policy_attachment": _ROLE,
    "aws_iam_role_policy_attachments_exclusive": {"role_name": "aws_iam_role"},
    "aws_kms_alias": {"target_key_id": "aws_kms_key"},
    "aws_kms_key_policy": {"key_id": "aws_kms_key"},
    "aws_network_acl_association": {"subnet_id": "aws_subnet", "network_acl_id": "aws_network_acl"},
    "aws_s3_bucket_acl": _BUCKET,
    "aws_s3_bucket_lifecycle_configuration": _BUCKET,
    "aws_s3_bucket_logging": _BUCKET,
    "aws_s3_bucket_notification": _BUCKET,
    "aws_s3_bucket_object_lock_configuration": _BUCKET,
    "aws_s3_bucket_ownership_controls": _BUCKET,
    "aws_s3_bucket_policy": _BUCKET,
    "aws_s3_bucket_public_access_block": _BUCKET,
    "aws_s3_bucket_server_side_encryption_configuration": _BUCKET,
    "aws_s3_bucket_versioning": _BUCKET,
    "aws_vpc_endpoint": {"vpc_id": "aws_vpc", "service_name": ""},
    "aws_vpc_endpoint_policy": _ENDPOINT,
    "aws_vpc_endpoint_route_table_association": {**_ENDPOINT, "route_table_id": "aws_route_table"},
    "aws_vpc_endpoint_security_group_association": {**_ENDPOINT, "security_group_id": "aws_security_group"},
    "aws_vpc_endpoint_subnet_association": {**_ENDPOINT, "subnet_id": "aws_subnet"},
}

# Settings of which a resource has one, so that a second resource of the type overrides the first.
_ONE_OF_A_KIND = {
    **{type_: "bucket" for type_, references in REFERENCES.items() if references is _BUCKET},
    "aws_iam_role_policies_exclusive": "role_name",
    "aws_iam_role_policy_attachments_exclusive": "role_name",
}
# Resources that override the policy of another one, with the argument and the type of that.
_OVERRIDING = {
    "aws_kms_key_policy": ("key_id", "aws_kms_key"),
    "aws_vpc_endpoint_policy": ("vpc_endpoint_id", "aws_vpc_endpoint"),
}


@rule("protection-moved", "block")
def protection_moved(context: ReviewContext) -> RuleResult:
    """A protection that moves to another resource is removed from the first one."""
    for change in context.changed_resources:
        if change.before is None or change.is_deleted or change.is_removed_from_state:
            continue
        for argument, type_ in REFERENCES.get(change.type, {}).items():
            before, after = change.value_before(argument), change.value_after(argument)
            if before and _is_moved(context, type_, before, after):
                yield (
                    change.address,
                    f"{code(argument)} changes from {code(before)} to {code(after)}: {code(before)} loses its "
                    f"{code(change.type)}. Restore the argument, and add another resource for {code(after)}.",
                )


@rule("protection-overridden", "block")
def protection_overridden(context: ReviewContext) -> RuleResult:
    """Of two settings of one resource, AWS keeps the one that the apply writes last."""
    for type_, argument in _ONE_OF_A_KIND.items():
        by_target: dict[str, list[Change]] = {}
        for change in context.plan.of_type(type_):
            if change.after and not change.is_deleted:
                by_target.setdefault(str(change.value_after(argument)), []).append(change)
        for target, changes in by_target.items():
            for change in changes if len(changes) > 1 and target != str(UNKNOWN) else ():
                if not change.is_unchanged:
                    others = [other.address for other in changes if other is not change]
                    yield change.address, f"{code(target)} has another one: {code(', '.join(others))}. Remove one."
    for type_, (argument, target_type) in _OVERRIDING.items():
        for change in context.plan.of_type(type_):
            target = str(change.value_after(argument))
            owners = context.permissions.replacements.owners(target, target_type)
            if change.is_created and (owners or target.startswith(f"${{{target_type}.")):
                names = code(", ".join(sorted(owners)) or target)
                yield change.address, f"It overrides the policy of {names}. Change that policy instead."


def _is_moved(context: ReviewContext, type_: str, before: object, after: object) -> bool:
    """Return whether an argument refers to another resource, although the first one stays."""
    replacements, identity = context.permissions.replacements, str(before)
    if replacements.is_deleted(identity, type_):
        return False  # together with its protection
    if isinstance(after, Unknown):
        owners = [context.by_address[address] for address in replacements.owners(identity, type_)]
        return not any(owner.is_replaced for owner in owners)  # only then its ID or name is not known yet
    return not replacements.is_same_resource(identity, str(after), type_)
