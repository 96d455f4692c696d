"""One attack, and how the parts of a JSON document are reached and replaced.

A path leads through objects, lists and JSON documents in strings, such as the text of a policy.
"""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

Json = dict[str, Any]
Path = tuple[Any, ...]
DOCUMENT = "<JSON>"  # a step into the JSON document in a string
REMOVED = object()  # the new value of what an attack removes


@dataclass(frozen=True)
class Attack:
    """A change that a review has to see. `make` returns what is reviewed, and is only called if the attack is drawn."""

    kind: str
    source: str  # the file that is attacked
    place: str  # the path in it, and what is done there
    make: Callable[[], Any]

    def __str__(self) -> str:
        return f"{self.kind}: {self.source}: {self.place}"


def parsed_document(value: Any) -> Any:
    """Return the JSON document in a string, and None for any other value."""
    if not isinstance(value, str) or not value.startswith("{"):
        return None
    try:
        return json.loads(value)
    except ValueError:
        return None


def walk(value: Any, path: Path = ()) -> Iterator[tuple[Path, Any]]:
    """Yield every value below a value with its path, the outer ones first."""
    document = parsed_document(value)
    if document is not None:
        yield from walk(document, (*path, DOCUMENT))
        return
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, item in items:
        if key != "//":
            yield (*path, key), item
            yield from walk(item, (*path, key))


def get(value: Any, path: Path) -> Any:
    for key in path:
        value = json.loads(value) if key == DOCUMENT else value[key]
    return value


def replaced(value: Any, path: Path, new: Any) -> Any:
    """Return a copy of a value with another one at a path, or without it; the rest is shared."""
    if not path:
        return new
    key, *rest = path
    if key == DOCUMENT:
        return json.dumps(replaced(json.loads(value), tuple(rest), new))
    copied = [*value] if isinstance(value, list) else {**value}
    if not rest and new is REMOVED:
        del copied[key]
    else:
        existing = value[key] if isinstance(value, list) else value.get(key, {})
        copied[key] = replaced(existing, tuple(rest), new)
    return copied


def text(path: Path) -> str:
    """Return a path as an argument is named, without the positions in lists: `rule.expiration.days`."""
    return ".".join(str(key) for key in path if not isinstance(key, int) and key != DOCUMENT)
