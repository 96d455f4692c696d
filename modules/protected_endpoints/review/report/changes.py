"""Write every change of a plan: the actions, and the attributes that differ."""

import json
from collections import Counter
from collections.abc import Iterable
from typing import Any

from protected_endpoints.review.analysis.difference import differences
from protected_endpoints.review.markdown import code, code_block, details_block, pluralize, sanitize
from protected_endpoints.review.plan.plan import REMOVED_FROM_STATE, Change
from protected_endpoints.review.plan.values import UNKNOWN
from protected_endpoints.review.review import Review

_ACTIONS = {
    ("create",): "created",
    ("delete",): "deleted",
    ("update",): "updated",
    ("create", "delete"): "replaced (create before destroy)",
    ("delete", "create"): "replaced (destroy before create)",
    ("create", "forget"): "replaced (old one removed from state)",
    REMOVED_FROM_STATE: "removed from state",
}
_DOCUMENTS = ("policy", "assume_role_policy")
_NAMED_BY_AWS = {"arn", "id", "name", "key_id", "unique_id"}
_MAX_LINES, _MAX_NAMES, _MAX_PATHS = 40, 12, 5
_MAX_LENGTH = 60_000  # characters of a comment
_MAX_VALUE_LENGTH = 400  # characters


def describe_actions(change: Change) -> str:
    if change.is_unchanged:
        return "unchanged"
    return _ACTIONS.get(change.actions, sanitize(" and ".join(change.actions), 40))


def all_changes(review: Review) -> str:
    """Return the section of all changes and outputs, and an empty text without any."""
    changed = review.context.changed_resources
    parts = _until_too_long(
        f"{code(change.address)} {describe_actions(change)}{_paths(change)}\n{_diff(change)}" for change in changed
    )
    parts += [f"{code(deposed.address)} (deposed) {describe_actions(deposed)}" for deposed in review.plan.deposed]
    outputs = [f"{code(name)}: {_output(before)} → {_output(after)}" for name, before, after in review.plan.outputs]
    if outputs:
        parts.append("Outputs: " + "; ".join(outputs))
    by_action = Counter(map(describe_actions, changed))
    summary = ", ".join(f"{number} {action}" for action, number in sorted(by_action.items())) or "outputs only"
    return details_block(f"All changes: {summary}", "\n\n".join(parts)) if parts else ""


def _until_too_long(parts: Iterable[str]) -> list[str]:
    """Return the parts of a section, and none after it is too long: the comment omits the whole section then."""
    result, length = list[str](), 0
    for part in parts:
        result.append(part)
        length += len(part)
        if length > _MAX_LENGTH:
            break
    return result


def known_after_apply(review: Review) -> str:
    """Return the section of attributes with a value before that are known only after apply."""
    lines = [
        f"* {code(change.address)}: {', '.join(map(code, names[:_MAX_NAMES]))}"
        for change in review.context.changed_resources
        if (names := _unknown_names(change))
    ]
    if not lines:
        return ""
    return details_block(f"{pluralize(len(lines), 'resource')} with values known only after apply", "\n".join(lines))


def _unknown_names(change: Change) -> list[str]:
    after = change.after or {}
    return sorted(
        name
        for name, value in (change.before or {}).items()
        if value and name not in _NAMED_BY_AWS and after.get(name) == UNKNOWN
    )


def _paths(change: Change) -> str:
    return f", because of {', '.join(map(code, change.replace_paths[:_MAX_PATHS]))}" if change.replace_paths else ""


def _diff(change: Change) -> str:
    lines = []
    for path, (before, after) in (differences(change.before, change.after) if not change.is_deleted else {}).items():
        lines += [f"- {_assignment(path, before)}"] if before is not None else []
        lines += [f"+ {_assignment(path, after)}"] if after is not None else []
    return code_block("diff", lines[:_MAX_LINES]) if lines else ""


def _assignment(path: str, value: Any) -> str:
    """Return an attribute with its value; both in one text, so that the name can tell that the value is a secret."""
    if path in _DOCUMENTS:
        return f"{path} = (see Permissions)"
    name = sanitize(path)
    return sanitize(f"{name} = {_json(value)}", len(name) + _MAX_VALUE_LENGTH)


def _json(value: Any) -> str:
    return sanitize(json.dumps(value, ensure_ascii=False, default=str, sort_keys=True), _MAX_VALUE_LENGTH)


def _output(value: Any) -> str:
    return code(value if isinstance(value, str) else _json(value))
