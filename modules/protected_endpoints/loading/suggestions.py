"""Suggestions for invalid values and unknown keys."""

import re
from difflib import get_close_matches
from functools import cache
from typing import Any

from protected_endpoints.errors import KeyPath, format_path, to_toml
from protected_endpoints.loading.conversions import converted
from protected_endpoints.loading.examples import format_example, is_map
from protected_endpoints.loading.known_keys import RENAMED
from protected_endpoints.loading.schema import Schema, item_schema, properties

_FEW_VALUES, _FEW_KEYS = 8, 10
_MIN_SIMILARITY = 0.7
_SOME_SIMILARITY, _SIMILAR_KEYS = 0.55, 3  # keys that may be meant
_ALL_KEYS = "docs/reference.md lists the keys of each table"
_SERVICE_PRINCIPAL = re.compile(r"[a-z0-9.-]+\.amazonaws\.com(\.cn)?")
_WORD_START = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")


def suggest(schema: Schema, value: object, path: KeyPath) -> str:
    """Return the suggestion for a value that its schema does not allow."""
    allowed = schema.get("enum", [])
    if 0 < len(allowed) <= _FEW_VALUES:
        return f"use one of {', '.join(map(to_toml, allowed))}"
    if (closest := _closest_value(value, allowed)) is not None:
        return f"did you mean {to_toml(closest)}?"
    return _suggest_by_type(schema, value, path)


# Three functions are cached, because the endpoints of a large file often have the same error.
@cache
def suggest_key(key: str, allowed: tuple[str, ...]) -> str | None:
    """Return the allowed key with another name, a similar one, or the only one that contains the words of a key."""
    key = snake_case(key)
    if (renamed := RENAMED.get(key, key)) in allowed:
        return renamed
    if similar := get_close_matches(key, allowed, n=1, cutoff=_MIN_SIMILARITY):
        return similar[0]
    words = {*key.split("_")}
    longer = [candidate for candidate in allowed if words <= {*candidate.split("_")}]
    return longer[0] if len(longer) == 1 else None


@cache
def suggest_keys(key: str, allowed: tuple[str, ...]) -> str:
    """Return the suggestion for a key that is similar to no allowed one: a few keys, or where all of them are."""
    if not allowed:
        return "remove it"
    if len(allowed) <= _FEW_KEYS:
        return f"use one of {', '.join(allowed)}"
    if similar := get_close_matches(snake_case(key), allowed, n=_SIMILAR_KEYS, cutoff=_SOME_SIMILARITY):
        return f"use another key, such as {' or '.join(similar)}: {_ALL_KEYS}"
    return f"remove it, or use another key: {_ALL_KEYS}"


def snake_case(key: str) -> str:
    """Return a key of the API, such as `InstanceType`, in the form of Terraform."""
    return _WORD_START.sub("_", key).replace("-", "_").lower()


def _suggest_by_type(schema: Schema, value: object, path: KeyPath) -> str:
    if schema.get("type") == "boolean":
        return "use true or false without quotes"
    if structure := _other_structure(schema, value, path):
        return structure
    if similar := _conversion(schema, value) or _beyond_bounds(schema, value) or _other_identifier(schema, value):
        return similar
    if schema.get("type") == "object" and not is_map(schema):
        return "replace the value with a table"
    example = format_example(schema)
    return f"use a value such as {example}" if example else "use a shorter value"


def _other_structure(schema: Schema, value: object, path: KeyPath) -> str | None:
    """Return the suggestion for a list that is too long, and for a table or list in place of the other."""
    kind = schema.get("type")
    if isinstance(value, list) and len(value) > schema.get("maxItems", len(value)):
        return f"remove {len(value) - schema['maxItems']} of the {len(value)} items"
    if kind == "array" and _is_table_array(schema, value):
        return f"start each table of the list with [[{format_path(path)}]], in double brackets"
    if kind == "object" and not is_map(schema) and isinstance(value, list) and [*map(type, value)] == [dict]:
        return f"write the table once, as [{format_path(path)}] in single brackets"
    return None


def _conversion(schema: Schema, value: object) -> str | None:
    if (intended := converted(schema, value)) is not None:
        return f"write {to_toml(intended)}"
    # The text of a float is lost: 1.10 is read as 1.1.
    is_text = isinstance(value, float) and converted(schema, str(value)) is not None
    return "put the value in quotes" if is_text else None


def _beyond_bounds(schema: Schema, value: object) -> str | None:
    if isinstance(value, bool) or not isinstance(value, int | float) or "minimum" not in schema:
        return None
    if value > schema.get("maximum", value):
        return f"use {schema['maximum']} or less"
    return f"use {schema['minimum']} or more" if value < schema["minimum"] else None


def _other_identifier(schema: Schema, value: object) -> str | None:
    """Return the suggestion for an identifier from which the expected ARN does not follow."""
    title, text = schema.get("title", ""), value if isinstance(value, str) else ""
    if "IAM role" in title and _SERVICE_PRINCIPAL.fullmatch(text):
        service = text.partition(".")[0]
        return f"use the ARN of the role that {service} assumes: a service acts with the permissions of a role"
    if "KMS key" in title and "alias/" in text:
        command = f"aws kms describe-key --key-id alias/{text.partition('alias/')[2]} --query KeyMetadata.Arn"
        return f"use the ARN of the key, which this command prints: {command}"
    return None


def _is_table_array(array: Schema, value: object) -> bool:
    """Return whether a list takes tables only, or takes tables as well and the value is one."""
    items = item_schema(array)
    return bool(properties(items)) and (items.get("type") == "object" or isinstance(value, dict))


def _closest_value(value: object, allowed: list[Any]) -> object:
    if isinstance(value, int) and allowed and isinstance(allowed[0], int):
        return min(allowed, key=lambda number: abs(number - value))
    closest = _closest_text(str(value), tuple(map(str, allowed)))
    return next((candidate for candidate in allowed if str(candidate) == closest), None)


@cache
def _closest_text(value: str, allowed: tuple[str, ...]) -> str | None:
    """Return the allowed value that ends with the text after a dot (`m5.xlarge`), or that is similar."""
    endings = [candidate for candidate in allowed if candidate.endswith(f".{value}")]
    return next(iter(endings or get_close_matches(value, allowed, n=1, cutoff=_MIN_SIMILARITY)), None)
