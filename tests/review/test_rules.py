"""Each rule has plans that it finds something in, and one close to them in which it finds nothing."""

import inspect
from typing import Any

import pytest

from protected_endpoints.review.rules import RULES
from tests.review.cases import (
    artifacts,
    change_process,
    data_retention,
    external_policies,
    keys,
    network_access,
    permissions,
    serving,
)
from tests.review.fragments import found

_KINDS = (network_access, artifacts, external_policies, keys, change_process, permissions, data_retention, serving)
CASES = [case for kind in _KINDS for case in kind.CASES]


def _found(told: dict[str, Any]) -> dict[str, list[str]]:
    told = dict(told)
    return found(told.pop("changed", None), *told.pop("others", []), **told)


@pytest.mark.parametrize(("rule", "told", "_close"), CASES, ids=lambda each: each if isinstance(each, str) else "")
def test_a_rule_finds_what_it_is_for(rule: str, told: dict[str, Any], _close: object) -> None:
    assert all(_found(told)[rule])


@pytest.mark.parametrize(("rule", "_told", "close"), CASES, ids=lambda each: each if isinstance(each, str) else "")
def test_a_rule_finds_nothing_close_to_it(rule: str, _told: object, close: dict[str, Any]) -> None:
    assert rule not in _found(close)


def test_every_rule_has_a_pair() -> None:
    assert {rule for rule, _, _ in CASES} == {*RULES}


def test_a_plan_that_changes_nothing_finds_nothing() -> None:
    assert found() == {}


@pytest.mark.parametrize("name", RULES)
def test_every_rule_says_why_it_matters(name: str) -> None:
    assert (inspect.getdoc(RULES[name][1]) or "").endswith(".")
