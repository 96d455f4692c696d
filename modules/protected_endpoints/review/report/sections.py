"""Write the parts of a comment: what a reviewer decides on first, then the details on a click."""

from collections import Counter
from dataclasses import dataclass

from protected_endpoints.review.analysis.drift import find_drift
from protected_endpoints.review.analysis.endpoints import describe_capacity
from protected_endpoints.review.analysis.inference_option import options, refusal
from protected_endpoints.review.analysis.protections import Protection
from protected_endpoints.review.findings import Finding
from protected_endpoints.review.markdown import code, details_block, escape, pluralize, table_of
from protected_endpoints.review.plan.resource_types import CONFIGURATION
from protected_endpoints.review.report.acknowledgements import acknowledgements, how_to_acknowledge
from protected_endpoints.review.report.admission import admitted, how_to_admit
from protected_endpoints.review.report.changes import all_changes, describe_actions, known_after_apply
from protected_endpoints.review.report.permissions import permissions
from protected_endpoints.review.review import Review

_SIGNS = {"block": "⛔", "warn": "⚠️", "note": "ℹ️"}


@dataclass(frozen=True)
class Section:
    """A part of a comment; in a comment that is too long, the parts with the lowest rank are omitted first."""

    rank: int
    name: str
    text: str


def sections(review: Review, *, has_title: bool) -> list[Section]:
    """Return the parts in the order of the comment, after a title if the comment has several reviews."""
    name = review.plan.stack
    if review.is_empty:
        return []
    title = [Section(90, name, f"## {escape(name)}: {review.verdict}")] if has_title else []
    parts = [
        (80, "endpoints", _endpoints(review)),
        (70, "findings", _findings(review)),
        (60, "permissions", permissions(review.context.permissions)),
        (50, "protections", _changed_protections(review)),
        (46, "how to admit", how_to_admit(review.plan.not_admitted)),
        (45, "how to acknowledge", how_to_acknowledge(review)),
        (41, "admitted", admitted(review)),
        (40, "acknowledgements", acknowledgements(review)),
        (35, "drift", _drift(review)),
        (30, "values known only after apply", known_after_apply(review)),
        (20, "other protections", _other_protections(review)),
        (10, "all changes", all_changes(review)),
    ]
    return [*title, *(Section(rank, f"{part} of {name}", text) for rank, part, text in parts if text)]


def _endpoints(review: Review) -> str:
    refused = _refused_updates(review)
    lines = [
        f"**{escape(endpoint.name)}** {refused.get(endpoint.change.address, endpoint.description)}."
        for endpoint in review.context.endpoints
    ]
    for configuration in review.plan.of_type(CONFIGURATION):
        before, after = (describe_capacity(side) for side in (configuration.before, configuration.after))
        if configuration.before and configuration.after and before != after:
            lines.append(f"Instances: {escape(before)} → **{escape(after)}**.")
    vpc_endpoints = (change for change in review.plan.of_type("aws_vpc_endpoint") if not change.is_unchanged)
    lines += [f"VPC endpoint {code(change.address)}: {describe_actions(change)}." for change in vpc_endpoints]
    if deposed := [change for change in review.plan.deposed if change.is_deleted]:
        lines.append(f"Deleted: {pluralize(len(deposed), 'deposed resource')} of a failed apply.")
    return "<br>\n".join([*lines, counts(review)])


def _refused_updates(review: Review) -> dict[str, str]:
    """Return the descriptions of the updates that SageMaker refuses, by the address of the endpoint."""
    return {
        endpoint.change.address: f"would change from {before} to {after}: {reason}"
        for endpoint in review.context.comparisons.served.endpoints
        for before, after in options(endpoint)
        if (reason := refusal(before, after))
    }


def counts(review: Review) -> str:
    """Return the numbers of changed resources, permissions and protections in one line."""
    by_action = Counter(describe_actions(change) for change in review.context.changed_resources)
    parts = [f"{number} {action}" for action, number in sorted(by_action.items())]
    for action, grants in (
        ("added", review.context.permissions.added),
        ("removed", review.context.permissions.removed),
    ):
        if grants:
            parts.append(f"{pluralize(len(grants), 'permission')} {action}")
    changed = sum(protection.is_changed for protection in review.context.protections)
    return " · ".join([*parts, f"{pluralize(changed, 'protection')} changed" if changed else "protections unchanged"])


def _findings(review: Review) -> str:
    severe = [finding for finding in review.open_findings if finding.severity != "note"]
    notes = [finding for finding in review.open_findings if finding.severity == "note"]
    heads = ["rule", "resource", "finding"]
    parts = [table_of(["", *heads], severe, _severe_finding_cells)] if severe else []
    if notes:
        body = table_of(heads, notes, _finding_cells)
        parts.append(details_block(f"{_SIGNS['note']} {pluralize(len(notes), 'note')}", body))
    return "\n\n".join(parts)


def _severe_finding_cells(finding: Finding) -> list[str]:
    return [_SIGNS[finding.severity], *_finding_cells(finding)]


def _finding_cells(finding: Finding) -> list[str]:
    return [f"`{finding.rule}`", code(finding.address), finding.message]


def _changed_protections(review: Review) -> str:
    changed = [protection for protection in review.context.protections if protection.is_changed]
    heads = ["protection", "resource", "before", "after"]
    return f"### Protections\n\n{table_of(heads, changed, _changed_protection_cells)}" if changed else ""


def _changed_protection_cells(protection: Protection) -> list[str]:
    after = f"**{escape(protection.after or 'deleted')}**"
    return [escape(protection.name), code(protection.address), escape(protection.before), after]


def _other_protections(review: Review) -> str:
    others = [
        protection
        for protection in review.context.protections
        if not protection.is_changed and protection.after is not None
    ]
    if not others:
        return ""
    summary = f"{pluralize(len(others), 'protection')} unchanged or new"
    return details_block(summary, table_of(["protection", "resource", "value"], others, _protection_cells))


def _protection_cells(protection: Protection) -> list[str]:
    return [escape(protection.name), code(protection.address), escape(protection.after)]


def _drift(review: Review) -> str:
    drift = [*find_drift(review.plan).items()]
    if not drift:
        return ""
    summary = f"{pluralize(len(drift), 'resource')} changed outside of Terraform"
    return details_block(summary, table_of(["resource", "drift"], drift, _drift_cells))


def _drift_cells(drift: tuple[str, list[str]]) -> list[str]:
    address, paths = drift
    return [code(address), code(", ".join(paths))]
