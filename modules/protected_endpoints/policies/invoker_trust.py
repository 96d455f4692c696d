"""The trust policy of a managed invoker role: who may assume it."""

from typing import Any

from protected_endpoints.aws.arn import Arn
from protected_endpoints.config import Invoker
from protected_endpoints.deployment.endpoint_names import EndpointNames
from protected_endpoints.policies.document import Document, Statement, allow, document


def invoker_trust_policy(names: EndpointNames, invoker: Invoker) -> Document:
    """Return the trust policy for the principals of an invoker, with its conditions.

    Roles and users are matched by `aws:PrincipalArn`, with their account as the principal: IAM rejects a policy whose
    principal does not exist, and a principal that is deleted and created again under its old name would lose the
    trust. This way, the principal's own account has to allow sts:AssumeRole as well.
    """
    conditions = _trust_conditions(invoker)
    accounts = sorted(arn for arn in invoker.principals if Arn.parse(arn).resource == "root")
    roles_and_users = sorted({*invoker.principals} - {*accounts})
    statements = []
    if accounts:
        statements.append(_assume_role("TheseAccounts", accounts, conditions))
    if roles_and_users:
        roots = sorted({names.iam_arn("root", Arn.parse(arn).account_id) for arn in roles_and_users})
        restricted = {**conditions, "ArnEquals": {"aws:PrincipalArn": roles_and_users}}
        statements.append(_assume_role("ThesePrincipals", roots, restricted))
    return document(*statements)


def _assume_role(sid: str, accounts: list[str], condition: dict[str, Any]) -> Statement:
    statement = allow(sid, Principal={"AWS": accounts}, Action="sts:AssumeRole")
    return {**statement, "Condition": condition} if condition else statement


def _trust_conditions(invoker: Invoker) -> dict[str, Any]:
    equal = {f"aws:PrincipalTag/{key}": value for key, value in invoker.principal_tags.items()}
    if invoker.external_id:
        equal["sts:ExternalId"] = invoker.external_id
    if invoker.principal_org_id:
        equal["aws:PrincipalOrgID"] = invoker.principal_org_id
    return {
        **({"StringEquals": equal} if equal else {}),
        **({"Bool": {"aws:MultiFactorAuthPresent": "true"}} if invoker.require_mfa else {}),
    }
