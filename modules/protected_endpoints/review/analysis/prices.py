"""Read what an instance costs, from a table that you keep: nothing of AWS's prices is in this project."""

from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from protected_endpoints.review.plan.files import read_toml
from protected_endpoints.review.plan.plan import Unreadable
from protected_endpoints.review.plan.values import table

_MOST = 1_000_000  # US dollars an hour


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
    parsed = read_toml(file, option="--prices")
    of, hourly = parsed.get("date"), parsed.get("hourly")
    right = isinstance(hourly, dict) and all(
        type(each) in (int, float) and 0 <= each <= _MOST for each in hourly.values()
    )
    if type(of) is not date or not right or {*parsed} != {"date", "hourly"}:
        raise Unreadable(
            f'{file}: not a date and prices; write date = 2026-11-01, and [hourly] with "ml.m5.xlarge" = 0.23'
        )
    return Prices(of, {str(kind): float(each) for kind, each in table(hourly).items()})


def _is_price(value: object) -> bool:
    # A whole number may be larger than any float, and true is one as well.
    return isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value <= _MOST
