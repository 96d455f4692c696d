"""What people deploy is accepted, or refused with the reason. `make snapshots` rewrites the expected outcomes."""

import os

import pytest

from tests.field.cases import CASES, CORRECTED, expected_outcome, is_accepted, outcome

_UPDATE = bool(os.environ.get("UPDATE_SNAPSHOTS"))


@pytest.mark.parametrize("name", CASES)
def test_the_outcome_is_the_expected_one(name: str) -> None:
    actual, expected = outcome(CASES[name]), expected_outcome(name)
    if _UPDATE:
        expected.write_text(actual, encoding="utf-8")
    assert expected.read_text(encoding="utf-8") == actual, "if the change is intended, run: make snapshots"


def test_every_expected_outcome_has_its_case() -> None:
    folder = expected_outcome("any").parent
    assert {file.stem for file in folder.iterdir()} == {*CASES}


@pytest.mark.parametrize("name", [name for name in CASES if name.endswith(CORRECTED)])
def test_a_case_that_is_corrected_was_refused_and_is_accepted(name: str) -> None:
    assert not is_accepted(name.removesuffix(CORRECTED))
    assert is_accepted(name)


def test_a_secret_is_in_no_outcome() -> None:
    (case,) = (file for file in CASES.values() if "hf_abc" in file.read_text(encoding="utf-8"))
    assert "hf_abc" not in outcome(case)
