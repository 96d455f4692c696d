"""Every rule has a `Pair`: a configuration that passes, and a similar one that fails with the expected messages."""

import pkgutil
from importlib import import_module
from types import ModuleType

import pytest

import tests.rules
from protected_endpoints import rules
from protected_endpoints.deployment import Deployment
from protected_endpoints.errors import ConfigurationError
from protected_endpoints.rules.registry import RULE_SETS, Rule, endpoint_rule
from tests.loading.support import deployment
from tests.rules.pair import Pair

_MODULES = [
    import_module(f"tests.rules.{file.name}")
    for file in pkgutil.iter_modules(tests.rules.__path__)
    if not file.name.startswith("test_")
]
_PAIR_MODULES = [module for module in _MODULES if hasattr(module, "PAIRS")]
PAIRS: list[Pair] = [pair for module in _PAIR_MODULES for pair in module.PAIRS]
_RULES = [rule for rule_set in RULE_SETS for rule in rule_set.rules.values()]
_for_each_pair = pytest.mark.parametrize("pair", PAIRS, ids=lambda pair: pair.id)


@_for_each_pair
def test_the_passing_configuration_passes_every_rule(pair: Pair) -> None:
    passing = deployment(**pair.passes)
    assert [str(problem) for problem in pair.rule.findings(passing)] == []
    rules.check(passing)


@_for_each_pair
def test_the_failing_configuration_has_the_expected_messages(pair: Pair) -> None:
    assert tuple(str(problem) for problem in pair.rule.findings(deployment(**pair.fails))) == pair.texts


@_for_each_pair
def test_errors_stop_the_synthesis_and_warnings_do_not(pair: Pair) -> None:
    failing = deployment(**pair.fails)
    if pair.rule.severity == "warning":
        rules.check(failing)
        problems = rules.findings(failing)
    else:
        with pytest.raises(ConfigurationError) as raised:
            rules.check(failing)
        problems = list(raised.value.problems)
    expected = [problem for problem in problems if str(problem) in pair.texts]
    assert {problem.severity for problem in expected} == {pair.rule.severity}
    assert len(expected) == len(pair.texts)


def test_every_rule_has_a_pair() -> None:
    assert {pair.id for pair in PAIRS} == {*endpoint_rule.rules}


@pytest.mark.parametrize("module", _PAIR_MODULES, ids=lambda module: module.__name__.rsplit(".", 1)[1])
def test_a_file_of_pairs_covers_the_rules_file_of_the_same_name(module: ModuleType) -> None:
    names = {pair.rule.function.__module__.rsplit(".", 1)[1] for pair in module.PAIRS}
    assert names == {module.__name__.rsplit(".", 1)[1]}


def test_the_example_passes_every_rule() -> None:
    assert [str(problem) for problem in rules.findings(deployment())] == []


@pytest.mark.parametrize("rule", _RULES, ids=lambda rule: rule.id)
def test_a_rule_has_the_name_of_its_function_and_a_docstring(rule: Rule[Deployment]) -> None:
    assert rule.function.__name__ == rule.id.replace("-", "_")
    first_line = (rule.function.__doc__ or "").strip().splitlines()[0]
    assert first_line.endswith(".")


def test_two_rules_cannot_have_the_same_id() -> None:
    with pytest.raises(ValueError, match="duplicate rule ID alarm-shared"):
        endpoint_rule("alarm-shared")(lambda _: iter(()))
