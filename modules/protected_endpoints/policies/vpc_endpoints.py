"""What passes the private endpoints of an environment's VPC, whoever sends it.

A policy of a VPC endpoint adds nothing to what an identity may do: it takes away all that it does not name. AWS
ignores it on the FIPS variants of the runtime API, which is why none is made.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from protected_endpoints.deployment import Deployment
from protected_endpoints.policies import Document, Statement, allow, deny, document
from protected_endpoints.policies.invoke import invoke_actions
from protected_endpoints.policies.model_access import model_data_arn

LONGEST = 20480  # characters that a policy of a VPC endpoint may have (EC2, CreateVpcEndpoint)


def runtime(deployments: Sequence[Deployment]) -> Document:
    """Return the policy of the runtime API: the named callers invoke the endpoints of this environment."""
    endpoints: dict[tuple[tuple[str, ...], tuple[str, ...]], list[str]] = {}
    for each in deployments:
        if each.caller_arns:
            alike = (tuple(invoke_actions(each.endpoint)), tuple(sorted(each.caller_arns)))
            endpoints.setdefault(alike, []).append(each.names.endpoint_arn)
    statements = [
        _by(f"TheseCallers{number}", callers, Action=[*actions], Resource=arns)
        for number, ((actions, callers), arns) in enumerate(sorted(endpoints.items()), 1)
    ]
    with_tokens = {arn for each in deployments if each.endpoint.relax.bearer_tokens for arn in each.caller_arns}
    if with_tokens:
        statements.append(_by("BearerTokens", with_tokens, Action="sagemaker:CallWithBearerToken", Resource="*"))
    return _document(statements)


def s3(deployments: Sequence[Deployment]) -> Document:
    """Return the policy of S3: the execution roles read models and requests, write what they have to, and no more.

    It names no key, whatever the data is encrypted with: S3 asks KMS itself, and not through the VPC.
    """
    uses: dict[str, list[_Use]] = {}
    for deployment in deployments:
        for sid, use in _uses(deployment):
            uses.setdefault(sid, []).append(use)
    return _document([_through_s3(sid, each) for sid, each in sorted(uses.items())])


@dataclass(frozen=True)
class _Use:
    """Define what one execution role does in S3; `account_id` is of the buckets, unless they are of any account."""

    role: str
    action: str
    resources: Sequence[str]
    account_id: str | None
    prefixes: Sequence[str] = ()


def _uses(deployment: Deployment) -> Iterator[tuple[str, _Use]]:
    names = deployment.names
    role, account = names.role_arn, names.account_id
    of_any_account = deployment.endpoint.relax.model_data_account is not None
    elsewhere, where = ("Elsewhere", None) if of_any_account else ("", account)
    if loaded := deployment.model_data:
        objects = [model_data_arn(names, each) for each in loaded]
        yield f"ReadArtefacts{elsewhere}", _Use(role, "s3:GetObject", objects, where)
    if prefixes := [each.place for each in loaded if each.is_prefix]:
        buckets, below = [names.bucket_arn(each.bucket) for each in prefixes], [f"{each.key}/*" for each in prefixes]
        yield f"ListModels{elsewhere}", _Use(role, "s3:ListBucket", buckets, where, below)
    if requests := deployment.input_locations:
        yield "ReadRequests", _Use(role, "s3:GetObject", [names.objects_arn(each) for each in requests], account)
    for sid, places in deployment.write_locations_by_sid.items():
        yield sid, _Use(role, "s3:PutObject", [names.objects_arn(each) for each in places], account)


def _through_s3(sid: str, uses: Sequence[_Use]) -> Statement:
    """Return one statement for uses of one kind, which differ by role, resources and prefixes alone."""
    resources = sorted({each for use in uses for each in use.resources})
    prefixes = sorted({each for use in uses for each in use.prefixes})
    condition = {
        **({"StringEquals": {"aws:ResourceAccount": uses[0].account_id}} if uses[0].account_id else {}),
        **({"StringLike": {"s3:prefix": prefixes}} if prefixes else {}),
    }
    return _by(sid, {use.role for use in uses}, condition, Action=uses[0].action, Resource=resources)


def _by(sid: str, roles: Iterable[str], condition: Mapping[str, object] | None = None, **elements: object) -> Statement:
    named = {**(condition or {}), "ArnEquals": {"aws:PrincipalArn": sorted(roles)}}
    return allow(sid, Principal="*", **elements, Condition=named)


def _document(statements: list[Statement]) -> Document:
    """Return a document that lets nothing through where there is nothing to let through: IAM takes no empty one."""
    return document(*(statements or [deny("NobodyIsNamed", Principal="*", Action="*", Resource="*")]))
