"""Define what stands for values that nobody can or should see."""

import hashlib
import json
from dataclasses import dataclass, field
from typing import Any

Json = dict[str, Any]


@dataclass(frozen=True)
class Unknown:
    """Define a value that is known only after the apply."""

    def __str__(self) -> str:
        return "known only after apply"


@dataclass(frozen=True)
class Hidden:
    """Define a value that is never shown; two of them are equal where the values are."""

    digest: str = field(repr=False)

    def __str__(self) -> str:
        return "(hidden)"


UNKNOWN = Unknown()


def hidden(value: object) -> object:
    """Return what stands for a value; nothing hides nothing."""
    if value is None or isinstance(value, Unknown | Hidden):
        return value
    text = json.dumps(value, sort_keys=True, default=str)
    return Hidden(hashlib.sha256(text.encode()).hexdigest())


def listed(value: object) -> list[Any]:
    """Return the items of a list, and none of what is no list, because a plan may hold anything."""
    return value if isinstance(value, list) else []


def table(value: object) -> Json:
    """Return a table, and an empty one of what is none."""
    return value if isinstance(value, dict) else {}


def first(value: object) -> Json:
    """Return the only block of a list of blocks, or an empty one."""
    blocks = listed(value)
    return table(blocks[0]) if blocks else {}


def strings(value: object) -> list[str]:
    """Return one or several strings as a list."""
    return [value] if isinstance(value, str) else [each for each in listed(value) if isinstance(each, str)]


def number(value: object) -> float:
    """Return a number, and 0 of what is none."""
    return value if isinstance(value, int | float) else 0.0
