"""Write the parts of a comment: what a reviewer decides on, and then the rest, folded."""

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from protected_endpoints.review.analysis.difference import differences
from protected_endpoints.review.analysis.drift import drifted
from protected_endpoints.review.analysis.endpoints import CONFIGURATION, count, shown_capacity
from protected_endpoints.review.analysis.grant import Grant, in_words
from protected_endpoints.review.plan.plan import FORGET, Change
from protected_endpoints.review.plan.values import UNKNOWN
from protected_endpoints.review.report.markdown import code, fenced, folded, plain, table, visible
from protected_endpoints.review.review import Review

_SIGNS = {"block": "⛔", "warn": "⚠️", "note": "ℹ️"}
_ACTIONS = {
    ("create",): "added",
    ("delete",): "deleted",
    ("update",): "updated",
    ("create", "delete"): "replaced, new first",
    ("delete", "create"): "replaced, old first",
    ("create", "forget"): "replaced, old one forgotten",
    FORGET: "forgotten",
}
_DOCUMENTS = ("policy", "assume_role_policy")
_NAMED_BY_AWS = {"arn", "id", "name", "key_id", "unique_id"}
_MOST_LINES = 40


@dataclass(frozen=True)
class Section:
    """Define a part of a comment; the ones with the lowest rank are left out first where it would be too long."""

    rank: int
    name: str
    text: str


def sections(review: Review, *, several: bool) -> list[Section]:
    """Return the parts in the order in which they are read."""
    name = review.plan.stack
    if review.changes_nothing:
        return []
    title = [Section(90, name, f"## {plain(name)}: {review.verdict}")] if several else []
    parts = [
        (80, "endpoints", _endpoints(review)),
        (70, "findings", _findings(review)),
        (60, "permissions", _permissions(review)),
        (50, "protections", _protections(review)),
        (40, "acknowledged", _acknowledged(review)),
        (35, "drift", _drift(review)),
        (30, "known only after the apply", _unknown(review)),
        (20, "protections that stay", _unchanged(review)),
        (10, "all changes", _changes(review)),
    ]
    return [*title, *(Section(rank, f"{part} of {name}", text) for rank, part, text in parts if text)]


def _endpoints(review: Review) -> str:
    lines = [
        f"**{plain(each.change.becomes('name') or each.change.was('name') or each.change.address)}** {each.says}."
        for each in review.view.endpoints
    ]
    for each in review.plan.of_type(CONFIGURATION):
        before, after = (shown_capacity(side) for side in (each.before, each.after))
        if each.before and each.after and before != after:
            lines.append(f"Instances: {plain(before)} → **{plain(after)}**.")
    private = (each for each in review.plan.of_type("aws_vpc_endpoint") if not each.stays)
    lines += [f"The private endpoint {code(each.address)} is {_action(each)}." for each in private]
    if left := review.plan.deposed:
        lines.append(f"{count(len(left), 'resource')} of a version before, which an apply left behind, are deleted.")
    return "<br>\n".join([*lines, counted(review)])


def counted(review: Review) -> str:
    permissions = review.view.permissions
    counts = Counter(_action(each) for each in review.view.changing)
    said = [f"{number} {action}" for action, number in sorted(counts.items())]
    grants = [("permission added", len(permissions.added)), ("permission removed", len(permissions.removed))]
    changed = sum(each.changes for each in review.view.protections)
    said += [
        f"{number} {noun.replace('permission', 'permissions') if number != 1 else noun}"
        for noun, number in grants
        if number
    ]
    return " · ".join([*said, f"{count(changed, 'protection')} changed" if changed else "protections unchanged"])


def _findings(review: Review) -> str:
    shown = [each for each in review.open if each.severity != "note"]
    notes = [each for each in review.open if each.severity == "note"]
    rows = [[_SIGNS[each.severity], f"`{each.rule}`", code(each.about), each.says] for each in shown]
    parts = [table(["", "finding", "where", "what happens"], rows)] if rows else []
    if notes:
        body = table(
            ["finding", "where", "what happens"], [[f"`{each.rule}`", code(each.about), each.says] for each in notes]
        )
        parts.append(folded(f"{_SIGNS['note']} {count(len(notes), 'note')}", body))
    return "\n\n".join(parts)


def _permissions(review: Review) -> str:
    permissions = review.view.permissions
    signs = [("**+**", permissions.added), ("−", permissions.removed), ("**no longer denied**", permissions.undenied)]
    rows = [line for sign, grants in signs for line in _grouped(sign, grants, permissions.widens)]
    return f"### Permissions\n\n{table(['', 'who', 'may', 'on', 'when'], rows)}" if rows else ""


def _grouped(sign: str, grants: Sequence[Grant], widens: Any) -> list[list[str]]:
    """Return a row for each who, on what and when; actions stand together."""
    groups: dict[tuple[str, str, str, bool], list[str]] = {}
    for each in grants:
        groups.setdefault((each.who, each.on, each.when, sign == "**+**" and widens(each)), []).append(each.may)
    return [
        [
            f"{sign} wider" if wider else sign,
            _who(who),
            ", ".join(code(each) for each in may[:12]),
            code(on),
            _when(when),
        ]
        for (who, on, when, wider), may in groups.items()
    ]


def _who(who: str) -> str:
    return "**everybody**" if who == "*" else code(who)


def _when(when: str) -> str:
    return "<br>".join(code(each) for each in in_words(when)[:6]) or "always"


def _protections(review: Review) -> str:
    rows = [
        [plain(each.name), code(each.address), plain(each.before), f"**{plain(each.after or 'gone')}**"]
        for each in review.view.protections
        if each.changes
    ]
    return f"### Protections\n\n{table(['protection', 'of', 'before', 'after'], rows)}" if rows else ""


def _unchanged(review: Review) -> str:
    rows = [
        [plain(each.name), code(each.address), plain(each.after)]
        for each in review.view.protections
        if not each.changes and each.after is not None
    ]
    return (
        folded(f"{count(len(rows), 'protection')} as before or new", table(["protection", "of", ""], rows))
        if rows
        else ""
    )


def _acknowledged(review: Review) -> str:
    lines = [
        f"* {code(each.key(review.plan.stack))}: {plain(by.reason)}, until {by.expires}. {each.says}"
        for each, by in review.silenced
    ]
    lines += [
        f"* {code(each.finding)} was acknowledged until {each.expires}, and counts again." for each in review.expired
    ]
    return folded(f"{count(len(lines), 'acknowledgement')}", "\n".join(lines)) if lines else ""


def _drift(review: Review) -> str:
    rows = [[code(address), code(", ".join(paths))] for address, paths in drifted(review.plan).items()]
    if not rows:
        return ""
    return folded(f"{count(len(rows), 'resource')} changed outside of Terraform", table(["where", "what"], rows))


def _unknown(review: Review) -> str:
    lines = [
        f"* {code(each.address)}: {', '.join(code(name) for name in names[:12])}"
        for each in review.view.changing
        if (names := _unknown_names(each))
    ]
    if not lines:
        return ""
    return folded(f"{count(len(lines), 'resource')} with values that are known only after the apply", "\n".join(lines))


def _unknown_names(change: Change) -> list[str]:
    """Return what was there before and is known only after the apply, but for what AWS names."""
    after = change.after or {}
    return sorted(
        name
        for name, was in (change.before or {}).items()
        if was and name not in _NAMED_BY_AWS and after.get(name) == UNKNOWN
    )


def _changes(review: Review) -> str:
    parts = [
        f"{code(each.address)} {_action(each)}{_paths(each)}\n{_difference(each)}" for each in review.view.changing
    ]
    outputs = [f"{code(name)}: {_value(before)} → {_value(after)}" for name, before, after in review.plan.outputs]
    if outputs:
        parts.append("Outputs: " + "; ".join(outputs))
    counts = Counter(_action(each) for each in review.view.changing)
    summary = ", ".join(f"{number} {action}" for action, number in sorted(counts.items())) or "outputs alone"
    return folded(f"All changes: {summary}", "\n\n".join(parts)) if parts else ""


def _paths(change: Change) -> str:
    return f", because of {', '.join(code(each) for each in change.replace_paths[:5])}" if change.replace_paths else ""


def _difference(change: Change) -> str:
    lines = []
    for path, (before, after) in (differences(change.before, change.after) if not change.goes else {}).items():
        shown = ("(see Permissions)",) * 2 if path in _DOCUMENTS else (_text(before), _text(after))
        lines += [f"- {visible(path)} = {shown[0]}"] if before is not None else []
        lines += [f"+ {visible(path)} = {shown[1]}"] if after is not None else []
    return fenced(lines[:_MOST_LINES]) if lines else ""


def _text(value: Any) -> str:
    return visible(json.dumps(value, ensure_ascii=False, default=str, sort_keys=True), 400)


def _value(value: Any) -> str:
    return code(value if isinstance(value, str) else _text(value))


def _action(change: Change) -> str:
    return _ACTIONS.get(change.actions, "left as it is" if change.stays else visible(" and ".join(change.actions), 40))
