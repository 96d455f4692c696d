"""Schedules of Application Auto Scaling: the fields of `cron`, the time of `at`, and the unit of `rate`.

Source: scheduled-scaling-using-cron-expressions in the guide of Application Auto Scaling, and eb-cron-expressions in
that of EventBridge, to which it refers.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

_MONTHS = ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC")
_DAYS = ("SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT")

_DAY = rf"([1-7]|{'|'.join(_DAYS)})"


@dataclass(frozen=True)
class _Field:
    """A field of `cron`: its range, names of values from its start, other forms of a value, and whether it has steps.

    `single` is the form of a value that cannot be in a list.
    """

    name: str
    first: int
    last: int
    names: tuple[str, ...] = ()
    special: str = ""
    single: str = ""
    steps: bool = True

    def number(self, text: str) -> int | None:
        """Return the number of a value or of its name, or None if it is out of range."""
        value = self.names.index(text) + self.first if text in self.names else int(text) if text.isdecimal() else -1
        return value if self.first <= value <= self.last else None


_FIELDS = (
    _Field("minutes", 0, 59),
    _Field("hours", 0, 23),
    _Field("day-of-month", 1, 31, special=r"L|LW|([1-9]|[12][0-9]|3[01])W"),
    _Field("month", 1, 12, _MONTHS),
    _Field("day-of-week", 1, 7, _DAYS, special=rf"L|{_DAY}L", single=f"{_DAY}#[1-5]", steps=False),
    _Field("year", 1970, 2199),
)
_DAY_FIELDS = (2, 4)


def schedule_problems(schedule: str) -> Iterator[str]:
    """Yield what is wrong with a schedule that has the form of `cron(...)`, `at(...)` or `rate(...)`."""
    kind, _, arguments = schedule.removesuffix(")").partition("(")
    if kind == "cron":
        yield from _cron_problems(arguments.split())
    elif kind == "at" and at_time(schedule) is None:
        yield "the date or time of at does not exist"


def corrected_schedule(schedule: str) -> str | None:
    """Return the schedule that a cron expression of another tool stands for, or None.

    Those have five fields, or * in both fields of days.
    """
    values = schedule.removeprefix("cron(").removesuffix(")").split()
    match values:
        case [*times, "*"] if len(times) == len(_FIELDS) - 2:
            values = [*times, "?", "*"]
        case [minutes, hours, days, months, "*", year]:
            values = [minutes, hours, days, months, "?", year]
        case [minutes, hours, "*", months, weekdays, year]:
            values = [minutes, hours, "?", months, weekdays, year]
    corrected = f"cron({' '.join(values)})"
    return None if [*schedule_problems(corrected)] else corrected


def at_time(schedule: str) -> datetime | None:
    """Return the time of `at(...)` as if it were in UTC, or None for another schedule or a date that does not exist."""
    return parsed_time(schedule.removeprefix("at(").removesuffix(")")) if schedule.startswith("at(") else None


def parsed_time(text: str) -> datetime | None:
    """Return a time without an offset, or with Z, in UTC; None if it does not exist."""
    try:
        return datetime.fromisoformat(text.removesuffix("Z")).replace(tzinfo=UTC)
    except ValueError:
        return None


def _cron_problems(values: list[str]) -> Iterator[str]:
    if len(values) != len(_FIELDS):
        names = ", ".join(field.name for field in _FIELDS)
        yield f"cron requires the {len(_FIELDS)} fields {names}, but has {len(values)}"
        return
    for index, (field, value) in enumerate(zip(_FIELDS, values, strict=True)):
        if not (value == "?" and index in _DAY_FIELDS) and not _is_value(field, value):
            yield f"{field.name} must be from {field.first} to {field.last}{_names(field)}, but is {value}"
    if [values[index] for index in _DAY_FIELDS].count("?") != 1:
        yield "exactly one of day-of-month and day-of-week must be ?"


def _names(field: _Field) -> str:
    return f" or {field.names[0]} to {field.names[-1]}" if field.names else ""


def _is_value(field: _Field, value: str) -> bool:
    """Return whether a field accepts a value: a list of items, or a form that has to be alone."""
    return bool(field.single and re.fullmatch(field.single, value)) or all(
        _is_item(field, item) for item in value.split(",")
    )


def _is_item(field: _Field, item: str) -> bool:
    """Return whether a field accepts an item of its list: a value, a range, a step, or a special form."""
    if field.special and re.fullmatch(field.special, item):
        return True
    values, slash, step = item.partition("/")
    if slash and not (field.steps and step.isdecimal() and 1 <= int(step) <= field.last):
        return False
    if values == "*":
        return True
    numbers = [field.number(value) for value in values.split("-")]
    match numbers:
        case [int()]:
            return True
        case [int(first), int(last)]:
            return first <= last
    return False
