"""Scheduled actions: their names, schedules and capacities."""

from typing import Any

from tests.loading.support import Table
from tests.rules.pair import Pair
from tests.rules.scaling import ASYNC, action, scaled

_PATH = "endpoints.kmeans.scaling.scheduled_actions[0]"


def _actions(*actions: Table) -> Table:
    return scaled(scheduled_actions=[*actions])


def _schedule(text: str, **changes: Any) -> Table:
    return _actions(action(schedule=text, **changes))


def _wrong(problem: str, schedule: str) -> str:
    return f'{_PATH}.schedule: {problem}, got "{schedule}"; for example, use "cron(0 20 * * ? *)"'


PAIRS = [
    Pair(
        "scheduled-action-name",
        passes=_actions(action(), action("day")),
        fails=_actions(action(), action()),
        messages=(
            'endpoints.kmeans.scaling.scheduled_actions[1].name: duplicate entry, got "night"; rename one of the two',
        ),
    ),
    Pair(
        "scheduled-action-schedule",
        passes=_schedule("cron(0/15 6,18-20 L JAN-MAR ? 2027)"),
        fails=_schedule("cron(0 20 * * *)"),
        messages=(
            f"{_PATH}.schedule: cron requires the 6 fields minutes, hours, day-of-month, month, day-of-week, year, but "
            'has 5, got "cron(0 20 * * *)"; use "cron(0 20 * * ? *)"',
        ),
    ),
    Pair(
        "scheduled-action-schedule",
        passes=_schedule("cron(0 6 ? * MON-FRI *)"),
        fails=_schedule("cron(0 6 * * MON-FRI *)"),
        messages=(
            f"{_PATH}.schedule: exactly one of day-of-month and day-of-week must be ?, got "
            '"cron(0 6 * * MON-FRI *)"; use "cron(0 6 ? * MON-FRI *)"',
        ),
    ),
    Pair(
        "scheduled-action-schedule",
        passes=_schedule("cron(0 20 ? * 2#1 *)"),
        fails=_schedule("cron(60 24 32 XXX * 2300)"),
        messages=tuple(
            _wrong(problem, "cron(60 24 32 XXX * 2300)")
            for problem in (
                "minutes must be from 0 to 59, but is 60",
                "hours must be from 0 to 23, but is 24",
                "day-of-month must be from 1 to 31, but is 32",
                "month must be from 1 to 12 or JAN to DEC, but is XXX",
                "year must be from 1970 to 2199, but is 2300",
                "exactly one of day-of-month and day-of-week must be ?",
            )
        ),
    ),
    Pair(
        "scheduled-action-schedule",
        passes=_schedule("at(2099-02-28T08:00:00)"),
        fails=_schedule("at(2099-02-30T08:00:00)"),
        messages=(_wrong("the date or time of at does not exist", "at(2099-02-30T08:00:00)"),),
    ),
    Pair(
        "scheduled-action-schedule",
        passes=_schedule("rate(1 day)", start_time="2099-02-28T08:00:00Z"),
        fails=_schedule("rate(1 day)", start_time="2099-02-30T08:00:00Z"),
        messages=(f'{_PATH}.start_time: is a time that does not exist, got "2099-02-30T08:00:00Z"; correct the day',),
    ),
    Pair(
        "scheduled-action-setting-unused",
        passes=_actions(action(timezone="Europe/Zurich", end_time="2099-02-28T08:00:00Z")),
        fails=_actions(
            action(schedule="rate(1 day)", timezone="Europe/Zurich"),
            action("once", schedule="at(2099-02-28T08:00:00)", end_time="2099-02-28T08:00:00Z"),
        ),
        messages=(
            f'{_PATH}.timezone: has no effect with rate, got "Europe/Zurich"; remove it',
            "endpoints.kmeans.scaling.scheduled_actions[1].end_time: has no effect with at, which is a single time, "
            'got "2099-02-28T08:00:00Z"; remove it',
        ),
    ),
    Pair(
        "scheduled-action-period",
        passes=_actions(action(start_time="2099-01-01T00:00:00Z", end_time="2099-01-02T00:00:00Z")),
        fails=_actions(action(start_time="2099-01-02T00:00:00Z", end_time="2099-01-01T00:00:00Z")),
        messages=(
            f"{_PATH}.end_time: must be after start_time (2099-01-02T00:00:00Z), got "
            '"2099-01-01T00:00:00Z"; set a later time',
        ),
    ),
    Pair(
        "scheduled-action-capacity",
        passes=_actions(action(min_capacity=4), action("day", min_capacity=None, max_capacity=2)),
        fails=_actions(
            action(min_capacity=None),
            action("day", min_capacity=5),
            action("noon", min_capacity=None, max_capacity=1),
            action("evening", min_capacity=9, max_capacity=8),
        ),
        messages=(
            f"{_PATH}.min_capacity: required unless max_capacity is set; for example, add min_capacity = 2",
            "endpoints.kmeans.scaling.scheduled_actions[1].min_capacity: must not exceed max_capacity (4), got 5; add "
            "max_capacity = 5 to the action, or set it to 4 or less",
            "endpoints.kmeans.scaling.scheduled_actions[2].max_capacity: must not be less than min_capacity (2), got "
            "1; add min_capacity = 1 to the action, or set it to 2 or more",
            "endpoints.kmeans.scaling.scheduled_actions[3].min_capacity: must not exceed max_capacity (8), got 9; set "
            "it to 8 or less",
        ),
    ),
    Pair(
        "scheduled-action-without-end",
        passes=ASYNC | _actions(action(min_capacity=0, max_capacity=0), action("day", min_capacity=1, max_capacity=4)),
        fails=ASYNC | _actions(action(min_capacity=0, max_capacity=0), action("day", min_capacity=0)),
        messages=(
            f"{_PATH}.max_capacity: stays at 0, because no other action sets it to 1 or more, got 0; add an action "
            "with max_capacity = 4, or remove it, so that requests start instances",
        ),
    ),
    Pair(
        "scheduled-action-in-past",
        passes=_schedule("at(2099-01-01T00:00:00)"),
        fails=_actions(action(schedule="at(2020-01-01T00:00:00)"), action("ended", end_time="2020-01-01T00:00:00Z")),
        messages=(
            f'{_PATH}.schedule: has passed, got "at(2020-01-01T00:00:00)"; remove the action',
            "endpoints.kmeans.scaling.scheduled_actions[1].end_time: has passed, got "
            '"2020-01-01T00:00:00Z"; remove the action',
        ),
    ),
]
