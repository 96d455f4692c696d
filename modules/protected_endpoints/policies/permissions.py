"""The statements of `permissions`, which the container may use with the credentials of the execution role."""

from collections.abc import Iterator

from protected_endpoints.aws.arn import Arn
from protected_endpoints.config import Permission
from protected_endpoints.deployment import Deployment
from protected_endpoints.policies.document import Statement, allow, scalar_or_list


def permission_statements(deployment: Deployment) -> list[Statement]:
    """Return one statement for each permission: the same ones for the execution role and for its managed boundary."""
    return [
        _statement(f"Permission{number}", permission, permission.actions, permission.resources)
        for number, permission in enumerate(deployment.endpoint.permissions, 1)
    ]


def statements_through_vpc_endpoint(
    deployment: Deployment, actions_prefix: str, *, resource_service: str
) -> Iterator[Statement]:
    """Yield the part of each permission that a VPC endpoint has to let through, for the execution role only.

    `actions_prefix` is that of the actions of the VPC endpoint, such as `s3:`, and `resource_service` the service in
    the ARNs of their resources.
    """
    for permission in deployment.endpoint.permissions:
        actions = [action for action in permission.actions if action.lower().startswith(actions_prefix.lower())]
        resources = [
            resource
            for resource in permission.resources
            if resource == "*" or Arn.parse(resource).service == resource_service
        ]
        if actions and resources:
            statement = _statement("", permission, actions, resources)
            condition = statement.get("Condition", {})
            # The condition on the role takes precedence over one of the permission, which its own policy has as well.
            role = {**condition.get("ArnEquals", {}), "aws:PrincipalArn": [deployment.execution_role_arn]}
            yield {**statement, "Principal": "*", "Condition": {**condition, "ArnEquals": role}}


def _statement(sid: str, permission: Permission, actions: tuple[str, ...] | list[str], resources: object) -> Statement:
    ...
