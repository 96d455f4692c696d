"""Drawn files with a few things changed, most of them so that every value is still of its kind."""

import copy
import datetime
from collections.abc import Iterable, Iterator
from typing import Any

from hypothesis import strategies as st

from protected_endpoints.loading.examples import example_at
from protected_endpoints.loading.messages import allowed_keys
from tests.properties.generated_file import Drawn, overridden
from tests.properties.toml import Table

Place = tuple[str | int, ...]
_CHANGES = ("remove", "replace", "nudge", "add", "repeat", "copy")
_SCALARS: st.SearchStrategy[Any] = st.one_of(
    st.text(st.characters(codec="utf-8"), max_size=12),
    st.sampled_from(["", "*", "${x}", "latest", "ml.g7.xlarge", "s3://a", "arn:aws:iam::111122223333:role/a"]),
    st.integers(-(2**63), 2**63 - 1),
    st.integers(-1, 3700),
    st.floats(),
    st.booleans(),
    st.just(datetime.date(2026, 1, 31)),
    st.just(datetime.datetime(2026, 1, 31, 12, tzinfo=datetime.UTC)),
    st.just(datetime.time(12)),
)
_ANYTHING = st.recursive(
    _SCALARS,
    lambda inner: (
        st.lists(inner, max_size=2) | st.dictionaries(st.sampled_from(["a", "name", "model"]), inner, max_size=2)
    ),
    max_leaves=4,
)


@st.composite
def mutated(draw: st.DrawFn, mode: str, provider: int) -> Drawn:
    """Draw a file that every rule accepts, and change up to three things of it."""
    file = draw(overridden(mode, provider)).file
    for _ in range(draw(st.sampled_from([1, 1, 2, 3]))):
        _change(draw, file)
    return Drawn(mode, file)


def _change(draw: st.DrawFn, file: Table) -> None:
    places = [*_places(file)]
    place = draw(st.sampled_from(places))
    parent, key = _at(file, place[:-1]), place[-1]
    kind = draw(st.sampled_from(_CHANGES))
    if kind == "remove":
        del parent[key]
    elif kind == "replace":
        parent[key] = draw(_ANYTHING)
    elif kind == "nudge" and isinstance(parent[key], bool):
        parent[key] = not parent[key]
    elif kind == "nudge" and isinstance(parent[key], int):
        parent[key] += draw(st.sampled_from([-1, 1]))
    elif kind == "nudge" and isinstance(parent[key], str):
        parent[key] = draw(st.sampled_from([parent[key][:-1], parent[key] + parent[key][-1:], parent[key].swapcase()]))
    elif kind == "repeat" and isinstance(key, int):
        parent.append(copy.deepcopy(parent[key]))
    elif kind == "copy":
        # What stands under the same key elsewhere is of the right kind, and perhaps wrong here.
        alike = [each for each in places if each[-1] == key]
        parent[key] = copy.deepcopy(_at(file, draw(st.sampled_from(alike))))
    elif kind == "add" and isinstance(parent, dict) and (known := sorted({*allowed_keys(place[:-1])} - {*parent})):
        added = draw(st.sampled_from(known))
        parent[added] = example_at((*place[:-1], added), draw(st.integers(0, 1)))
        if parent[added] is None:
            parent[added] = draw(_ANYTHING)


def _places(node: Any, place: Place = ()) -> Iterator[Place]:
    """Yield the path of everything in a file but for its three tables."""
    inside: Iterable[tuple[Any, Any]] = node.items() if isinstance(node, dict) else ()
    for key, each in enumerate(node) if isinstance(node, list) else inside:
        if place:
            yield (*place, key)
        yield from _places(each, (*place, key))


def _at(node: Any, place: Place) -> Any:
    for key in place:
        node = node[key]
    return node
