"""What whoever deploys can never do, whatever else they are given: make an endpoint without its protections."""

from protected_endpoints.policies import Statement, deny
from protected_endpoints.policies.operators.environment_scope import EnvironmentScope


def deny_statements(reach: EnvironmentScope) -> list[Statement]:
    """Return the denials of a deployer.

    SageMaker without isolation, VPC or key, endpoints that let other accounts in, and roles without a bound.
    """
    return [*_isolation(reach), *_network(reach), _key(reach), _endpoint_policy(), *_boundary(reach)]


def _isolation(reach: EnvironmentScope) -> list[Statement]:
    """An endpoint whose isolation is relaxed is left out by the names of its models."""
    relaxed = [each.names.model_arn_pattern for each in reach.deployments if each.endpoint.relax.network_isolation]
    # `IfExists` holds as well for a request that does not say whether it isolates.
    condition = {"BoolIfExists": {"sagemaker:NetworkIsolation": "false"}}
    return [deny("NeverWithoutIsolation", Action="sagemaker:CreateModel", **_all_but(relaxed), Condition=condition)]


def _network(reach: EnvironmentScope) -> list[Statement]:
    """One denial for a request with another subnet among its own, one for a request that names none.

    Serverless inference runs in no VPC, so the models of such endpoints are left out.
    """
    if not (network := reach.environment.network):
        return []
    subnets = "sagemaker:VpcSubnets"
    serverless = [each.names.model_arn_pattern for each in reach.deployments if each.endpoint.is_serverless]
    conditions = {
        "NeverOutsideTheVpc": {"Null": {subnets: "true"}},
        "NeverInOtherSubnets": {"ForAnyValue:StringNotEquals": {subnets: sorted(network.subnet_ids)}},
    }
    return [
        deny(sid, Action="sagemaker:CreateModel", **_all_but(serverless), Condition=condition)
        for sid, condition in conditions.items()
    ]


def _key(reach: EnvironmentScope) -> Statement:
    """The negated operator holds as well for a request that names no key; serverless endpoints have no volume."""
    serverless = [each.names.configuration_arn_pattern for each in reach.deployments if each.endpoint.is_serverless]
    keys = [reach.keys, *(arn for arn in reach.existing_key_arns if arn.split(":")[4] != reach.names.account_id)]
    return deny(
        "NeverWithoutOurKey",
        Action="sagemaker:CreateEndpointConfig",
        **_all_but(serverless),
        Condition={"ArnNotLike": {"sagemaker:VolumeKmsKeyArn": keys}},
    )


def _endpoint_policy() -> Statement:
    """The resource policy of an endpoint lets other accounts in through an inference router, past `invokers`.

    To delete one takes access away, so nothing is denied there.
    """
    return deny("NeverAnEndpointPolicy", Action="sagemaker:PutEndpointPolicy", Resource="*")


def _all_but(arns: list[str]) -> dict[str, object]:
    return {"NotResource": arns} if arns else {"Resource": "*"}


def _boundary(reach: EnvironmentScope) -> list[Statement]:
    """Without a boundary that others keep, nothing bounds the roles that a deployer makes, and no denial could."""
    if not (boundary := reach.environment.permissions_boundary_arn):
        return []
    unbounded = {"Condition": {"ArnNotEquals": {"iam:PermissionsBoundary": boundary}}}
    making = ["iam:CreateRole", "iam:PutRolePermissionsBoundary", "iam:PutRolePolicy"]
    changing = ["iam:CreatePolicyVersion", "iam:DeletePolicy", "iam:DeletePolicyVersion", "iam:SetDefaultPolicyVersion"]
    return [
        deny("NeverUnbounded", Action=making, Resource="*", **unbounded),
        deny("NeverMoreForTheUnbounded", Action="iam:AttachRolePolicy", Resource=reach.managed_role_arns, **unbounded),
        deny("NeverWithoutTheBoundary", Action="iam:DeleteRolePermissionsBoundary", Resource="*"),
        deny("NeverAnotherBoundary", Action=changing, Resource=boundary),
    ]
