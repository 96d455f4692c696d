"""Write which findings are acknowledged, which acknowledgements have no effect, and how to acknowledge a finding."""

import json
from datetime import date, timedelta

from protected_endpoints.review.acknowledgements import MAX_DAYS, Acknowledgement
from protected_endpoints.review.findings import Finding
from protected_endpoints.review.markdown import code, code_block, details_block, escape, is_invisible, pluralize
from protected_endpoints.review.review import Review
from protected_endpoints.secret_scan import redact

# Rules of earlier versions, with their IDs of today.
RENAMED_RULES = {
    "artifact-moved": "artifact-source-changed",
    "capacity-low": "single-instance",
    "data-moved": "data-destination-changed",
    "forgotten": "removed-from-state",
    "retention-ended": "retention-removed",
}
_PROPOSED_DAYS = 30
_MAX_ENTRIES = 30


def acknowledgements(review: Review) -> str:
    """Return the section of acknowledgements, and an empty text without any for this plan."""
    lines = [
        f"* {_code(finding.key(review.plan.stack))}: {escape(acknowledgement.reason)}, "
        f"until {acknowledgement.expires}. {finding.message}"
        for finding, acknowledgement in review.acknowledged_findings
    ]
    lines += [
        f"* {_code(acknowledgement.finding)}: the acknowledgement expired on {acknowledgement.expires}. "
        "Review it again, and set a later day, or remove the entry."
        for acknowledgement in review.expired_acknowledgements
    ]
    lines += [_outdated(review, acknowledgement) for acknowledgement in review.outdated_acknowledgements]
    lines += [_unknown(acknowledgement) for acknowledgement in review.unknown_acknowledgements]
    lines += [
        f"* {_code(acknowledgement.finding)}: this plan has no such finding; remove the entry after the apply."
        for acknowledgement in review.unused_acknowledgements
    ]
    return details_block(pluralize(len(lines), "acknowledgement"), "\n".join(lines)) if lines else ""


def how_to_acknowledge(review: Review) -> str:
    """Return the entries of `review.toml` that acknowledge the findings that block, and an empty text without any."""
    blocking = [
        finding for finding in review.open_findings if finding.severity == "block" and finding.can_be_acknowledged
    ]
    if not blocking:
        return ""
    entries = [_entry(review, finding) for finding in blocking[:_MAX_ENTRIES]]
    if len(blocking) > _MAX_ENTRIES:
        entries.append(f"# and {len(blocking) - _MAX_ENTRIES} more")
    summary = f"To acknowledge {pluralize(len(blocking), 'finding')}, add to review.toml"
    return details_block(summary, code_block("toml", "\n\n".join(entries).splitlines()))


def _entry(review: Review, finding: Finding) -> str:
    expires: date = review.today + timedelta(days=_PROPOSED_DAYS)
    return (
        "[[acknowledged]]\n"
        f"finding = {_toml_string(finding.key(review.plan.stack))}\n"
        f'digest = "{review.digest(finding)}"\n'
        'reason = ""  # who approved it, and why\n'
        f"expires = {expires}  # at most {MAX_DAYS} days ahead"
    )


def _code(finding: str) -> str:
    """Return `rule[stack:address]` as code. `redact` would take the whole of `rule[dev-token:address]` for a token."""
    stack, colon, address = finding.partition(":")
    return code(stack) if not colon else f"{code(stack).removesuffix('`')}:{code(address).removeprefix('`')}"


def _toml_string(finding: str) -> str:
    """Return `rule[stack:address]` as a string of TOML in one line, in which every invisible character is an escape."""
    quoted = json.dumps(":".join(map(redact, finding.split(":", 1))), ensure_ascii=False)
    return "".join(f"\\U{ord(item):08x}" if is_invisible(item) else item for item in quoted)


def _outdated(review: Review, acknowledgement: Acknowledgement) -> str:
    digests = ", ".join(map(code, review.digests_of(acknowledgement.finding)))
    return (
        f"* {_code(acknowledgement.finding)}: the finding has changed since it was acknowledged: digest "
        f"{code(acknowledgement.digest)}, now {digests}. Review it again, and update the entry."
    )


def _unknown(acknowledgement: Acknowledgement) -> str:
    rule, new_id = acknowledgement.rule, RENAMED_RULES.get(acknowledgement.rule)
    if new_id:
        new_finding = f"{new_id}{acknowledgement.finding.removeprefix(rule)}"
        return f"* {_code(acknowledgement.finding)}: the rule is renamed; acknowledge {_code(new_finding)}."
    return f"* {_code(acknowledgement.finding)}: unknown rule {code(rule)}; copy the finding from a review."
