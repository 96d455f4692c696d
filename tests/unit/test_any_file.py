"""Whatever stands in the file: it loads, or every message says where, what is wrong and what to do."""

from collections.abc import Iterator
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from modules.load import Configuration
from modules.problems import ConfigurationError
from modules.schema import file_schema, properties
from tests.unit.support import Table, example, load_parsed

# Keys of the file, and keys that mean something to pydantic or to the messages.
_KEYS = sorted(
    {"project", "environments", "endpoints", "dev", "prod", "kmeans", "dev-kmeans", "[key]", "name", "0"}
    | {key for table in file_schema()["$defs"].values() for key in properties(table)}
)
_TEXTS = st.one_of(
    st.text(max_size=12),
    st.sampled_from(["", "dev", "latest", "30", "m5.xlarge", "ml.g5.xlarge", "us-west-2", "a\nb", "a.b", "${x}", "*"]),
    st.sampled_from(["s3://acme/a", "arn:aws:iam::444455556666:role/a", "ten letters", "12345678901"]),
)
_SCALARS = st.one_of(
    _TEXTS,
    st.integers(),
    st.integers(min_value=-1, max_value=400),
    st.floats(),
    st.booleans(),
    st.dates(),
    st.datetimes(),
    st.times(),
)
_NAMES = st.one_of(st.sampled_from(_KEYS), st.text(max_size=8))
_VALUES = st.recursive(
    _SCALARS,
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(_NAMES, inner, max_size=3)),
    max_leaves=6,
)
_FILES = st.dictionaries(_NAMES, _VALUES, min_size=1, max_size=4)


def _places(node: Any, path: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    """Yield the path of everything in a file."""
    keys = node.keys() if isinstance(node, dict) else range(len(node)) if isinstance(node, list) else ()
    for key in keys:
        yield (*path, key)
        yield from _places(node[key], (*path, key))


def _parent(file: Table, path: tuple[str | int, ...]) -> Any:
    node: Any = file
    for key in path[:-1]:
        node = node[key]
    return node


def _full_example() -> Table:
    """Return the example with a table of every kind, so that mutations reach all of them."""
    file = example()
    file["project"]["tags"] = {"team": "ml"}
    file["environments"]["prod"] = {
        "account_id": "444455556666",
        "region": "us-west-2",
        "permissions_boundary_arn": "arn:aws:iam::444455556666:policy/ml-boundary",
        "state": {"bucket": "acme-tfstate"},
    }
    file["endpoints"]["kmeans"] |= {
        "only": ["dev", "prod"],
        "environment": {"LOG_LEVEL": "info"},
        "kms": {"rotation_period_in_days": 90},
        "logs": {"retention_in_days": 30},
        "relax": {"image_tag": "a nightly image, RISK-882"},
        "environments": {"prod": {"invokers": ["arn:aws:iam::444455556666:role/a"], "kms": {}}},
    }
    return file


@st.composite
def _mutations(draw: st.DrawFn) -> Table:
    """Return the full example with up to four things replaced, removed, added or put under another key."""
    file = _full_example()
    for _ in range(draw(st.integers(min_value=1, max_value=4))):
        places = [*_places(file)]
        if not places:
            break
        path = draw(st.sampled_from(places))
        parent, key = _parent(file, path), path[-1]
        change = draw(st.sampled_from(["replace", "remove", "add", "rename"]))
        if change == "replace":
            parent[key] = draw(_VALUES)
        elif change == "remove":
            del parent[key]
        elif isinstance(parent, list):
            parent.append(draw(_VALUES))
        elif change == "add":
            parent[draw(_NAMES)] = draw(_VALUES)
        else:
            parent[draw(_NAMES)] = parent.pop(key)
    return file


def _check(file: Table) -> None:
    try:
        loaded = load_parsed(file)
    except ConfigurationError as error:
        messages = [str(problem) for problem in error.problems]
        assert messages
    else:
        assert isinstance(loaded, Configuration)
        messages = [str(problem) for problem in loaded.warnings]
    assert len(messages) == len({*messages})
    for message in messages:
        path, _, rest = message.partition(": ")
        wrong, _, fix = rest.rpartition("; ")
        assert all(part.strip() for part in (path, wrong, fix)), message
        assert "\n" not in message
        assert not message.endswith((".", " ")), message


def test_the_example_that_is_mutated_is_right() -> None:
    assert [deployment.names.stack for deployment in load_parsed(_full_example()).deployments] == [
        "dev-kmeans",
        "prod-kmeans",
    ]


@settings(derandomize=True, max_examples=150, deadline=None)
@given(_FILES)
def test_any_file_loads_or_says_what_is_wrong(file: Table) -> None:
    _check(file)


@settings(derandomize=True, max_examples=150, deadline=None)
@given(_mutations())
def test_a_good_file_that_was_spoilt_loads_or_says_what_is_wrong(file: Table) -> None:
    _check(file)
