"""Rules about captured and logged data: how much, where, and for how long."""

from collections.abc import Iterator

from protected_endpoints.review.analysis.comparison import Comparison
from protected_endpoints.review.analysis.context import ReviewContext
from protected_endpoints.review.analysis.endpoints import variants
from protected_endpoints.review.analysis.protections import describe_capture
from protected_endpoints.review.analysis.retention import LIFECYCLE, LOG_GROUP, retentions
from protected_endpoints.review.markdown import code, escape
from protected_endpoints.review.plan.plan import account_id
from protected_endpoints.review.plan.resource_types import ALARM, BUCKET, CONFIGURATION
from protected_endpoints.review.plan.values import Json, as_dict, as_list, as_number, as_strings, first_block
from protected_endpoints.review.rules.registry import RuleResult, rule

_COPYING = {
    "aws_cloudwatch_log_delivery",
    "aws_cloudwatch_log_subscription_filter",
    "aws_s3_bucket_replication_configuration",
}
_VERSIONING_TYPE, _VERSIONING = "aws_s3_bucket_versioning", "versioning_configuration"
_STATEFUL = {
    BUCKET: "bucket is deleted with all its objects",
    LOG_GROUP: "log group is deleted with all its logs",
}


@rule("stateful-destroyed", "block")
def stateful_destroyed(context: ReviewContext) -> RuleResult:
    """Deleted data cannot be restored."""
    for change in (*context.plan.changes, *context.plan.deposed):
        if change.type in _STATEFUL and (change.is_deleted or change.is_replaced):
            yield change.address, f"The {_STATEFUL[change.type]}."
    for bucket in context.compared(BUCKET):
        if bucket.before.get("force_destroy") is False and bucket.after.get("force_destroy") is True:
            reason = context.reason_of("prevent_destroy")
            yield (
                bucket.address,
                f"`force_destroy` is enabled: Terraform can delete the bucket with all its objects.{reason}",
            )
    for address in _without_versioning(context):
        yield address, "Versioning is disabled: deleted objects cannot be restored."


@rule("data-destination-changed", "warn")
def data_destination_changed(context: ReviewContext) -> RuleResult:
    """Other principals may be able to read requests, responses and notifications."""
    for compared in context.compared(CONFIGURATION):
        before, after = _destinations(compared.before), _destinations(compared.after)
        for data in sorted({*before} & {*after}):
            if before[data] != after[data]:
                yield compared.address, f"{data} destination: {code(before[data])} → {code(after[data])}."
        for data in sorted({*after} - {*before}):
            account = account_id(str(after[data]))  # of a topic; the name of a bucket has no account
            if account not in ("", context.plan.account):
                yield (
                    compared.address,
                    f"{data} destination {code(after[data])} is in another account ({code(account)}).",
                )
    for topic, alarm in _foreign_topics(context).items():
        account = code(account_id(topic))
        yield alarm, f"Notifications of alarms go to {code(topic)}, which is in another account ({account})."
    for change in context.changed_resources:
        if change.type in _COPYING and not change.is_deleted:
            yield change.address, "The resource copies captured or logged data to another destination."


@rule("capture-off", "warn")
def capture_off(context: ReviewContext) -> RuleResult:
    """Without data capture there is no record of requests and responses."""
    for compared in context.compared(CONFIGURATION):
        before = describe_capture(compared.before)
        if before != "off" and describe_capture(compared.after) == "off":
            time = "default" if compared.is_new else "before"
            yield compared.address, f"Data capture is disabled ({time}: {escape(before)})."


@rule("capture-reduced", "warn")
def capture_reduced(context: ReviewContext) -> RuleResult:
    """Data capture records fewer requests or responses."""
    for compared in context.compared(CONFIGURATION):
        sides = (compared.before, compared.after)
        descriptions = [describe_capture(side) for side in sides]
        if "off" in descriptions:
            continue
        before, after = (first_block(side.get("data_capture_config")) for side in sides)
        rates = [as_number(side.get("initial_sampling_percentage")) for side in (before, after)]
        options = [len(as_list(side.get("capture_options"))) for side in (before, after)]
        if rates[1] < rates[0] or options[1] < options[0]:
            yield compared.address, f"Data capture is reduced: {_transition(compared, *map(escape, descriptions))}."


@rule("retention-lowered", "warn")
def retention_lowered(context: ReviewContext) -> RuleResult:
    """Data is deleted earlier, perhaps before it is needed."""
    for compared in (*context.compared(LOG_GROUP), *context.compared(LIFECYCLE)):
        if not compared.before:  # new, without a default
            continue
        before, after = (retentions(compared.change.type, side) for side in (compared.before, compared.after))
        for new in after:
            days = min((old.days for old in before if old.covers(new)), default=0)
            if not days or new.days < days:
                old_days = f"{days} days" if days else "never expires"
                yield compared.address, f"Retention of {new}: {_transition(compared, old_days, f'{new.days} days')}."


@rule("retention-removed", "warn")
def retention_removed(context: ReviewContext) -> RuleResult:
    """Requests and responses are kept without a limit."""
    for change in context.plan.changes:
        is_deleted_log_group = change.is_deleted and change.type == LOG_GROUP
        if is_deleted_log_group or context.plan.is_deleted_with_bucket(change):
            continue
        after = retentions(change.type, None if change.is_deleted else change.after)
        for before in retentions(change.type, change.before):
            if not any(new.covers(before) for new in after):
                narrower = [str(new) for new in after if before.covers(new)]
                limit = f"never expires, except for {', '.join(narrower)}" if narrower else "never expires"
                yield change.address, f"Retention of {before}: {before.days} days → {limit}."
    for group in context.compared(LOG_GROUP):
        if group.is_new and not retentions(LOG_GROUP, group.after):
            (default,) = retentions(LOG_GROUP, group.before)
            yield (
                group.address,
                f"Retention of {default}: {_transition(group, f'{default.days} days', 'never expires')}.",
            )


def _transition(compared: Comparison, before: str, after: str) -> str:
    return f"{after} (default: {before})" if compared.is_new else f"{before} → {after}"


def _without_versioning(context: ReviewContext) -> Iterator[str]:
    """Yield the addresses where versioning ends while the bucket stays, and the new buckets without it."""
    for compared in context.compared(_VERSIONING_TYPE):
        before, after = (first_block(side.get(_VERSIONING)).get("status") for side in (compared.before, compared.after))
        if before == "Enabled" != after:
            yield compared.address
    for change in context.plan.of_type(_VERSIONING_TYPE):
        was_enabled = first_block(change.value_before(_VERSIONING)).get("status") == "Enabled"
        if change.is_deleted and was_enabled and not context.plan.is_deleted_with_bucket(change):
            yield change.address
    yield from (bucket.address for bucket in context.comparisons.buckets_without(_VERSIONING_TYPE))


def _foreign_topics(context: ReviewContext) -> dict[str, str]:
    """Return the new actions of alarms in other accounts, each with the first alarm that has it."""
    found: dict[str, str] = {}
    for alarm in context.plan.of_type(ALARM):
        before, after = ({*_actions(side)} for side in (alarm.before, None if alarm.is_deleted else alarm.after))
        for action in sorted(after - before):
            if account_id(action) not in ("", context.plan.account):
                found.setdefault(action, alarm.address)
    return found


def _actions(alarm: Json | None) -> Iterator[str]:
    for argument in ("alarm_actions", "insufficient_data_actions", "ok_actions"):
        yield from as_strings(as_dict(alarm).get(argument))


def _destinations(configuration: Json | None) -> dict[str, object]:
    """Return the destinations of captured data, responses, notifications and core dumps."""
    config = as_dict(configuration)
    capture = first_block(config.get("data_capture_config"))
    output = first_block(first_block(config.get("async_inference_config")).get("output_config"))
    topics = first_block(output.get("notification_config"))
    destinations = {
        "Data capture": capture.get("destination_s3_uri") if capture.get("enable_capture") is True else None,
        "Asynchronous response": output.get("s3_output_path"),
        "Asynchronous failure": output.get("s3_failure_path"),
        "Success notification": topics.get("success_topic"),
        "Error notification": topics.get("error_topic"),
    }
    for variant in variants(configuration):
        uri = first_block(variant.get("core_dump_config")).get("destination_s3_uri")
        destinations[f"Core dump of variant {code(variant.get('variant_name'))}"] = uri
    return {data: destination for data, destination in destinations.items() if destination}
