"""Rules about scheduled actions: their names, schedules and capacities."""

from collections.abc import Iterator
from datetime import UTC, datetime

from protected_endpoints.aws.schedules import at_time, corrected_schedule, parsed_time, schedule_problems
from protected_endpoints.config.scaling import ScheduledAction
from protected_endpoints.deployment import Deployment
from protected_endpoints.deployment.scaling import ScalingTarget
from protected_endpoints.errors import KeyPath, Problem
from protected_endpoints.rules.helpers import duplicates, refuse_keys
from protected_endpoints.rules.registry import endpoint_rule

_TIMES = ("start_time", "end_time")


@endpoint_rule("scheduled-action-name")
def scheduled_action_name(deployment: Deployment) -> Iterator[Problem]:
    """A target has one action of a name; a second one would replace the first (PutScheduledAction)."""
    for target in deployment.scaling_targets:
        names = [((*path, "name"), action.name) for path, action in _actions(deployment, target)]
        yield from duplicates(names, "rename one of the two")


@endpoint_rule("scheduled-action-schedule")
def scheduled_action_schedule(deployment: Deployment) -> Iterator[Problem]:
    """AWS rejects a schedule with other fields (PutScheduledAction, Schedule)."""
    for path, action in _all_actions(deployment):
        corrected = corrected_schedule(action.schedule)
        suggestion = f'use "{corrected}"' if corrected else 'for example, use "cron(0 20 * * ? *)"'
        for problem in schedule_problems(action.schedule):
            yield Problem((*path, "schedule"), problem, suggestion, value=action.schedule)
        for key in _TIMES:
            time = getattr(action, key)
            if time and parsed_time(time) is None:
                yield Problem((*path, key), "is a time that does not exist", "correct the day", value=time)


@endpoint_rule("scheduled-action-setting-unused")
def scheduled_action_setting_unused(deployment: Deployment) -> Iterator[Problem]:
    """A rate has no time zone, and a time in at does not recur (PutScheduledAction)."""
    for path, action in _all_actions(deployment):
        if action.schedule.startswith("rate("):
            yield from refuse_keys(path, action, ("timezone",), "has no effect with rate", "remove it")
        if action.schedule.startswith("at("):
            message = "has no effect with at, which is a single time"
            yield from refuse_keys(path, action, _TIMES, message, "remove it")


@endpoint_rule("scheduled-action-period")
def scheduled_action_period(deployment: Deployment) -> Iterator[Problem]:
    """An action that ends before it starts never runs (PutScheduledAction, StartTime)."""
    for path, action in _all_actions(deployment):
        start, end = (parsed_time(time) if time else None for time in (action.start_time, action.end_time))
        if start and end and start >= end:
            yield Problem(
                (*path, "end_time"),
                f"must be after start_time ({action.start_time})",
                "set a later time",
                value=action.end_time,
            )


@endpoint_rule("scheduled-action-capacity")
def scheduled_action_capacity(deployment: Deployment) -> Iterator[Problem]:
    """An action changes the minimum, the maximum or both, which stay in order (PutScheduledAction)."""
    for target in deployment.scaling_targets:
        for path, action in _actions(deployment, target):
            if action.min_capacity is None and action.max_capacity is None:
                yield Problem(
                    (*path, "min_capacity"),
                    "required unless max_capacity is set",
                    f"for example, add min_capacity = {max(target.min_capacity, 1)}",
                )
                continue
            minimum = target.min_capacity if action.min_capacity is None else action.min_capacity
            maximum = target.max_capacity if action.max_capacity is None else action.max_capacity
            if minimum <= maximum:
                continue
            if action.min_capacity is None:
                yield Problem(
                    (*path, "max_capacity"),
                    f"must not be less than min_capacity ({minimum})",
                    f"add min_capacity = {maximum} to the action, or set it to {minimum} or more",
                    value=maximum,
                )
            else:
                also = "" if action.max_capacity is not None else f"add max_capacity = {minimum} to the action, or "
                yield Problem(
                    (*path, "min_capacity"),
                    f"must not exceed max_capacity ({maximum})",
                    f"{also}set it to {maximum} or less",
                    value=minimum,
                )


@endpoint_rule("scheduled-action-without-end")
def scheduled_action_without_end(deployment: Deployment) -> Iterator[Problem]:
    """Limits stay until another action changes them; at a maximum of 0, requests start nothing (PutScheduledAction)."""
    for target in deployment.scaling_targets:
        if any(action.max_capacity for action in target.settings.scheduled_actions):
            continue
        for path, action in _actions(deployment, target):
            if action.max_capacity == 0:
                yield Problem(
                    (*path, "max_capacity"),
                    "stays at 0, because no other action sets it to 1 or more",
                    f"add an action with max_capacity = {target.max_capacity}, or remove it, so that requests start "
                    f"{target.resource.unit}",
                    value=0,
                )


@endpoint_rule("scheduled-action-in-past", "warning", strict=False)
def scheduled_action_in_past(deployment: Deployment) -> Iterator[Problem]:
    """A time that has passed does not come again, so the action never runs (PutScheduledAction)."""
    now = datetime.now(UTC)
    for path, action in _all_actions(deployment):
        time, end = at_time(action.schedule), action.end_time and parsed_time(action.end_time)
        if time and time < now:
            yield Problem((*path, "schedule"), "has passed", "remove the action", value=action.schedule)
        elif end and end < now:
            yield Problem((*path, "end_time"), "has passed", "remove the action", value=action.end_time)


def _actions(deployment: Deployment, target: ScalingTarget) -> Iterator[tuple[KeyPath, ScheduledAction]]:
    for index, action in enumerate(target.settings.scheduled_actions):
        yield deployment.path(*target.path, "scheduled_actions", index), action


def _all_actions(deployment: Deployment) -> Iterator[tuple[KeyPath, ScheduledAction]]:
    for target in deployment.scaling_targets:
        yield from _actions(deployment, target)
