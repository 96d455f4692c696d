"""The permissions boundary of all managed roles of an environment, which only administrators can change.

Deployers write the policies and the trust policies of these roles, so the boundary is the most that a deployer can get
from them. It names the buckets, topics, functions and existing alarms of `endpoints.toml`, and the log groups, alarms
and endpoints of the environment. It allows nothing in IAM, and never a state of Terraform.
"""

from collections.abc import Iterable, Iterator

from protected_endpoints.deployment import Deployment
from protected_endpoints.deployment.data_flows import DataFlow
from protected_endpoints.policies.document import Document, Statement, allow, deny, document
from protected_endpoints.policies.execution_role_base import PULL, base_permissions, network_permissions
from protected_endpoints.policies.invoke import READ_PARAMETERS, invoke_actions
from protected_endpoints.policies.operators.environment_scope import EnvironmentScope
from protected_endpoints.policies.permissions import permission_statements
from protected_endpoints.policies.s3_data import account_condition, by_account


def environment_boundary(scope: EnvironmentScope) -> Document:
    """Return the permissions boundary: what the execution roles and managed invoker roles of the environment need."""
    deployments = [deployment for deployment in scope.deployments if not deployment.endpoint.execution_role_arn]
    return document(
        *_base_statements(scope),
        *_data_statements(scope, deployments),
        *_key_statements(scope, deployments),
        *_network_statements(scope),
        *_optional_statements(deployments),
        *_container_statements(deployments),
        *_invoke_statements(scope),
        *_state_deny(scope),
    )


def _base_statements(scope: EnvironmentScope) -> list[Statement]:
    """Return the permissions that every execution role needs, for all log groups of the environment."""
    login, logs, metrics = base_permissions(scope.deployments[0])["Statement"]
    groups = scope.log_group_arns
    alarms = [scope.alarm_arns, *scope.existing_alarm_arns]  # that roll back updates
    groups = [groups] if isinstance(groups, str) else groups
    names = scope.names
    return [
        login,
        {**logs, "Resource": [*groups, scope.component_log_group_arns]},
        metrics,
        allow("PullImages", Action=PULL, Resource=names.arn("ecr", "repository/*", "*")),
        allow("ReadAlarms", Action="cloudwatch:DescribeAlarms", Resource=alarms),
    ]


def _data_statements(scope: EnvironmentScope, deployments: list[Deployment]) -> Iterator[Statement]:
    """Yield the permissions for the buckets of `endpoints.toml` and the managed capture buckets, by their accounts."""
    names = scope.names
    read = [flow for deployment in deployments for flows in deployment.read_data.values() for flow in flows]
    for number, (account, flows) in enumerate(by_account(names, read).items(), 1):
        condition = account_condition(account)
        conditions = {"Condition": condition} if condition else {}
        buckets = _bucket_arns(scope, flows)
        yield allow(f"ReadData{number}", Action="s3:GetObject", Resource=[f"{arn}/*" for arn in buckets], **conditions)
        if listed := _bucket_arns(scope, (flow for flow in flows if flow.is_prefix)):
            yield allow(f"ListData{number}", Action="s3:ListBucket", Resource=listed, **conditions)
    written = [flow for deployment in deployments for flow in deployment.written_data]
    if buckets := _bucket_arns(scope, written):
        yield allow(
            "WriteData",
            Action="s3:PutObject",
            Resource=[f"{arn}/*" for arn in buckets],
            Condition=account_condition(names.account_id),
        )


def _bucket_arns(scope: EnvironmentScope, flows: Iterable[DataFlow]) -> list[str]:
    """Return the ARNs of the buckets, with the pattern of the managed ones instead of their names."""
    managed = {deployment.names.capture_bucket for deployment in scope.deployments}
    buckets = {flow.location.bucket for flow in flows}
    patterns = [scope.names.capture_bucket_arn_pattern] if buckets & managed else []
    return [*patterns, *(scope.names.bucket_arn(bucket) for bucket in sorted(buckets - managed))]


def _key_statements(scope: EnvironmentScope, deployments: list[Deployment]) -> list[Statement]:
    """Return the permissions for keys through S3 and SNS, whose resources the other statements limit, and grants."""
    names = scope.names
    keys = names.arn("kms", "key/*", "*")
    services = ["s3", *(["sns"] if any(deployment.topics_key for deployment in deployments) else [])]
    return [
        allow(
            "UseKeysThroughServices",
            Action=["kms:Decrypt", "kms:GenerateDataKey"],
            Resource=keys,
            Condition={"StringEquals": {"kms:ViaService": [names.kms_via_service(service) for service in services]}},
        ),
        allow(
            "LetSageMakerEncryptVolumes",
            Action="kms:CreateGrant",
            Resource=keys,
            Condition={
                "Bool": {"kms:GrantIsForAWSResource": "true"},
                "StringEquals": {"kms:ViaService": names.kms_via_service("sagemaker")},
            },
        ),
        allow("DescribeKeys", Action="kms:DescribeKey", Resource=keys),
    ]


def _network_statements(scope: EnvironmentScope) -> list[Statement]:
    if not (network := scope.environment.network):
        return []
    names = scope.deployments[0].names
    statements: list[Statement] = network_permissions(names, vpc_id=network.vpc_id, subnet_ids=network.subnet_ids)[
        "Statement"
    ]
    return statements


def _optional_statements(deployments: list[Deployment]) -> Iterator[Statement]:
    topics = sorted({arn for deployment in deployments for arn in deployment.notification_topics})
    if topics:
        yield allow("Publish", Action="sns:Publish", Resource=topics)
    functions = sorted({arn for deployment in deployments for arn in deployment.credentials_providers})
    if functions:
        yield allow("AskForRegistryCredentials", Action="lambda:InvokeFunction", Resource=functions)


def _container_statements(deployments: list[Deployment]) -> Iterator[Statement]:
    """Yield the `permissions` of all endpoints, each distinct one once."""
    distinct: list[Statement] = []
    for deployment in deployments:
        for statement in permission_statements(deployment):
            elements = {key: value for key, value in statement.items() if key != "Sid"}
            if elements not in distinct:
                distinct.append(elements)
    for number, elements in enumerate(distinct, 1):
        yield {"Sid": f"Permission{number}", **elements}


def _invoke_statements(scope: EnvironmentScope) -> Iterator[Statement]:
    """Yield what managed invoker roles need, if there are any: every endpoint of the environment, over TLS."""
    if not scope.managed_invoker_role_arns:
        return
    actions = {action for deployment in scope.deployments for action in invoke_actions(deployment.endpoint)}
    endpoints = [scope.names.arn("sagemaker", f"endpoint/{scope.names.prefix}-*"), *scope.endpoint_name_arns]
    yield allow(
        "InvokeEndpoints",
        Action=sorted(actions),
        Resource=[*endpoints, scope.inference_component_arns],
        Condition={"Bool": {"aws:SecureTransport": "true"}},
    )
    if scope.has_ssm_parameters:
        yield allow("FindEndpoints", Action=READ_PARAMETERS, Resource=scope.names.ssm_parameter_arn_patterns)
    if any(deployment.endpoint.relax.bearer_tokens for deployment in scope.deployments):
        yield allow("BearerTokens", Action="sagemaker:CallWithBearerToken", Resource="*")


def _state_deny(scope: EnvironmentScope) -> Iterator[Statement]:
    """Yield the denial of the states of all stacks, because the bucket may also contain data of endpoints."""
    if state := scope.environment.state:
        states = f"{scope.names.bucket_arn(state.bucket)}/{scope.names.state_key('*')}*"
        yield deny("NeverAState", Action="s3:*", Resource=states)
