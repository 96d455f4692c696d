"""Every link and every path in the documentation leads to something that exists."""

import re
from pathlib import Path

import pytest

from tests.examples import ROOT

PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/*.md")])
_EACH_PAGE = pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)


def _prose(page: Path) -> str:
    """Return the text of a page without its code blocks."""
    return re.sub(r"^ *```.*?^ *```", "", page.read_text(encoding="utf-8"), flags=re.MULTILINE | re.DOTALL)


def _anchors(page: Path) -> set[str]:
    """Return the anchors that GitHub derives from the headings of a page."""
    headings = re.findall(r"^#+ (.*)$", _prose(page), flags=re.MULTILINE)
    return {re.sub(r"[^\w -]", "", heading).lower().replace(" ", "-") for heading in headings}


@_EACH_PAGE
def test_every_link_leads_to_a_file_and_a_heading(page: Path) -> None:
    links = re.findall(r"\]\(([^)\s]+)\)", _prose(page))
    broken = []
    for link in links:
        target, _, anchor = link.partition("#")
        file = page.parent / target if target else page
        if not target.startswith("https://") and not (file.exists() and (not anchor or anchor in _anchors(file))):
            broken.append(link)
    assert broken == []


@_EACH_PAGE
def test_every_path_exists(page: Path) -> None:
    paths = re.findall(r"`((?:modules|tests|docs|examples|sandbox|\.github)/[\w./-]+)`", _prose(page))
    assert {path for path in paths if not (ROOT / path).exists()} == set()
