"""Write which findings are acknowledged, and which acknowledgements have no effect."""

from protected_endpoints.review.acknowledgements import Acknowledgement
from protected_endpoints.review.markdown import code, details_block, escape, pluralize
from protected_endpoints.review.review import Review

# Rules of earlier versions, with their IDs of today.
RENAMED_RULES = {
    "artifact-moved": "artifact-source-changed",
    "capacity-low": "single-instance",
    "data-moved": "data-destination-changed",
    "forgotten": "removed-from-state",
    "retention-ended": "retention-removed",
}


def acknowledgements(review: Review) -> str:
    """Return the section of acknowledgements, and an empty text without any for this plan."""
    lines = [
        f"* {code(finding.key(review.plan.stack))}: {escape(acknowledgement.reason)}, until {acknowledgement.expires}. "
        f"{finding.message}"
        for finding, acknowledgement in review.acknowledged_findings
    ]
    lines += [
        f"* {code(acknowledgement.finding)}: the acknowledgement expired on {acknowledgement.expires}."
        for acknowledgement in review.expired_acknowledgements
    ]
    lines += [_unknown(acknowledgement) for acknowledgement in review.unknown_acknowledgements]
    return details_block(pluralize(len(lines), "acknowledgement"), "\n".join(lines)) if lines else ""


def _unknown(acknowledgement: Acknowledgement) -> str:
    rule, new_id = acknowledgement.rule, RENAMED_RULES.get(acknowledgement.rule)
    if new_id:
        new_finding = f"{new_id}{acknowledgement.finding.removeprefix(rule)}"
        return f"* {code(acknowledgement.finding)}: the rule is renamed; acknowledge {code(new_finding)}."
    return f"* {code(acknowledgement.finding)}: unknown rule {code(rule)}; copy the finding from a review."
