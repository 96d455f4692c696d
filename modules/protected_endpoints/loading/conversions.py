"""The value that an invalid one stands for, in the type and form of its key: `"1"` for `1`, an S3 URI for a URL."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import cache
from typing import Any

from pydantic_core import SchemaValidator, ValidationError, core_schema

from protected_endpoints.config.types.patterns import WORD
from protected_endpoints.loading.schema import Schema, deref, file_schema, item_schema, properties

_MIN_ACCOUNT_ID = 10**9
_MAX_PERCENT = 100
_BOOLEANS = {"true": True, "on": True, "yes": True, "false": False, "off": False, "no": False}
# What a boolean or a number in place of a table means, where several of its keys could have the value.
_MAIN_KEY = re.compile(r"enable_\w+|threshold")
# Other forms of a value: what they match, and the form that this project accepts.
_FORMS = tuple(
    (re.compile(pattern), form)
    for pattern, form in (
        (r"https?://([a-z0-9-][a-z0-9.-]*)\.s3(?:[.-][a-z0-9-]+)?\.amazonaws\.com(?:\.cn)?/(.+)", r"s3://\1/\2"),
        (r"https?://s3(?:[.-][a-z0-9-]+)?\.amazonaws\.com(?:\.cn)?/(.+)", r"s3://\1"),
        (r"arn:aws[a-z-]*:s3:::(.+)", r"s3://\1"),
        # The ARN of a session. A role of IAM Identity Center has a path that its sessions do not show.
        (r"arn:(aws[a-z-]*):sts::([0-9]{12}):assumed-role/(?!AWSReservedSSO_)([^/]+)/.+", r"arn:\1:iam::\2:role/\3"),
        (r"([0-9]{12})", r"arn:aws:iam::\1:root"),
        (r"https?://(.+)", r"\1"),
        # Schedules: five fields as on Linux, whose days of the week have other numbers, and six without the function.
        (r"(?:cron\()?([^ ]+ [^ ]+ [^ ]+ [^ ]+) \*\)?", r"cron(\1 ? *)"),
        (r"([^ ]+(?: [^ ]+){5})", r"cron(\1)"),
    )
)


def converted(schema: Schema, value: object) -> Any:
    """Return the valid value that an invalid one stands for, or None."""
    return next((candidate for candidate in _candidates(schema, value) if _is_valid(schema, candidate)), None)


def _candidates(schema: Schema, value: object) -> Iterator[Any]:
    match schema.get("type"), value:
        case None, _:
            forms = [deref(file_schema(), form) for form in schema.get("anyOf", ())]
            # A single value says enough of an alarm, but not of other tables with a short form, such as an invoker.
            if any(_MAIN_KEY.fullmatch(key) for form in forms for key in properties(form)):
                yield from (converted(form, value) for form in forms)
        case "string", _:
            yield from _texts(schema, value)
        case "integer" | "number", float():
            yield int(value) if value.is_integer() else None
            if 0 < value < 1 and schema.get("maximum") == _MAX_PERCENT:  # a part of 1 instead of a percentage
                percent = round(value * _MAX_PERCENT, 4)
                yield int(percent) if percent.is_integer() else percent
        case "integer" | "number", str():
            yield from (number(value) for number in (int, float) if _is_number(value, number))
        case "boolean", str():
            yield _BOOLEANS.get(value.lower())
        case "array", list():
            items = item_schema(schema)
            yield [item if _is_valid(items, item) else converted(items, item) for item in value]
        case "object", _:
            keys = schema.get("required") or schema.get("properties", ())
            valid = [key for key in keys if _is_valid(schema, {key: value})]
            meant = [key for key in valid if _MAIN_KEY.fullmatch(key)] or valid
            yield {meant[0]: value} if len(meant) == 1 and len(schema.get("required", ())) <= 1 else None
        case "array", _:
            yield from ([value], [converted(item_schema(schema), value)])


def _texts(schema: Schema, value: object) -> Iterator[Any]:
    match value:
        case bool():
            yield str(value).lower()
        case int():
            yield str(value)
            if value >= _MIN_ACCOUNT_ID:
                yield str(value).zfill(12)  # an account ID that lost its zeros, for example in a spreadsheet
        case datetime():
            yield f"{(value.astimezone(UTC) if value.tzinfo else value):%Y-%m-%dT%H:%M:%SZ}"
        case str():
            yield value.strip()
            yield from (pattern.sub(form, value) for pattern, form in _FORMS if pattern.fullmatch(value))
            if schema.get("pattern") == f"^{WORD}$":
                yield re.sub(r"[ _]+", "-", value.strip()).lower()
        case [item]:
            yield from (item, converted(schema, item))


def _is_number(text: str, number: type[int] | type[float]) -> bool:
    try:
        number(text)
    except ValueError:
        return False
    return True


def _is_valid(schema: Schema, value: object) -> bool:
    """Return whether a value matches its schema; a table may lack required keys, because conversions set them."""
    if "anyOf" in schema:
        return any(_is_valid(deref(file_schema(), alternative), value) for alternative in schema["anyOf"])
    match schema.get("type"), value:
        case "string", str():
            is_valid = _matches(value, schema.get("pattern"), schema.get("minLength"), schema.get("maxLength"))
        case ("integer", int()) | ("number", int() | float()):
            in_bounds = schema.get("minimum", value) <= value <= schema.get("maximum", value)
            is_valid = in_bounds and not isinstance(value, bool)
        case "array", list():
            in_bounds = schema.get("minItems", 0) <= len(value) <= schema.get("maxItems", len(value))
            is_valid = in_bounds and all(_is_valid(item_schema(schema), item) for item in value)
        case "object", dict():
            nodes = {key: deref(file_schema(), node) for key, node in schema.get("properties", {}).items()}
            is_valid = all(_is_valid(nodes.get(key, {}), item) for key, item in value.items())
        case kind, _:
            is_valid = kind == "boolean" and isinstance(value, bool)
    return is_valid and value in schema.get("enum", [value])


@cache
def _matches(value: str, pattern: str | None, min_length: int | None, max_length: int | None) -> bool:
    """Return whether a string has the pattern and the length, by the engine that validates the file."""
    validator = SchemaValidator(core_schema.str_schema(pattern=pattern, min_length=min_length, max_length=max_length))
    try:
        validator.validate_python(value)
    except ValidationError:
        return False
    return True
