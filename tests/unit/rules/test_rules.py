"""Each rule has a pair: a configuration that passes, and one that fails with its message."""

import inspect
from importlib import import_module
from types import ModuleType

import pytest

from modules import rules
from modules.config import Deployment
from modules.problems import ConfigurationError
from tests.unit.rules import (
    access,
    asynchronous,
    callers,
    capture,
    components,
    container,
    data,
    encryption,
    form,
    length,
    model,
    naming,
    network,
    rollout,
    serverless,
    shadow,
    state,
    variant,
)
from tests.unit.rules.pair import Pair
from tests.unit.support import unchecked

_ABOUT = (
    access,
    asynchronous,
    callers,
    capture,
    components,
    container,
    data,
    encryption,
    form,
    length,
    model,
    naming,
    network,
    rollout,
    serverless,
    shadow,
    state,
    variant,
)
PAIRS = [pair for each in _ABOUT for pair in each.PAIRS]
# What several rules share, and the rules that judge all endpoints of an environment at once (test_fleet.py) or all
# environments (test_states.py).
_OTHERS = {
    "of_another_account",
    "not_ours_to_change",
    "named_twice",
    "policies_fit_their_endpoints",
    "on_inferentia_1",
    "policies_fit_their_roles",
    "states_are_apart",
}
_EACH = pytest.mark.parametrize("pair", PAIRS, ids=lambda pair: pair.rule.__name__)


def _rules(about: ModuleType) -> ModuleType:
    return import_module(f"modules.rules.{about.__name__.rsplit('.', 1)[1]}")


@_EACH
def test_a_configuration_that_keeps_the_rule_passes(pair: Pair) -> None:
    deployment = unchecked(**pair.passes)
    assert [str(problem) for problem in pair.rule(deployment)] == []
    # It keeps every other rule too, so that the pair differs in this rule alone.
    assert [str(problem) for problem in rules.errors(deployment)] == []


@_EACH
def test_a_configuration_that_breaks_the_rule_says_how_and_what_to_do(pair: Pair) -> None:
    assert tuple(str(problem) for problem in pair.rule(unchecked(**pair.fails))) == pair.messages


@_EACH
def test_errors_end_the_synth_and_warnings_do_not(pair: Pair) -> None:
    broken = unchecked(**pair.fails)
    if pair.rule in rules.WARNINGS:
        checked = Deployment(broken.project, broken.environment, broken.endpoint)
        found = [problem for problem in checked.warnings if str(problem) in pair.messages]
        assert {problem.severity for problem in found} == {"warning"}
    else:
        with pytest.raises(ConfigurationError) as raised:
            Deployment(broken.project, broken.environment, broken.endpoint)
        found = [problem for problem in raised.value.problems if str(problem) in pair.messages]
        assert {problem.severity for problem in found} == {"error"}
    assert len(found) == len(pair.messages)


def test_every_rule_has_a_pair() -> None:
    assert {pair.rule for pair in PAIRS} == {*rules.ERRORS, *rules.WARNINGS}


def test_every_function_of_the_rules_is_applied_once() -> None:
    # A rule that is written and not listed would never be asked.
    written = [
        function
        for about in _ABOUT
        for name, function in inspect.getmembers(_rules(about), inspect.isfunction)
        if function.__module__ == _rules(about).__name__ and not name.startswith("_") and name not in _OTHERS
    ]
    listed = [*rules.ERRORS, *rules.WARNINGS]
    assert {*written} == {*listed}
    assert len(listed) == len({*listed})


@pytest.mark.parametrize("about", _ABOUT, ids=lambda about: about.__name__.rsplit(".", 1)[1])
def test_the_pairs_of_a_file_are_about_the_rules_of_one_file(about: ModuleType) -> None:
    assert {pair.rule.__module__ for pair in about.PAIRS} == {_rules(about).__name__}


def test_the_example_breaks_no_rule() -> None:
    deployment = unchecked()
    assert [str(problem) for rule in (*rules.ERRORS, *rules.WARNINGS) for problem in rule(deployment)] == []


@pytest.mark.parametrize("rule", [*rules.ERRORS, *rules.WARNINGS], ids=lambda rule: rule.__name__)
def test_every_rule_says_why_it_is_there(rule: rules.Rule) -> None:
    assert (rule.__doc__ or "").strip().endswith(".")
