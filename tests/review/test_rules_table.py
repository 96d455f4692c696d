"""docs/review.md lists the rules of the registry."""

from pathlib import Path

from protected_endpoints.review.report.rules_table import BEGIN, END, rules_table, write_rules_table
from protected_endpoints.review.rules import RULES
from tests.examples import ROOT

_PAGE = ROOT / "docs" / "review.md"


def test_the_page_holds_the_table_of_the_registry() -> None:
    text = _PAGE.read_text(encoding="utf-8")
    assert f"{BEGIN}\n{rules_table()}\n{END}\n" in text
    assert len(rules_table().splitlines()) == len(RULES) + 2


def test_the_table_is_written_between_its_marks(tmp_path: Path) -> None:
    page = tmp_path / "review.md"
    page.write_text(f"before\n\n{BEGIN}\nold\n{END}\n\nafter\n", encoding="utf-8")
    write_rules_table(page)
    assert page.read_text(encoding="utf-8") == f"before\n\n{BEGIN}\n{rules_table()}\n{END}\n\nafter\n"
