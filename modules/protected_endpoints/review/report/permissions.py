"""Write the table of permissions: one row for each principal, resource and condition."""

from collections.abc import Sequence
from dataclasses import dataclass

from protected_endpoints.review.analysis.grant import format_conditions
from protected_endpoints.review.analysis.permissions import Permissions
from protected_endpoints.review.markdown import code, table_of

_ADDED = "**+**"
_MAX_ACTIONS, _MAX_CONDITIONS = 12, 6


@dataclass(frozen=True)
class _Row:
    """The grants of one principal, resource and condition."""

    sign: str
    principal: str
    resource: str
    condition: str

    def cells(self, actions: Sequence[str]) -> list[str]:
        return [
            self.sign,
            "**everyone**" if self.principal == "*" else code(self.principal),
            ", ".join(map(code, actions[:_MAX_ACTIONS])),
            code(self.resource),
            "<br>".join(map(code, format_conditions(self.condition)[:_MAX_CONDITIONS])) or "none",
        ]


def permissions(changes: Permissions) -> str:
    """Return the section of permissions, and an empty text if none changes."""
    actions: dict[_Row, list[str]] = {}
    for sign, grants in (
        (_ADDED, changes.added),
        ("−", changes.removed),
        ("**deny removed**", changes.removed_denies),
    ):
        for grant in grants:
            wider = " wider" if sign == _ADDED and changes.widens(grant) else ""
            row = _Row(f"{sign}{wider}", grant.principal, grant.resource, grant.condition)
            actions.setdefault(row, []).append(grant.action)
    heads = ["", "principal", "actions", "resource", "conditions"]
    rows = table_of(heads, [*actions.items()], lambda item: item[0].cells(item[1]))
    return f"### Permissions\n\n{rows}" if actions else ""
