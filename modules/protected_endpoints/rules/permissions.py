"""Rules about the permissions of the container, which extend the execution role: actions and conditions."""

import re
from collections.abc import Iterator

from protected_endpoints.aws.arn import Arn
from protected_endpoints.aws.iam_actions import actions_date, changes_access, find_action, similar_action
from protected_endpoints.aws.iam_condition_keys import is_condition_key, similar_condition_key
from protected_endpoints.config import Permission
from protected_endpoints.deployment import Deployment
from protected_endpoints.errors import KeyPath, Problem
from protected_endpoints.rules.helpers import duplicates, indexed, role_identity
from protected_endpoints.rules.registry import endpoint_rule

_ROLE = re.compile(r"arn:[\w-]+:iam::[0-9]{12}:role/")
_WILDCARD = re.compile(r"[*?]")


@endpoint_rule("permissions-with-network-isolation")
def permissions_with_network_isolation(deployment: Deployment) -> Iterator[Problem]:
    """An isolated container gets no AWS credentials (CreateModel, EnableNetworkIsolation)."""
    if deployment.endpoint.permissions and deployment.endpoint.network_isolation_enabled:
        yield Problem(
            deployment.path("permissions"),
            "have no effect: with network isolation, the container has neither network access nor AWS credentials",
            "remove them, or give the reason why the container may have both in relax.network_isolation",
        )


@endpoint_rule("permission-unknown-action", "warning")
def permission_unknown_action(deployment: Deployment) -> Iterator[Problem]:
    """A statement with a misspelled action allows nothing, and IAM accepts it (service authorization reference)."""
    for path, action in _actions(deployment):
        if not find_action(action):
            similar = similar_action(action)
            yield Problem(
                path,
                f"IAM has no such action as of {actions_date()}",
                f"did you mean {similar}?" if similar else "use an action of the service authorization reference",
                value=action,
            )


@endpoint_rule("permission-escalation")
def permission_escalation(deployment: Deployment) -> Iterator[Problem]:
    """A container that changes policies, grants or identities extends its own access (IAM, access levels)."""
    for path, action in _actions(deployment):
        if changes_access(action):
            yield Problem(
                path,
                "changes who has access, so that the container could extend its own permissions",
                "remove it, and grant the access where the resource is managed",
                value=action,
            )


@endpoint_rule("permission-assumes-any-role")
def permission_assumes_any_role(deployment: Deployment) -> Iterator[Problem]:
    """A pattern also matches roles that are created later, with other permissions (sts:AssumeRole)."""
    for path, resource, permission in iter_resources(deployment):
        if _assumes_role(permission) and _WILDCARD.search(resource):
            yield Problem(
                path,
                "would let the container assume every role that matches",
                "list the ARN of each role, without wildcards",
                value=resource,
            )


@endpoint_rule("permission-assumes-deployer")
def permission_assumes_deployer(deployment: Deployment) -> Iterator[Problem]:
    """A container that acts as a deployer of its environment can change the execution role and every endpoint."""
    deployers = [*map(_role, deployment.environment.deployers)]
    for path, resource, permission in iter_resources(deployment):
        if _assumes_role(permission) and _role(resource) in deployers:
            yield Problem(
                path,
                "would let the container assume a deployer of its environment",
                "remove it, or use a role with the permissions that the container needs",
                value=resource,
            )


@endpoint_rule("permission-unknown-condition-key", "warning")
def permission_unknown_condition_key(deployment: Deployment) -> Iterator[Problem]:
    """No request has a misspelled condition key, so that most operators never match, and negated ones always (IAM)."""
    for keys, permission in iter_permissions(deployment):
        for operator, by_key in permission.conditions.items():
            for key in by_key:
                if not is_condition_key(key):
                    similar = similar_condition_key(key)
                    yield Problem(
                        deployment.path(*keys, "conditions", operator, key),
                        f"IAM has no such condition key as of {actions_date()}",
                        f"did you mean {similar}?" if similar else "use a key of the service authorization reference",
                    )


@endpoint_rule("permission-duplicate")
def permission_duplicate(deployment: Deployment) -> Iterator[Problem]:
    """A second entry allows nothing more, and removing one of them would remove nothing."""
    statements: set[str] = set()
    for keys, permission in iter_permissions(deployment):
        path = deployment.path(*keys)
        yield from duplicates(indexed((*path, "actions"), permission.actions), identity=str.lower)
        yield from duplicates(indexed((*path, "resources"), permission.resources))
        statement = str(_normalized(permission))
        if statement in statements:
            yield Problem(path, "has the actions, resources and conditions of an earlier permission", "remove it")
        statements.add(statement)


def _role(resource: str) -> tuple[str, str] | None:
    """Return the account and the name of a role, which identify it; None for another resource."""
    if not _ROLE.match(resource):
        return None
    return Arn.parse(resource).account_id, role_identity(resource)


def _assumes_role(permission: Permission) -> bool:
    """Return whether a permission has an action that returns the credentials of a role."""
    return any(action.lower().startswith("sts:assumerole") for action in permission.actions)


def iter_permissions(deployment: Deployment) -> Iterator[tuple[KeyPath, Permission]]:
    """Yield the permissions with their key paths in the endpoint."""
    for index, permission in enumerate(deployment.endpoint.permissions):
        yield ("permissions", index), permission


def _actions(deployment: Deployment) -> Iterator[tuple[KeyPath, str]]:
    """Yield the actions of all permissions with their key paths."""
    for keys, permission in iter_permissions(deployment):
        yield from indexed(deployment.path(*keys, "actions"), permission.actions)


def iter_resources(deployment: Deployment) -> Iterator[tuple[KeyPath, str, Permission]]:
    """Yield the resources of all permissions with their key paths and permissions."""
    for keys, permission in iter_permissions(deployment):
        for path, resource in indexed(deployment.path(*keys, "resources"), permission.resources):
            yield path, resource, permission


def _normalized(permission: Permission) -> object:
    """Return the statement of a permission in a form that does not depend on the order of its values."""
    conditions = {
        operator: {key.lower(): sorted(values) for key, values in sorted(keys.items())}
        for operator, keys in sorted(permission.conditions.items())
    }
    return sorted(map(str.lower, permission.actions)), sorted(permission.resources), conditions
