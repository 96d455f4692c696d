"""Rules about access without permissions: network isolation, the internet, VPC endpoints, public buckets, shells."""

from protected_endpoints.review.analysis.condition_owners import describe_unknown_owner
from protected_endpoints.review.analysis.context import ReviewContext
from protected_endpoints.review.analysis.endpoints import variants
from protected_endpoints.review.analysis.grant_text import describe_public_grant
from protected_endpoints.review.analysis.internet import opened_to_internet
from protected_endpoints.review.analysis.models import models_with_previous
from protected_endpoints.review.analysis.protections import PUBLIC_ACCESS_SETTINGS
from protected_endpoints.review.markdown import code
from protected_endpoints.review.plan.resource_types import CONFIGURATION
from protected_endpoints.review.plan.values import Json, as_dict, as_list, first_block
from protected_endpoints.review.rules.registry import RuleResult, rule

_BUCKET_OWNER_ENFORCED = "BucketOwnerEnforced"


@rule("isolation-off", "block")
def isolation_off(context: ReviewContext) -> RuleResult:
    """Without network isolation a container can send data, and has the credentials of its execution role."""
    for address, blocks in opened_to_internet(context.plan, "egress").items():
        yield (
            address,
            f"Egress to {code(', '.join(blocks))} is allowed: instances in the security group can send data anywhere.",
        )
    for model, previous in models_with_previous(context.plan):
        was_on = any(before.get("enable_network_isolation") is True for before in previous)
        if was_on and model.value_after("enable_network_isolation") is not True:
            yield (
                model.address,
                "Network isolation is disabled: the container has network access and the credentials of its execution "
                "role.",
            )


@rule("public-access", "block")
def public_access(context: ReviewContext) -> RuleResult:
    """Principals or networks outside of the account gain access."""
    account_blocks = context.plan.of_type("aws_s3_account_public_access_block")
    for block in (*context.plan.of_type("aws_s3_bucket_public_access_block"), *account_blocks):
        disabled = [
            setting
            for setting in PUBLIC_ACCESS_SETTINGS
            if block.value_before(setting) is True and block.value_after(setting) is not True
        ]
        is_deleted_alone = block.is_deleted and not context.plan.is_deleted_with_bucket(block)
        if (disabled and not block.is_deleted) or is_deleted_alone:
            names = ", ".join(map(code, disabled)) or "the public access block"
            yield block.address, f"Public access is no longer blocked by {names}."
    for controls in context.plan.of_type("aws_s3_bucket_ownership_controls"):
        was_enforced, is_enforced = (_is_owner_enforced(side) for side in (controls.before, controls.after))
        is_weaker = not context.plan.is_deleted_with_bucket(controls) if controls.is_deleted else not is_enforced
        if was_enforced and is_weaker:
            yield controls.address, "ACLs are enabled: the writer of an object can grant others access to it."
    for grant in context.permissions.added:
        if grant.is_trust_policy:
            continue
        if message := describe_public_grant(context.plan, grant) or describe_unknown_owner(context, grant):
            yield grant.address, message
    for address, blocks in opened_to_internet(context.plan, "ingress").items():
        yield address, f"Ingress from {code(', '.join(blocks))} is allowed."


@rule("vpc-removed", "block")
def vpc_removed(context: ReviewContext) -> RuleResult:
    """Traffic leaves the VPC."""
    for model, previous in models_with_previous(context.plan):
        had_vpc = any(as_list(before.get("vpc_config")) for before in previous)
        if had_vpc and not as_list(model.value_after("vpc_config")):
            yield model.address, "The model is no longer attached to a VPC."
    for endpoint in context.plan.of_type("aws_vpc_endpoint"):
        if endpoint.is_deleted or endpoint.is_deleted_first:
            yield (
                endpoint.address,
                "The VPC endpoint is deleted: requests from the VPC fail or use the public endpoint.",
            )
        elif (
            endpoint.value_before("private_dns_enabled") is True
            and endpoint.value_after("private_dns_enabled") is not True
        ):
            yield endpoint.address, "Private DNS is disabled: requests from the VPC use the public endpoint."


@rule("ssm-access-on", "warn")
def ssm_access_on(context: ReviewContext) -> RuleResult:
    """With shell access to a container, a person can read every request and the model."""
    for configuration in context.plan.of_type(CONFIGURATION):
        if not _has_ssm_access(configuration.before) and _has_ssm_access(configuration.after):
            yield configuration.address, "Shell access (SSM) to the container, and to every request in it, is allowed."


def _is_owner_enforced(controls: Json | None) -> bool:
    return first_block(as_dict(controls).get("rule")).get("object_ownership") == _BUCKET_OWNER_ENFORCED


def _has_ssm_access(configuration: Json | None) -> bool:
    return any(variant.get("enable_ssm_access") is True for variant in variants(configuration))
