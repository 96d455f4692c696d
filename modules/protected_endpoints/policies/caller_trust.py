"""The trust policy of a managed caller role: who may assume it."""

from typing import Any

from protected_endpoints.aws.arn import Arn
from protected_endpoints.config import Invoker
from protected_endpoints.deployment.names import Names
from protected_endpoints.policies.document import Document, Statement, allow, document


def caller_trust_policy(names: Names, caller: Invoker) -> Document:
    """Return the trust policy for the principals of an invoker, with its conditions.

    Roles and users are matched by `aws:PrincipalArn`, with their account as the principal: IAM rejects a policy whose
    principal does not exist, and a principal that is deleted and created again under its old name would lose the
    trust. This way, the principal's own account has to allow sts:AssumeRole as well.
    """
    conditions = _trust_conditions(caller)
    accounts = sorted(arn for arn in caller.principals if Arn.parse(arn).resource == "root")
    others = sorted({*caller.principals} - {*accounts})
    statements = []
    if accounts:
        statements.append(_assume_role("TheseAccounts", accounts, conditions))
    if others:
        roots = sorted({names.iam_arn("root", Arn.parse(arn).account_id) for arn in others})
        named = {**conditions, "ArnEquals": {"aws:PrincipalArn": others}}
        statements.append(_assume_role("ThesePrincipals", roots, named))
    return document(*statements)


def _assume_role(sid: str, accounts: list[str], condition: dict[str, Any]) -> Statement:
    statement = allow(sid, Principal={"AWS": accounts}, Action="sts:AssumeRole")
    return {**statement, "Condition": condition} if condition else statement


def _trust_conditions(caller: Invoker) -> dict[str, Any]:
    equal = {f"aws:PrincipalTag/{key}": value for key, value in caller.principal_tags.items()}
    if caller.external_id:
        equal["sts:ExternalId"] = caller.external_id
    if caller.principal_org_id:
        equal["aws:PrincipalOrgID"] = caller.principal_org_id
    return {
        **({"StringEquals": equal} if equal else {}),
        **({"Bool": {"aws:MultiFactorAuthPresent": "true"}} if caller.require_mfa else {}),
    }
