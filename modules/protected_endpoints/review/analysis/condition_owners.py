"""Statements for everyone of a network or organization, of which only those are known that a plan already has."""

from protected_endpoints.review.analysis.context import ReviewContext
from protected_endpoints.review.analysis.grant import Grant
from protected_endpoints.review.analysis.grant_text import describe_permission
from protected_endpoints.review.markdown import code
from protected_endpoints.review.plan.plan import account_id

# Keys whose value names an account, which `describe_public_grant` compares with that of the plan.
_ACCOUNT_KEYS = ("aws:principalaccount", "aws:principalarn", "aws:sourceaccount", "kms:calleraccount")
# `aws:SourceArn` names the account as well, except that of a bucket.
_OWNER_KEYS = ("aws:principalorgid", "aws:principalorgpaths", "aws:sourcearn", "aws:sourcevpc", "aws:sourcevpce")


def describe_unknown_owner(context: ReviewContext, grant: Grant) -> str:
    """Return a message if everyone of a network or organization has a permission, and nothing shows whose it is.

    A policy before the plan that requires the same value shows it, and so does a VPC or VPC endpoint of the plan.
    """
    required = grant.required_condition_values
    if not grant.is_public or any(key in required for key in _ACCOUNT_KEYS):
        return ""
    unknown = {
        key: sorted({*filter(_has_no_account, required[key])} - _known_values(context, key))
        for key in _OWNER_KEYS
        if key in required
    }
    if not unknown or not all(unknown.values()):
        return ""
    owners = " and ".join(f"`{key}` {code(', '.join(values))}" for key, values in unknown.items())
    return f"{describe_permission(grant)} with {owners}, which no policy or resource of this plan had before."


def _has_no_account(value: str) -> bool:
    return not account_id(value)


def _known_values(context: ReviewContext, key: str) -> set[str]:
    """Return the values of a condition key that a policy has before the plan, and the VPCs of its VPC endpoints."""
    return context.permissions.required_before.get(key, set()) | context.vpc_endpoint_values.get(key, set())
