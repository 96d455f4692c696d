"""Rules about captured and logged data: how much, where, and for how long."""

from protected_endpoints.review.analysis.context import ReviewContext
from protected_endpoints.review.analysis.endpoints import variants
from protected_endpoints.review.analysis.protections import describe_capture
from protected_endpoints.review.analysis.retention import LOG_GROUP as _LOG_GROUP
from protected_endpoints.review.analysis.retention import retentions
from protected_endpoints.review.markdown import code, escape
from protected_endpoints.review.plan.resource_types import CONFIGURATION
from protected_endpoints.review.plan.values import Json, as_dict, as_list, as_number, first_block
from protected_endpoints.review.rules.registry import RuleResult, rule

_COPYING = {
    "aws_cloudwatch_log_delivery",
    "aws_cloudwatch_log_subscription_filter",
    "aws_s3_bucket_replication_configuration",
}
_VERSIONING = "versioning_configuration"
_STATEFUL = {
    "aws_s3_bucket": "bucket is deleted with all its objects",
    _LOG_GROUP: "log group is deleted with all its logs",
}


@rule("stateful-destroyed", "block")
def stateful_destroyed(context: ReviewContext) -> RuleResult:
    """Deleted data cannot be restored."""
    for change in (*context.plan.changes, *context.plan.deposed):
        if change.type in _STATEFUL and (change.is_deleted or change.is_replaced):
            yield change.address, f"The {_STATEFUL[change.type]}."
        if (
            change.type == "aws_s3_bucket"
            and change.value_before("force_destroy") is False
            and change.value_after("force_destroy") is True
        ):
            yield change.address, "`force_destroy` is enabled: Terraform can delete the bucket with all its objects."
        statuses = (change.value_before(_VERSIONING), change.value_after(_VERSIONING))
        before, after = (first_block(blocks).get("status") for blocks in statuses)
        is_disabled = before == "Enabled" != after and not context.plan.is_deleted_with_bucket(change)
        if change.type == "aws_s3_bucket_versioning" and is_disabled:
            yield change.address, "Versioning is disabled: deleted objects cannot be restored."


@rule("data-destination-changed", "warn")
def data_destination_changed(context: ReviewContext) -> RuleResult:
    """Other principals may be able to read requests and responses."""
    for change in context.plan.of_type(CONFIGURATION):
        before, after = _destinations(change.before), _destinations(None if change.is_deleted else change.after)
        for data in sorted({*before} & {*after}):
            if before[data] != after[data]:
                yield change.address, f"{data} destination: {code(before[data])} → {code(after[data])}."
    for change in context.changed_resources:
        if change.type in _COPYING and not change.is_deleted:
            yield change.address, "The resource copies captured or logged data to another destination."


@rule("capture-off", "warn")
def capture_off(context: ReviewContext) -> RuleResult:
    """Without data capture there is no record of requests and responses."""
    for change in context.plan.of_type(CONFIGURATION):
        if not change.before or not change.after:
            continue
        before = describe_capture(change.before)
        if before != "off" and describe_capture(change.after) == "off":
            yield change.address, f"Data capture is disabled (before: {escape(before)})."


@rule("capture-reduced", "warn")
def capture_reduced(context: ReviewContext) -> RuleResult:
    """Data capture records fewer requests or responses."""
    for change in context.plan.of_type(CONFIGURATION):
        if not change.before or not change.after:
            continue
        descriptions = [describe_capture(side) for side in (change.before, change.after)]
        if "off" in descriptions:
            continue
        before, after = (first_block(side.get("data_capture_config")) for side in (change.before, change.after))
        rates = [as_number(side.get("initial_sampling_percentage")) for side in (before, after)]
        options = [len(as_list(side.get("capture_options"))) for side in (before, after)]
        if rates[1] < rates[0] or options[1] < options[0]:
            yield change.address, f"Data capture is reduced: {' → '.join(map(escape, descriptions))}."


@rule("retention-lowered", "warn")
def retention_lowered(context: ReviewContext) -> RuleResult:
    """Data is deleted earlier, perhaps before it is needed."""
    for change in context.plan.changes:
        if change.before is None or change.after is None:
            continue
        before = retentions(change, before=True)
        for after in retentions(change, before=False):
            days = min((old.days for old in before if old.covers(after)), default=0)
            if not days or after.days < days:
                old = f"{days} days" if days else "never expires"
                yield change.address, f"Retention of {after}: {old} → {after.days} days."


@rule("retention-removed", "warn")
def retention_removed(context: ReviewContext) -> RuleResult:
    """Requests and responses are kept without a limit."""
    for change in context.plan.changes:
        is_deleted_log_group = change.is_deleted and change.type == _LOG_GROUP
        if is_deleted_log_group or context.plan.is_deleted_with_bucket(change):
            continue
        after = retentions(change, before=False)
        for before in retentions(change, before=True):
            if not any(new.covers(before) for new in after):
                narrower = [str(new) for new in after if before.covers(new)]
                limit = f"never expires, except for {', '.join(narrower)}" if narrower else "never expires"
                yield change.address, f"Retention of {before}: {before.days} days → {limit}."


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
