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


def is_triggered(address: str, before: Mapping[str, Json], after: Mapping[str, Json]) -> bool:
    """Return whether what `replace_triggered_by` names differs, so that Terraform replaces another resource.

    It names a resource, or one of its arguments. An attribute that only AWS knows does not differ here.
    """
    references = as_strings(as_dict(after.get(address, {}).get("lifecycle")).get("replace_triggered_by"))
    return address in before and any(_is_changed(reference.split("."), before, after) for reference in references)


def _is_changed(reference: list[str], before: Mapping[str, Json], after: Mapping[str, Json]) -> bool:
    """Return whether a resource that exists and stays differs, or its argument that a reference names."""
    resource, arguments = ".".join(reference[:2]), reference[2:]
    if resource not in before or resource not in after:
        return False
    if not arguments:
        return _differs(before[resource], after[resource])
    return _value(before[resource], arguments) != _value(after[resource], arguments)


def _value(resource: object, arguments: list[str]) -> object:
    for argument in arguments:
        resource = as_dict(resource).get(argument)
    return resource


def with_ignored_changes(address: str, before: Mapping[str, Json], after: Mapping[str, Json]) -> Json | None:
    """Return the arguments of a resource: one that exists and stays keeps those whose changes Terraform ignores."""
    old, new = before.get(address), after.get(address)
    if old is None or new is None or is_triggered(address, before, after):
        return new
    ignored = _ignored(new)
    kept = {name: old[name] for name in ignored if name in old}
    return {**{name: value for name, value in new.items() if name not in ignored}, **kept}


def _differs(before: Json, after: Json) -> bool:
    """Return whether two resources differ in more than the metadata of CDKTF."""
    return any(before.get(key) != after.get(key) for key in {*before, *after} - {"//"})


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
