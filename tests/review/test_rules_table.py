"""The table of the rules of the review has a row for each rule."""

from protected_endpoints.review.report.rules_table import rules_table
from protected_endpoints.review.rules import RULES


def test_every_rule_has_a_row_with_its_reason() -> None:
    rows = rules_table().splitlines()[2:]
    assert sorted(row.split(" | ")[0] for row in rows) == sorted(f"| `{id_}`" for id_ in RULES)
    assert all(row.endswith(". |") for row in rows)
