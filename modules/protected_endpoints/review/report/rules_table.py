"""The table of the rules of the review, for docs/review.md."""

from protected_endpoints.review.findings import SEVERITIES
from protected_endpoints.review.report.markdown import table
from protected_endpoints.review.rules import RULES


def rules_table() -> str:
    """Return the ID, severity and summary of every rule as a Markdown table, the highest severity first."""
    rules = sorted(RULES.values(), key=lambda rule: SEVERITIES.index(rule.severity))
    rows = [[f"`{rule.id}`", rule.severity, rule.summary] for rule in rules]
    return table(["rule", "severity", "reason"], rows, max_rows=len(rows))
