"""Read what an instance costs, from a table that you keep: nothing of AWS's prices is in this project."""

import tomllib
from dataclasses import dataclass, field
from datetime import date
from math import inf
from pathlib import Path

from modules.review.plan import Unreadable
from modules.review.values import table


@dataclass(frozen=True)
class Prices:
    """Define US dollars for an hour of each instance type, and of when they are."""

    of: date | None = None
    hourly: dict[str, float] = field(default_factory=dict)


NONE = Prices()


def read(file: Path | None) -> Prices:
    """Return the prices of a file, and none without one. Raises `Unreadable`."""
    if file is None:
        return NONE
    try:
        parsed = tomllib.loads(file.read_text(encoding="utf-8"))
    except OSError as error:
        raise Unreadable(f"{file}: cannot be read ({error.strerror}); leave --prices out without one") from None
    except (ValueError, RecursionError) as error:
        raise Unreadable(f"{file}: not valid TOML: {error}; correct it there") from None
    of, hourly = parsed.get("date"), parsed.get("hourly")
    right = isinstance(hourly, dict) and all(type(each) in (int, float) and 0 <= each < inf for each in hourly.values())
    if type(of) is not date or not right or {*parsed} != {"date", "hourly"}:
        raise Unreadable(
            f'{file}: not a date and prices; write date = 2026-11-01, and [hourly] with "ml.m5.xlarge" = 0.23'
        )
    return Prices(of, {str(kind): float(each) for kind, each in table(hourly).items()})
