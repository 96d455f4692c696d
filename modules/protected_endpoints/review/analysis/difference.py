"""Compare two values leaf by leaf."""

from collections.abc import Iterator
from itertools import zip_longest
from typing import Any

from protected_endpoints.review.plan.values import Json, Unknown

_EMPTY: tuple[Any, ...] = (None, "", [], {}, 0, False)
# AWS chooses these; they differ after every apply and have no meaning.
_CHOSEN_BY_AWS = {"arn", "id", "tags_all", "unique_id", "create_date", "version_id", "attachment_count", "policy_id"}


def differences(before: Json | None, after: Json | None) -> dict[str, tuple[Any, Any]]:
    """Return the leaves that differ, by path. Empty values of different types are equal."""
    if before is None or after is None:
        return {}
    pairs = () if before == after else _pairs(before, after, "")
    differing = {path: (old, new) for path, old, new in pairs if old != new and not (_is_empty(old) and _is_empty(new))}
    return dict(sorted(differing.items()))


def top_level(path: str) -> str:
    """Return the attribute of a resource that the path of a leaf is in."""
    return path.partition("[")[0].partition(".")[0]


def _pairs(before: Any, after: Any, path: str) -> Iterator[tuple[str, Any, Any]]:
    """Yield the path of each leaf with its value before and after, without values that are known only after apply."""
    if isinstance(after, Unknown):
        return
    if before and after and isinstance(before, dict) and isinstance(after, dict):
        for name in {**before, **after}:
            if path or name not in _CHOSEN_BY_AWS:
                yield from _pairs(before.get(name), after.get(name), f"{path}.{name}" if path else str(name))
    elif before and after and isinstance(before, list) and isinstance(after, list):
        for index, (old, new) in enumerate(zip_longest(before, after)):
            yield from _pairs(old, new, f"{path}[{index}]")
    else:
        leaves_before, leaves_after = _leaves(before, path), _leaves(after, path)
        for leaf in {**leaves_before, **leaves_after}:
            if not isinstance(new := leaves_after.get(leaf), Unknown):
                yield leaf, leaves_before.get(leaf), new


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
