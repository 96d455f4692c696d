"""The Deny statements of deployers: no endpoint without its protections, and nothing that decides who deploys.

They apply whatever other policies allow.
"""

from protected_endpoints.aws.arn import Arn
from protected_endpoints.policies.document import Statement, deny
from protected_endpoints.policies.operators.audit import audit_denies
from protected_endpoints.policies.operators.environment_scope import EnvironmentScope
from protected_endpoints.policies.state_bucket import CHANGE_ALIAS, CHANGE_BUCKET, WRITE_OBJECTS

_CHANGE_POLICY = [
    "iam:CreatePolicyVersion",
    "iam:DeletePolicy",
    "iam:DeletePolicyVersion",
    "iam:SetDefaultPolicyVersion",
]
_CHANGE_ROLE = [
    "iam:AttachRolePolicy",
    "iam:DeleteRole",
    "iam:DeleteRolePolicy",
    "iam:DetachRolePolicy",
    "iam:PutRolePermissionsBoundary",
    "iam:PutRolePolicy",
    "iam:UpdateAssumeRolePolicy",
]


def deny_statements(scope: EnvironmentScope) -> list[Statement]:
    """Return the denials of a deployer.

    They deny models without network isolation or outside the VPC, endpoint configurations without a KMS key of the
    environment, resource policies of endpoints, roles without the permissions boundary, and changes of the state stack
    and of the trail.
    """
    return [
        *_isolation(scope),
        *_network(scope),
        _key(scope),
        _endpoint_policy(),
        *_boundary(scope),
        *_operators(scope),
        *_state(scope),
        *audit_denies(scope),
    ]


def _isolation(scope: EnvironmentScope) -> list[Statement]:
    """Exclude the models of endpoints with relax.network_isolation."""
    relaxed = [
        deployment.names.model_arn_pattern
        for deployment in scope.deployments
        if deployment.endpoint.relax.network_isolation
    ]
    # `IfExists` also denies a request without the isolation parameter.
    condition = {"BoolIfExists": {"sagemaker:NetworkIsolation": "false"}}
    return [deny("NeverWithoutIsolation", Action="sagemaker:CreateModel", **_all_except(relaxed), Condition=condition)]


def _network(scope: EnvironmentScope) -> list[Statement]:
    """Deny a request without subnets, and one with any other subnet than the environment's.

    The models of serverless endpoints are excluded: they run in no VPC.
    """
    if not (network := scope.environment.network):
        return []
    subnets = "sagemaker:VpcSubnets"
    serverless = [
        deployment.names.model_arn_pattern for deployment in scope.deployments if deployment.endpoint.is_serverless
    ]
    conditions = {
        "NeverOutsideTheVpc": {"Null": {subnets: "true"}},
        "NeverInOtherSubnets": {"ForAnyValue:StringNotEquals": {subnets: sorted(network.subnet_ids)}},
    }
    return [
        deny(sid, Action="sagemaker:CreateModel", **_all_except(serverless), Condition=condition)
        for sid, condition in conditions.items()
    ]


def _key(scope: EnvironmentScope) -> Statement:
    """Deny a request with another key or without one, which the negated operator matches as well.

    The configurations of serverless endpoints are excluded: they have no volume.
    """
    serverless = [
        deployment.names.configuration_arn_pattern
        for deployment in scope.deployments
        if deployment.endpoint.is_serverless
    ]
    other_accounts = [arn for arn in scope.existing_key_arns if Arn.parse(arn).account_id != scope.names.account_id]
    return deny(
        "NeverWithoutOurKey",
        Action="sagemaker:CreateEndpointConfig",
        **_all_except(serverless),
        Condition={"ArnNotLike": {"sagemaker:VolumeKmsKeyArn": [scope.kms_key_arns, *other_accounts]}},
    )


def _endpoint_policy() -> Statement:
    """Deny attaching a resource policy, which gives other accounts access through an inference router.

    Deleting one is not denied, because that removes access.
    """
    return deny("NeverAnEndpointPolicy", Action="sagemaker:PutEndpointPolicy", Resource="*")


def _all_except(arns: list[str]) -> dict[str, object]:
    return {"NotResource": arns} if arns else {"Resource": "*"}


def _boundary(scope: EnvironmentScope) -> list[Statement]:
    """Deny creating or extending roles without the environment's permissions boundary, and changing the boundary.

    If each role has a boundary of its own, deployers create it, so a deny statement could not limit them. The roles of
    other environments of the project are excluded, because a role that deploys several has the denials of all of them.
    """
    if not (boundary := scope.boundary_arn):
        return []
    names = scope.names
    project_roles = names.iam_arn(f"role/{names.project}-*")
    unbounded = {"Condition": {"ArnNotEquals": {"iam:PermissionsBoundary": boundary}}}
    create = ["iam:CreateRole", "iam:PutRolePermissionsBoundary", "iam:PutRolePolicy"]
    extend = ["iam:AttachRolePolicy", "iam:UpdateAssumeRolePolicy"]
    return [
        deny("NeverUnbounded", Action=create, Resource=names.iam_arn(f"role/{names.prefix}-*"), **unbounded),
        deny("NeverUnboundedElsewhere", Action=create, NotResource=project_roles, **unbounded),
        deny("NeverMoreForTheUnbounded", Action=extend, Resource=scope.managed_role_arns, **unbounded),
        deny("NeverWithoutTheBoundary", Action="iam:DeleteRolePermissionsBoundary", Resource="*"),
        deny("NeverAnotherBoundary", Action=_CHANGE_POLICY, Resource=boundary),
    ]


def _operators(scope: EnvironmentScope) -> list[Statement]:
    """Deny changing the roles and the policies of deployers and planners, which administrators manage.

    Without a boundary of the environment, deployers could create a role that changes them, so it would limit nobody.
    """
    if not scope.boundary_arn:
        return []
    planner = scope.names.iam_arn(f"role/{scope.names.planner}")
    roles = [*scope.deployments[0].deployer_arns, *([planner] if scope.environment.github_actions else [])]
    return [
        *([deny("NeverOurOwnRoles", Action=_CHANGE_ROLE, Resource=roles)] if roles else []),
        deny("NeverOurOwnPolicies", Action=_CHANGE_POLICY, Resource=scope.operator_policy_arns),
    ]


def _state(scope: EnvironmentScope) -> list[Statement]:
    """Deny writing the state of the state stack, and changing the bucket and the alias of its key.

    Terraform installs every provider that a state names. A principal that writes the state of a stack can therefore run
    a program with the credentials of the administrator who applies it next. So can one that deletes versions until an
    earlier one is the latest.
    """
    if not (state := scope.environment.state):
        return []
    names, bucket = scope.names, scope.names.bucket_arn(state.bucket)
    alias = names.arn("kms", names.state_alias)
    return [
        deny(
            "NeverTheStateOfRoles",
            Action=["s3:DeleteObjectVersion", *WRITE_OBJECTS],
            Resource=f"{bucket}/{names.state_stack_key}",
        ),
        deny("NeverTheStateBucket", Action=CHANGE_BUCKET, Resource=bucket),
        deny("NeverTheAliasOfTheState", Action=CHANGE_ALIAS, Resource=alias),
    ]
