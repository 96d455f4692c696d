"""Rules about what is recorded of requests and answers: how much, where, and for how long it is kept."""

from collections.abc import Iterator

from protected_endpoints.review.analysis.context import View
from protected_endpoints.review.analysis.endpoints import CONFIGURATION, variants
from protected_endpoints.review.analysis.protections import capture
from protected_endpoints.review.plan.values import Json, first, listed, number, table
from protected_endpoints.review.report.markdown import code, plain

_KEPT = {"aws_cloudwatch_log_group": "Logs are", "aws_s3_bucket_lifecycle_configuration": "What is recorded is"}
_CURRENT, _NONCURRENT = ("expiration", "days"), ("noncurrent_version_expiration", "noncurrent_days")
_COPYING = {
    "aws_cloudwatch_log_delivery",
    "aws_cloudwatch_log_subscription_filter",
    "aws_s3_bucket_replication_configuration",
}
_VERSIONING = "versioning_configuration"
_STATEFUL = {"aws_s3_bucket": "what was recorded", "aws_cloudwatch_log_group": "its logs"}


def stateful_destroyed(view: View) -> Iterator[tuple[str, str]]:
    """Nothing brings back what was in it."""
    for each in (*view.plan.changes, *view.plan.deposed):
        if each.type in _STATEFUL and (each.goes or each.is_replaced):
            yield each.address, f"It is destroyed with {_STATEFUL[each.type]}."
        if (
            each.type == "aws_s3_bucket"
            and each.was("force_destroy") is False
            and each.becomes("force_destroy") is True
        ):
            yield each.address, "`force_destroy` comes on: from then on it can be destroyed with all that is in it."
        was, becomes = (first(side(_VERSIONING)).get("status") for side in (each.was, each.becomes))
        is_missed = was == "Enabled" != becomes and not view.plan.goes_with_its_bucket(each)
        if each.type == "aws_s3_bucket_versioning" and is_missed:
            yield each.address, "Versions are no longer kept: a deletion cannot be taken back."


def capture_off(view: View) -> Iterator[tuple[str, str]]:
    """Nobody can tell afterwards what was asked and answered."""
    for each in view.plan.of_type(CONFIGURATION):
        if each.before and each.after and capture(each.before) != "off" and capture(each.after) == "off":
            yield each.address, f"Nothing is recorded any more (before: {plain(capture(each.before))})."


def capture_reduced(view: View) -> Iterator[tuple[str, str]]:
    """Less is recorded than before."""
    for each in view.plan.of_type(CONFIGURATION):
        if not each.before or not each.after or "off" in (capture(each.before), capture(each.after)):
            continue
        before, after = (first(side.get("data_capture_config")) for side in (each.before, each.after))
        less = number(after.get("initial_sampling_percentage")) < number(before.get("initial_sampling_percentage"))
        if less or len(listed(after.get("capture_options"))) < len(listed(before.get("capture_options"))):
            yield each.address, f"{plain(capture(each.before))} → {plain(capture(each.after))}."


def data_moved(view: View) -> Iterator[tuple[str, str]]:
    """Others may read what people asked and were answered."""
    for each in view.plan.of_type(CONFIGURATION):
        before, after = _written(each.before), _written(None if each.goes else each.after)
        for what in sorted({*before} & {*after}):
            if before[what] != after[what]:
                yield each.address, f"{what} to {code(after[what])} from then on, and not to {code(before[what])}."
    for each in view.changing:
        if each.type in _COPYING and not each.goes:
            yield each.address, "A resource of this kind copies what is recorded or logged to another place."


def retention_lowered(view: View) -> Iterator[tuple[str, str]]:
    """What was asked and answered is gone before somebody asks for it."""
    for each in view.plan.changes:
        if each.before is None or each.after is None or each.goes or each.type not in _KEPT:
            continue
        before, after = _days(each.before), _days(each.after)
        if after and (not before or after < before):
            yield each.address, f"{_KEPT[each.type]} kept for {after} days and not {before or 'for ever'}."
        old, new = (_days(side, _NONCURRENT) for side in (each.before, each.after))
        if old and new and new < old:
            yield each.address, f"What was deleted can be brought back for {new} days and not {old}."


def retention_ended(view: View) -> Iterator[tuple[str, str]]:
    """What people asked is kept for longer than anybody said."""
    for each in view.plan.changes:
        is_gone = (each.goes and each.type == "aws_cloudwatch_log_group") or view.plan.goes_with_its_bucket(each)
        if each.before is None or each.type not in _KEPT or is_gone:
            continue
        before, after = _days(each.before), _days({} if each.goes else each.after or {})
        if before and not after:
            yield each.address, f"{_KEPT[each.type]} kept for ever, and not for {before} days."


def _days(attributes: Json, of: tuple[str, str] = _CURRENT) -> int:
    """Return for how many days something is kept, and 0 for ever."""
    if of == _CURRENT and isinstance(days := attributes.get("retention_in_days"), int):
        return days
    rules = [table(each) for each in listed(attributes.get("rule")) if table(each).get("status") == "Enabled"]
    found = [first(each.get(of[0])).get(of[1]) for each in rules]
    return min((each for each in found if isinstance(each, int) and each), default=0)


def _written(configuration: Json | None) -> dict[str, object]:
    """Return what is written where: requests, answers, news of them, and core dumps."""
    config = table(configuration)
    recorded = first(config.get("data_capture_config"))
    output = first(first(config.get("async_inference_config")).get("output_config"))
    topics = first(output.get("notification_config"))
    found = {
        "What is recorded goes": recorded.get("destination_s3_uri") if recorded.get("enable_capture") is True else None,
        "Answers go": output.get("s3_output_path"),
        "Failures go": output.get("s3_failure_path"),
        "News of answers goes": topics.get("success_topic"),
        "News of failures goes": topics.get("error_topic"),
    }
    for each in variants(configuration):
        dumps = first(each.get("core_dump_config")).get("destination_s3_uri")
        found[f"Core dumps of {code(each.get('variant_name'))} go"] = dumps
    return {what: place for what, place in found.items() if place}
