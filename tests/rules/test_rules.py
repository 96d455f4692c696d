"""Each rule has a pair: a configuration that passes, and one that fails with its message."""

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

_FILES = [
    import_module(f"tests.rules.{file.name}")
    for file in pkgutil.iter_modules(tests.rules.__path__)
    if not file.name.startswith("test_")
]
_ABOUT = [file for file in _FILES if hasattr(file, "PAIRS")]
PAIRS: list[Pair] = [pair for file in _ABOUT for pair in file.PAIRS]
_ALL = [rule for rule_set in RULE_SETS for rule in rule_set.rules.values()]
_EACH = pytest.mark.parametrize("pair", PAIRS, ids=lambda pair: pair.id)


@_EACH
def test_a_configuration_that_keeps_the_rule_passes(pair: Pair) -> None:
    passing = deployment(**pair.passes)
    assert [str(problem) for problem in pair.rule(passing)] == []
    # It keeps every other rule too, so that the pair differs in this rule alone.
    rules.check(passing)


@_EACH
def test_a_configuration_that_breaks_the_rule_says_how_and_what_to_do(pair: Pair) -> None:
    assert tuple(str(problem) for problem in pair.rule(deployment(**pair.fails))) == pair.texts


@_EACH
def test_errors_end_the_synth_and_warnings_do_not(pair: Pair) -> None:
    broken = deployment(**pair.fails)
    if pair.rule.severity == "warning":
        rules.check(broken)
        problems = rules.findings(broken)
    else:
        with pytest.raises(ConfigurationError) as raised:
            rules.check(broken)
        problems = list(raised.value.problems)
    found = [problem for problem in problems if str(problem) in pair.texts]
    assert {problem.severity for problem in found} == {pair.rule.severity}
    assert len(found) == len(pair.texts)


def test_every_rule_has_a_pair() -> None:
    assert {pair.id for pair in PAIRS} == {*endpoint_rule.rules}


@pytest.mark.parametrize("about", _ABOUT, ids=lambda about: about.__name__.rsplit(".", 1)[1])
def test_the_pairs_of_a_file_are_about_the_rules_of_one_file(about: ModuleType) -> None:
    names = {pair.rule.function.__module__.rsplit(".", 1)[1] for pair in about.PAIRS}
    assert names == {about.__name__.rsplit(".", 1)[1]}


def test_the_example_breaks_no_rule() -> None:
    assert [str(problem) for problem in rules.findings(deployment())] == []


@pytest.mark.parametrize("rule", _ALL, ids=lambda rule: rule.id)
def test_every_rule_is_named_like_its_function_and_says_why_it_is_there(rule: Rule[Deployment]) -> None:
    assert rule.function.__name__ == rule.id.replace("-", "_")
    assert (rule.function.__doc__ or "").strip().endswith(".")


def test_an_id_is_of_one_rule() -> None:
    with pytest.raises(ValueError, match="duplicate rule id alarm-shared"):
        endpoint_rule("alarm-shared")(lambda _: iter(()))
