"""Turn what pydantic found into problems that say what is expected and what to write instead.

What is expected comes from the JSON Schema, so that the text, the editor and the check cannot disagree.
"""

from collections.abc import Iterable
from difflib import get_close_matches
from functools import cache
from typing import Any

from pydantic import ValidationError

from protected_endpoints.errors import UNSET, KeyPath, Problem, format_path, to_toml
from protected_endpoints.loading.schema import Schema, deref, file_schema, properties, schema_at, string_alternative
from protected_endpoints.loading.schema_words import describe_list, schema_noun, with_article
from protected_endpoints.loading.source_paths import PYDANTIC_KEY_MARK, to_source_path
from protected_endpoints.secret_scan import looks_secret

MAX_ERRORS = 200  # mistakes that are told of a table: some program wrote what has more, and nobody reads on
_FEW = 8
_TYPES = {"string": "a string", "integer": "a whole number", "boolean": "true or false", "object": "a table"}


def to_problems(error: ValidationError, table: Any, path: KeyPath) -> list[Problem]:
    """Return the problems of the table at a path; a key that is misspelt is not missing as well."""
    found = [(kind, (*path, *place), value) for kind, place, value in normalized_errors(error, table)]
    found, left_out = found[:MAX_ERRORS], len(found) - MAX_ERRORS
    misspelt = {
        (*place[:-1], suggest_key(str(place[-1]), allowed_keys(place[:-1])))
        for kind, place, _ in found
        if kind == "extra_forbidden"
    }
    problems = [_problem(*each) for each in found if each[0] != "missing_key" or each[1] not in misspelt]
    return [*problems, *omitted_errors(path, left_out)]


def omitted_errors(path: KeyPath, left_out: int) -> list[Problem]:
    """Return what is said in place of the mistakes of a table that are left out, if any are."""
    return (
        [Problem(path, f"{left_out} more mistakes", f"correct the {MAX_ERRORS} that are told")] if left_out > 0 else []
    )


def normalized_errors(error: ValidationError, table: Any) -> list[tuple[str, KeyPath, object]]:
    """Return the kind, the place in the table and the value of everything that pydantic found.

    It calls a list too short that has enough items when some of them are wrong: these alone are told.
    """
    found = [
        (each["type"], to_source_path(each["loc"], table), each["input"]) for each in error.errors(include_url=False)
    ]
    around = {place[:depth] for _, place, _ in found for depth in range(len(place))}
    return [(kind, place, value) for kind, place, value in found if kind != "too_short" or place not in around]


def allowed_keys(path: KeyPath) -> list[str]:
    """Return the keys that the table at a path may have."""
    return [*properties(schema_at(_schema(), path))]


def suggest_key(key: str, known: Iterable[str]) -> str | None:
    """Return the known key that an unknown one probably stands for: one like it, or the only one with its words."""
    return _meant(key, tuple(known))


def unknown_key(path: KeyPath, value: object, known: Iterable[str]) -> Problem:
    """Return the problem of a key that the table does not have."""
    known = list(known)
    key = str(path[-1])
    if known_key := suggest_key(key, known):
        fix = f"did you mean {known_key}?"
    else:
        fix = f"the keys here are {', '.join(known)}" if known else "leave it out"
    # What stands under a key that nobody knows may be a secret, and a table may hold one.
    hidden = isinstance(value, dict | list) or looks_secret(key, str(value))
    return Problem(path, "unknown key", fix, value=UNSET if hidden else value)


def invalid_value(path: KeyPath, value: object) -> Problem:
    """Return the problem of a value that is not what the schema expects at its path."""
    expected = string_alternative(schema_at(_schema(), path), value)
    return Problem(path, f"not {_expected(expected)}", _advice(expected, value, path), value=_printable(path, value))


def missing_key(path: KeyPath) -> Problem:
    """Return the problem of a key that has to be there."""
    expected = schema_at(_schema(), path)
    if expected.get("type") == "object" and not any(isinstance(key, int) for key in path):
        table = ".".join(map(str, path)) + ("" if "properties" in expected else ".<name>")
        return Problem(path, "required, and missing", f"add a table [{table}]")
    return Problem(path, "required, and missing", f"add {path[-1]} = {_example(expected)}")


def example_at(path: KeyPath, which: int = 0) -> Any:
    """Return a value that the schema allows at a path, or another one, or None where it has no example."""
    return _example_value(_name_of_table(path) or schema_at(_schema(), path), which)


def _problem(kind: str, path: KeyPath, value: object) -> Problem:
    if expected := _name_of_table(path):
        return Problem(path[:2], f"not {_expected(expected)}", _advice(expected, value, path), value=value)
    if path[-2:] == (value, PYDANTIC_KEY_MARK):
        expected = schema_at(_schema(), path[:-2])["propertyNames"]
        return Problem(path[:-1], f"not {_expected(expected)}", "rename it", value=path[-2])
    if kind == "missing_key":
        return missing_key(path)
    if kind == "extra_forbidden":
        return unknown_key(path, _printable(path, value), allowed_keys(path[:-1]))
    return invalid_value(path, value)


def _name_of_table(path: KeyPath) -> Schema:
    """Return what the schema says of the name of an environment or endpoint, which is its table's own key."""
    named = path[0] in ("environments", "endpoints") and path[2:] == ("name",)
    return schema_at(_schema(), path[:1])["propertyNames"] if named else {}


def _expected(schema: Schema) -> str:
    if "title" in schema:
        return with_article(schema["title"])
    if "enum" in schema:
        return "one of the values that are allowed here"
    if "minimum" in schema:
        upwards = f"from {schema['minimum']} to {schema['maximum']}" if "maximum" in schema else "that is not negative"
        return f"a whole number {upwards}"
    if schema.get("type") == "array":
        return f"a {describe_list(schema, schema_noun(_items(schema)))}"
    return _TYPES[schema["type"]]


def _advice(schema: Schema, value: object, path: KeyPath) -> str:
    allowed = schema.get("enum", [])
    if 0 < len(allowed) <= _FEW:
        return f"write one of {', '.join(map(to_toml, allowed))}"
    if (close := _closest(value, allowed)) is not None:
        return f"did you mean {to_toml(close)}?"
    return _advice_by_type(schema, value, path)


def _advice_by_type(schema: Schema, value: object, path: KeyPath) -> str:
    if schema.get("type") == "boolean":
        return "write true or false, without quotes"
    if isinstance(value, list) and len(value) > schema.get("maxItems", len(value)):
        return f"keep {schema['maxItems']} or fewer of the {len(value)}"
    if schema.get("type") == "array" and _is_of_tables(schema, value):
        return f"begin each of its tables with [[{format_path(path)}]], in two pairs of brackets"
    if schema.get("type") == "object" and not _is_map(schema):
        return "write a table of its keys"
    return f"write for example {_example(schema)}"


def _is_of_tables(array: Schema, value: object) -> bool:
    """Return whether a list is to be written as tables: it takes nothing else, or somebody has begun with a table."""
    items = _items(array)
    return bool(properties(items)) and (items.get("type") == "object" or isinstance(value, dict))


def _closest(value: object, allowed: list[Any]) -> object:
    if isinstance(value, int) and allowed and isinstance(allowed[0], int):
        return min(allowed, key=lambda each: abs(each - value))
    close = _closest_text(str(value), tuple(map(str, allowed)))
    return next((each for each in allowed if str(each) == close), None)


# Both are cached, because a fleet has the same mistake in many endpoints.
@cache
def _meant(key: str, known: tuple[str, ...]) -> str | None:
    if close := get_close_matches(key, known, n=1, cutoff=0.7):
        return close[0]
    words = {*key.split("_")}
    longer = [each for each in known if words <= {*each.split("_")}]
    return longer[0] if len(longer) == 1 else None


@cache
def _closest_text(value: str, allowed: tuple[str, ...]) -> str | None:
    """Return the one of hundreds that is meant."""
    endings = [each for each in allowed if each.endswith(f".{value}")]
    return next(iter(endings or get_close_matches(value, allowed, n=1, cutoff=0.7)), None)


def _example(schema: Schema) -> str:
    if schema.get("type") == "array":
        return f"[{_example(_items(schema))}]"
    if _is_map(schema):
        key, value = schema["propertyNames"], schema["additionalProperties"]
        return f"{{ {_example_value(key)} = {_example(value)} }}"
    value = _example_value(schema)
    return "a shorter one" if value is None else to_toml(value)


def _example_value(schema: Schema, which: int = 0) -> Any:
    if schema.get("type") == "array":
        return [_example_value(_items(schema), which)]
    if schema.get("type") == "boolean":
        return which == 0
    if schema.get("properties"):
        required = {key: deref(_schema(), schema["properties"][key]) for key in schema.get("required", ())}
        return {key: _example_value(node, which) for key, node in required.items()}
    candidates = [
        *schema.get("examples", []),
        *([schema["default"]] if "default" in schema else []),
        *schema.get("enum", []),
    ]
    return candidates[: which + 1][-1] if candidates else None


def _is_map(schema: Schema) -> bool:
    """Return whether a table has keys of people's own choice, with one value each."""
    values = schema.get("additionalProperties")
    return isinstance(values, dict) and "examples" in values


def _items(array: Schema) -> Schema:
    return deref(_schema(), array["items"])


def _printable(path: KeyPath, value: object) -> object:
    """Hide the values of container environments: they may be secrets."""
    return UNSET if "environment" in path[2:] else value


@cache
def _schema() -> Schema:
    return file_schema()
