"""Every rule has plans in which it finds something, and a similar plan in which it finds nothing."""

from pathlib import Path
from typing import Any

import pytest

from protected_endpoints.review.rules import FILES, RULES, registry
from protected_endpoints.review.rules.registry import Rule
from protected_endpoints.review.rules.registry import rule as registered_rule
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
_FOLDER = Path(registry.__file__).parent
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


@pytest.mark.parametrize("rule", RULES.values(), ids=RULES)
def test_a_rule_has_a_summary_and_the_name_of_its_id(rule: Rule) -> None:
    assert rule.summary.endswith(".")
    assert rule.function.__name__.rstrip("_") == rule.id.replace("-", "_")


def test_every_file_with_rules_is_imported() -> None:
    rules = "protected_endpoints.review.rules"
    assert {rule.function.__module__ for rule in RULES.values()} == {f"{rules}.{name}" for name in FILES}
    assert {file.stem for file in _FOLDER.glob("*.py")} == {*FILES, "__init__", "registry"}


def test_an_id_is_registered_once() -> None:
    with pytest.raises(ValueError, match="two rules have the ID cost"):
        registered_rule("cost", "note")(RULES["cost"].function)
