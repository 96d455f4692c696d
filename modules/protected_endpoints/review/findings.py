"""Findings and their severities."""

from dataclasses import dataclass
from typing import Literal

Severity = Literal["block", "warn", "note"]
SEVERITIES: tuple[Severity, ...] = ("block", "warn", "note")  # from the highest to the lowest


@dataclass(frozen=True)
class Finding:
    """The finding of a rule at one resource; the message is Markdown."""

    rule: str
    severity: Severity
    address: str
    message: str

    def key(self, stack: str) -> str:
        """Return the text by which `review.toml` acknowledges the finding."""
        return f"{self.rule}[{stack}:{self.address}]"
