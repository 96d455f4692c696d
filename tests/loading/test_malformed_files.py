"""Any file loads, or every message has a path, a problem and a suggestion."""

from collections.abc import Iterator
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from protected_endpoints.errors import ConfigurationError
from protected_endpoints.loading.load import Configuration
from protected_endpoints.loading.schema import file_schema, properties
from tests.loading.support import Table, example, load_parsed

# Keys of the file, and keys that have a meaning for pydantic or for messages.
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
# Invokers and networks in which every key may be missing or invalid.
_ROLES = st.sampled_from(["arn:aws:iam::111122223333:role/a", "arn:aws:iam::444455556666:role/b"])


def _some(known: dict[str, st.SearchStrategy[Any]]) -> st.SearchStrategy[Table]:
    """Draw a table of known keys with mostly valid values, and perhaps another key."""
    fields = st.fixed_dictionaries({}, optional={key: st.one_of(value, value, _VALUES) for key, value in known.items()})
    return st.builds(lambda table, more: {**more, **table}, fields, st.dictionaries(_NAMES, _VALUES, max_size=1))


_INVOKERS = _some(
    {
        "role_arn": _ROLES,
        "principals": st.lists(st.one_of(_ROLES, st.just("arn:aws:iam::999988887777:root")), max_size=2),
        "name": st.sampled_from(["a", "partner"]),
        "external_id": st.just("acme"),
        "principal_org_id": st.just("o-a1b2c3d4e5"),
        "principal_tags": st.dictionaries(st.sampled_from(["team", "a*"]), _TEXTS, max_size=1),
        "require_mfa": st.booleans(),
        "target_models": st.lists(st.sampled_from(["tenant-a/*", "*"]), max_size=2),
        "source_vpc": st.just("vpc-0a1b2c3d"),
        "source_vpc_endpoints": st.lists(st.just("vpce-0a1b2c3d"), max_size=2),
    }
)
_NETWORKS = _some(
    {
        "vpc_id": st.just("vpc-0a1b2c3d"),
        "subnet_ids": st.lists(st.sampled_from(["subnet-0a1b2c3d", "subnet-1a1b2c3d"]), max_size=3),
        "private_endpoints": st.booleans(),
        "route_table_ids": st.lists(st.just("rtb-0a1b2c3d"), max_size=2),
        "endpoint_security_group_ids": st.lists(st.just("sg-0a1b2c3d"), max_size=2),
    }
)
_FILES = st.dictionaries(_NAMES, _VALUES, min_size=1, max_size=4)


def _paths(node: Any, path: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    """Yield the path of every value in a file."""
    keys = node.keys() if isinstance(node, dict) else range(len(node)) if isinstance(node, list) else ()
    for key in keys:
        yield (*path, key)
        yield from _paths(node[key], (*path, key))


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
        "deployers": ["arn:aws:iam::444455556666:role/ci"],
        "network": {
            "vpc_id": "vpc-0a1b2c3d",
            "subnet_ids": ["subnet-0a1b2c3d", "subnet-1a1b2c3d"],
            "route_table_ids": ["rtb-0a1b2c3d"],
        },
    }
    file["endpoints"]["kmeans"] |= {
        "only": ["dev", "prod"],
        "environment": {"LOG_LEVEL": "info"},
        "kms": {"rotation_period_in_days": 90},
        "logs": {"retention_in_days": 30},
        "relax": {"image_tag": "a nightly image, RISK-882"},
        "environments": {
            "prod": {
                "kms": {"admins": ["arn:aws:iam::444455556666:role/security"]},
                "invokers": [
                    "arn:aws:iam::444455556666:role/a",
                    {"role_arn": "arn:aws:iam::444455556666:role/b", "principal_tags": {"team": "ml"}},
                    {
                        "principals": ["arn:aws:iam::999988887777:root"],
                        "name": "partner",
                        "external_id": "acme",
                        "require_mfa": True,
                        "source_vpc_endpoints": ["vpce-0a1b2c3d"],
                    },
                ],
            }
        },
    }
    return file


@st.composite
def _mutations(draw: st.DrawFn) -> Table:
    """Return the full example with up to four values replaced, removed, added or moved to another key."""
    file = _full_example()
    for _ in range(draw(st.integers(min_value=1, max_value=4))):
        paths = [*_paths(file)]
        if not paths:
            break
        path = draw(st.sampled_from(paths))
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


def check(file: Table) -> None:
    """Fail unless a file loads, or every message has a path, a problem and a suggestion."""
    try:
        configuration = load_parsed(file)
    except ConfigurationError as error:
        messages = [str(problem) for problem in error.problems]
        assert messages
    else:
        assert isinstance(configuration, Configuration)
        messages = [str(problem) for problem in configuration.warnings]
    assert len(messages) == len({*messages})
    for message in messages:
        assert "None" not in message.replace('"None"', "") or "None" in repr(file), message
        path, _, remainder = message.partition(": ")
        problem, _, suggestion = remainder.rpartition("; ")
        assert all(part.strip() for part in (path, problem, suggestion)), message
        assert "\n" not in message
        assert not message.endswith((".", " ")), message


def test_the_file_to_mutate_is_valid() -> None:
    assert [deployment.names.stack for deployment in load_parsed(_full_example()).deployments] == [
        "dev-kmeans",
        "prod-kmeans",
    ]


@settings(derandomize=True, max_examples=150, deadline=None)
@given(_FILES)
def test_any_file_loads_or_has_readable_errors(file: Table) -> None:
    check(file)


@settings(derandomize=True, max_examples=150, deadline=None)
@given(_mutations())
def test_a_mutated_valid_file_loads_or_has_readable_errors(file: Table) -> None:
    check(file)


@settings(derandomize=True, max_examples=200, deadline=None)
@given(
    st.lists(st.one_of(_ROLES, _INVOKERS, _VALUES), max_size=3),
    st.lists(st.one_of(_ROLES, _INVOKERS), max_size=2),
    _NETWORKS,
    st.lists(_ROLES, max_size=2),
)
def test_any_invokers_in_any_network_load_or_have_readable_errors(
    invokers: list[object], prod_invokers: list[object], network: Table, deployers: list[str]
) -> None:
    file = _full_example()
    file["environments"]["dev"] |= {"network": network, "deployers": deployers}
    file["endpoints"]["kmeans"]["invokers"] = invokers
    file["endpoints"]["kmeans"]["environments"]["prod"]["invokers"] = prod_invokers
    check(file)
