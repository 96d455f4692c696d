"""The policies of the managed VPC endpoints of an environment.

The policy of a VPC endpoint grants nothing: it denies every request that it does not allow, whatever the identity
policy says. AWS ignores it on the FIPS endpoint of the runtime API, so this project creates none there.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from protected_endpoints.deployment import Deployment
from protected_endpoints.deployment.data_flows import MODEL_DATA
from protected_endpoints.policies.document import Document, Statement, allow, deny, document
from protected_endpoints.policies.invoke import INVOKE_PREFIX, invoke_actions
from protected_endpoints.policies.permissions import vpc_endpoint_statements
from protected_endpoints.policies.s3_data import account_condition, by_account, object_arns

MAX_VPC_ENDPOINT_POLICY_SIZE = 20480  # characters (EC2, CreateVpcEndpoint)


def runtime_policy(deployments: Sequence[Deployment]) -> Document:
    """Return the policy for the runtime API: the configured invokers may invoke the endpoints of the environment.

    A container with a permission to invoke another endpoint may do so.
    """
    endpoints: dict[tuple[tuple[str, ...], tuple[str, ...]], list[str]] = {}
    for deployment in deployments:
        if deployment.invoker_arns:
            alike = (tuple(invoke_actions(deployment.endpoint)), tuple(sorted(deployment.invoker_arns)))
            arns = [deployment.names.endpoint_arn, *deployment.inference_component_arns]
            endpoints.setdefault(alike, []).extend(arns)
    statements = [
        _allow_roles(f"TheseCallers{number}", invokers, Action=[*actions], Resource=arns)
        for number, ((actions, invokers), arns) in enumerate(sorted(endpoints.items()), 1)
    ]
    with_tokens = {
        arn for deployment in deployments if deployment.endpoint.relax.bearer_tokens for arn in deployment.invoker_arns
    }
    if with_tokens:
        action = "sagemaker:CallWithBearerToken"
        statements.append(_allow_roles("BearerTokens", with_tokens, Action=action, Resource="*"))
    return _document([*statements, *vpc_endpoint_statements(deployments, INVOKE_PREFIX)])


def s3_policy(deployments: Sequence[Deployment]) -> Document:
    """Return the policy for S3: the execution roles read and write the data of their endpoints, and use `permissions`.

    It needs no permission for KMS: S3 calls KMS itself, outside of the VPC.
    """
    by_sid: dict[str, list[_S3Access]] = {}
    for deployment in deployments:
        for sid, access in _s3_access(deployment):
            by_sid.setdefault(sid, []).append(access)
    statements = [_s3_statement(sid, accesses) for sid, accesses in sorted(by_sid.items())]
    return _document([*statements, *vpc_endpoint_statements(deployments, "s3:")])


@dataclass(frozen=True)
class _S3Access:
    """The use of S3 by one execution role."""

    role: str
    action: str
    resources: Sequence[str]
    account_id: str | None
    """Account of the buckets; None for buckets of any account."""
    prefixes: Sequence[str] = ()
    """Patterns of the prefixes that may be listed."""


def _s3_access(deployment: Deployment) -> Iterator[tuple[str, _S3Access]]:
    """Yield the S3 access of an execution role, by the Sid of its statement."""
    names = deployment.names
    role, account = deployment.execution_role_arn, names.account_id
    for kind, flows in deployment.data_flows.items():
        if kind is MODEL_DATA:
            yield from _model_data_access(deployment)
        else:
            yield kind.sid, _S3Access(role, kind.action, object_arns(names, flows), account)


def _model_data_access(deployment: Deployment) -> Iterator[tuple[str, _S3Access]]:
    """Yield the access to model data, by Sids that differ by the account of the bucket."""
    names, role = deployment.names, deployment.execution_role_arn
    for account, flows in by_account(names, deployment.model_data).items():
        suffix = {None: "Elsewhere", names.account_id: ""}.get(account, f"Of{account}")
        objects = object_arns(names, flows)
        yield f"{MODEL_DATA.sid}{suffix}", _S3Access(role, MODEL_DATA.action, objects, account)
        prefixes = [flow.location for flow in flows if flow.is_prefix]
        # The list of a whole bucket has no prefix that a condition could require.
        for sid, is_root in (("ListModels", False), ("ListBuckets", True)):
            listed = [prefix for prefix in prefixes if prefix.is_root is is_root]
            buckets = [names.bucket_arn(prefix.bucket) for prefix in listed]
            patterns = [prefix.objects for prefix in listed if not is_root]
            if listed:
                yield f"{sid}{suffix}", _S3Access(role, "s3:ListBucket", buckets, account, patterns)


def _s3_statement(sid: str, accesses: Sequence[_S3Access]) -> Statement:
    """Return one statement for accesses that differ by role, resources and prefixes only."""
    first = accesses[0]
    resources = sorted({arn for access in accesses for arn in access.resources})
    prefixes = sorted({prefix for access in accesses for prefix in access.prefixes})
    condition = {
        **account_condition(first.account_id),
        **({"StringLike": {"s3:prefix": prefixes}} if prefixes else {}),
    }
    return _allow_roles(sid, {access.role for access in accesses}, condition, Action=first.action, Resource=resources)


def _allow_roles(
    sid: str, roles: Iterable[str], condition: Mapping[str, object] | None = None, **elements: object
) -> Statement:
    return allow(
        sid,
        Principal="*",
        **elements,
        Condition={**(condition or {}), "ArnEquals": {"aws:PrincipalArn": sorted(roles)}},
    )


def _document(statements: list[Statement]) -> Document:
    """Return a document with the statements, or one that denies everything: a policy needs a statement."""
    return document(*(statements or [deny("NobodyIsNamed", Principal="*", Action="*", Resource="*")]))
