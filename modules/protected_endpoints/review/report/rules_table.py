"""Write the table of rules in a page: `python -m protected_endpoints.review.report.rules_table docs/review.md`."""

import sys
from pathlib import Path

from protected_endpoints.review.findings import SEVERITIES
from protected_endpoints.review.markdown import table
from protected_endpoints.review.rules import RULES

BEGIN, END = "<!-- rules: begin -->", "<!-- rules: end -->"


def rules_table() -> str:
    """Return the ID, severity and summary of every rule as a Markdown table, the highest severity first."""
    rules = sorted(RULES.values(), key=lambda rule: SEVERITIES.index(rule.severity))
    rows = [[f"`{rule.id}`", rule.severity, rule.summary] for rule in rules]
    return table(["rule", "severity", "reason"], rows, max_rows=len(rows))


def write_rules_table(page: Path) -> None:
    """Replace the table between the two marks of a page."""
    before, _, rest = page.read_text(encoding="utf-8").partition(BEGIN)
    after = rest.partition(END)[2]
    page.write_text(f"{before}{BEGIN}\n{rules_table()}\n{END}{after}", encoding="utf-8")


if __name__ == "__main__":
    write_rules_table(Path(sys.argv[1]))
