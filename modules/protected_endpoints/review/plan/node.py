"""Walk parsed JSON that has to have a certain form, and say where it has not."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

_MISSING = object()
_NAMES: dict[type, str] = {
    dict: "an object",
    list: "a list",
    str: "a string",
    bool: "true or false",
    type(None): "null",
}
_DEEPEST = 60  # levels; plans of Terraform have about twenty
_LONGEST = 60  # characters of a value
_PLAIN_KEY = re.compile(r"[\w-]+")


class Misshapen(Exception):
    """Raised with one line, `<path>: <what is wrong>, got <value>`, without what to do about it."""


@dataclass(frozen=True)
class Node:
    """Define a value of a file, and its path in there, such as `resource_changes[3].change`."""

    value: Any
    path: str = ""

    def of(self, *kinds: type) -> "Node":
        """Return the node itself. Raises `Misshapen` if its value is of none of the kinds, or missing."""
        if not isinstance(self.value, kinds):
            raise self.wrong("missing" if not self.is_there else f"not {' or '.join(_NAMES[each] for each in kinds)}")
        return self

    def optional(self, *kinds: type) -> "Node":
        """Return the node itself, which may be missing. Raises `Misshapen` if its value is of none of the kinds."""
        return self.of(*kinds) if self.is_there else self

    def get(self, key: str) -> "Node":
        """Return what an object holds under a key, which may be missing."""
        shown = f".{key}" if _PLAIN_KEY.fullmatch(key) else f"[{json.dumps(key)}]"
        return Node(self.of(dict).value.get(key, _MISSING), f"{self.path}{shown}".removeprefix("."))

    @property
    def is_there(self) -> bool:
        return self.value is not _MISSING

    def values(self) -> Iterator["Node"]:
        """Yield the values of an object, and nothing if it is missing."""
        if self.optional(dict).is_there:
            yield from (self.get(key) for key in self.value)

    def __iter__(self) -> Iterator["Node"]:
        """Yield the items of a list, and nothing if it is missing."""
        if self.optional(list).is_there:
            yield from (Node(each, f"{self.path}[{index}]") for index, each in enumerate(self.value))

    def wrong(self, what: str, *, shows: bool = False) -> Misshapen:
        """Return an error; a value is told by its kind, because it may be a secret, unless `shows` says otherwise."""
        if not self.is_there:
            return Misshapen(f"{self.path}: {what}")
        is_told = not isinstance(self.value, dict | list | str)
        got = json.dumps(self.value)[:_LONGEST] if shows or is_told else _NAMES[type(self.value)]
        return Misshapen(f"{self.path or 'all of it'}: {what}, got {got}")


def is_nested_deeply(value: Any) -> bool:
    """Return whether objects and lists are nested as in no plan, without the recursion that a hostile file exhausts."""
    level, depth = [value], 0
    while level and depth <= _DEEPEST:
        level = [
            inner
            for each in level
            if isinstance(each, dict | list)
            for inner in (each.values() if isinstance(each, dict) else each)
        ]
        depth += 1
    return depth > _DEEPEST
