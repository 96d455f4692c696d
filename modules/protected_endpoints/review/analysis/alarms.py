"""How a change of a CloudWatch alarm makes it weaker, or makes it evaluate something else.

An alarm is in the state ALARM if `datapoints_to_alarm` of the last `evaluation_periods` data points breach its
threshold. Without `datapoints_to_alarm`, all of them must. Missing data counts as `missing` by default
(PutMetricAlarm).
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from protected_endpoints.review.analysis.alarm_metrics import ARGUMENTS, FLEET, follows_variants
from protected_endpoints.review.analysis.difference import differences, top_level
from protected_endpoints.review.markdown import code
from protected_endpoints.review.plan.plan import Change
from protected_endpoints.review.plan.resource_types import ALARM, CONFIGURATION
from protected_endpoints.review.plan.values import Json, Unknown, as_dict, as_list, as_strings

ALARMS = (ALARM, "aws_cloudwatch_composite_alarm")
# What an alarm evaluates: no other value of these arguments is known to be stronger.
_SUBJECT = {
    "actions_suppressor",
    "alarm_name",
    "alarm_rule",
    "comparison_operator",
    "dimensions",
    "evaluate_low_sample_count_percentiles",
    "extended_statistic",
    "metric_name",
    "metric_query",
    "namespace",
    "period",
    "statistic",
    "threshold_metric_id",
    "unit",
}
_VALUES = ("threshold", "evaluation_periods", "datapoints_to_alarm", "treat_missing_data")
_METRICS = ("namespace", "metric_name", "dimensions", "metric_query", "alarm_rule")
_NOTIFIED = ("alarm_actions", "insufficient_data_actions")
_BREACHING, _MISSING = "breaching", "missing"
_MAX_CHANGES = 8  # in a message


def weakenings(
    alarm: Change, fleets: Mapping[str, object], variants_of: Callable[[str], set[str]] = lambda _: set()
) -> list[str]:
    """Return the changes of what an alarm evaluates, except for those that only make it stronger.

    `fleets` has the name of the endpoint configuration after the plan by the one before, which `FLEET` follows, and
    `variants_of` returns the names of the variants of an endpoint after the plan.
    """
    followed = ARGUMENTS if follows_variants(alarm, fleets, variants_of) else set()
    return [
        *_limited([*_subject(alarm, fleets, _SUBJECT - followed)]),
        *_threshold(alarm),
        *_datapoints(alarm),
        *_missing_data(alarm),
    ]


def value_changes(alarm: Change) -> list[str]:
    """Return the changes by which an alarm fires sooner or later."""
    return [_changed(key, alarm.value_before(key), alarm.value_after(key)) for key in _VALUES if alarm.differs(key)]


def metrics(alarm: Json | None) -> list[Json]:
    """Return what says which metrics an alarm evaluates: its own arguments, and those of its metric queries."""
    attributes = as_dict(alarm)
    queries = map(as_dict, as_list(attributes.get("metric_query")))
    return [attributes, *(as_dict(metric) for query in queries for metric in as_list(query.get("metric")))]


def dimensions(alarm: Json | None) -> list[Json]:
    """Return the dimensions of every metric that an alarm evaluates."""
    return [found for metric in metrics(alarm) if (found := as_dict(metric.get("dimensions")))]


def evaluates_the_same(alarm: Json | None, other: Json | None) -> bool:
    """Return whether two alarms evaluate the same metrics of the same dimensions, whatever their names are."""
    sides = [{key: _by_id(side).get(key) for key in _METRICS} for side in (alarm, other)]
    return not differences(*sides)


def _subject(alarm: Change, fleets: Mapping[str, object], subject: set[str]) -> Iterator[str]:
    before, after = _by_id(alarm.before), _by_id(alarm.after)
    for path, (old, new) in differences(before, after).items():
        follows = path.endswith(FLEET) and str(old) in fleets and fleets[str(old)] == new
        if top_level(path) in subject and not path.endswith(".label") and not follows:
            yield _changed(path, old, new)
    for argument in sorted(subject):
        for path, value in _unknown_leaves(after.get(argument), argument):
            if not (path.endswith(FLEET) and _is_fleet(value)):
                yield _changed(path, alarm.value_before(argument), value)


def _by_id(alarm: Json | None) -> Json:
    """Return the attributes of an alarm with its metric queries by ID, because they have no order."""
    queries = as_list(as_dict(alarm).get("metric_query"))
    return {**as_dict(alarm), "metric_query": {str(as_dict(query).get("id")): query for query in queries}}


def _unknown_leaves(value: Any, path: str) -> Iterator[tuple[str, Unknown]]:
    if isinstance(value, Unknown):
        yield path, value
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, item in items:
        yield from _unknown_leaves(item, f"{path}[{key}]" if isinstance(key, int) else f"{path}.{key}")


def _is_fleet(value: Unknown) -> bool:
    """Return whether an unknown value is the name of an endpoint configuration, as far as the plan tells."""
    return not value.reference or value.reference.startswith(f"${{{CONFIGURATION}.")


def _limited(changes: list[str]) -> list[str]:
    hidden = len(changes) - _MAX_CHANGES
    return [*changes[:_MAX_CHANGES], f"and {hidden} more"] if hidden > 0 else changes


def _threshold(alarm: Change) -> Iterator[str]:
    before, after = alarm.value_before("threshold"), alarm.value_after("threshold")
    if before == after:
        return
    is_upper_bound = str(alarm.value_after("comparison_operator")).startswith("Greater")
    are_numbers = isinstance(before, int | float) and isinstance(after, int | float)
    if not are_numbers or (after > before if is_upper_bound else after < before):
        yield _changed("threshold", before, after)


def _datapoints(alarm: Change) -> Iterator[str]:
    """Yield the changes by which more data points must breach, or the alarm looks at others."""
    periods = (alarm.value_before("evaluation_periods"), alarm.value_after("evaluation_periods"))
    points = (alarm.value_before("datapoints_to_alarm"), alarm.value_after("datapoints_to_alarm"))
    required = [point or period for point, period in zip(points, periods, strict=True)]
    is_stronger = not any(points) and _is_lower(periods[1], periods[0])
    if periods[0] != periods[1] and not is_stronger:
        yield _changed("evaluation_periods", *periods)
    elif required[0] != required[1] and not _is_lower(required[1], required[0]):
        yield _changed("datapoints_to_alarm", *points)


def _is_lower(value: object, other: object) -> bool:
    return isinstance(value, int | float) and isinstance(other, int | float) and value < other


def _missing_data(alarm: Change) -> Iterator[str]:
    before, after = (
        value or _MISSING
        for value in (alarm.value_before("treat_missing_data"), alarm.value_after("treat_missing_data"))
    )
    if before != after != _BREACHING:
        yield _changed("treat_missing_data", before, after)


def lost_notifications(alarm: Change) -> Iterator[str]:
    """Yield what an alarm no longer notifies or starts when it fires."""
    if alarm.value_before("actions_enabled") is not False and alarm.value_after("actions_enabled") is False:
        yield f"{code('actions_enabled')} is false"
    for argument in _NOTIFIED:
        after = alarm.value_after(argument)
        is_unknown = isinstance(after, Unknown) or any(isinstance(action, Unknown) for action in as_list(after))
        old, new = ({*as_strings(side)} for side in (alarm.value_before(argument), after))
        if old - new and not is_unknown:
            instead = f" in favor of {code(', '.join(sorted(new - old)))}" if new - old else ""
            yield f"{code(', '.join(sorted(old - new)))} is removed from {code(argument)}{instead}"


def _changed(argument: str, before: object, after: object) -> str:
    return f"{code(argument)} {code(before)} → {code(after)}"
