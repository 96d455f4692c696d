"""What the `lifecycle` of synthesized resources protects and ignores. A plan does not show it."""

from collections.abc import Iterator, Mapping

from protected_endpoints.review.plan.resource_types import BUCKET
from protected_endpoints.review.plan.values import Json, as_dict, as_strings


def unguarded(base: Json, head: Json) -> Iterator[str]:
    """Yield the keys and buckets without `prevent_destroy` that had it or are new. A plan does not show it."""
    for type_ in ("aws_kms_key", BUCKET):
        before, after = (as_dict(as_dict(stack.get("resource")).get(type_)) for stack in (base, head))
        for id_, resource in after.items():
            is_affected = _is_guarded(before[id_]) if id_ in before else as_dict(resource).get("count") != 0
            if is_affected and not _is_guarded(resource):
                yield f"{type_}.{id_}"


def _is_guarded(resource: object) -> bool:
    return as_dict(as_dict(resource).get("lifecycle")).get("prevent_destroy") is True


def with_ignored_changes(before: Json | None, after: Json | None) -> Json | None:
    """Return the arguments of a resource that exists, which keeps those whose changes Terraform ignores."""
    if before is None or after is None:
        return after
    kept = {name: before[name] for name in _ignored(after) if name in before}
    return {**{name: value for name, value in after.items() if name not in _ignored(after)}, **kept}


def _ignored(resource: Json) -> list[str]:
    """Return the arguments of a resource whose changes Terraform ignores."""
    return as_strings(as_dict(resource.get("lifecycle")).get("ignore_changes"))


def newly_ignored(before: Mapping[str, Json], after: Mapping[str, Json]) -> Iterator[tuple[str, str]]:
    """Yield the arguments of existing resources, by address, whose changes Terraform ignores from now on."""
    for address, resource in after.items():
        old = before.get(address, {})
        for name in _ignored(resource):
            if name in old and name not in _ignored(old):
                yield address, name
