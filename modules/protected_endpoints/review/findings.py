"""Findings and their severities."""

from dataclasses import dataclass
from typing import Literal

NOT_ADMITTED = "not-admitted"
Severity = Literal["block", "warn", "note"]
SEVERITIES: tuple[Severity, ...] = ("block", "warn", "note")  # from the highest to the lowest


@dataclass(frozen=True)
class Finding:
    """The finding of a rule at one resource; the message is Markdown."""

    rule: str
    severity: Severity
    address: str
    message: str

    @property
    def can_be_acknowledged(self) -> bool:
        """Return whether `[[acknowledged]]` can accept it; what the project does not write needs `[[admitted]]`."""
        return self.rule != NOT_ADMITTED

    def key(self, stack: str) -> str:
        """Return the text by which `review.toml` acknowledges the finding."""
        return f"{self.rule}[{stack}:{self.address}]"
