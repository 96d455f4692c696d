"""Read `review.toml`, in which the owners of a repository accept what a review would block."""

from dataclasses import dataclass
from pathlib import Path

from protected_endpoints.review.plan.files import read_toml
from protected_endpoints.review.plan.plan import Unreadable
from protected_endpoints.review.plan.values import Json

ACKNOWLEDGED, ADMITTED = "acknowledged", "admitted"
_TABLES = (ACKNOWLEDGED, ADMITTED)


@dataclass(frozen=True)
class ReviewFile:
    """The arrays of tables of a `review.toml`; without a file all of them are empty."""

    path: Path | None
    tables: Json

    def entries(self, name: str) -> list[object]:
        """Return the entries of an array of tables. Raises `Unreadable` if it is something else."""
        entries = self.tables.get(name, [])
        if not isinstance(entries, list):
            raise Unreadable(
                f"{self.path}: {name}: must be an array of tables, got {type(entries).__name__}; "
                f"start each entry with [[{name}]]"
            )
        return entries


def read(path: Path | None) -> ReviewFile:
    """Return the content of a file. Raises `Unreadable` with every unknown key."""
    tables = read_toml(path, option="--acknowledged") if path else {}
    allowed = " or ".join(f"[[{name}]]" for name in _TABLES)
    if unknown := [f"{path}: {key}: unknown key; use {allowed}" for key in tables if key not in _TABLES]:
        raise Unreadable("\n".join(unknown))
    return ReviewFile(path, tables)
