"""Rules about an existing execution role."""

from collections.abc import Iterator

from protected_endpoints.aws.arn import Arn, matches
from protected_endpoints.deployment import Deployment
from protected_endpoints.errors import Problem
from protected_endpoints.rules.helpers import not_in_account
from protected_endpoints.rules.registry import endpoint_rule


@endpoint_rule("execution-role-not-in-account")
def execution_role_not_in_account(deployment: Deployment) -> Iterator[Problem]:
    """SageMaker assumes a role of the account of the model (rule 6; CreateModel, ExecutionRoleArn)."""
    path = deployment.path("execution_role_arn")
    yield from not_in_account(deployment, path, deployment.endpoint.execution_role_arn, "role")


@endpoint_rule("execution-role-service-role")
def execution_role_service_role(deployment: Deployment) -> Iterator[Problem]:
    """The trust policies of service-linked roles and Identity Center roles cannot be changed (rule 6; IAM guide)."""
    arn = deployment.endpoint.execution_role_arn
    if arn and Arn.parse(arn).resource.startswith(("role/aws-service-role/", "role/aws-reserved/")):
        yield Problem(
            deployment.path("execution_role_arn"),
            "SageMaker cannot assume service-linked roles and IAM Identity Center roles for an endpoint",
            "use a role whose trust policy allows sagemaker.amazonaws.com",
            value=arn,
        )


@endpoint_rule("execution-role-managed")
def execution_role_managed(deployment: Deployment) -> Iterator[Problem]:
    """Terraform deletes a managed role as soon as its endpoint has an existing one, or is destroyed."""
    arn = deployment.endpoint.execution_role_arn
    if arn and matches(deployment.names.execution_role_arn_pattern.lower(), arn.lower()):
        yield Problem(
            deployment.path("execution_role_arn"),
            "the role has the name of a managed execution role, which the stack of its endpoint deletes",
            "remove the key to use the managed role of this endpoint, or use a role with another name",
            value=arn,
        )


@endpoint_rule("existing-execution-role", "warning")
def existing_execution_role(deployment: Deployment) -> Iterator[Problem]:
    """Terraform neither reads nor changes an existing role, so that no plan shows or limits its permissions."""
    if not (arn := deployment.endpoint.execution_role_arn):
        return
    boundary = deployment.environment.permissions_boundary_arn
    suffix = ", and permissions_boundary_arn of the environment does not apply to it" if boundary else ""
    yield Problem(
        deployment.path("execution_role_arn"),
        f"Terraform does not manage the trust policy, the policies and the boundary of an existing role{suffix}",
        f"compare them with the output of: protected-endpoints policy role {deployment.names.stack}",
        value=arn,
    )
