"""Valid files in which keys have values of another shape, or are in another table, alone and together."""

import copy
import datetime
import tomllib
from collections.abc import Iterator
from functools import cache
from itertools import pairwise
from typing import Any

from hypothesis import strategies as st

from protected_endpoints.errors import KeyPath
from protected_endpoints.loading.examples import example_at
from protected_endpoints.loading.schema import Schema, deref, file_schema
from tests.examples import EXAMPLES
from tests.properties.toml import Table

_ANY_NAME = "<name>"
_SCHEMA = file_schema()
_FILES = [tomllib.loads(file.read_text(encoding="utf-8")) for file in EXAMPLES.values()]


def _paths(node: Schema, path: KeyPath = ()) -> Iterator[KeyPath]:
    """Yield the path of every key of the schema, and of the first item of every list."""
    node = deref(_SCHEMA, node)
    for variant in (node, *(deref(_SCHEMA, alternative) for alternative in node.get("anyOf", ()))):
        children = {**variant.get("properties", {})}
        if isinstance(variant.get("additionalProperties"), dict):
            children[_ANY_NAME] = variant["additionalProperties"]
        if "items" in variant:
            children[0] = variant["items"]
        for key, child in children.items():
            yield (*path, key)
            yield from _paths(child, (*path, key))


_PATHS = [*dict.fromkeys(_paths(_SCHEMA))]
_KEYS = sorted({key for path in _PATHS for key in path if isinstance(key, str)} - {_ANY_NAME})
_SCALARS: list[Any] = ["", "candidate", 0, -1, 2**63, 1.5, float("nan"), True, datetime.date(2026, 1, 31)]
_SHAPES: list[Any] = [
    *_SCALARS,
    [],
    [[]],
    [{}],
    {},
    {"a": {}},
    *([scalar] for scalar in _SCALARS),
    *({"candidate": scalar} for scalar in _SCALARS),
]
# Built once: Hypothesis goes through all items of a new strategy.
_ANY_FILE, _ANY_PATH, _ANY_KEY = st.sampled_from(_FILES), st.sampled_from(_PATHS), st.sampled_from(_KEYS)


@st.composite
def misshapen_files(draw: st.DrawFn) -> Table:
    """Generate an example in which up to three keys have another shape, are misspelled or are in another table.

    Half of the pairs are a key and a table around it, because nested errors are the hardest to report.
    """
    file: Table = copy.deepcopy(draw(_ANY_FILE))
    path = draw(_ANY_PATH)
    _mutate(draw, file, path)
    for _ in range(draw(st.integers(0, 2))):
        above = [path[:depth] for depth in range(1, len(path))] or [path]
        _mutate(draw, file, draw(st.sampled_from(above) | _ANY_PATH))
    return file


def _mutate(draw: st.DrawFn, file: Table, path: KeyPath) -> None:
    table: Any = file
    for key, following in pairwise(path):
        if (name := _key_in(draw, table, key)) is None:
            return  # an earlier mutation replaced the table
        empty: Any = [{}] if following == 0 else {}
        if isinstance(table, dict):
            table = table.setdefault(name, empty)
        else:
            table[:] = table or [empty]
            table = table[0]
    if (key := _key_in(draw, table, path[-1])) is None:
        return
    if isinstance(table, list):
        table[:1] = [draw(_values(path))]
        return
    change = draw(st.sampled_from(["value", "value", "value", "misspell", "other-key", "remove"]))
    if change == "remove":
        table.pop(key, None)
    elif change == "other-key":
        table[draw(_ANY_KEY)] = draw(_values(path))
    else:
        value = table[key] if key in table and draw(st.booleans()) else draw(_values(path))
        table[_misspelled(draw, key) if change == "misspell" else key] = value


def _key_in(draw: st.DrawFn, table: Any, key: str | int) -> Any:
    """Return the key of a table for a key of the schema, or None if the value is not a table."""
    if not isinstance(table, list if isinstance(key, int) else dict):
        return None
    return draw(st.sampled_from([*table, "candidate"])) if key == _ANY_NAME else key


def _misspelled(draw: st.DrawFn, key: str) -> str:
    at = draw(st.integers(0, len(key)))
    return draw(st.sampled_from([key[:at] + key[at + 1 :], key[:at] + "s" + key[at:], key[:at], key.upper()]))


@cache
def _values(path: KeyPath) -> st.SearchStrategy[Any]:
    """Generate any shape, an example for the key, or an example for another key."""
    return st.one_of(
        st.sampled_from(_SHAPES),
        st.sampled_from([path, *_PATHS[::7]]).map(_example),
        _ANY_PATH.map(_example),
    ).map(copy.deepcopy)


def _example(path: KeyPath) -> Any:
    value = example_at(tuple("candidate" if key == _ANY_NAME else key for key in path))
    return {} if value is None else value
