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
from tests.properties.support import EXAMPLES, reproducible
from tests.properties.toml import Table, toml
from tests.properties.values import bounded
from tests.rules.pair import REASON, Pair
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
# The size of a policy depends on the whole file, so any key of a generated file may violate these rules.
_RULES = [
    rule
    for rule in endpoint_rule.rules.values()
    if rule.severity == "error" and rule.function.__module__ != "protected_endpoints.rules.policy_size"
]
_ERRORS = [pair for pair in PAIRS if pair.rule in _RULES]
_SETTINGS_PER_ERROR = reproducible(-(-EXAMPLES // len(_ERRORS)))
_SETTINGS_FOR_STRICT = reproducible(-(-EXAMPLES // 6))
_SETTINGS_PER_BREAK = reproducible(-(-EXAMPLES // len(_BREAKS)))


@pytest.mark.parametrize(("rule", "change", "modes"), _BREAKS, ids=[rule.id for rule, _, _ in _BREAKS])
def test_a_violated_rule_is_the_only_one_reported(
    rule: Rule[Deployment], change: Break, modes: tuple[str, ...], tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("broken")

    @_SETTINGS_PER_BREAK
    @given(st.sampled_from(modes).flatmap(lambda mode: valid_files(mode, 5)))
    def check(valid: GeneratedFile) -> None:
        broken = copy.deepcopy(valid.file)
        change(Parts.of(broken))
        deployment = _deployment(broken)
        assert {other_rule for other_rule in _RULES if other_rule.findings(deployment)} == {rule}, toml(broken)
        assert {_without_path(problem) for problem in _problems(folder, broken)} == {
            _without_path(problem) for problem in rule.findings(deployment)
        }

    check()


@pytest.mark.parametrize("pair", _ERRORS, ids=lambda pair: pair.id)
def test_an_error_is_reported_the_same_with_any_other_keys(
    pair: Pair, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("combined")
    expected = _problems(folder, _example(pair.fails))
    assert {text.partition(": ")[2] for text in pair.texts} <= {_without_path(problem) for problem in expected}

    @_SETTINGS_PER_ERROR
    @given(_other_keys(pair))
    def check(other_keys: Table) -> None:
        assert _problems(folder, _example(pair.passes, other_keys)) == []
        assert _problems(folder, _example(pair.fails, other_keys)) == expected

    check()


# No endpoint accepts these warnings, and they are looked for when the endpoints have no errors.
_OF_SHARED_STACKS = {"alarm-topic-unused"}


def test_strict_turns_warnings_into_errors_unless_they_are_acknowledged(tmp_path: Path) -> None:
    has_problems = []

    @_SETTINGS_FOR_STRICT
    @given(st.sampled_from(BOTH_PROVIDERS).flatmap(_file_of_mode))
    def check(valid: GeneratedFile) -> None:
        file = tmp_path / "endpoints.toml"
        file.write_text(valid.text, encoding="utf-8")
        warnings = [warning for warning in load(file).warnings if "relax" not in warning.path]
        of_shared = [str(warning) for warning in warnings if warning.rule in _OF_SHARED_STACKS]
        of_endpoints = [str(warning) for warning in warnings if warning.rule not in _OF_SHARED_STACKS]
        valid.file["project"]["strict"] = True
        problems = _problems(tmp_path, valid.file)
        assert [*map(str, problems)] == (of_endpoints or of_shared)
        (endpoint,) = valid.file["endpoints"].values()
        ids = sorted({problem.rule for problem in problems if of_endpoints})
        accepting = {**endpoint, "acknowledge": dict.fromkeys(ids, REASON)} if ids else endpoint
        endpoints = dict.fromkeys(valid.file["endpoints"], accepting)
        accepted = _problems(tmp_path, {**valid.file, "endpoints": endpoints})
        assert [*map(str, accepted)] == of_shared
        has_problems.append(bool(problems))

    check()
    assert {*has_problems} == {True, False}


@st.composite
def _other_keys(draw: st.DrawFn, pair: Pair) -> Table:
    """Generate keys of the endpoint that no rule compares with others, and an endpoint in another environment."""
    target = values.AwsTarget("111122223333", "us-west-2", 5)
    in_account = "in_environment" not in {*pair.fails, *pair.passes}
    keys = draw(
        optional(
            revision=bounded(0, 10**9),
            logs=st.just({"retention_in_days": 30}),
            kms=optional(rotation_period_in_days=bounded(90, 2560)),
            **({"invokers": values.role_lists(target)} if in_account else {}),
        )
    )
    is_single = "project" in {*pair.fails, *pair.passes}
    return {
        "keys": keys,
        "file": None if is_single else draw(st.sampled_from(BOTH_PROVIDERS).flatmap(_file_of_mode)).file,
    }


def _file_of_mode(mode: str) -> st.SearchStrategy[GeneratedFile]:
    return valid_files(mode, 5)


def _example(changes: Table, other_keys: Table | None = None) -> Table:
    """Return the example with the changes of a pair, and with more keys and another endpoint."""
    file = example()
    endpoint: Table = {**file["endpoints"].pop("kmeans"), **(other_keys["keys"] if other_keys else {}), **changes}
    file["project"] |= endpoint.pop("project", {})
    file["environments"]["dev"] |= endpoint.pop("in_environment", {})
    file["endpoints"][endpoint.pop("name", "kmeans")] = endpoint
    if other_keys and other_keys["file"]:
        endpoint["only"] = ["dev"]
        other = other_keys["file"]
        (environment,), (other_endpoint,) = other["environments"].values(), other["endpoints"].values()
        file["environments"]["other"] = environment
        file["endpoints"]["other"] = {**other_endpoint, "only": ["other"]}
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
    """Return a message without its path, which differs if an invoker is a string."""
    return str(problem).partition(": ")[2]
