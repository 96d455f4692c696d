"""What a plan replaces: a permission either follows it, or moves to another resource.

A permission follows if its resource is the same managed resource before and after, such as a key that is replaced, or
if a model, endpoint or log group uses the one resource no longer and the other one instead, which other rules report.
Any other resource is another thing, whatever its name.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from protected_endpoints.review.plan.plan import Plan, resource_type
from protected_endpoints.review.plan.resource_types import CONFIGURATION, ENDPOINT, MODEL
from protected_endpoints.review.plan.values import Json

# Resources whose arguments name what they use: model data, images, alarms, keys and destinations.
_USING = (
    *(MODEL, CONFIGURATION, ENDPOINT, "aws_cloudwatch_log_group"),
    "aws_s3_bucket_server_side_encryption_configuration",
)
# Attributes that identify a resource of the plan.
_IDENTITIES = ("arn", "bucket", "id", "key_id", "name")
_IMAGE = re.compile(r"(\d{12})\.dkr\.ecr\.([a-z0-9-]+)\.[\w.]+/([\w./-]+)")
_BUCKET = "s3:::"  # begins the ARN of a bucket, without the partition
_ALARM = re.compile(r"cloudwatch:[^:]*:[^:]*:alarm:")
# The address of a managed resource and a path in it, or an argument that names the resource.
_Role = tuple[str, str]


@dataclass(frozen=True)
class Replacements:
    """The resources of a plan by what identifies them before and after it, and what the plan uses only then.

    What identifies a resource is an ARN, ID or name, or a reference to one.
    """

    before: Mapping[str, frozenset[str]]  # addresses of the resources that stay
    after: Mapping[str, frozenset[str]]
    deleted: Mapping[str, frozenset[str]]  # addresses of the resources that are deleted
    used_before: Mapping[str, frozenset[str]]  # the arguments that name a resource, by resource
    used_after: Mapping[str, frozenset[str]]

    def owners(self, identity: str, type_: str) -> set[str]:
        """Return the addresses of the resources of a type that have an ARN, ID or name before the plan."""
        found = _addresses(identity, self.before) | _addresses(identity, self.deleted)
        return {address for address in found if resource_type(address) == type_}

    def is_deleted(self, identity: str, type_: str) -> bool:
        return any(resource_type(address) == type_ for address in _addresses(identity, self.deleted))

    def is_same_resource(self, before: str, after: str, type_: str) -> bool:
        """Return whether two values identify the same resource: by value, or one of a type in the plan."""
        if before == after:
            return True
        same = _addresses(before, self.before) & _addresses(after, self.after)
        return any(resource_type(address) == type_ for address in same)

    def roles_before(self, resource: str) -> frozenset[_Role]:
        """Return what the resource of a permission is to the plan before it; see `roles_after`."""
        return _roles(resource, self.before, self.used_before)

    def roles_after(self, resource: str) -> frozenset[_Role]:
        """Return what the resource of a permission is to the plan after it.

        It is a managed resource or a part of one, or what an argument names. A permission follows from one resource to
        another if both are the same to the plan.
        """
        return _roles(resource, self.after, self.used_after)


NO_REPLACEMENTS = Replacements({}, {}, {}, {}, {})


def replacements(plan: Plan) -> Replacements:
    """Return what a plan replaces."""
    remaining = [change for change in plan.changes if change.before and change.after and not change.is_deleted]
    deleted = [change for change in plan.changes if change.is_deleted]
    used: list[set[tuple[str, str]]] = [set(), set()]
    for change in plan.changes:
        if change.type in _USING:
            used[0] |= {*_used(change.before, "")}
            used[1] |= {*_used(None if change.is_deleted else change.after, "")}
    return Replacements(
        _by_identity((change.address, change.before) for change in remaining),
        _by_identity((change.address, change.after) for change in remaining),
        _by_identity((change.address, change.before) for change in deleted),
        _by_resource(used[0] - used[1]),
        _by_resource(used[1] - used[0]),
    )


def _by_resource(used: Iterable[tuple[str, str]]) -> dict[str, frozenset[str]]:
    """Return the arguments that name a resource, by resource."""
    arguments: dict[str, frozenset[str]] = {}
    for argument, resource in used:
        arguments[resource] = arguments.get(resource, frozenset()) | {argument}
    return arguments


def _roles(
    resource: str, addresses: Mapping[str, frozenset[str]], used: Mapping[str, frozenset[str]]
) -> frozenset[_Role]:
    """Return the managed resources with what follows their ARN, and the arguments that name the resource."""
    short = _without_partition(resource)
    managed = {(address, end) for owner, end in _owners(short) for address in addresses.get(owner, ())}
    return frozenset(managed | {(argument, "") for argument in used.get(short, ())})


def _by_identity(resources: Iterable[tuple[str, Json | None]]) -> dict[str, frozenset[str]]:
    """Return the addresses of resources by the values that identify them, and by the references to those."""
    addresses: dict[str, frozenset[str]] = {}
    for address, attributes in resources:
        values = [(attributes or {}).get(name) for name in _IDENTITIES]
        texts = {_without_partition(value) for value in values if isinstance(value, str) and value}
        texts |= {f"${{{address}.{name}}}" for name in _IDENTITIES}
        if isinstance(bucket := (attributes or {}).get("bucket"), str) and resource_type(address) == "aws_s3_bucket":
            texts.add(f"{_BUCKET}{bucket}")
        for text in texts:
            addresses[text] = addresses.get(text, frozenset()) | {address}
    return addresses


def _addresses(text: str, by_identity: Mapping[str, frozenset[str]]) -> frozenset[str]:
    return by_identity.get(_without_partition(text), frozenset())


def _owners(resource: str) -> Iterator[tuple[str, str]]:
    """Yield the ARNs with which an ARN begins, such as that of the bucket of an object, and what follows each."""
    yield resource, ""
    for separator in re.finditer(r"[/:]", resource):
        yield resource[: separator.start()], resource[separator.start() :]


def _without_partition(resource: str) -> str:
    """Return an ARN without its partition; a prefix of objects without its wildcard; the name of an alarm."""
    short = _ALARM.sub("alarm:", re.sub(r"^arn:[\w-]+:", "", resource))
    return short.removesuffix("*") if short.endswith("/*") else short


def _used(value: Any, argument: str) -> Iterator[tuple[str, str]]:
    """Yield what the leaves of a value name, in the form of `_without_partition`, with the argument."""
    if isinstance(value, dict):
        for key, item in value.items():
            yield from _used(item, str(key))
    elif isinstance(value, list):
        for item in value:
            yield from _used(item, argument)
    elif isinstance(value, str):
        for resource in _resources(argument, value):
            yield argument, resource


def _resources(argument: str, value: str) -> Iterator[str]:
    """Yield the resources that a value of an argument names."""
    if value.startswith("s3://"):
        path = value.removeprefix("s3://")
        yield f"{_BUCKET}{path}"
        yield f"{_BUCKET}{path.rstrip('/')}/"
        yield f"{_BUCKET}{path.partition('/')[0]}"
    elif value.startswith(("arn:", "${")):
        yield _without_partition(value)
    elif argument == "alarm_name":
        yield f"alarm:{value}"
    elif image := _IMAGE.match(value):
        account, region, repository = image.groups()
        yield f"ecr:{region}:{account}:repository/{repository}"
