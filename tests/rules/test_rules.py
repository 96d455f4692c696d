"""Every rule has a `Pair`: a configuration that passes, and a similar one that fails with the expected messages."""

import pkgutil
from dataclasses import replace
from importlib import import_module
from types import ModuleType

import pytest

import tests.rules
from protected_endpoints import rules
from protected_endpoints.config import Endpoint
from protected_endpoints.deployment import Deployment
from protected_endpoints.errors import ConfigurationError, Problem
from protected_endpoints.rules.registry import RULE_SETS, Rule, RuleSet, endpoint_rule
from tests.loading.support import deployment
from tests.rules.pair import Pair
from tests.support import Json

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


def test_rules_are_run_once_for_the_same_content(judged: list[Deployment]) -> None:
    variables = {"MODE": "fast"}
    first = deployment(name="judged-once", environment=variables)
    rules.findings(first)
    rules.check(first)
    rules.check(deployment(name="judged-once", environment=variables))
    assert judged == [first]


@pytest.mark.parametrize(
    "changes",
    [{"environment": {"MODE": "slow"}}, {"invokers": []}, {"name": "other"}, {"project": {"strict": True}}],
    ids=str,
)
def test_rules_are_run_again_for_another_content(changes: Json, judged: list[Deployment]) -> None:
    """Also if a key is set to its default, which some rules report."""
    first = deployment(name="judged-twice", environment={"MODE": "fast"})
    second = deployment(**{"name": "judged-twice", "environment": {"MODE": "fast"}, **changes})
    rules.check(first)
    rules.check(second)
    assert judged == [first, second]


def test_rules_are_run_again_for_another_class(judged: list[Deployment]) -> None:
    class Isolated(Endpoint):
        """An endpoint with properties of its own."""

    first = deployment(name="judged-by-class")
    second = replace(first, endpoint=Isolated.model_validate(first.endpoint.model_dump(exclude_unset=True)))
    rules.check(first)
    rules.check(second)
    assert judged == [first, second]


@pytest.mark.parametrize("environment", [{}, {"environment": {}}, {"environment": {"MODE": "fast"}}], ids=str)
def test_a_table_that_changed_after_it_was_judged_is_judged_again(environment: Json) -> None:
    changed = deployment(name="judged-again", **environment)
    rules.check(changed)
    changed.endpoint.environment["AWS_ACCESS_KEY_ID"] = "AKIAIOSFODNN7EXAMPLE"
    with pytest.raises(ConfigurationError, match="AWS_ACCESS_KEY_ID"):
        rules.check(changed)


def test_a_copy_with_values_of_other_types_is_judged(recwarn: pytest.WarningsRecorder) -> None:
    usual = deployment()
    copied = usual.endpoint.model_copy(update={"invokers": [*usual.endpoint.invokers], "revision": object()})
    rules.check(replace(usual, endpoint=copied))
    assert not recwarn.list


def test_a_deployment_with_errors_is_an_error_each_time() -> None:
    invalid = deployment(name="a-name-that-is-too-long-in-all")
    for _ in range(2):
        with pytest.raises(ConfigurationError, match="name-too-long"):
            rules.check(invalid)


@pytest.fixture
def judged(monkeypatch: pytest.MonkeyPatch) -> list[Deployment]:
    """Return a list to which each deployment is added that rules are run for."""
    deployments: list[Deployment] = []
    findings = RuleSet.findings

    def recorded(rule_set: RuleSet[Deployment], subject: Deployment, *, strict: bool = False) -> list[Problem]:
        deployments.append(subject)
        return findings(rule_set, subject, strict=strict)

    monkeypatch.setattr(RuleSet, "findings", recorded)
    monkeypatch.setattr(rules, "_without_errors", set())
    return deployments
