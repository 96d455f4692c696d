"""What passes the private endpoints of an environment's VPC, whoever sends it.

A policy of a VPC endpoint adds nothing to what an identity may do: it takes away all that it does not name. AWS
ignores it on the FIPS variants of the runtime API, which is why none is made.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from modules.names import S3Location
from modules.policies import Document, Statement, allow, deny, document

if TYPE_CHECKING:
    from modules.config import Deployment

LONGEST = 20480  # characters that a policy of a VPC endpoint may have (EC2, CreateVpcEndpoint)


def runtime(deployments: Sequence[Deployment]) -> Document:
    """Return the policy of the runtime API: the named callers invoke the endpoints of this environment."""
    endpoints: dict[tuple[str, ...], list[str]] = {}
    for each in deployments:
        if each.caller_arns:
            endpoints.setdefault(tuple(sorted(each.caller_arns)), []).append(each.names.endpoint_arn)
    statements = [
        _by(f"TheseCallers{number}", callers, Action="sagemaker:InvokeEndpoint", Resource=arns)
        for number, (callers, arns) in enumerate(sorted(endpoints.items()), 1)
    ]
    with_tokens = {arn for each in deployments if each.endpoint.relax.bearer_tokens for arn in each.caller_arns}
    if with_tokens:
        statements.append(_by("BearerTokens", with_tokens, Action="sagemaker:CallWithBearerToken", Resource="*"))
    return _document(statements)


def s3(deployments: Sequence[Deployment]) -> Document:
    """Return the policy of S3: the execution roles read the artefacts and write what is recorded, and no more."""
    ours = {"StringEquals": {"aws:ResourceAccount": deployments[0].environment.account_id}}
    statements: list[Statement] = []
    for sid, condition, of_any_account in (("ReadArtefacts", ours, False), ("ReadArtefactsElsewhere", {}, True)):
        artefacts = {
            each.names.role_arn: each.names.object_arn(S3Location.of(each.endpoint.model_data_url))
            for each in deployments
            if each.endpoint.model_data_url and bool(each.endpoint.relax.model_data_account) is of_any_account
        }
        if artefacts:
            objects = sorted({*artefacts.values()})
            statements.append(_by(sid, artefacts, condition, Action="s3:GetObject", Resource=objects))
    captured = {each.names.objects_arn(each.capture) for each in deployments if each.capture}
    if captured:
        writers = _roles(each for each in deployments if each.capture)
        statements.append(_by("WriteCapturedData", writers, ours, Action="s3:PutObject", Resource=sorted(captured)))
    return _document(statements)


def _roles(deployments: Iterable[Deployment]) -> list[str]:
    return [each.names.role_arn for each in deployments]


def _by(sid: str, roles: Iterable[str], condition: Mapping[str, object] | None = None, **elements: object) -> Statement:
    named = {**(condition or {}), "ArnEquals": {"aws:PrincipalArn": sorted(roles)}}
    return allow(sid, Principal="*", **elements, Condition=named)


def _document(statements: list[Statement]) -> Document:
    """Return a document that lets nothing through where there is nothing to let through: IAM takes no empty one."""
    return document(*(statements or [deny("NobodyIsNamed", Principal="*", Action="*", Resource="*")]))
