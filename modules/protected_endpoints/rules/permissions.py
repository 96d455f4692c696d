"""Rules about the permissions of the container, which extend the execution role."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from protected_endpoints.aws.arn import Arn
from protected_endpoints.aws.iam_actions import actions_date, find_action, similar_action
from protected_endpoints.config import Permission
from protected_endpoints.deployment import Deployment
from protected_endpoints.errors import KeyPath, Problem
from protected_endpoints.rules.helpers import duplicates, indexed
from protected_endpoints.rules.registry import endpoint_rule

# Services that manage identities and accounts.
_ADMINISTRATION = ("iam", "organizations", "account", "sso")
# Services whose resources have no type at the beginning: in `arn:aws:s3:::models/*`, `models` is the name of a bucket.
_WITHOUT_TYPE = ("s3", "sns", "sqs", "execute-api", "codecommit", "codepipeline", "neptune-db")
_ONLY_WILDCARDS = re.compile(r"[*?/:]+")
_TYPE = re.compile(r"[A-Za-z-]+[/:](?=.)")


@dataclass(frozen=True)
class _Expected:
    """The resources of an action: what they are, the pattern of their ARNs, and an ARN without its partition."""

    noun: str
    pattern: str
    example: str


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
        known = find_action(action)
        is_administration = action.partition(":")[0] in _ADMINISTRATION
        if is_administration or (known and known.manages_permissions):
            yield Problem(
                path,
                "changes who has access, so that the container could extend its own permissions",
                "remove it, and grant the access where the resource is managed",
                value=action,
            )


@endpoint_rule("permission-assumes-any-role")
def permission_assumes_any_role(deployment: Deployment) -> Iterator[Problem]:
    """A pattern also matches roles that are created later, with other permissions (sts:AssumeRole)."""
    for path, resource, permission in _resources(deployment):
        if "sts:assumerole" in map(str.lower, permission.actions) and re.search(r"[*?]", resource):
            yield Problem(
                path,
                "would let the container assume every role that matches",
                "list the ARN of each role, without wildcards",
                value=resource,
            )


@endpoint_rule("permission-all-resources")
def permission_all_resources(deployment: Deployment) -> Iterator[Problem]:
    """Only actions without resource-level permissions require the resource `*` (service authorization reference)."""
    for path, resource, permission in _resources(deployment):
        with_resources = ", ".join(name for name in permission.actions if _support(name) == "required")
        if with_resources and _is_every_resource(resource):
            yield Problem(
                path,
                f"includes every resource, but IAM supports resource-level permissions for {with_resources}",
                "list the ARNs of the resources, with wildcards only in a part of a name",
                value=resource,
            )


@endpoint_rule("permission-without-resource")
def permission_without_resource(deployment: Deployment) -> Iterator[Problem]:
    """Only the resource `*` allows an action without resource-level permissions (service authorization reference)."""
    for keys, permission in _permissions(deployment):
        if "*" in permission.resources:
            continue
        for path, name in indexed(deployment.path(*keys, "actions"), permission.actions):
            if _support(name) == "none":
                yield Problem(
                    path,
                    "supports no resource-level permissions, so the resources of this statement never allow it",
                    'move it to a separate permission with resources = ["*"]',
                    value=name,
                )


@endpoint_rule("permission-resource-mismatch")
def permission_resource_mismatch(deployment: Deployment) -> Iterator[Problem]:
    """IAM accepts an action without a resource of its kind, and never allows it (service authorization reference)."""
    for keys, permission in _permissions(deployment):
        for path, name in indexed(deployment.path(*keys, "actions"), permission.actions):
            expected = _expected_resource(name)
            if expected and not any(re.match(expected.pattern, resource) for resource in permission.resources):
                yield Problem(
                    path,
                    f"no resource of this statement is {expected.noun}, so that IAM never allows it",
                    f"add its ARN, such as arn:{deployment.names.partition}:{expected.example}",
                    value=name,
                )


@endpoint_rule("permission-wrong-partition")
def permission_wrong_partition(deployment: Deployment) -> Iterator[Problem]:
    """Credentials are valid in the partition of the account only (IAM, Amazon Resource Names)."""
    partition = deployment.names.partition
    for path, resource, _ in _resources(deployment):
        if resource != "*" and Arn.parse(resource).partition != partition:
            yield Problem(
                path,
                f"is not in the partition of region {deployment.environment.region}",
                f"begin it with arn:{partition}:",
                value=resource,
            )


@endpoint_rule("permission-duplicate")
def permission_duplicate(deployment: Deployment) -> Iterator[Problem]:
    """A second entry allows nothing more, and removing one of them would remove nothing."""
    statements: set[str] = set()
    for keys, permission in _permissions(deployment):
        path = deployment.path(*keys)
        yield from duplicates(indexed((*path, "actions"), permission.actions), identity=str.lower)
        yield from duplicates(indexed((*path, "resources"), permission.resources))
        statement = str(_normalized(permission))
        if statement in statements:
            yield Problem(path, "has the actions, resources and conditions of an earlier permission", "remove it")
        statements.add(statement)


def _permissions(deployment: Deployment) -> Iterator[tuple[KeyPath, Permission]]:
    """Yield the permissions with their key paths in the endpoint."""
    for index, permission in enumerate(deployment.endpoint.permissions):
        yield ("permissions", index), permission


def _actions(deployment: Deployment) -> Iterator[tuple[KeyPath, str]]:
    """Yield the actions of all permissions with their key paths."""
    for keys, permission in _permissions(deployment):
        yield from indexed(deployment.path(*keys, "actions"), permission.actions)


def _resources(deployment: Deployment) -> Iterator[tuple[KeyPath, str, Permission]]:
    """Yield the resources of all permissions with their key paths and permissions."""
    for keys, permission in _permissions(deployment):
        for path, resource in indexed(deployment.path(*keys, "resources"), permission.resources):
            yield path, resource, permission


def _support(name: str) -> str | None:
    """Return whether requests of an action have resources, or None for an unknown action."""
    action = find_action(name)
    return action.resources if action else None


def _expected_resource(name: str) -> _Expected | None:
    """Return the resources of an action of Amazon S3, which has two kinds that are easily confused; None for others.

    The ARN of an access point has a region, that of a bucket has none.
    """
    action = find_action(name)
    if not action or action.resources != "required" or not name.startswith("s3:"):
        return None
    if "Bucket" in action.name:
        return _Expected("a bucket", r"arn:[\w-]+:s3:([\w-]+:.*|::[^/]+$)", "s3:::my-bucket")
    if "Object" in action.name or "MultipartUpload" in action.name:
        return _Expected("an object", r"arn:[\w-]+:s3:([\w-]+:.*|::.*[/*])", "s3:::my-bucket/*")
    return None


def _is_every_resource(resource: str) -> bool:
    """Return whether a resource has only wildcards where others have their names: `*`, or `table/*` in an ARN."""
    if resource == "*":
        return True
    arn = Arn.parse(resource)
    name = arn.resource if arn.service in _WITHOUT_TYPE else _TYPE.sub("", arn.resource, count=1)
    return _ONLY_WILDCARDS.fullmatch(name) is not None


def _normalized(permission: Permission) -> object:
    """Return the statement of a permission in a form that does not depend on the order of its values."""
    conditions = {
        operator: {key.lower(): sorted(values) for key, values in sorted(keys.items())}
        for operator, keys in sorted(permission.conditions.items())
    }
    return sorted(map(str.lower, permission.actions)), sorted(permission.resources), conditions
