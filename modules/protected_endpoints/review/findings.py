"""Define what a rule finds."""

from dataclasses import dataclass
from typing import Literal

Severity = Literal["block", "warn", "note"]
ORDER: tuple[Severity, ...] = ("block", "warn", "note")


@dataclass(frozen=True)
class Finding:
    """Define one thing that a reviewer has to know: which rule, about what, what happens and why it matters."""

    rule: str
    severity: Severity
    about: str
    says: str

    def key(self, stack: str) -> str:
        """Return how `review.toml` names the finding."""
        return f"{self.rule}[{stack}:{self.about}]"
