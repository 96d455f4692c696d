"""The things that a plan replaces by others, by which a permission that follows them is told from one that moves.

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
_Used = set[tuple[str, str]]  # the name of the argument, and the resource


@dataclass(frozen=True)
class Replacements:
    """The managed resources that identify a text before and after a plan, and what the plan uses only then."""

    before: Mapping[str, frozenset[str]]  # the addresses of the resources by value, ARN or reference
    after: Mapping[str, frozenset[str]]
    used_before: frozenset[tuple[str, str]]
    used_after: frozenset[tuple[str, str]]

    def is_same_resource(self, before: Any, after: Any) -> bool:
        """Return whether two values of an argument identify the same resource: by value, or one of the plan."""
        if before == after:
            return True
        first, second = (str(before), self.before), (str(after), self.after)
        return not _addresses(*first).isdisjoint(_addresses(*second))

    def is_followed(self, before: str, after: str) -> bool:
        """Return whether the resource of a permission is the same one, or what the plan uses instead."""
        old, new = _without_partition(before), _without_partition(after)
        arguments = {argument for argument, resource in self.used_before if resource == old}
        return self._is_inside_of_same(old, new) or any((argument, new) in self.used_after for argument in arguments)

    def _is_inside_of_same(self, before: str, after: str) -> bool:
        """Return whether two ARNs have the same end after the ARN of the same managed resource."""
        ends = {end: owner for owner, end in _owners(before)}
        return any(end in ends and self.is_same_resource(ends[end], owner) for owner, end in _owners(after))


NO_REPLACEMENTS = Replacements({}, {}, frozenset(), frozenset())


def replacements(plan: Plan) -> Replacements:
    """Return what a plan replaces."""
    remaining = [change for change in plan.changes if change.before and change.after and not change.is_deleted]
    used: list[_Used] = [set(), set()]
    for change in plan.changes:
        if change.type in _USING:
            used[0] |= {*_used(change.before, "")}
            used[1] |= {*_used(None if change.is_deleted else change.after, "")}
    return Replacements(
        _by_identity((change.address, change.before) for change in remaining),
        _by_identity((change.address, change.after) for change in remaining),
        frozenset(used[0] - used[1]),
        frozenset(used[1] - used[0]),
    )


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
