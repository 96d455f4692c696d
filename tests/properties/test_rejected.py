"""A file is rejected for the rule that it violates, whatever else it contains."""

import copy
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from protected_endpoints.config import Endpoint, Environment, Project
from protected_endpoints.deployment import Deployment
from protected_endpoints.errors import ConfigurationError, Problem
from protected_endpoints.loading.load import load
from protected_endpoints.rules.registry import Rule, endpoint_rule
from tests.loading.support import example, without_none
from tests.properties import values
from tests.properties.generated_file import GeneratedFile, valid_files
from tests.properties.modes import BOTH_PROVIDERS
from tests.properties.parts import optional
from tests.properties.rule_breakers import ANY_MODE, SERVERLESS, WITH_IMAGES, Break, Parts
from tests.properties.support import EXAMPLES, same_each_time
from tests.properties.toml import Table, toml
from tests.properties.values import bounded
from tests.rules.pair import Pair
from tests.rules.test_rules import PAIRS

_IMAGES = ("real-time", "pipeline", "multi-container", "multi-model", "model-data-prefix", "private-registry")
_BREAKS = [
    (endpoint_rule.rules[rule_id], change, modes)
    for changes, modes in (
        (ANY_MODE, (*BOTH_PROVIDERS,)),
        (WITH_IMAGES, _IMAGES),
        (SERVERLESS, ("serverless", "serverless-provisioned")),
    )
    for rule_id, change in changes.items()
]
# The size of a policy depends on the whole file, so any key of a generated file may break these.
_RULES = [
    rule
    for rule in endpoint_rule.rules.values()
    if rule.severity == "error" and rule.function.__module__ != "protected_endpoints.rules.policy_size"
]
_ERRORS = [pair for pair in PAIRS if pair.rule in _RULES]
_FEW = same_each_time(-(-EXAMPLES // len(_ERRORS)))
_SOME_OF_ALL = same_each_time(-(-EXAMPLES // 6))
_SOME = same_each_time(-(-EXAMPLES // len(_BREAKS)))


@pytest.mark.parametrize(("rule", "change", "modes"), _BREAKS, ids=[rule.id for rule, _, _ in _BREAKS])
def test_a_violated_rule_is_the_only_one_reported(
    rule: Rule[Deployment], change: Break, modes: tuple[str, ...], tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("broken")

    @_SOME
    @given(st.sampled_from(modes).flatmap(lambda mode: valid_files(mode, 5)))
    def judge(right: GeneratedFile) -> None:
        broken = copy.deepcopy(right.file)
        change(Parts.of(broken))
        deployment = _deployment(broken)
        assert {other_rule for other_rule in _RULES if [*other_rule(deployment)]} == {rule}, toml(broken)
        assert {_without_path(problem) for problem in _problems(folder, broken)} == {
            _without_path(problem) for problem in rule(deployment)
        }

    judge()


@pytest.mark.parametrize("pair", _ERRORS, ids=lambda pair: pair.id)
def test_an_error_is_reported_the_same_with_any_other_keys(
    pair: Pair, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("beside")
    alone = _problems(folder, _example(pair.fails))
    assert {text.partition(": ")[2] for text in pair.texts} <= {_without_path(problem) for problem in alone}

    @_FEW
    @given(_other_keys(pair))
    def judge(beside: Table) -> None:
        assert _problems(folder, _example(pair.passes, beside)) == []
        assert _problems(folder, _example(pair.fails, beside)) == alone

    judge()


def test_strict_turns_warnings_into_errors(tmp_path: Path) -> None:
    refused = []

    @_SOME_OF_ALL
    @given(st.sampled_from(BOTH_PROVIDERS).flatmap(_another))
    def judge(right: GeneratedFile) -> None:
        file = tmp_path / "endpoints.toml"
        file.write_text(right.text, encoding="utf-8")
        warned = [str(warning) for warning in load(file).warnings if "relax" not in warning.path]
        right.file["project"]["strict"] = True
        problems = [str(problem) for problem in _problems(tmp_path, right.file)]
        assert problems == warned
        refused.append(bool(problems))

    judge()
    assert {*refused} == {True, False}


@st.composite
def _other_keys(draw: st.DrawFn, pair: Pair) -> Table:
    """Generate keys of the endpoint that no rule compares with others, and an endpoint in another environment."""
    target = values.AwsTarget("111122223333", "us-west-2", 5)
    here = "in_environment" not in {*pair.fails, *pair.passes}
    keys = draw(
        optional(
            revision=bounded(0, 10**9),
            logs=st.just({"retention_in_days": 30}),
            kms=optional(rotation_period_in_days=bounded(90, 2560)),
            **({"invokers": values.role_lists(target)} if here else {}),
        )
    )
    alone = "project" in {*pair.fails, *pair.passes}
    return {"keys": keys, "other": None if alone else draw(st.sampled_from(BOTH_PROVIDERS).flatmap(_another)).file}


def _another(mode: str) -> st.SearchStrategy[GeneratedFile]:
    return valid_files(mode, 5)


def _example(changes: Table, beside: Table | None = None) -> Table:
    """Return the example with the changes of a pair, and with more keys and another endpoint."""
    file = example()
    endpoint: Table = {**file["endpoints"].pop("kmeans"), **(beside["keys"] if beside else {}), **changes}
    file["project"] |= endpoint.pop("project", {})
    file["environments"]["dev"] |= endpoint.pop("in_environment", {})
    file["endpoints"][endpoint.pop("name", "kmeans")] = endpoint
    if beside and beside["other"]:
        endpoint["only"] = ["dev"]
        (environment,), (other,) = beside["other"]["environments"].values(), beside["other"]["endpoints"].values()
        file["environments"]["beside"] = environment
        file["endpoints"]["beside"] = {**other, "only": ["beside"]}
    return without_none(file)


def _deployment(file: Table) -> Deployment:
    ((environment, environment_table),), ((name, endpoint),) = file["environments"].items(), file["endpoints"].items()
    return Deployment(
        Project.model_validate(file["project"]),
        Environment.model_validate({"name": environment, **environment_table}),
        Endpoint.model_validate({"name": name, **endpoint}),
    )


def _problems(folder: Path, file: Table) -> list[Problem]:
    path = folder / "endpoints.toml"
    path.write_text(toml(file), encoding="utf-8")
    try:
        load(path)
    except ConfigurationError as error:
        return [problem for problem in error.problems if not problem.rule.endswith("policy-size")]
    return []


def _without_path(problem: Problem) -> str:
    """Return a message without its path, which differs if an invoker is written as a string."""
    return str(problem).partition(": ")[2]
