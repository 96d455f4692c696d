"""Read instance prices from a file of the user: this project contains no AWS prices."""

from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from protected_endpoints.review.plan.files import read_toml
from protected_endpoints.review.plan.plan import Unreadable
from protected_endpoints.review.plan.values import as_dict

_MAX_PRICE = 1_000_000  # US dollars per hour


@dataclass(frozen=True)
class Prices:
    """US dollars per hour by instance type, and the date of these prices."""

    as_of: date | None = None
    hourly: dict[str, float] = field(default_factory=dict)


NO_PRICES = Prices()


def read(file: Path | None) -> Prices:
    """Return the prices of a file, and none without a file. Raises `Unreadable`."""
    if file is None:
        return NO_PRICES
    parsed = read_toml(file, option="--prices")
    as_of, hourly = parsed.get("date"), parsed.get("hourly")
    is_valid = isinstance(hourly, dict) and all(map(_is_price, hourly.values()))
    if type(as_of) is not date or not is_valid or {*parsed} != {"date", "hourly"}:
        raise Unreadable(
            f"{file}: must contain a date and prices; for example, set date = 2026-11-01, and "
            '"ml.m5.xlarge" = 0.23 under [hourly]'
        )
    return Prices(as_of, {str(instance_type): float(price) for instance_type, price in as_dict(hourly).items()})


def _is_price(value: object) -> bool:
    # An integer may be larger than any float, and a bool is an integer as well.
    return isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value <= _MAX_PRICE
