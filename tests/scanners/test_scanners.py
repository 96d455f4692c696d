"""checkov, modelmoat and tf-nag report only findings that accepted.toml explains.

checkov reads the Terraform JSON and the plan, because it evaluates policies in a plan only. modelmoat reads the JSON,
tf-nag the plan. tests/stacks/test_beyond_scanners.py asserts what none of them checks.
"""

import json
import shutil
import tomllib
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.scanners.scanned import SYNTHESIZED, Stack, plan
from tests.scanners.tools import checkov_json, checkov_plan, modelmoat, tf_nag
from tests.scanners.weaknesses import WEAKNESSES, weaken

Scanner = Callable[[Sequence[Path]], list[set[str]]]

_ACCEPTED = tomllib.loads((Path(__file__).parent / "accepted.toml").read_text(encoding="utf-8"))["accepted"]
_SCANNERS: list[Scanner] = [checkov_json, checkov_plan, modelmoat, tf_nag]


@pytest.fixture(scope="module")
def weakened(examples: Path, tmp_path_factory: pytest.TempPathFactory, terraform_environment: dict[str, str]) -> Path:
    """The stacks and plans of the examples with all weaknesses."""
    folder = tmp_path_factory.mktemp("weakened")
    shutil.copytree(examples / "stacks", folder / "stacks")
    files = {name: folder / "stacks" / name / "cdk.tf.json" for name in SYNTHESIZED}
    stacks: dict[str, Stack] = {name: json.loads(file.read_text()) for name, file in files.items()}
    weaken(stacks)
    for name, file in files.items():
        file.write_text(json.dumps(stacks[name], indent=2))
    plan(folder, terraform_environment)
    return folder


class Findings(NamedTuple):
    """What a scanner finds in the stacks and plans of the examples, and in those with all weaknesses."""

    scanner: Scanner
    in_examples: set[str]
    in_weakened: set[str]


@pytest.fixture(scope="module", params=_SCANNERS)
def findings(request: pytest.FixtureRequest, examples: Path, weakened: Path) -> Findings:
    scanner: Scanner = request.param
    in_examples, in_weakened = (
        {f"{scanner.__name__} {finding}" for finding in findings} for findings in scanner([examples, weakened])
    )
    return Findings(scanner, in_examples, in_weakened)


def test_every_finding_is_explained_and_every_explanation_has_its_finding(findings: Findings) -> None:
    assert findings.in_examples == _accepted(findings.scanner)


def test_every_weakness_is_reported_and_nothing_else(findings: Findings) -> None:
    expected = {found for weakness in WEAKNESSES.values() for found in weakness if _is_of(findings.scanner, found)}
    assert expected
    assert findings.in_weakened - _accepted(findings.scanner) == expected


def test_every_accepted_finding_has_a_reason() -> None:
    assert all(len(entry["reason"].split()) > 10 for entry in _ACCEPTED)
    assert all(entry["findings"] and entry["weakness"] for entry in _ACCEPTED)
    accepted = [finding for entry in _ACCEPTED for finding in entry["findings"]]
    assert len(accepted) == len({*accepted})
    assert all(any(_is_of(scanner, finding) for scanner in _SCANNERS) for finding in accepted)


def test_every_weakness_has_a_scanner_that_reports_it() -> None:
    assert all(WEAKNESSES.values())


def _accepted(scanner: Scanner) -> set[str]:
    return {finding for entry in _ACCEPTED for finding in entry["findings"] if _is_of(scanner, finding)}


def _is_of(scanner: Scanner, finding: str) -> bool:
    return finding.startswith(f"{scanner.__name__} ")
