"""The statements of `permissions`: what the container may call with the credentials of the execution role."""

from collections.abc import Iterator, Sequence

from protected_endpoints.aws.arn import Arn
from protected_endpoints.config import Permission
from protected_endpoints.deployment import Deployment
from protected_endpoints.policies.document import Statement, allow


def permission_statements(deployment: Deployment) -> list[Statement]:
    """Return one statement for each permission: the same ones for the execution role and for its managed boundary."""
    return [
        allow(f"Permission{number}", **_elements(permission, permission.actions, permission.resources))
        for number, permission in enumerate(deployment.endpoint.permissions, 1)
    ]


def vpc_endpoint_statements(deployments: Sequence[Deployment], actions_prefix: str) -> Iterator[Statement]:
    """Yield the part of each permission that the policy of a VPC endpoint has to allow, for the execution role only.

    `actions_prefix` is the beginning of the actions of the VPC endpoint: a service, a colon, and what the actions have
    in common, such as `s3:`.
    """
    parts = [
        (deployment.execution_role_arn, permission, actions, resources)
        for deployment in deployments
        for permission in deployment.endpoint.permissions
        if (actions := [action for action in permission.actions if action.lower().startswith(actions_prefix.lower())])
        if (resources := [arn for arn in permission.resources if _is_of(arn, actions_prefix.partition(":")[0])])
    ]
    for number, (role_arn, permission, actions, resources) in enumerate(parts, 1):
        elements = _elements(permission, actions, resources)
        condition = elements.pop("Condition", {})
        # If the permission has a condition on the principal, the policy of the role has it as well. IAM compares
        # condition keys without case, and rejects a key that is there twice.
        arn_equals = condition.get("ArnEquals", {})
        others = {key: values for key, values in arn_equals.items() if key.lower() != "aws:principalarn"}
        of_role = {**others, "aws:PrincipalArn": [role_arn]}
        yield allow(f"Permission{number}", Principal="*", **elements, Condition={**condition, "ArnEquals": of_role})


def _elements(permission: Permission, actions: Sequence[str], resources: Sequence[str]) -> Statement:
    condition = {
        operator: {key: [*values] for key, values in keys.items()} for operator, keys in permission.conditions.items()
    }
    return {"Action": [*actions], "Resource": [*resources], **({"Condition": condition} if condition else {})}


def _is_of(arn: str, service: str) -> bool:
    return arn == "*" or Arn.parse(arn).service == service
