"""Other values of an argument, each with the kind of the attack."""

import re
from collections.abc import Iterator
from typing import Any

from tests.review.attacks.attack import REMOVED

_ACCOUNT = re.compile(r"(?<!\d)\d{12}(?!\d)")
_REGION = re.compile(r"\b(?:us|eu)-[a-z]+-\d\b")
_OTHER_ACCOUNT, _OTHER_REGION = "999988887777", "ap-south-1"
_EXPRESSIONS = {
    "function": '${file("/etc/hostname")}',
    "template directive": "%{ if true }x%{ endif }",
    "reference to a foreign data source": "${data.external.x.result.value}",
}


def other_values(value: Any) -> Iterator[tuple[str, Any]]:
    """Yield the kind of an attack on a value, and the new value."""
    yield "removed", REMOVED
    if isinstance(value, bool):
        yield f"flipped {'off' if value else 'on'}", not value
    elif isinstance(value, int | float):
        yield from [("smaller", 1 if value > 1 else 0)] if value else []
        yield "larger", value * 10 or 1
    elif isinstance(value, str):
        yield from _other_strings(value)
    elif isinstance(value, list):
        if value:
            yield "emptied", []
            yield "item added", [*value, _other_item(value[0])]
    elif isinstance(value, dict):
        yield "unknown argument", {**value, "unknown_argument": "x"}


def expressions(value: Any) -> Iterator[tuple[str, Any]]:
    """Yield expressions of Terraform that this project does not write, instead of a string."""
    if isinstance(value, str):
        yield from _EXPRESSIONS.items()
        yield "function beside the value", f'{value}${{file("/etc/hostname")}}'


def _other_strings(value: str) -> Iterator[tuple[str, str]]:
    if _ACCOUNT.search(value):
        yield "account", _ACCOUNT.sub(_OTHER_ACCOUNT, value)
    if _REGION.search(value):
        yield "region", _REGION.sub(_OTHER_REGION, value)
    if value.startswith(("arn:", "s3://")):
        yield "wildcard", f"{value.rpartition('/')[0]}/*"
        yield "name", _named_otherwise(value)
    if "${" not in value and not value.startswith("arn:"):
        yield "string", "0.0.0.0/0" if "/" in value and value[:1].isdigit() else "other-value"


def _named_otherwise(value: str) -> str:
    if value.startswith("s3://"):
        return re.sub(r"s3://[^/]+", "s3://bucket-of-others", value)
    head, separator, _ = value.rpartition("/") if "/" in value else value.rpartition(":")
    return f"{head}{separator}other"


def _other_item(item: Any) -> Any:
    if isinstance(item, dict):
        return {key: _other_item(inner) for key, inner in item.items()}
    if isinstance(item, list):
        return [_other_item(inner) for inner in item]
    if not isinstance(item, str):
        return item
    kinds = dict(_other_strings(item))
    return kinds.get("account") or kinds.get("name") or kinds.get("string") or "other-value"
