"""Change values in the text of `endpoints.toml`, which keeps its comments and its form."""

import re
import tomllib
from collections.abc import Iterator, Sequence

from protected_endpoints.errors import UNSET, ConfigurationError, KeyPath, Problem, inline_toml
from protected_endpoints.loading.set_values import SetValue, set_in

_KEY = r"""(?:[\w-]+|"[^"\n]*"|'[^'\n]*')"""
_KEYS = rf"{_KEY}(?:\s*\.\s*{_KEY})*"
_TABLE = re.compile(rf"\s*(\[\[?)\s*({_KEYS})\s*\]")
_ASSIGNMENT = re.compile(rf"(\s*({_KEYS})\s*=\s*)([^\r\n]*)(\s*)")
_COMMENT = re.compile(r"\s*(?=#)|\s*$")


def write_values(text: str, values: Sequence[SetValue]) -> str:
    """Return the text of a valid file with other values.

    A value has to be on one line, alone but for its key and a comment. Raises `ConfigurationError` with each value that
    is not: the text has to mean the file with the new values and nothing else.
    """
    problems: list[Problem] = []
    for value in values:
        expected = tomllib.loads(text)
        ((placed,), _) = set_in(expected, [value])
        # A line of a comment or of a string on several lines may look like that of the key.
        changed = next((other for other in _with_value(text, value) if _tables(other) == expected), None)
        if changed:
            text = changed
        else:
            is_missing = placed.file_value is UNSET
            message = "is not in endpoints.toml" if is_missing else "is not on a line of its own in endpoints.toml"
            suggestion = f"{'add' if is_missing else 'change'} it by hand"
            problems.append(Problem(value.path, message, suggestion, rule="set-value"))
    if problems:
        raise ConfigurationError(problems)
    return text


def _with_value(text: str, value: SetValue) -> Iterator[str]:
    """Yield the text with the value in one of the lines that seem to have the key."""
    lines = text.splitlines(keepends=True)
    for index, keys, assignment in _assignments(lines):
        if keys == value.path:
            start, _, rest, end = assignment.groups()
            line = f"{start}{inline_toml(value.value)}{_comment(rest)}{end}"
            yield "".join([*lines[:index], line, *lines[index + 1 :]])


def _assignments(lines: Sequence[str]) -> Iterator[tuple[int, KeyPath, re.Match[str]]]:
    """Yield each line with a key and a value, and the path of that key."""
    table: KeyPath = ()
    items: dict[KeyPath, int] = {}  # the last index of each list of tables
    for index, line in enumerate(lines):
        if header := _TABLE.match(line):
            table = ()
            keys = _split(header[2])
            for key in keys:
                table = (*table, key)
                if table in items and len(_names(table)) < len(keys):
                    table = (*table, items[table])
            if header[1] == "[[":
                items[table] = items.get(table, -1) + 1
                table = (*table, items[table])
        elif assignment := _ASSIGNMENT.fullmatch(line):
            yield index, (*table, *_split(assignment[2])), assignment


def _split(keys: str) -> tuple[str, ...]:
    return tuple(key.strip("\"'") for key in re.findall(_KEY, keys))


def _names(path: KeyPath) -> list[str]:
    return [key for key in path if isinstance(key, str)]


def _comment(rest: str) -> str:
    """Return the comment behind a value, with the spaces before it."""
    for comment in _COMMENT.finditer(rest):
        if _tables(f"value = {rest[: comment.start()]}") is not None:
            return rest[comment.start() :]
    return ""


def _tables(text: str) -> object:
    """Return the tables of a text, or None for invalid TOML."""
    try:
        return tomllib.loads(text)
    except ValueError:
        return None
