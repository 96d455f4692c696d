"""The pages that `make schema` writes are up to date."""

import shutil
from pathlib import Path

import pytest

from protected_endpoints.commands.reference import BEGIN, END, update_pages
from tests.examples import ROOT

_PAGES = ("alarms.md", "metrics.md", "reference.md", "review.md", "rules.md")


@pytest.fixture
def docs(tmp_path: Path) -> Path:
    for page in _PAGES:
        shutil.copy(ROOT / "docs" / page, tmp_path)
    return tmp_path


@pytest.mark.parametrize("page", _PAGES)
def test_a_generated_page_is_up_to_date(page: str, docs: Path) -> None:
    update_pages(docs)
    stored = (ROOT / "docs" / page).read_text(encoding="utf-8")
    assert (docs / page).read_text(encoding="utf-8") == stored, "its source changed: make schema"


def test_only_the_generated_part_of_a_page_is_replaced(docs: Path) -> None:
    page = docs / "review.md"
    generated = page.read_text(encoding="utf-8").partition(BEGIN)[2].partition(END)[0]
    page.write_text(f"before\n\n{BEGIN}\nold\n{END}\n\nafter\n", encoding="utf-8")
    update_pages(docs)
    assert page.read_text(encoding="utf-8") == f"before\n\n{BEGIN}{generated}{END}\n\nafter\n"
