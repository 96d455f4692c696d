"""Write reviews as SARIF 2.1.0, the format that GitHub code scanning and editors show as alerts.

Only what code scanning reads is written (docs.github.com, SARIF support for code scanning).
"""

import json
from collections.abc import Sequence
from typing import Any

from protected_endpoints.review.findings import NOT_ADMITTED, SEVERITIES, Finding, Severity
from protected_endpoints.review.markdown import plain_text, sanitize
from protected_endpoints.review.review import Review
from protected_endpoints.review.rules import RULES
from protected_endpoints.review.rules.registry import Rule

_SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
_LEVELS: dict[Severity, str] = {"block": "error", "warn": "warning", "note": "note"}
_EFFECTS: dict[Severity, str] = {
    "block": "It blocks the change until it is acknowledged in review.toml.",
    "warn": "It does not block the change; look at it before the apply.",
    "note": "It is for information.",
}
_ADMISSION = "It blocks the change until an owner admits it in review.toml, or it is removed."
_MAX_RESULTS = 5_000  # of which code scanning shows the first, and above 25,000 it refuses the file
# A plan has no lines, and code scanning shows no result without a file and a region of it.
_LOCATION = {
    "artifactLocation": {"uri": "endpoints.toml", "uriBaseId": "%SRCROOT%"},
    "region": {"startLine": 1, "startColumn": 1, "endLine": 1, "endColumn": 1},
}


def sarif(reviews: Sequence[Review]) -> str:
    """Return the SARIF of reviews; the same for the same plans on the same day."""
    findings = [(review, finding) for review in reviews for finding in review.findings]
    findings.sort(key=lambda item: SEVERITIES.index(item[1].severity))
    rules = [*RULES]
    driver = {"name": "protected-endpoints review", "rules": [_rule(rule) for rule in RULES.values()]}
    run = {
        "tool": {"driver": driver},
        "results": [_result(review, finding, rules.index(finding.rule)) for review, finding in findings[:_MAX_RESULTS]],
        "properties": {"omittedResults": max(0, len(findings) - _MAX_RESULTS)},
    }
    return json.dumps({"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}, indent=2, ensure_ascii=False) + "\n"


def _rule(rule: Rule) -> dict[str, Any]:
    effect = _ADMISSION if rule.id == NOT_ADMITTED else _EFFECTS[rule.severity]
    return {
        "id": rule.id,
        "name": rule.id,
        "shortDescription": {"text": plain_text(rule.summary)},
        "fullDescription": {"text": plain_text(rule.summary)},
        "help": {"text": f"{plain_text(rule.summary)} {effect}"},
        "defaultConfiguration": {"level": _LEVELS[rule.severity]},
    }


def _result(review: Review, finding: Finding, rule_index: int) -> dict[str, Any]:
    address, stack = sanitize(finding.address), sanitize(review.plan.stack)
    acknowledgement = review.acknowledgement_of(finding)
    # Code scanning ignores suppressions, so that an acknowledged finding has the lowest level as well.
    level = "note" if acknowledgement else _LEVELS[finding.severity]
    suppressions = (
        [{"kind": "external", "status": "accepted", "justification": sanitize(acknowledgement.reason)}]
        if (acknowledgement)
        else []
    )
    return {
        "ruleId": finding.rule,
        "ruleIndex": rule_index,
        "level": level,
        "message": {"text": f"{stack}: {address}: {plain_text(finding.message)}"},
        "locations": [
            {
                "physicalLocation": _LOCATION,
                "logicalLocations": [{"name": address, "fullyQualifiedName": f"{stack}:{address}", "kind": "resource"}],
            }
        ],
        # The only key that code scanning reads: by it an alert is the same one in the next commit.
        "partialFingerprints": {"primaryLocationLineHash": review.digest(finding)},
        "suppressions": suppressions,
    }
