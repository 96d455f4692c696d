"""Right files in which known keys hold what they should not, or stand where they should not, alone and together."""

import copy
import datetime
import tomllib
from collections.abc import Iterator
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


def _places(node: Schema, path: KeyPath = ()) -> Iterator[KeyPath]:
    """Yield the path of every key that the schema knows, at every level, and of the first item of every list."""
    node = deref(_SCHEMA, node)
    for way in (node, *(deref(_SCHEMA, each) for each in node.get("anyOf", ()))):
        inside = {**way.get("properties", {})}
        if isinstance(way.get("additionalProperties"), dict):
            inside[_ANY_NAME] = way["additionalProperties"]
        if "items" in way:
            inside[0] = way["items"]
        for key, child in inside.items():
            yield (*path, key)
            yield from _places(child, (*path, key))


_PLACES = [*dict.fromkeys(_places(_SCHEMA))]
_KEYS = sorted({key for place in _PLACES for key in place if isinstance(key, str)} - {_ANY_NAME})
_SCALARS: list[Any] = ["", "candidate", 0, -1, 2**63, 1.5, float("nan"), True, datetime.date(2026, 1, 31)]
_SHAPES: list[Any] = [
    *_SCALARS,
    [],
    [[]],
    [{}],
    {},
    {"a": {}},
    *([each] for each in _SCALARS),
    *({"candidate": each} for each in _SCALARS),
]


@st.composite
def misshapen(draw: st.DrawFn) -> Table:
    """Draw an example in which up to three keys hold another shape, are misspelt or stand in another table.

    Half of the pairs are a key and a table that it stands in, because one mistake in another is what is hard to tell.
    """
    file: Table = copy.deepcopy(draw(st.sampled_from(_FILES)))
    place = draw(st.sampled_from(_PLACES))
    _spoil(draw, file, place)
    for _ in range(draw(st.integers(0, 2))):
        above = [place[:depth] for depth in range(1, len(place))] or [place]
        _spoil(draw, file, draw(st.sampled_from(above) | st.sampled_from(_PLACES)))
    return file


def _spoil(draw: st.DrawFn, file: Table, place: KeyPath) -> None:
    table: Any = file
    for key, following in pairwise(place):
        if (found := _named(draw, table, key)) is None:
            return  # what stands above has another shape by now
        empty: Any = [{}] if following == 0 else {}
        if isinstance(table, dict):
            table = table.setdefault(found, empty)
        else:
            table[:] = table or [empty]
            table = table[0]
    if (key := _named(draw, table, place[-1])) is None:
        return
    if isinstance(table, list):
        table[:1] = [draw(_values(place))]
        return
    change = draw(st.sampled_from(["value", "value", "value", "misspell", "elsewhere", "remove"]))
    if change == "remove":
        table.pop(key, None)
    elif change == "elsewhere":
        table[draw(st.sampled_from(_KEYS))] = draw(_values(place))
    else:
        value = table[key] if key in table and draw(st.booleans()) else draw(_values(place))
        table[_misspelt(draw, key) if change == "misspell" else key] = value


def _named(draw: st.DrawFn, table: Any, key: str | int) -> Any:
    """Return the key under which a table has what the schema calls so, or None where the table is none."""
    if not isinstance(table, list if isinstance(key, int) else dict):
        return None
    return draw(st.sampled_from([*table, "candidate"])) if key == _ANY_NAME else key


def _misspelt(draw: st.DrawFn, key: str) -> str:
    at = draw(st.integers(0, len(key)))
    return draw(st.sampled_from([key[:at] + key[at + 1 :], key[:at] + "s" + key[at:], key[:at], key.upper()]))


def _values(place: KeyPath) -> st.SearchStrategy[Any]:
    """Draw any shape, an example of what belongs there, or one of what belongs elsewhere."""
    return st.one_of(
        st.sampled_from(_SHAPES),
        st.sampled_from([place, *_PLACES[::7]]).map(_example),
        st.sampled_from(_PLACES).map(_example),
    ).map(copy.deepcopy)


def _example(place: KeyPath) -> Any:
    value = example_at(tuple("candidate" if key == _ANY_NAME else key for key in place))
    return {} if value is None else value
