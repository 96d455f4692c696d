"""The Deny statements of deployers: no endpoint without its protections, whatever other policies allow."""

from protected_endpoints.aws.arn import Arn
from protected_endpoints.policies.document import Statement, deny
from protected_endpoints.policies.operators.environment_scope import EnvironmentScope


def deny_statements(scope: EnvironmentScope) -> list[Statement]:
    """Return the denials of a deployer.

    They deny models without network isolation or outside the VPC, endpoint configurations without a KMS key of the
    environment, resource policies of endpoints, and roles without the permissions boundary.
    """
    return [*_isolation(scope), *_network(scope), _key(scope), _endpoint_policy(), *_boundary(scope)]


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

    Without an existing boundary, a deny statement could not limit the roles that a deployer creates.
    """
    if not (boundary := scope.environment.permissions_boundary_arn):
        return []
    unbounded = {"Condition": {"ArnNotEquals": {"iam:PermissionsBoundary": boundary}}}
    create = ["iam:CreateRole", "iam:PutRolePermissionsBoundary", "iam:PutRolePolicy"]
    change = ["iam:CreatePolicyVersion", "iam:DeletePolicy", "iam:DeletePolicyVersion", "iam:SetDefaultPolicyVersion"]
    return [
        deny("NeverUnbounded", Action=create, Resource="*", **unbounded),
        deny("NeverMoreForTheUnbounded", Action="iam:AttachRolePolicy", Resource=scope.managed_role_arns, **unbounded),
        deny("NeverWithoutTheBoundary", Action="iam:DeleteRolePermissionsBoundary", Resource="*"),
        deny("NeverAnotherBoundary", Action=change, Resource=boundary),
    ]
