"""What passes the private endpoints of an environment's VPC, whoever sends it.

A policy of a VPC endpoint adds nothing to what an identity may do: it takes away all that it does not name. AWS
ignores it on the FIPS variants of the runtime API, which is why none is made.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from modules.policies import Document, Statement, allow, deny, document
from modules.policies.invoke import invoking

if TYPE_CHECKING:
    from modules.config import Deployment

LONGEST = 20480  # characters that a policy of a VPC endpoint may have (EC2, CreateVpcEndpoint)


def runtime(deployments: Sequence[Deployment]) -> Document:
    """Return the policy of the runtime API: the named callers invoke the endpoints of this environment."""
    endpoints: dict[tuple[str, ...], list[str]] = {}
    for each in deployments:
        if each.caller_arns:
            action = invoking(each.endpoint.async_inference_config is not None)
            endpoints.setdefault((action, *sorted(each.caller_arns)), []).append(each.names.endpoint_arn)
    statements = [
        _by(f"TheseCallers{number}", callers, Action=action, Resource=arns)
        for number, ((action, *callers), arns) in enumerate(sorted(endpoints.items()), 1)
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
        readers = {
            each.names.role_arn: [
                each.names.objects_arn(data.place) if data.is_prefix else each.names.object_arn(data.place)
                for data in each.model_data
            ]
            for each in deployments
            if each.model_data and bool(each.endpoint.relax.model_data_account) is of_any_account
        }
        if readers:
            objects = sorted({arn for arns in readers.values() for arn in arns})
            statements.append(_by(sid, readers, condition, Action="s3:GetObject", Resource=objects))
    listing = {
        each.names.role_arn: {each.names.bucket_arn(data.place.bucket) for data in each.model_data if data.is_prefix}
        for each in deployments
        if any(data.is_prefix for data in each.model_data)
    }
    if listing:
        buckets = sorted({arn for arns in listing.values() for arn in arns})
        statements.append(_by("ListModels", listing, Action="s3:ListBucket", Resource=buckets))
    writers = {
        each.names.role_arn: [each.names.objects_arn(place) for places in each.writes.values() for place in places]
        for each in deployments
        if each.writes
    }
    if writers:
        written = sorted({arn for arns in writers.values() for arn in arns})
        statements.append(_by("WriteCapturedData", writers, ours, Action="s3:PutObject", Resource=written))
    return _document(statements)


def _by(sid: str, roles: Iterable[str], condition: Mapping[str, object] | None = None, **elements: object) -> Statement:
    named = {**(condition or {}), "ArnEquals": {"aws:PrincipalArn": sorted(roles)}}
    return allow(sid, Principal="*", **elements, Condition=named)


def _document(statements: list[Statement]) -> Document:
    """Return a document that lets nothing through where there is nothing to let through: IAM takes no empty one."""
    return document(*(statements or [deny("NobodyIsNamed", Principal="*", Action="*", Resource="*")]))
