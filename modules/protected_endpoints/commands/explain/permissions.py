"""What the container may call in AWS, and why."""

from collections.abc import Iterator

from protected_endpoints.config import Permission
from protected_endpoints.deployment import Deployment
from protected_endpoints.errors import to_toml


def permissions(deployment: Deployment) -> Iterator[tuple[str, str]]:
    """Yield each permission of the container, and the permissions boundary that has to allow it."""
    endpoint, environment = deployment.endpoint, deployment.environment
    for index, permission in enumerate(endpoint.permissions):
        yield f"permissions[{index}]", _description(permission)
    if endpoint.permissions:
        existing = environment.permissions_boundary_arn or endpoint.execution_role_arn
        if existing:
            detail = f"has to allow the same; {existing} is existing, so that this is not checked"
        elif deployment.environment_boundary_arn:
            detail = f"allows the same; before a change is deployed, run: make bootstrap ENVIRONMENT={environment.name}"
        else:
            detail = "the managed permissions boundary allows the same"
        yield "boundary", detail


def _description(permission: Permission) -> str:
    conditions = f", if {to_toml(permission.conditions)}" if permission.conditions else ""
    allowed = f"{', '.join(permission.actions)} on {', '.join(permission.resources)}{conditions}"
    return f"{allowed}: {to_toml(permission.reason)}"
