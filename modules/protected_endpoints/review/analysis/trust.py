"""Who may assume a new role, and whether a condition restricts it as this project does."""

import re

from protected_endpoints.review.analysis.grant import Grant, has_wildcard
from protected_endpoints.review.analysis.grant_text import describe_public_grant, is_service, outside_accounts
from protected_endpoints.review.plan.plan import Plan

# A principal of another account needs one of these to assume the role of an invoker.
_PARTNER_CONDITIONS = {"sts:externalid", "aws:principalorgid"}
_SOURCE_CONDITIONS = {"aws:sourceaccount", "aws:sourcearn"}
_FEDERATED = "-provider/"
_REPOSITORY = re.compile(r"repo:[^*?/:]+/[^*?/:]+:")  # whatever follows, it is one repository of GitHub


def weak_trust(plan: Plan, grant: Grant) -> str:
    """Return why a principal should not be trusted by a new role, and an empty text if the trust is restricted."""
    if grant.is_public:
        return "no condition restricts it" if describe_public_grant(plan, grant) else ""
    if grant.is_external or _FEDERATED in grant.principal:
        return "" if _names_subject(grant) else "no condition names the subject, so that every user of the provider can"
    if accounts := outside_accounts(plan, grant):
        reason = "and no condition requires `sts:ExternalId` or `aws:PrincipalOrgID`"
        return "" if _has_partner_condition(grant) else f"it is in another account ({', '.join(accounts)}), {reason}"
    if is_service(grant) and _SOURCE_CONDITIONS.isdisjoint(grant.required_condition_values):
        return "no condition requires that it acts for this account (`aws:SourceAccount`)"
    return ""


def is_partner(plan: Plan, grant: Grant) -> bool:
    """Return whether a role trusts a principal of another account under a condition of an invoker's `principals`."""
    return grant.is_trust_policy and _has_partner_condition(grant) and bool(outside_accounts(plan, grant))


def _names_subject(grant: Grant) -> bool:
    """Return whether a condition requires the subject of a federated identity, such as one repository of GitHub."""
    subjects = [
        value
        for condition, values in grant.conditions.items()
        if condition.endswith(":sub") and condition.startswith(("stringequals ", "stringlike "))
        for value in values
    ]
    # An identity pool of Amazon Cognito is an audience of its own; other audiences are those of all users.
    is_pool = "cognito-identity.amazonaws.com:aud" in grant.required_condition_values
    return is_pool or (
        bool(subjects) and all(not has_wildcard(value) or _REPOSITORY.match(value) for value in subjects)
    )


def _has_partner_condition(grant: Grant) -> bool:
    return not grant.is_public and not _PARTNER_CONDITIONS.isdisjoint(grant.required_condition_values)
