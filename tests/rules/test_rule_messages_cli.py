"""The program that `cdktf synth` runs reports the errors of every pair and every bound."""

import sys
from pathlib import Path

import pytest

import main
from protected_endpoints.loading.load import load
from protected_endpoints.rules.registry import endpoint_rule
from tests.loading.support import Table, example, without_none
from tests.properties.toml import toml
from tests.rules.bounds import BOUNDS, Bound
from tests.rules.pair import Pair
from tests.rules.test_bounds import out_of_bounds
from tests.rules.test_rules import PAIRS

_ERRORS = [pair for pair in PAIRS if pair.rule.severity == "error"]
_WARNINGS = [pair for pair in PAIRS if pair.rule.severity == "warning"]


def _failing_file(pair: Pair) -> Table:
    """Return the repository's example with the failing changes of a pair, without the keys whose value is None."""
    file, changes = example(), dict(pair.fails)
    project = file["project"] | changes.pop("project", {})
    environment = file["environments"]["dev"] | changes.pop("in_environment", {})
    endpoint = file["endpoints"]["kmeans"] | changes
    return without_none(
        {
            "project": project,
            "environments": {environment.pop("name", "dev"): environment},
            "endpoints": {endpoint.pop("name", "kmeans"): endpoint},
        }
    )


def _output(file: Table, folder: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return the lines with which the program exits, before it loads the AWS bindings."""
    (folder / "endpoints.toml").write_text(toml(file), encoding="utf-8")
    monkeypatch.chdir(folder)
    monkeypatch.setitem(sys.modules, "protected_endpoints.bindings", None)  # an import of it would fail
    with pytest.raises(SystemExit) as raised:
        main.main()
    assert [path.name for path in folder.iterdir()] == ["endpoints.toml"]
    return str(raised.value.code).splitlines()


@pytest.mark.parametrize("pair", _ERRORS, ids=lambda pair: pair.id)
def test_an_error_stops_the_program_with_its_message(
    pair: Pair, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lines = _output(_failing_file(pair), tmp_path, monkeypatch)
    # An invoker that is written as a string has the path of the string, without the key that the string stands for.
    expected, actual = ({line.replace(".role_arn: ", ": ") for line in texts} for texts in (pair.texts, lines))
    assert expected <= actual
    assert len({*lines}) == len(lines)


@pytest.mark.parametrize("bound", BOUNDS, ids=lambda bound: f"{bound.number} {bound.key}")
def test_a_value_out_of_bounds_stops_the_program_with_one_message(
    bound: Bound, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (message,) = _output(out_of_bounds(bound), tmp_path, monkeypatch)
    assert message.startswith(bound.path)


@pytest.mark.parametrize("pair", _WARNINGS, ids=lambda pair: pair.id)
def test_a_warning_does_not_stop_the_program(pair: Pair, tmp_path: Path) -> None:
    (tmp_path / "endpoints.toml").write_text(toml(_failing_file(pair)), encoding="utf-8")
    assert {*pair.texts} <= {str(warning) for warning in load(tmp_path / "endpoints.toml").warnings}


def test_every_rule_is_covered() -> None:
    assert {pair.id for pair in PAIRS} == {*endpoint_rule.rules}
