"""What is known of a running endpoint in the words of `endpoints.toml`."""

from dataclasses import dataclass, field
from typing import Any

AS_BEFORE = "as it was before"


@dataclass
class Adopted:
    """The table, what it cannot express, and what its owner should know."""

    table: dict[str, Any] = field(default_factory=dict)
    left_out: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
