"""Compare two values leaf by leaf."""

from typing import Any

from protected_endpoints.review.plan.values import Json, Unknown

_EMPTY: tuple[Any, ...] = (None, "", [], {}, 0, False)
# AWS chooses these; they differ after every apply and have no meaning.
_CHOSEN_BY_AWS = {"arn", "id", "tags_all", "unique_id", "create_date", "version_id", "attachment_count", "policy_id"}


def differences(before: Json | None, after: Json | None) -> dict[str, tuple[Any, Any]]:
    """Return the leaves that differ, by path. Empty values of different types are equal."""
    if before is None or after is None:
        return {}
    leaves_before, leaves_after = _leaves(before, ""), _leaves(after, "")
    unknown = [path for path, value in leaves_after.items() if isinstance(value, Unknown)]
    differing = {}
    for path in sorted({*leaves_before, *leaves_after}):
        old, new = leaves_before.get(path), leaves_after.get(path)
        is_unknown = isinstance(new, Unknown) or any(
            path.startswith((f"{prefix}[", f"{prefix}.")) for prefix in unknown
        )
        if old != new and not is_unknown and not (_is_empty(old) and _is_empty(new)):
            differing[path] = (old, new)
    return differing


def _leaves(value: Any, path: str) -> dict[str, Any]:
    if isinstance(value, dict) and value:
        return {
            key: leaf
            for name, item in value.items()
            if path or name not in _CHOSEN_BY_AWS
            for key, leaf in _leaves(item, f"{path}.{name}" if path else str(name)).items()
        }
    if isinstance(value, list) and value:
        return {
            key: leaf for index, item in enumerate(value) for key, leaf in _leaves(item, f"{path}[{index}]").items()
        }
    return {path: value}


def _is_empty(value: Any) -> bool:
    return any(value == empty and type(value) is type(empty) for empty in _EMPTY)
