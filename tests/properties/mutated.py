"""Generated files with a few mutations, most of which keep every value valid for its type."""

import copy
import datetime
from collections.abc import Iterable, Iterator
from typing import Any

from hypothesis import strategies as st

from protected_endpoints.errors import KeyPath
from protected_endpoints.loading.examples import example_at
from protected_endpoints.loading.unknown_keys import allowed_keys
from tests.properties.generated_file import GeneratedFile, files_with_overrides
from tests.properties.toml import Table

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
def mutated_files(draw: st.DrawFn, mode: str, provider: int) -> GeneratedFile:
    """Generate valid files with up to three mutations."""
    file = draw(files_with_overrides(mode, provider)).file
    for _ in range(draw(st.sampled_from([1, 1, 2, 3]))):
        _change(draw, file)
    return GeneratedFile(mode, file)


def _change(draw: st.DrawFn, file: Table) -> None:
    paths = [*_paths(file)]
    path = draw(st.sampled_from(paths))
    parent, key = _at(file, path[:-1]), path[-1]
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
        # A value of the same key elsewhere has a valid type, but may be invalid here.
        alike = [candidate for candidate in paths if candidate[-1] == key]
        parent[key] = copy.deepcopy(_at(file, draw(st.sampled_from(alike))))
    elif kind == "add" and isinstance(parent, dict) and (known := sorted({*allowed_keys(path[:-1])} - {*parent})):
        added = draw(st.sampled_from(known))
        parent[added] = example_at((*path[:-1], added), draw(st.integers(0, 1)))
        if parent[added] is None:
            parent[added] = draw(_ANYTHING)


def _paths(node: Any, path: KeyPath = ()) -> Iterator[KeyPath]:
    """Yield every path of a file below its three sections."""
    items: Iterable[tuple[Any, Any]] = node.items() if isinstance(node, dict) else ()
    for key, value in enumerate(node) if isinstance(node, list) else items:
        if path:
            yield (*path, key)
        yield from _paths(value, (*path, key))


def _at(node: Any, path: KeyPath) -> Any:
    for key in path:
        node = node[key]
    return node
