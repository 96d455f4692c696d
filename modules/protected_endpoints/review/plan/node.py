"""Walk parsed JSON that must have a certain structure, and report the path at which it differs."""

import json
import re
from collections.abc import Iterator
from typing import Any

_MISSING = object()
_TYPE_NAMES: dict[type, str] = {
    dict: "an object",
    list: "a list",
    str: "a string",
    bool: "true or false",
    type(None): "null",
}
_CONTAINERS = (dict, list)
_MAX_DEPTH = 60  # levels; plans of Terraform have about twenty
_MAX_VALUE_LENGTH = 60  # characters
_PLAIN_KEY = re.compile(r"[\w-]+")


class InvalidStructure(Exception):
    """Raised with one line, `<path>: <what is wrong>, got <value>`, without a suggestion."""


class Node:
    """A value of a JSON file, and its path, such as `resource_changes[3].change`, which only an error needs."""

    __slots__ = ("_key", "_parent", "value")

    def __init__(self, value: Any, parent: "Node | None" = None, key: str | int = "") -> None:
        self.value, self._parent, self._key = value, parent, key

    @property
    def path(self) -> str:
        """Return the keys and indexes that lead to the value, and an empty text for the whole file."""
        if self._parent is None:
            return ""
        if isinstance(self._key, int):
            return f"{self._parent.path}[{self._key}]"
        suffix = f".{self._key}" if _PLAIN_KEY.fullmatch(self._key) else f"[{json.dumps(self._key)}]"
        return f"{self._parent.path}{suffix}".removeprefix(".")

    def expect(self, *types: type) -> "Node":
        """Return the node itself. Raises `InvalidStructure` if its value is missing or of none of the types."""
        if not isinstance(self.value, types):
            expected = " or ".join(_TYPE_NAMES[type_] for type_ in types)
            raise self.error(f"must be {expected}" if self.exists else "missing")
        return self

    def expect_optional(self, *types: type) -> "Node":
        """Return the node itself, which may be missing. Raises `InvalidStructure` for a value of another type."""
        return self.expect(*types) if self.exists else self

    def get(self, key: str) -> "Node":
        """Return the value of an object's key, which may be missing."""
        value = self.value
        if not isinstance(value, dict):
            self.expect(dict)
        return Node(value.get(key, _MISSING), self, key)

    @property
    def exists(self) -> bool:
        return self.value is not _MISSING

    def values(self) -> Iterator["Node"]:
        """Yield the values of an object, and nothing if it is missing."""
        if self.expect_optional(dict).exists:
            yield from (self.get(key) for key in self.value)

    def __iter__(self) -> Iterator["Node"]:
        """Yield the items of a list, and nothing if it is missing."""
        if self.expect_optional(list).exists:
            yield from (Node(item, self, index) for index, item in enumerate(self.value))

    def error(self, message: str, *, show_value: bool = False) -> InvalidStructure:
        """Return an error. It names the type of a string, list or object, which may hold a secret, not the value."""
        if not self.exists:
            return InvalidStructure(f"{self.path}: {message}")
        is_harmless = not isinstance(self.value, dict | list | str)
        value = (
            json.dumps(self.value)[:_MAX_VALUE_LENGTH] if show_value or is_harmless else _TYPE_NAMES[type(self.value)]
        )
        return InvalidStructure(f"{self.path or 'top level'}: {message}, got {value}")


def is_nested_too_deeply(value: Any) -> bool:
    """Return whether objects and lists are nested deeper than in any plan.

    It does not recurse, because a hostile file could exhaust the recursion limit.
    """
    level, depth = [value], 0
    while level and depth <= _MAX_DEPTH:
        inner: list[Any] = []
        for item in level:
            if isinstance(item, _CONTAINERS):
                inner.extend(item.values() if isinstance(item, dict) else item)
        level, depth = inner, depth + 1
    return depth > _MAX_DEPTH
