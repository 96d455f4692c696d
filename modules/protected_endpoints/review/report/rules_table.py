"""The table of the rules of the review in docs/review.md, written from the registry: `make schema`."""

from pathlib import Path

from protected_endpoints.review.findings import SEVERITIES
from protected_endpoints.review.markdown import table
from protected_endpoints.review.rules import RULES

PAGE = Path("docs") / "review.md"
BEGIN, END = "<!-- rules: begin -->", "<!-- rules: end -->"


def rules_table() -> str:
    """Return the ID, severity and summary of every rule as a Markdown table, the highest severity first."""
    rules = sorted(RULES.values(), key=lambda rule: SEVERITIES.index(rule.severity))
    rows = [[f"`{rule.id}`", rule.severity, rule.summary] for rule in rules]
    return table(["rule", "severity", "reason"], rows, max_rows=len(rows))
