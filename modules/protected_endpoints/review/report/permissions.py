"""Write the table of permissions: one row for each principal, resource and condition."""

from collections.abc import Callable, Sequence

from protected_endpoints.review.analysis.grant import Grant, format_conditions
from protected_endpoints.review.analysis.permissions import Permissions
from protected_endpoints.review.markdown import code, table

_ADDED = "**+**"
_MAX_ACTIONS, _MAX_CONDITIONS = 12, 6


def permissions(changes: Permissions) -> str:
    """Return the section of permissions, and an empty text if none changes."""
    groups = ((_ADDED, changes.added), ("−", changes.removed), ("**deny removed**", changes.removed_denies))
    rows = [row for sign, grants in groups for row in _rows(sign, grants, changes.widens)]
    heads = ["", "principal", "actions", "resource", "conditions"]
    return f"### Permissions\n\n{table(heads, rows)}" if rows else ""


def _rows(sign: str, grants: Sequence[Grant], widens: Callable[[Grant], bool]) -> list[list[str]]:
    groups: dict[tuple[str, str, str, bool], list[str]] = {}
    for grant in grants:
        key = (grant.principal, grant.resource, grant.condition, sign == _ADDED and widens(grant))
        groups.setdefault(key, []).append(grant.action)
    return [
        [
            f"{sign} wider" if is_wider else sign,
            "**everyone**" if principal == "*" else code(principal),
            ", ".join(map(code, actions[:_MAX_ACTIONS])),
            code(resource),
            "<br>".join(map(code, format_conditions(condition)[:_MAX_CONDITIONS])) or "none",
        ]
        for (principal, resource, condition, is_wider), actions in groups.items()
    ]
