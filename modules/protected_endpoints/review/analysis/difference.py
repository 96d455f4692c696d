"""Say where two values differ, leaf by leaf."""

from typing import Any

from protected_endpoints.review.plan.values import Json, Unknown

_EMPTY: tuple[Any, ...] = (None, "", [], {}, 0, False)
# What AWS counts and chooses; it differs after every apply and says nothing.
_OF_AWS = {"arn", "id", "tags_all", "unique_id", "create_date", "version_id", "attachment_count", "policy_id"}


def differences(before: Json | None, after: Json | None) -> dict[str, tuple[Any, Any]]:
    """Return each leaf that differs, by its path; that something is empty in another way is no difference."""
    if before is None or after is None:
        return {}
    was, becomes = _leaves(before, ""), _leaves(after, "")
    unknown = [path for path, value in becomes.items() if isinstance(value, Unknown)]
    found = {}
    for path in sorted({*was, *becomes}):
        old, new = was.get(path), becomes.get(path)
        covered = any(path.startswith((f"{each}[", f"{each}.")) for each in unknown)
        if old != new and not covered and not isinstance(new, Unknown) and not (_is_empty(old) and _is_empty(new)):
            found[path] = (old, new)
    return found


def _leaves(value: Any, path: str) -> dict[str, Any]:
    if isinstance(value, dict) and value:
        return {
            key: leaf
            for name, each in value.items()
            if path or name not in _OF_AWS
            for key, leaf in _leaves(each, f"{path}.{name}" if path else str(name)).items()
        }
    if isinstance(value, list) and value:
        return {
            key: leaf for index, each in enumerate(value) for key, leaf in _leaves(each, f"{path}[{index}]").items()
        }
    return {path: value}


def _is_empty(value: Any) -> bool:
    return any(value == each and type(value) is type(each) for each in _EMPTY)
