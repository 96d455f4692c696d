"""docs/field.md has one row for each deployment of tests/field, with its outcome."""

import re

import pytest

from tests.examples import ROOT
from tests.field.cases import CASES, CORRECTED, is_accepted

_PAGE = (ROOT / "docs" / "field.md").read_text(encoding="utf-8")
_CASE = r"\.\./tests/field/cases/([\w.-]+)\.toml"
_ROWS = re.findall(rf"^\| \[[^\]]+\]\({_CASE}\) \| (.*?) \| ", _PAGE, flags=re.MULTILINE)
_OUTCOMES = dict(_ROWS)


def test_every_deployment_has_one_row() -> None:
    assert sorted(name for name, _ in _ROWS) == sorted(name for name in CASES if not name.endswith(CORRECTED))


@pytest.mark.parametrize("name", _OUTCOMES)
def test_a_row_has_the_outcome_of_its_deployment(name: str) -> None:
    outcome, corrected = _OUTCOMES[name], f"{name}{CORRECTED}"
    if is_accepted(name):
        assert outcome == "works"
    elif corrected in CASES:
        assert re.fullmatch(rf"works \[(with|without|on) [^\]]+\]\({_CASE}\)", outcome)
        assert f"/{corrected}.toml)" in outcome
    else:
        assert outcome.startswith("refused: ")
