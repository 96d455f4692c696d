"""checkov, modelmoat and tf-nag find nothing on the examples that is not explained in accepted.toml.

checkov reads the JSON and the plan, because it sees what policies say in a plan alone. modelmoat reads the JSON, tf-nag
the plan. What none of them sees is asserted in tests/stacks/test_beyond_scanners.py.
"""

import json
import shutil
import tomllib
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.scanners.scanned import PLANNED, Stack, plan
from tests.scanners.tools import checkov_json, checkov_plan, modelmoat, tf_nag
from tests.scanners.weaknesses import WEAKNESSES, plant

Scanner = Callable[[Path], set[str]]

_ACCEPTED = tomllib.loads((Path(__file__).parent / "accepted.toml").read_text(encoding="utf-8"))["accepted"]
_SCANNERS: list[Scanner] = [checkov_json, checkov_plan, modelmoat, tf_nag]


@pytest.fixture(scope="module")
def weakened(examples: Path, tmp_path_factory: pytest.TempPathFactory, terraform_environment: dict[str, str]) -> Path:
    """The examples with every weakness planted."""
    folder = tmp_path_factory.mktemp("weakened")
    shutil.copytree(examples / "stacks", folder / "stacks")
    files = {name: folder / "stacks" / name / "cdk.tf.json" for name in PLANNED}
    stacks: dict[str, Stack] = {name: json.loads(file.read_text()) for name, file in files.items()}
    plant(stacks)
    for name, file in files.items():
        file.write_text(json.dumps(stacks[name], indent=2))
    plan(folder, terraform_environment)
    return folder


@pytest.mark.parametrize("scanner", _SCANNERS)
def test_every_finding_is_explained_and_every_explanation_is_needed(scanner: Scanner, examples: Path) -> None:
    assert _found(scanner, examples) == _accepted(scanner)


@pytest.mark.parametrize("scanner", _SCANNERS)
def test_every_planted_weakness_is_found_and_nothing_else(scanner: Scanner, weakened: Path) -> None:
    planted = {finding for findings in WEAKNESSES.values() for finding in findings if _is_of(scanner, finding)}
    assert planted
    assert _found(scanner, weakened) - _accepted(scanner) == planted


def test_every_accepted_finding_has_a_reason_in_words() -> None:
    assert all(len(entry["reason"].split()) > 10 for entry in _ACCEPTED)
    assert all(entry["findings"] and entry["weakness"] for entry in _ACCEPTED)
    every = [finding for entry in _ACCEPTED for finding in entry["findings"]]
    assert len(every) == len({*every})
    assert all(any(_is_of(scanner, finding) for scanner in _SCANNERS) for finding in every)


def test_every_planted_weakness_is_seen_by_some_scanner() -> None:
    assert all(WEAKNESSES.values())


def _found(scanner: Scanner, folder: Path) -> set[str]:
    return {f"{scanner.__name__} {finding}" for finding in scanner(folder)}


def _accepted(scanner: Scanner) -> set[str]:
    return {finding for entry in _ACCEPTED for finding in entry["findings"] if _is_of(scanner, finding)}


def _is_of(scanner: Scanner, finding: str) -> bool:
    return finding.startswith(f"{scanner.__name__} ")
