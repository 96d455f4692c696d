"""Suggestions for invalid values and unknown keys."""

from collections.abc import Iterable
from difflib import get_close_matches
from functools import cache
from typing import Any

from protected_endpoints.errors import KeyPath, format_path, to_toml
from protected_endpoints.loading.examples import format_example, is_map
from protected_endpoints.loading.schema import Schema, item_schema, properties

_FEW_VALUES = 8
_MIN_SIMILARITY = 0.7


def suggest(schema: Schema, value: object, path: KeyPath) -> str:
    """Return the suggestion for a value that its schema does not allow."""
    allowed = schema.get("enum", [])
    if 0 < len(allowed) <= _FEW_VALUES:
        return f"use one of {', '.join(map(to_toml, allowed))}"
    if (closest := _closest_value(value, allowed)) is not None:
        return f"did you mean {to_toml(closest)}?"
    return _suggest_by_type(schema, value, path)


def suggest_key(key: str, allowed: Iterable[str]) -> str | None:
    """Return the allowed key that is similar to an unknown one, or the only one that contains its words."""
    return _suggest_key(key, tuple(allowed))


def _suggest_by_type(schema: Schema, value: object, path: KeyPath) -> str:
    if schema.get("type") == "boolean":
        return "use true or false without quotes"
    if isinstance(value, list) and len(value) > schema.get("maxItems", len(value)):
        return f"remove {len(value) - schema['maxItems']} of the {len(value)} items"
    if schema.get("type") == "array" and _is_table_array(schema, value):
        return f"start each table of the list with [[{format_path(path)}]], in double brackets"
    if schema.get("type") == "object" and not is_map(schema):
        return "replace the value with a table"
    example = format_example(schema)
    return f"use a value such as {example}" if example else "use a shorter value"


def _is_table_array(array: Schema, value: object) -> bool:
    """Return whether a list takes tables only, or takes tables as well and the value is one."""
    items = item_schema(array)
    return bool(properties(items)) and (items.get("type") == "object" or isinstance(value, dict))


def _closest_value(value: object, allowed: list[Any]) -> object:
    if isinstance(value, int) and allowed and isinstance(allowed[0], int):
        return min(allowed, key=lambda number: abs(number - value))
    closest = _closest_text(str(value), tuple(map(str, allowed)))
    return next((candidate for candidate in allowed if str(candidate) == closest), None)


# Both are cached, because the endpoints of a large file often have the same error.
@cache
def _suggest_key(key: str, allowed: tuple[str, ...]) -> str | None:
    if similar := get_close_matches(key, allowed, n=1, cutoff=_MIN_SIMILARITY):
        return similar[0]
    words = {*key.split("_")}
    longer = [candidate for candidate in allowed if words <= {*candidate.split("_")}]
    return longer[0] if len(longer) == 1 else None


@cache
def _closest_text(value: str, allowed: tuple[str, ...]) -> str | None:
    """Return the allowed value that ends with the text after a dot (`m5.xlarge`), or that is similar."""
    endings = [candidate for candidate in allowed if candidate.endswith(f".{value}")]
    return next(iter(endings or get_close_matches(value, allowed, n=1, cutoff=_MIN_SIMILARITY)), None)
