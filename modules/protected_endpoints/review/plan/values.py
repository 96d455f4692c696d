"""Stand-ins for values that are unknown or hidden, and lenient access to parsed JSON, whose types may be anything."""

import hashlib
import json
from dataclasses import dataclass, field
from typing import Any

from protected_endpoints.secret_scan import HIDDEN, looks_secret

Json = dict[str, Any]


@dataclass(frozen=True)
class Unknown:
    """A value that is known only after apply; `reference` is the attribute it comes from, if the plan shows one."""

    reference: str = field(default="", compare=False)  # such as `${aws_iam_policy.Invoke.arn}`

    def __str__(self) -> str:
        return "known only after apply"


@dataclass(frozen=True)
class Hidden:
    """A value that is never shown. Two of them are equal if the values are equal."""

    digest: str = field(repr=False)
    looks_secret: bool = field(default=False, compare=False)

    def __str__(self) -> str:
        return HIDDEN


UNKNOWN = Unknown()


def identifier(value: object) -> str:
    """Return a name, an ID or an ARN, or the reference to one that is known only after apply; else an empty text."""
    if isinstance(value, Unknown):
        return value.reference
    return value if isinstance(value, str) else ""


def hide(value: object, name: str = "") -> object:
    """Return the stand-in for a value, which remembers whether the value or its name looks like a credential.

    `None`, unknown and hidden values are returned as they are.
    """
    if value is None or isinstance(value, Unknown | Hidden):
        return value
    text = json.dumps(value, sort_keys=True, default=str)
    return Hidden(hashlib.sha256(text.encode()).hexdigest(), looks_secret(name, str(value)))


def as_list(value: object) -> list[Any]:
    """Return a list, or an empty one if the value is not a list."""
    return value if isinstance(value, list) else []


def as_dict(value: object) -> Json:
    """Return a dict, or an empty one if the value is not a dict."""
    return value if isinstance(value, dict) else {}


def first_block(value: object) -> Json:
    """Return the first block of a list of blocks, or an empty one."""
    blocks = as_list(value)
    return as_dict(blocks[0]) if blocks else {}


def as_strings(value: object) -> list[str]:
    """Return one string, or the strings of a list, as a list."""
    return [value] if isinstance(value, str) else [item for item in as_list(value) if isinstance(item, str)]


def as_number(value: object) -> float:
    """Return a number, or 0 if the value is not a number."""
    return value if isinstance(value, int | float) else 0.0
