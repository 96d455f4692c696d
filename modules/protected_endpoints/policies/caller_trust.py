"""Who may assume a role that is made for callers."""

from typing import Any

from protected_endpoints.config import Invoker
from protected_endpoints.deployment.names import Names
from protected_endpoints.policies import Document, allow, document


def caller_trust_policy(names: Names, caller: Invoker) -> Document:
    """Return the trust policy: the named principals, with what is asked of them.

    A role or user is named by `aws:PrincipalArn` below its account's principal, not as the principal itself: IAM
    refuses a policy that names a role which does not exist (yet), and stops trusting one that was made anew under
    its old name. So the account of the principal has to let it assume the role as well.
    """
    asked = _asked(caller)
    accounts = sorted(each for each in caller.principals if each.endswith(":root"))
    others = sorted(each for each in caller.principals if not each.endswith(":root"))
    statements = []
    if accounts:
        statements.append(_may_assume("TheseAccounts", accounts, asked))
    if others:
        roots = sorted({names.iam_arn("root", arn.split(":")[4]) for arn in others})
        statements.append(_may_assume("ThesePrincipals", roots, {**asked, "ArnEquals": {"aws:PrincipalArn": others}}))
    return document(*statements)


def _may_assume(sid: str, accounts: list[str], condition: dict[str, Any]) -> dict[str, Any]:
    statement = allow(sid, Principal={"AWS": accounts}, Action="sts:AssumeRole")
    return {**statement, "Condition": condition} if condition else statement


def _asked(caller: Invoker) -> dict[str, Any]:
    equal = {f"aws:PrincipalTag/{key}": value for key, value in caller.principal_tags.items()}
    if caller.external_id:
        equal["sts:ExternalId"] = caller.external_id
    if caller.principal_org_id:
        equal["aws:PrincipalOrgID"] = caller.principal_org_id
    return {
        **({"StringEquals": equal} if equal else {}),
        **({"Bool": {"aws:MultiFactorAuthPresent": "true"}} if caller.require_mfa else {}),
    }
