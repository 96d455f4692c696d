"""The rules of a review: one function per rule, registered by its ID, which yields what it finds in a plan.

A finding of a rule that blocks ends the review with exit code 2, unless it is acknowledged. Warnings are shown. Notes
are in a section that is collapsed.
"""

from importlib import import_module

from protected_endpoints.review.analysis.context import ReviewContext
from protected_endpoints.review.findings import SEVERITIES, Finding
from protected_endpoints.review.rules.registry import RULES as RULES

# In the order of findings of the same severity.
FILES = (
    "admission",
    "serving",
    "scaling",
    "cost",
    "inference_option",
    "inference_components",
    "alarms",
    "alarm_data",
    "dashboards",
    "ssm_parameters",
    "provider",
    "change_process",
    "plan_parts",
    "accepted_warnings",
    "set_values",
    "keys",
    "network_access",
    "vpc_traffic",
    "moved_protections",
    "permissions",
    "external_policies",
    "artifacts",
    "data_retention",
    "audit",
)
for _file in FILES:
    import_module(f"{__name__}.{_file}")


def findings(context: ReviewContext) -> list[Finding]:
    """Return the findings of all rules by severity, the highest first, then in the order of the rules."""
    unsorted = [finding for rule in RULES.values() for finding in rule.findings(context)]
    return sorted(unsorted, key=lambda finding: SEVERITIES.index(finding.severity))
