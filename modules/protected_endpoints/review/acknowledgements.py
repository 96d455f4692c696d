"""Read `review.toml`: findings that somebody has acknowledged, with the reason, and until when."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from protected_endpoints.review.plan.files import read_toml
from protected_endpoints.review.plan.plan import Unreadable

_KEYS = {"finding", "reason", "expires"}
_SHORTEST_REASON = 10


@dataclass(frozen=True)
class Acknowledged:
    """Define a finding that does not block until a day, and why."""

    finding: str
    reason: str
    expires: date

    def holds(self, today: date) -> bool:
        return today <= self.expires


def read(file: Path | None) -> tuple[Acknowledged, ...]:
    """Return what a file acknowledges, and nothing without one. Raises `Unreadable` with everything that is wrong."""
    if file is None:
        return ()
    parsed = read_toml(file, option="--acknowledged")
    entries = parsed.get("acknowledged", [])
    wrong = [f"{file}: {key}: unknown key; write [[acknowledged]] tables" for key in parsed if key != "acknowledged"]
    if not isinstance(entries, list):
        raise Unreadable(f"{file}: acknowledged: not a list of tables; write [[acknowledged]] before each")
    for number, entry in enumerate(entries):
        wrong += [f"{file}: acknowledged[{number}]{each}" for each in _wrong(entry)]
    if wrong:
        raise Unreadable("\n".join(wrong))
    return tuple(Acknowledged(each["finding"], each["reason"], each["expires"]) for each in entries)


def _wrong(entry: object) -> Sequence[str]:
    if not isinstance(entry, dict):
        return [": not a table; write finding, reason and expires"]
    unknown = [f".{key}: unknown key; the keys are {', '.join(sorted(_KEYS))}" for key in entry if key not in _KEYS]
    missing = [f".{key}: required, and missing; add it" for key in sorted(_KEYS) if key not in entry]
    kinds = []
    if "finding" in entry and not isinstance(entry["finding"], str):
        kinds.append(".finding: not a string; copy it from a review")
    reason = entry.get("reason", "a reason in words")
    if not isinstance(reason, str) or len(reason) < _SHORTEST_REASON:
        kinds.append(
            f".reason: not a reason in words, of {_SHORTEST_REASON} characters or more; say who agreed, and why"
        )
    # A datetime is a date as well, and compares with none.
    if "expires" in entry and type(entry["expires"]) is not date:
        kinds.append(".expires: not a date; write for example expires = 2027-01-31")
    return [*unknown, *missing, *kinds]
