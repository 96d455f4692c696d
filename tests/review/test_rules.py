"""Every rule has plans in which it finds something, and a similar plan in which it finds nothing."""

from pathlib import Path
from typing import Any

import pytest

from protected_endpoints.review.report.acknowledgements import RENAMED_RULES
from protected_endpoints.review.rules import FILES, RULES, registry
from protected_endpoints.review.rules.registry import Rule
from protected_endpoints.review.rules.registry import rule as registered_rule
from tests.review.cases import (
    accepted_warnings,
    admission,
    alarm_data,
    alarms,
    artifacts,
    audit,
    change_process,
    cost,
    dashboards,
    data_retention,
    external_policies,
    inference_components,
    inference_option,
    keys,
    moved_protections,
    network_access,
    permissions,
    plan_parts,
    provider,
    scaling,
    serving,
    set_values,
    ssm_parameters,
    vpc_traffic,
)
from tests.review.fragments import findings_by_rule

_MODULES = (
    network_access,
    vpc_traffic,
    moved_protections,
    artifacts,
    external_policies,
    keys,
    provider,
    change_process,
    plan_parts,
    permissions,
    data_retention,
    serving,
    inference_option,
    inference_components,
    accepted_warnings,
    set_values,
    admission,
    scaling,
    cost,
    alarms,
    alarm_data,
    dashboards,
    ssm_parameters,
    audit,
)
_FOLDER = Path(registry.__file__).parent
CASES = [case for module in _MODULES for case in module.CASES]


def _findings(plan: dict[str, Any]) -> dict[str, list[str]]:
    plan = dict(plan)
    return findings_by_rule(plan.pop("changed", None), *plan.pop("others", []), **plan)


@pytest.mark.parametrize(("rule", "plan", "_close"), CASES, ids=lambda value: value if isinstance(value, str) else "")
def test_a_rule_reports_a_plan(rule: str, plan: dict[str, Any], _close: object) -> None:
    assert all(_findings(plan)[rule])


@pytest.mark.parametrize(("rule", "_plan", "close"), CASES, ids=lambda value: value if isinstance(value, str) else "")
def test_a_rule_does_not_report_a_similar_plan(rule: str, _plan: object, close: dict[str, Any]) -> None:
    assert rule not in _findings(close)


def test_every_rule_has_a_case() -> None:
    assert {rule for rule, _, _ in CASES} == {*RULES}


def test_a_plan_that_changes_nothing_finds_nothing() -> None:
    assert findings_by_rule() == {}


@pytest.mark.parametrize("rule", RULES.values(), ids=RULES)
def test_a_rule_has_a_summary_and_the_name_of_its_id(rule: Rule) -> None:
    assert rule.summary.endswith(".")
    assert rule.function.__name__.rstrip("_") == rule.id.replace("-", "_")


def test_every_file_with_rules_is_imported() -> None:
    rules = "protected_endpoints.review.rules"
    assert {rule.function.__module__ for rule in RULES.values()} == {f"{rules}.{name}" for name in FILES}
    assert {file.stem for file in _FOLDER.glob("*.py")} == {*FILES, "__init__", "registry"}


def test_an_id_is_registered_once() -> None:
    with pytest.raises(ValueError, match="duplicate rule ID cost"):
        registered_rule("cost", "note")(RULES["cost"].function)


def test_a_renamed_rule_has_the_id_of_an_existing_rule() -> None:
    assert {*RENAMED_RULES.values()} <= {*RULES}
    assert not {*RENAMED_RULES} & {*RULES}
