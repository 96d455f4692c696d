"""Rules about access without permissions: network isolation, the internet, VPC endpoints, public buckets, shells."""

from collections.abc import Iterator

from protected_endpoints.review.analysis.acls import opened_acl
from protected_endpoints.review.analysis.condition_owners import describe_unknown_owner
from protected_endpoints.review.analysis.context import ReviewContext
from protected_endpoints.review.analysis.defaults import PUBLIC_ACCESS_SETTINGS
from protected_endpoints.review.analysis.endpoints import variants
from protected_endpoints.review.analysis.grant_text import describe_public_grant
from protected_endpoints.review.analysis.internet import PREFIX_LISTS, ROUTES, opened_to_internet
from protected_endpoints.review.markdown import code
from protected_endpoints.review.plan.plan import resource_type
from protected_endpoints.review.plan.resource_types import CONFIGURATION, MODEL
from protected_endpoints.review.plan.values import Json, as_dict, as_list, first_block
from protected_endpoints.review.rules.registry import RuleResult, rule

_ISOLATION = "enable_network_isolation"
_NOT_ISOLATED = "the container has network access and the credentials of its execution role."
_PRIVATE_DNS = "private_dns_enabled"
_PUBLIC_ACCESS_BLOCK, _OWNERSHIP = "aws_s3_bucket_public_access_block", "aws_s3_bucket_ownership_controls"
_ACCOUNT_PUBLIC_ACCESS_BLOCK = "aws_s3_account_public_access_block"
_BUCKET_OWNER_ENFORCED = "BucketOwnerEnforced"


@rule("isolation-off", "block")
def isolation_off(context: ReviewContext) -> RuleResult:
    """Without network isolation a container can send data, and has the credentials of its execution role."""
    for address, blocks in opened_to_internet(context.plan, "egress").items():
        cidrs, type_ = code(", ".join(blocks)), context.by_address[address].type
        if type_ in (*PREFIX_LISTS, *ROUTES):
            yield address, f"{cidrs} is added to a route or prefix list: what uses it can send data anywhere."
        else:
            yield address, f"Egress to {cidrs} is allowed: instances in the security group can send data anywhere."
    for model in context.compared(MODEL):
        was_on = True in model.previous_values(_isolation)
        if was_on and model.after.get(_ISOLATION) is not True:
            reason = context.reason_of("network_isolation")
            yield model.address, f"Network isolation is disabled: {_NOT_ISOLATED}{reason}"


@rule("serverless-not-isolated", "warn")
def serverless_not_isolated(context: ReviewContext) -> RuleResult:
    """SageMaker supports no network isolation for serverless inference."""
    for model in context.compared(MODEL):
        if model.is_new and context.comparisons.is_serverless(model.change) and not model.after.get(_ISOLATION):
            reason = context.reason_of("network_isolation")
            yield model.address, f"Serverless inference does not support network isolation: {_NOT_ISOLATED}{reason}"


@rule("public-access", "block")
def public_access(context: ReviewContext) -> RuleResult:
    """Principals or networks outside of the account gain access."""
    yield from _unblocked(context)
    for address in _with_acls(context):
        yield address, "ACLs are enabled: the writer of an object can grant others access to it."
    for change in context.changed_resources:
        if acl := opened_acl(change):
            yield change.address, f"The ACL of the bucket grants {code(acl)} to everyone."
    for grant in context.permissions.added:
        if grant.is_trust_policy:
            continue
        if message := describe_public_grant(context.plan, grant) or describe_unknown_owner(context, grant):
            yield grant.address, message
    for address, blocks in opened_to_internet(context.plan, "ingress").items():
        is_default = resource_type(address) == "aws_default_security_group"
        where = " into the default security group, which every resource without another one is in" if is_default else ""
        yield address, f"Ingress from {code(', '.join(blocks))}{where} is allowed."


@rule("vpc-removed", "block")
def vpc_removed(context: ReviewContext) -> RuleResult:
    """Traffic leaves the VPC."""
    for model in context.compared(MODEL):
        if True in model.previous_values(_has_vpc) and not as_list(model.after.get("vpc_config")):
            yield model.address, f"The model is {'not' if model.is_new else 'no longer'} attached to a VPC."
    for change in context.plan.of_type("aws_vpc_endpoint"):
        if change.is_deleted or change.is_deleted_first:
            yield change.address, "The VPC endpoint is deleted: requests from the VPC fail or use the public endpoint."
    for endpoint in context.compared("aws_vpc_endpoint"):
        is_disabled = endpoint.after.get(_PRIVATE_DNS) is not True
        if is_disabled and endpoint.before.get(_PRIVATE_DNS) is True and not endpoint.change.is_deleted_first:
            yield endpoint.address, "Private DNS is disabled: requests from the VPC use the public endpoint."


@rule("ssm-access-on", "warn")
def ssm_access_on(context: ReviewContext) -> RuleResult:
    """With shell access to a container, a person can read every request and the model."""
    for configuration in context.compared(CONFIGURATION):
        if not _has_ssm_access(configuration.before) and _has_ssm_access(configuration.after):
            yield (
                configuration.address,
                "Shell access (SSM) to the container, and to every request in it, is allowed."
                f"{context.reason_of('ssm_access')}",
            )


def _unblocked(context: ReviewContext) -> RuleResult:
    for block in (*context.compared(_PUBLIC_ACCESS_BLOCK), *context.compared(_ACCOUNT_PUBLIC_ACCESS_BLOCK)):
        blocked, blocks = (
            [setting for setting in PUBLIC_ACCESS_SETTINGS if side.get(setting) is True]
            for side in (block.before, block.after)
        )
        if disabled := [setting for setting in blocked if setting not in blocks]:
            time = "not" if block.is_new else "no longer"
            yield block.address, f"Public access is {time} blocked by {', '.join(map(code, disabled))}."
    for change in (*context.plan.of_type(_PUBLIC_ACCESS_BLOCK), *context.plan.of_type(_ACCOUNT_PUBLIC_ACCESS_BLOCK)):
        if change.is_deleted and not context.plan.is_deleted_with_bucket(change):
            yield change.address, "Public access is no longer blocked by the public access block."
    for bucket in context.comparisons.buckets_without(_PUBLIC_ACCESS_BLOCK):
        yield bucket.address, "Public access is not blocked: the bucket has no public access block."


def _with_acls(context: ReviewContext) -> Iterator[str]:
    """Yield the resources that let ACLs of a bucket have an effect. AWS disables them for a new bucket."""
    for controls in context.compared(_OWNERSHIP):
        if _is_owner_enforced(controls.before) and not _is_owner_enforced(controls.after):
            yield controls.address
    yield from (
        controls.address
        for controls in context.plan.of_type(_OWNERSHIP)
        if controls.is_deleted
        and _is_owner_enforced(controls.before)
        and not context.plan.is_deleted_with_bucket(controls)
    )


def _is_owner_enforced(controls: Json | None) -> bool:
    return first_block(as_dict(controls).get("rule")).get("object_ownership") == _BUCKET_OWNER_ENFORCED


def _has_ssm_access(configuration: Json | None) -> bool:
    return any(variant.get("enable_ssm_access") is True for variant in variants(configuration))


def _isolation(model: Json) -> list[bool]:
    return [model.get(_ISOLATION) is True]


def _has_vpc(model: Json) -> list[bool]:
    return [bool(as_list(model.get("vpc_config")))]
