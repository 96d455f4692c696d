"""docs/review.md says what each rule of a review reports."""

import inspect
import re
from pathlib import Path

from protected_endpoints.review.rules import RULES

_DOCS = Path(__file__).parent.parent.parent / "docs"


def test_the_rules_of_a_review_stand_in_its_page_with_what_they_say() -> None:
    page = (_DOCS / "review.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| `([\w-]+)` \| (\w+) \| (.+) \|$", page, flags=re.MULTILINE)
    said = [(name, severity, (inspect.getdoc(rule) or "").splitlines()[0]) for name, (severity, rule) in RULES.items()]
    assert rows == said
