"""Describe a permission in messages of rules."""

from protected_endpoints.review.analysis.grant import ALL_EXCEPT, Grant
from protected_endpoints.review.markdown import code
from protected_endpoints.review.plan.plan import Plan, account_id

_ACCOUNT_KEYS = (
    "aws:principalaccount",
    "aws:principalarn",
    "aws:sourceaccount",
    "aws:sourcearn",
    "kms:calleraccount",
)


def describe_public_grant(plan: Plan, grant: Grant) -> str:
    """Return a message if everyone, or another account, has a permission that no condition restricts."""
    if grant.is_public and not grant.is_restricted:
        return f"{describe_permission(grant)}; no condition restricts the principal."
    if grant.is_external and not grant.required_condition_values:
        return f"{describe_permission(grant)}; no condition restricts it."
    principals = [] if grant.is_restricted else [grant.principal]
    if grant.is_public:
        principals = [value for key in _ACCOUNT_KEYS for value in grant.required_condition_values.get(key, ())]
    accounts = sorted({account_id(principal) for principal in principals} - {plan.account, ""})
    if plan.account and accounts:
        ids = ", ".join(map(code, accounts))
        return f"Another account ({ids}) can perform {action_on_resource(grant)}; no condition restricts it."
    return ""


def describe_permission(grant: Grant) -> str:
    return f"{principal_name(grant)} can perform {action_on_resource(grant)}"


def action_on_resource(grant: Grant) -> str:
    return f"{code(grant.action)} on {code(grant.resource)}"


def principal_name(grant: Grant) -> str:
    if grant.is_public:
        name = grant.principal.removeprefix(ALL_EXCEPT)
        return "Everyone" if grant.principal == "*" else f"Everyone except {code(name)}"
    return code(grant.principal)
