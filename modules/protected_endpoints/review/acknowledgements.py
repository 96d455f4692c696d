"""Acknowledged findings of `review.toml`: each as it was when it was acknowledged, with a reason and an expiry date."""

import re
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from protected_endpoints.review.findings import NOT_ADMITTED
from protected_endpoints.review.plan.plan import Unreadable
from protected_endpoints.review.review_file import ACKNOWLEDGED, ReviewFile

MAX_DAYS = 90  # from today to the last day of an acknowledgement
_KEYS = ("finding", "digest", "reason", "expires")
_DIGEST = re.compile(r"[0-9a-f]{16}")
_MIN_REASON_LENGTH = 10
_MAX_VALUE_LENGTH = 60  # characters


@dataclass(frozen=True)
class Acknowledgement:
    """A finding that does not count up to and including a day, as long as it has the digest."""

    finding: str
    digest: str
    reason: str
    expires: date

    def is_valid(self, today: date) -> bool:
        return today <= self.expires

    def is_for(self, stack: str) -> bool:
        return self.finding.startswith(f"{self.rule}[{stack}:")

    @property
    def rule(self) -> str:
        """Return the ID of the rule in `rule[stack:address]`."""
        return self.finding.partition("[")[0]


def acknowledgements(file: ReviewFile, today: date) -> tuple[Acknowledgement, ...]:
    """Return the acknowledgements of a file. Raises `Unreadable` with every error."""
    entries = file.entries(ACKNOWLEDGED)
    errors = [
        f"{file.path}: {ACKNOWLEDGED}[{number}]{error}"
        for number, entry in enumerate(entries)
        for error in _errors(entry, today)
    ]
    if errors:
        raise Unreadable("\n".join(errors))
    return tuple(Acknowledgement(**entry) for entry in entries if isinstance(entry, dict))


def _errors(entry: object, today: date) -> list[str]:
    if not isinstance(entry, dict):
        return [f": must be a table; set {', '.join(_KEYS)}"]
    unknown = [f".{key}: unknown key; use {', '.join(_KEYS)}" for key in entry if key not in _KEYS]
    missing = [f".{key}: required; copy the entry from the comment of a review" for key in _KEYS if key not in entry]
    checks = {"finding": _finding_error, "digest": _digest_error, "reason": _reason_error}
    invalid = [f".{key}: {error}" for key, check in checks.items() if key in entry and (error := check(entry[key]))]
    if "expires" in entry and (error := _expiry_error(entry["expires"], today)):
        invalid.append(f".expires: {error}")
    return [*unknown, *missing, *invalid]


def _finding_error(finding: Any) -> str:
    if not isinstance(finding, str):
        return f"must be a string, got {_shown(finding)}; copy it from a review"
    if finding.startswith(f"{NOT_ADMITTED}["):
        return f"cannot be acknowledged, got {_shown(finding)}; admit its type with [[admitted]]"
    return ""


def _digest_error(digest: Any) -> str:
    if isinstance(digest, str) and _DIGEST.fullmatch(digest):
        return ""
    return f"must be 16 digits from 0 to f, got {_shown(digest)}; copy it from the comment of a review"


def _reason_error(reason: Any) -> str:
    if isinstance(reason, str) and len(reason.strip()) >= _MIN_REASON_LENGTH:
        return ""
    return (
        f"must be a string of {_MIN_REASON_LENGTH} characters or more, got {_shown(reason)}; "
        "state who approved it, and why"
    )


def _expiry_error(expires: Any, today: date) -> str:
    latest = today + timedelta(days=MAX_DAYS)
    # A datetime is a date as well, and cannot be compared with one.
    if type(expires) is not date:
        return f"must be a date, got {_shown(expires)}; for example, set expires = {latest}"
    if expires > latest:
        return f"must be at most {MAX_DAYS} days ahead, got {expires}; set expires = {latest} or an earlier day"
    return ""


def _shown(value: object) -> str:
    return repr(str(value))[:_MAX_VALUE_LENGTH]
