"""Turn what pydantic found into problems that say what is expected and what to write instead.

What is expected comes from the JSON Schema, so that the text, the editor and the check cannot disagree.
"""

from collections.abc import Iterable
from difflib import get_close_matches
from functools import cache
from typing import Any

from pydantic import ValidationError

from modules.credentials import looks_secret
from modules.problems import NOTHING, Path, Problem, shown
from modules.schema import Schema, at, file_schema, keys

KEY = "[key]"  # pydantic's mark of a key that is wrong, after the key
_FEW = 8
_TYPES = {"string": "a string", "integer": "a whole number", "boolean": "true or false", "object": "a table"}


def problems_of(error: ValidationError, table: dict[str, Any], path: Path) -> list[Problem]:
    """Return the problems of the table at a path."""
    found = error.errors(include_url=False)
    return [_problem(each["type"], (*path, *as_written(each["loc"], table)), each["input"]) for each in found]


def as_written(place: Path, table: Any) -> Path:
    """Return a place in a table as people wrote it: an ARN alone stands for a table with the ARN in it."""
    for depth, key in enumerate(place):
        if isinstance(table, str) and key != KEY:
            return place[:depth]
        table = _inside(table, key)
    return place


def unknown_key(path: Path, value: object, known: Iterable[str]) -> Problem:
    """Return the problem of a key that the table does not have."""
    known = list(known)
    key = str(path[-1])
    if close := get_close_matches(key, known, n=1):
        fix = f"did you mean {close[0]}?"
    else:
        fix = f"the keys here are {', '.join(known)}" if known else "leave it out"
    # What stands under a key that nobody knows may be a secret, and a table may hold one.
    hidden = isinstance(value, dict | list) or looks_secret(key, str(value))
    return Problem(path, "unknown key", fix, got=NOTHING if hidden else value)


def wrong_value(path: Path, value: object) -> Problem:
    """Return the problem of a value that is not what the schema expects at its path."""
    expected = at(_schema(), path)
    return Problem(path, f"not {_expected(expected)}", _advice(expected, value), got=_printable(path, value))


def missing(path: Path) -> Problem:
    """Return the problem of a key that has to be there."""
    expected = at(_schema(), path)
    if expected.get("type") == "object":
        table = ".".join(map(str, path)) + ("" if "properties" in expected else ".<name>")
        return Problem(path, "required, and missing", f"add a table [{table}]")
    return Problem(path, "required, and missing", f"add {path[-1]} = {_example(expected)}")


def example_at(path: Path) -> Any:
    """Return a value that the schema allows at a path, or None where it has no example."""
    return _example_value(at(_schema(), path))


def _problem(kind: str, path: Path, value: object) -> Problem:
    if path[-1] == "name" and len(path) == 3 and path[0] != "project":  # the name is the table's own key
        expected = at(_schema(), path[:1])["propertyNames"]
        return Problem(path[:2], f"not {_expected(expected)}", _advice(expected, value), got=value)
    if path[-2:] == (value, KEY):
        expected = at(_schema(), path[:-2])["propertyNames"]
        return Problem(path[:-1], f"not {_expected(expected)}", "rename it", got=path[-2])
    if kind == "missing":
        return missing(path)
    if kind == "extra_forbidden":
        return unknown_key(path, _printable(path, value), keys(at(_schema(), path[:-1])))
    return wrong_value(path, value)


def _expected(schema: Schema) -> str:
    if "title" in schema:
        return _with_article(schema["title"])
    if "enum" in schema:
        return "one of the values that are allowed here"
    if "minimum" in schema:
        upwards = f"from {schema['minimum']} to {schema['maximum']}" if "maximum" in schema else "that is not negative"
        return f"a whole number {upwards}"
    if schema.get("type") == "array":
        return f"a list of {_plural(schema['items'].get('title', 'value'))}"
    return _TYPES[schema["type"]]


def _advice(schema: Schema, value: object) -> str:
    allowed = schema.get("enum", [])
    if 0 < len(allowed) <= _FEW:
        return f"write one of {', '.join(map(shown, allowed))}"
    if (close := _closest(value, allowed)) is not None:
        return f"did you mean {shown(close)}?"
    if schema.get("type") == "boolean":
        return "write true or false, without quotes"
    if schema.get("type") == "object":
        return "write a table of its keys"
    return f"write for example {_example(schema)}"


def _closest(value: object, allowed: list[Any]) -> object:
    if isinstance(value, int) and allowed and isinstance(allowed[0], int):
        return min(allowed, key=lambda each: abs(each - value))
    endings = [each for each in allowed if str(each).endswith(f".{value}")]
    by_text = {str(each): each for each in allowed}
    close = get_close_matches(str(value), by_text, n=1, cutoff=0.7)
    return next(iter(endings or [by_text[each] for each in close]), None)


def _example(schema: Schema) -> str:
    if schema.get("type") == "array":
        return f"[{_example(schema['items'])}]"
    value = _example_value(schema)
    return "a shorter one" if value is None else shown(value)


def _example_value(schema: Schema) -> Any:
    candidates = [
        *schema.get("examples", []),
        *([schema["default"]] if "default" in schema else []),
        *schema.get("enum", []),
    ]
    return candidates[0] if candidates else None


def _printable(path: Path, value: object) -> object:
    """Hide the values of container environments: they may be secrets."""
    return NOTHING if "environment" in path[2:] else value


def _inside(node: Any, key: str | int) -> Any:
    try:
        return node[key]
    except (KeyError, IndexError, TypeError):
        return None


def _with_article(noun: str) -> str:
    return f"{'an' if noun[0] in 'aeioAEIO' or noun[:2] in ('S3', 'IA') else 'a'} {noun}"


def _plural(noun: str) -> str:
    return f"{noun}s"


@cache
def _schema() -> Schema:
    return file_schema()
