"""Read `review.toml`: acknowledged findings, each with a reason and an expiry date."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from protected_endpoints.review.plan.files import read_toml
from protected_endpoints.review.plan.plan import Unreadable

_KEYS = {"finding", "reason", "expires"}
_MIN_REASON_LENGTH = 10


@dataclass(frozen=True)
class Acknowledgement:
    """A finding that does not count up to and including a day."""

    finding: str
    reason: str
    expires: date

    def is_valid(self, today: date) -> bool:
        return today <= self.expires

    @property
    def rule(self) -> str:
        """Return the ID of the rule in `rule[stack:address]`."""
        return self.finding.partition("[")[0]


def read(file: Path | None) -> tuple[Acknowledgement, ...]:
    """Return the acknowledgements of a file, and none without a file. Raises `Unreadable` with every error."""
    if file is None:
        return ()
    parsed = read_toml(file, option="--acknowledged")
    entries = parsed.get("acknowledged", [])
    if not isinstance(entries, list):
        raise Unreadable(f"{file}: acknowledged: must be an array of tables; start each entry with [[acknowledged]]")
    errors = [f"{file}: {key}: unknown key; use [[acknowledged]]" for key in parsed if key != "acknowledged"]
    for number, entry in enumerate(entries):
        errors += [f"{file}: acknowledged[{number}]{error}" for error in _errors(entry)]
    if errors:
        raise Unreadable("\n".join(errors))
    return tuple(Acknowledgement(entry["finding"], entry["reason"], entry["expires"]) for entry in entries)


def _errors(entry: object) -> Sequence[str]:
    if not isinstance(entry, dict):
        return [": must be a table; set finding, reason and expires"]
    unknown = [f".{key}: unknown key; use {', '.join(sorted(_KEYS))}" for key in entry if key not in _KEYS]
    missing = [f".{key}: required; add it" for key in sorted(_KEYS) if key not in entry]
    invalid = []
    if "finding" in entry and not isinstance(entry["finding"], str):
        invalid.append(".finding: must be a string; copy it from a review")
    reason = entry.get("reason", "a valid reason")
    if not isinstance(reason, str) or len(reason) < _MIN_REASON_LENGTH:
        invalid.append(
            f".reason: must be a string of {_MIN_REASON_LENGTH} characters or more; state who approved it, and why"
        )
    # A datetime is a date as well, and cannot be compared with one.
    if "expires" in entry and type(entry["expires"]) is not date:
        invalid.append(".expires: must be a date; for example, set expires = 2027-01-31")
    return [*unknown, *missing, *invalid]
