"""Any plan is reviewed, or refused in one line; and no value of an environment is ever shown."""

import copy
import json
from datetime import date
from pathlib import Path
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from protected_endpoints.review.plan.plan import Plan, Unreadable
from protected_endpoints.review.plan.reading import parse_plan
from protected_endpoints.review.report.comment import MAX_LENGTH, comment
from protected_endpoints.review.review import Review
from tests.review.fragments import NEW_FIRST, container, raw

_REAL = json.loads((Path(__file__).parent.parent / "plans" / "image.json").read_text(encoding="utf-8"))
_PLANS = [
    raw(
        {"aws_sagemaker_model.Model": (NEW_FIRST, container(environment={"A": "never-shown-1", "B": "never-shown-2"}))}
    ),
    _REAL,
]
_ANYTHING = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=20)
    | st.sampled_from(["<b>", "`", "|", "${x}", "*"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)


def _paths(node: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    items = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    return [path, *(inner for key, item in items for inner in _paths(item, (*path, key)))]


_PATHS = [[path for path in _paths(plan) if path] for plan in _PLANS]


@st.composite
def _mutated(draw: st.DrawFn) -> Any:
    which = draw(st.sampled_from([0, 1]))
    plan = copy.deepcopy(_PLANS[which])
    for _ in range(draw(st.integers(1, 4))):
        path = draw(st.sampled_from(_PATHS[which]))
        node: Any = plan
        try:
            for key in path[:-1]:
                node = node[key]
            node[path[-1]] = draw(_ANYTHING)
        except (KeyError, IndexError, TypeError):
            continue  # an earlier change removed it
    return plan


def _read(plan: Any) -> Plan | None:
    """Return a plan, or None if it is refused in one line."""
    refused: list[str] = []
    try:
        return parse_plan(plan, "dev-kmeans", "plan.json")
    except Unreadable as error:
        refused = str(error).splitlines()
    assert len(refused) == 1
    return None


@settings(max_examples=400, deadline=None)
@given(_mutated())
def test_a_plan_with_anything_anywhere_is_reviewed_or_refused(plan: Any) -> None:
    if (read := _read(plan)) is None:
        return
    text = comment([Review(read, (), date(2026, 11, 23))], source="Plan")
    assert len(text) <= MAX_LENGTH
    assert text == comment([Review(read, (), date(2026, 11, 23))], source="Plan")


@settings(max_examples=200, deadline=None)
@given(_ANYTHING)
def test_any_change_is_reviewed_or_refused(change: Any) -> None:
    if (read := _read({"format_version": "1.2", "resource_changes": [change]})) is None:
        return
    assert comment([Review(read, (), date(2026, 11, 23))], source="Plan").startswith("<!-- endpoint-review ")


@settings(max_examples=200, deadline=None)
@given(st.text(st.characters(categories=["L", "N"]).filter(str.isalnum), min_size=6, max_size=40))
def test_a_value_of_an_environment_is_never_shown(value: str) -> None:
    secret = f"zq{value}zq"
    changed = {"aws_sagemaker_model.Model": (NEW_FIRST, container(environment={"A": secret, "B": f"x {secret}"}))}
    read = parse_plan(raw(changed), "dev-kmeans", "plan.json")
    assert secret not in comment([Review(read, (), date(2026, 11, 23))], source="Plan")
