"""The pages that `make schema` writes are up to date."""

from pathlib import Path

import pytest

from protected_endpoints.commands.reference import update_pages
from protected_endpoints.loading import reference, rules_page
from protected_endpoints.review.report import rules_table
from protected_endpoints.review.rules import RULES
from tests.examples import ROOT

_PAGES = (reference.PAGE, rules_page.PAGE, rules_table.PAGE)


@pytest.fixture(name="copies")
def _copies(tmp_path: Path) -> Path:
    """Return a folder with a copy of each generated page."""
    for page in _PAGES:
        (tmp_path / page.parent).mkdir(exist_ok=True)
        (tmp_path / page).write_bytes((ROOT / page).read_bytes())
    return tmp_path


@pytest.mark.parametrize("page", _PAGES, ids=str)
def test_a_page_is_up_to_date(page: Path, copies: Path) -> None:
    update_pages(copies)
    stored, generated = ((folder / page).read_text(encoding="utf-8") for folder in (ROOT, copies))
    assert stored == generated, "run `make schema` and commit the pages in docs/"


@pytest.mark.parametrize(
    ("page", "begin", "end", "text"),
    [
        (reference.PAGE, reference.BEGIN, reference.END, reference.reference()),
        (rules_table.PAGE, rules_table.BEGIN, rules_table.END, rules_table.rules_table()),
    ],
)
def test_only_the_part_between_the_marks_is_written(page: Path, begin: str, end: str, text: str, copies: Path) -> None:
    copy = copies / page
    copy.write_text(f"before\n\n{begin}\nold\n{end}\n\nafter\n", encoding="utf-8")
    update_pages(copies)
    assert copy.read_text(encoding="utf-8") == f"before\n\n{begin}\n{text}\n{end}\n\nafter\n"


def test_the_table_of_the_review_has_a_row_for_each_rule() -> None:
    assert len(rules_table.rules_table().splitlines()) == len(RULES) + 2
