"""How a change of a CloudWatch alarm makes it weaker, or makes it evaluate something else.

An alarm is in the state ALARM if `datapoints_to_alarm` of the last `evaluation_periods` data points breach its
threshold. Without `datapoints_to_alarm`, all of them must. Missing data counts as `missing` by default
(PutMetricAlarm).
"""

from collections.abc import Iterator

from protected_endpoints.review.analysis.difference import differences
from protected_endpoints.review.markdown import code
from protected_endpoints.review.plan.plan import Change
from protected_endpoints.review.plan.values import Unknown, as_list, as_strings

ALARMS = ("aws_cloudwatch_metric_alarm", "aws_cloudwatch_composite_alarm")
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
_NOTIFIED = ("alarm_actions", "insufficient_data_actions")
_BREACHING, _MISSING = "breaching", "missing"


def weakenings(alarm: Change) -> list[str]:
    """Return the changes of an alarm that exists before and after, except for those that only make it stronger."""
    return [*_subject(alarm), *_threshold(alarm), *_datapoints(alarm), *_missing_data(alarm), *_actions(alarm)]


def _subject(alarm: Change) -> Iterator[str]:
    for path, (before, after) in differences(alarm.before, alarm.after).items():
        if path.partition("[")[0].partition(".")[0] in _SUBJECT:
            yield _changed(path, before, after)
    for argument in sorted(_SUBJECT):
        if isinstance(alarm.value_after(argument), Unknown):
            yield _changed(argument, alarm.value_before(argument), alarm.value_after(argument))


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


def _actions(alarm: Change) -> Iterator[str]:
    if alarm.value_before("actions_enabled") is not False and alarm.value_after("actions_enabled") is False:
        yield f"{code('actions_enabled')} is false"
    for argument in _NOTIFIED:
        after = alarm.value_after(argument)
        is_unknown = isinstance(after, Unknown) or any(isinstance(action, Unknown) for action in as_list(after))
        removed = sorted({*as_strings(alarm.value_before(argument))} - {*as_strings(after)})
        if removed and not is_unknown:
            yield f"{code(', '.join(removed))} is removed from {code(argument)}"


def _changed(argument: str, before: object, after: object) -> str:
    return f"{code(argument)} {code(before)} → {code(after)}"
