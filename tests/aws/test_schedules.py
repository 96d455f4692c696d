"""The fields of `cron`, the time of `at`, and the time zones of schedules."""

from datetime import UTC, datetime

import pytest

from protected_endpoints.aws.schedules import at_time, corrected_schedule, parsed_time, schedule_problems
from protected_endpoints.aws.time_zones import time_zones


@pytest.mark.parametrize(
    "schedule",
    [
        "cron(0 20 * * ? *)",
        "cron(0/15 * ? * MON-FRI *)",
        "cron(5,35 14 L JAN,6-8 ? 2027-2030)",
        "cron(0 10 LW * ? *)",
        "cron(0 10 15W * ? *)",
        "cron(0 10 ? * FRI#2 *)",
        "cron(0 10 ? * 6L *)",
        "cron(0 */2 * * ? *)",
        "at(2028-02-29T23:59:59)",
        "rate(5 minutes)",
    ],
)
def test_a_schedule_of_the_guide_is_accepted(schedule: str) -> None:
    assert [*schedule_problems(schedule)] == []


@pytest.mark.parametrize(
    "schedule",
    [
        "cron(0 20 * *)",
        "cron(60 20 * * ? *)",
        "cron(0 24 * * ? *)",
        "cron(0 20 0 * ? *)",
        "cron(0 20 * 13 ? *)",
        "cron(0 20 ? * 0 *)",
        "cron(0 20 ? * MON#6 *)",
        "cron(0 20 ? * MON#1,FRI#3 *)",
        "cron(0 20 ? * MON/2 *)",
        "cron(0 20 * * ? 1969)",
        "cron(0 20 ? * FRI-MON *)",
        "cron(0 20 * * * *)",
        "cron(0 20 ? * ? *)",
        "cron(0/0 20 * * ? *)",
        "cron(? 20 * * ? *)",
        "cron(0, 20 * * ? *)",
        "cron(L 20 * * ? *)",
        "cron(1-2-3 20 * * ? *)",
        "at(2027-02-29T08:00:00)",
        "at(2027-02-01T25:00:00)",
    ],
)
def test_another_schedule_has_one_problem(schedule: str) -> None:
    assert len([*schedule_problems(schedule)]) == 1


@pytest.mark.parametrize(
    ("schedule", "corrected"),
    [
        ("cron(0 20 * * *)", "cron(0 20 * * ? *)"),
        ("cron(0 20 * * * *)", "cron(0 20 * * ? *)"),
        ("cron(0 6 * * MON-FRI *)", "cron(0 6 ? * MON-FRI *)"),
        ("cron(0 20 1 * MON *)", None),
        ("cron(0 20 * * 1)", None),
        ("cron(99 20 * * *)", None),
    ],
)
def test_cron_of_another_tool_is_corrected_where_its_meaning_is_clear(schedule: str, corrected: str | None) -> None:
    assert corrected_schedule(schedule) == corrected


def test_a_time_is_in_utc_and_exists() -> None:
    assert at_time("at(2027-01-31T08:00:00)") == parsed_time("2027-01-31T08:00:00Z")
    assert parsed_time("2027-01-31T08:00:00Z") == datetime(2027, 1, 31, 8, tzinfo=UTC)
    assert parsed_time("2027-02-30T08:00:00Z") is None
    assert at_time("rate(1 day)") is None


def test_time_zones_are_places_utc_and_offsets() -> None:
    assert {"UTC", "Europe/Zurich", "America/Argentina/Buenos_Aires", "Etc/GMT+9"} < time_zones()
    assert {"US/Eastern", "CET", "Etc/UTC", "GMT"}.isdisjoint(time_zones())
