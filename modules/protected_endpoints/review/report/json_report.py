"""Write reviews as JSON for other programs. docs/review.md describes the keys.

All texts are plain: without Markdown, with credentials hidden, and in one line.
"""

import json
from collections.abc import Iterator, Sequence
from typing import Any

from protected_endpoints.review.analysis.grant import Grant, format_conditions
from protected_endpoints.review.findings import Finding
from protected_endpoints.review.markdown import plain_text, sanitize
from protected_endpoints.review.plan.fingerprint import fingerprint
from protected_endpoints.review.review import Review

_VERSION = 1  # increases when a key is removed or changes its meaning
_MAX_LENGTH = 2_000  # characters of a text


def json_report(reviews: Sequence[Review]) -> str:
    """Return the JSON of reviews; the same for the same plans on the same day."""
    content = {
        "version": _VERSION,
        "blocked": any(review.is_blocked for review in reviews),
        "fingerprint": fingerprint([review.plan for review in reviews]),
        "stacks": [_stack(review) for review in reviews],
    }
    return json.dumps(content, indent=2, ensure_ascii=False) + "\n"


def _stack(review: Review) -> dict[str, Any]:
    return {
        "stack": _text(review.plan.stack),
        "verdict": review.verdict,
        "blocked": review.is_blocked,
        "findings": [_finding(review, finding) for finding in review.findings],
        "endpoints": [
            {
                "name": _text(endpoint.name),
                "address": _text(endpoint.change.address),
                "action": str(endpoint.action),
                "description": plain_text(endpoint.description),
            }
            for endpoint in review.context.endpoints
        ],
        "permissions": [*_permissions(review)],
        "protections": [
            {
                "name": _text(protection.name),
                "address": _text(protection.address),
                "before": _optional(protection.before),
                "after": _optional(protection.after),
                "changed": protection.is_changed,
            }
            for protection in review.context.protections
        ],
        "changes": [
            {"address": _text(change.address), "actions": [_text(action) for action in change.actions]}
            for change in review.context.changed_resources
        ],
    }


def _finding(review: Review, finding: Finding) -> dict[str, Any]:
    acknowledgement = review.acknowledgement_of(finding)
    return {
        "rule": finding.rule,
        "severity": finding.severity,
        "address": _text(finding.address),
        "message": plain_text(finding.message),
        "digest": review.digest(finding),
        "acknowledged": acknowledgement
        and {"reason": _text(acknowledgement.reason), "expires": acknowledgement.expires.isoformat()},
    }


def _permissions(review: Review) -> Iterator[dict[str, Any]]:
    """Yield what is added and removed; a removed deny has the effect `Deny`."""
    permissions = review.context.permissions
    for grant in permissions.added:
        yield {"change": "added", "wider": permissions.widens(grant), **_grant(grant)}
    for grant in (*permissions.removed, *permissions.removed_denies):
        yield {"change": "removed", "wider": False, **_grant(grant)}


def _grant(grant: Grant) -> dict[str, Any]:
    return {
        "effect": grant.effect,
        "principal": _text(grant.principal),
        "action": _text(grant.action),
        "resource": _text(grant.resource),
        "conditions": [_text(condition) for condition in format_conditions(grant.condition)],
        "address": _text(grant.address),
    }


def _text(text: str) -> str:
    return sanitize(text, _MAX_LENGTH)


def _optional(text: str | None) -> str | None:
    return None if text is None else _text(text)
