"""Rules about the resources of the permissions of the container."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from protected_endpoints.aws.arn import Arn
from protected_endpoints.aws.iam_actions import find_action
from protected_endpoints.config import Permission
from protected_endpoints.deployment import Deployment
from protected_endpoints.errors import Problem
from protected_endpoints.rules.helpers import indexed
from protected_endpoints.rules.permissions import iter_permissions, iter_resources
from protected_endpoints.rules.registry import endpoint_rule

# Services whose resources have no type at the beginning: in `arn:aws:s3:::models/*`, `models` is the name of a bucket.
_WITHOUT_TYPE = ("s3", "sns", "sqs", "execute-api", "codecommit", "codepipeline", "neptune-db")
_ONLY_WILDCARDS = re.compile(r"[*?/:]+")
# The type and the rest of a resource: `table/features`, `/restapis/a1b2`. A wildcard in the type includes every name.
_TYPED = re.compile(r"/?[^/:*?]+[/:](.+)")
_WILDCARD = re.compile(r"[*?]")


@dataclass(frozen=True)
class _Expected:
    """The resources of an action: what they are, the pattern of their ARNs, and an ARN without its partition."""

    noun: str
    pattern: str
    example: str


@endpoint_rule("permission-all-resources")
def permission_all_resources(deployment: Deployment) -> Iterator[Problem]:
    """Only actions without resource-level permissions require the resource `*` (service authorization reference)."""
    for path, resource, permission in iter_resources(deployment):
        with_resources = ", ".join(name for name in permission.actions if _support(name) == "required")
        if with_resources and _has_no_name(resource):
            yield Problem(
                path,
                f"includes resources of any name, but IAM supports resource-level permissions for {with_resources}",
                "list the ARNs of the resources, with wildcards only in a part of a name",
                value=resource,
            )


@endpoint_rule("permission-without-resource")
def permission_without_resource(deployment: Deployment) -> Iterator[Problem]:
    """Only the resource `*` allows an action without resource-level permissions (service authorization reference)."""
    for keys, permission in iter_permissions(deployment):
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
    for keys, permission in iter_permissions(deployment):
        for path, name in indexed(deployment.path(*keys, "actions"), permission.actions):
            if mismatch := _mismatch(deployment, name, permission):
                yield Problem(path, *mismatch, value=name)


@endpoint_rule("permission-wrong-partition")
def permission_wrong_partition(deployment: Deployment) -> Iterator[Problem]:
    """Credentials are valid in the partition of the account only (IAM, Amazon Resource Names)."""
    partition = deployment.names.partition
    for path, resource, _ in iter_resources(deployment):
        if resource != "*" and Arn.parse(resource).partition != partition:
            yield Problem(
                path,
                f"is not in the partition of region {deployment.environment.region}",
                f"begin it with arn:{partition}:",
                value=resource,
            )


def _support(name: str) -> str | None:
    """Return whether requests of an action have resources, or None for an unknown action."""
    action = find_action(name)
    return action.resources if action else None


def _mismatch(deployment: Deployment, name: str, permission: Permission) -> tuple[str, str] | None:
    """Return what is wrong and what to do if no resource of a permission is one of the action, or None."""
    partition = deployment.names.partition
    expected, services = _expected_resource(name), _resource_services(name)
    if expected and not any(re.match(expected.pattern, resource) for resource in permission.resources):
        wrong = f"no resource of this statement is {expected.noun}, so that IAM never allows it"
        return wrong, f"add its ARN, such as arn:{partition}:{expected.example}"
    if services and not any(
        resource == "*" or Arn.parse(resource).service in services for resource in permission.resources
    ):
        names = " or ".join(sorted(services))
        wrong = f"no resource of this statement is of the service {names}, so that IAM never allows it"
        return wrong, f"add the ARN of its resource, which begins with arn:{partition}:{sorted(services)[0]}:"
    return None


def _resource_services(name: str) -> frozenset[str]:
    """Return the services in the ARNs of the resources that an action requires; empty if they are not known."""
    action = find_action(name)
    return action.arn_services if action and action.resources == "required" else frozenset()


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


def _has_no_name(resource: str) -> bool:
    """Return whether a resource has wildcards instead of a name: `*`, `table/*`, `t*`, or any bucket in `*/data/*`."""
    if resource == "*":
        return True
    arn = Arn.parse(resource)
    if arn.service in _WITHOUT_TYPE and not _is_access_point(arn):
        name = re.split("[/:]", arn.resource, maxsplit=1)[0]
    elif typed := _TYPED.fullmatch(arn.resource):
        name = typed[1]
    else:
        return bool(_WILDCARD.search(arn.resource))
    return _ONLY_WILDCARDS.fullmatch(name) is not None


def _is_access_point(arn: Arn) -> bool:
    """Return whether an ARN of Amazon S3 has a type: the ARN of an access point has a region, that of a bucket none."""
    return arn.service == "s3" and bool(arn.region)
