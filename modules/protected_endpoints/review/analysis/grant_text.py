"""Describe a permission in messages of rules."""

import re

from protected_endpoints.review.analysis.grant import ALL_EXCEPT, Grant
from protected_endpoints.review.markdown import code
from protected_endpoints.review.plan.plan import Plan, account_id

_ACCOUNT_KEYS = ("aws:principalaccount", "aws:principalarn", "kms:calleraccount")
_SOURCE_KEYS = ("aws:sourceaccount", "aws:sourcearn")  # the account on whose behalf a service acts
_SERVICE = re.compile(r"[a-z0-9.-]+\.amazonaws\.com(\.cn)?")


def describe_public_grant(plan: Plan, grant: Grant) -> str:
    """Return a message if another account has a permission, or everyone has one that no condition restricts."""
    if grant.is_public and not grant.is_restricted:
        return f"{describe_permission(grant)}; no condition restricts the principal."
    if grant.is_external and not grant.required_condition_values:
        return f"{describe_permission(grant)}; no condition restricts it."
    if accounts := outside_accounts(plan, grant):
        ids = ", ".join(map(code, accounts))
        conditions = "" if grant.condition else "; no condition restricts it"
        own = "" if plan.account else " The plan does not show the account of the stack; set `allowed_account_ids`."
        return f"Another account ({ids}) can perform {action_on_resource(grant)}{conditions}.{own}"
    return ""


def outside_accounts(plan: Plan, grant: Grant) -> list[str]:
    """Return the accounts that a grant names and that are not the account of the stack.

    A condition does not make another account part of the own one, so that none is an excuse. If the plan does not show
    its own account, every account is another one.
    """
    names = [grant.principal]
    if grant.is_public:
        keys = (*_ACCOUNT_KEYS, *_SOURCE_KEYS)
        names = [value for key in keys for value in grant.required_condition_values.get(key, ())]
    elif is_service(grant):
        names = [value for key in _SOURCE_KEYS for value in grant.required_condition_values.get(key, ())]
    return sorted({account_id(name) for name in names} - {plan.account, ""})


def is_service(grant: Grant) -> bool:
    """Return whether the principal is a service of AWS."""
    return bool(_SERVICE.fullmatch(grant.principal))


def describe_permission(grant: Grant) -> str:
    return f"{principal_name(grant)} can perform {action_on_resource(grant)}"


def action_on_resource(grant: Grant) -> str:
    return f"{code(grant.action)} on {code(grant.resource)}"


def principal_name(grant: Grant) -> str:
    if grant.is_public:
        name = grant.principal.removeprefix(ALL_EXCEPT)
        return "Everyone" if grant.principal == "*" else f"Everyone except {code(name)}"
    return code(grant.principal)
