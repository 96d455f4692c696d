"""Each mistake of the list of rules, in a file and through the program that `cdktf synth` runs."""

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
from tests.rules.test_bounds import changed
from tests.rules.test_rules import PAIRS

_ERRORS = [pair for pair in PAIRS if pair.rule.severity == "error"]


def _file(pair: Pair) -> Table:
    """Return the repository's example with what breaks the rule; what is None is left out."""
    file, changes = example(), dict(pair.fails)
    project = file["project"] | changes.pop("project", {})
    environment = file["environments"]["dev"] | changes.pop("place", {})
    endpoint = file["endpoints"]["kmeans"] | changes
    return without_none(
        {
            "project": project,
            "environments": {environment.pop("name", "dev"): environment},
            "endpoints": {endpoint.pop("name", "kmeans"): endpoint},
        }
    )


def _said(file: Table, folder: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return the lines with which the program ends, having loaded nothing heavy."""
    (folder / "endpoints.toml").write_text(toml(file), encoding="utf-8")
    monkeypatch.chdir(folder)
    monkeypatch.setitem(sys.modules, "protected_endpoints.bindings", None)  # an import of it would fail
    with pytest.raises(SystemExit) as ended:
        main.main()
    assert [each.name for each in folder.iterdir()] == ["endpoints.toml"]
    return str(ended.value.code).splitlines()


@pytest.mark.parametrize("pair", _ERRORS, ids=lambda pair: pair.id)
def test_a_broken_rule_ends_the_program_with_its_message(
    pair: Pair, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = _said(_file(pair), tmp_path, monkeypatch)
    # A role that stands alone is told by its place in the list, not by the key that it stands for.
    expected, told = ({each.replace(".role_arn: ", ": ") for each in lines} for lines in (pair.texts, said))
    assert expected <= told
    assert len({*said}) == len(said)


@pytest.mark.parametrize("bound", BOUNDS, ids=lambda bound: f"{bound.number} {bound.key}")
def test_a_value_out_of_bounds_ends_the_program_with_one_message(
    bound: Bound, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (message,) = _said(changed(bound), tmp_path, monkeypatch)
    assert message.startswith(bound.path)


@pytest.mark.parametrize("pair", [pair for pair in PAIRS if pair.rule.severity == "warning"], ids=lambda pair: pair.id)
def test_what_is_only_warned_of_is_printed_and_ends_nothing(pair: Pair, tmp_path: Path) -> None:
    (tmp_path / "endpoints.toml").write_text(toml(_file(pair)), encoding="utf-8")
    assert {*pair.texts} <= {str(each) for each in load(tmp_path / "endpoints.toml").warnings}


def test_every_rule_is_asked_here() -> None:
    assert {pair.id for pair in PAIRS} == {*endpoint_rule.rules}
