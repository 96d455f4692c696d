"""Rules about captured and logged data: how much, where, and for how long."""

from collections.abc import Iterator

from protected_endpoints.review.analysis.comparison import Comparison
from protected_endpoints.review.analysis.context import ReviewContext
from protected_endpoints.review.analysis.endpoints import variants
from protected_endpoints.review.analysis.protections import describe_capture
from protected_endpoints.review.markdown import code, escape
from protected_endpoints.review.plan.plan import account_id
from protected_endpoints.review.plan.resource_types import BUCKET, CONFIGURATION
from protected_endpoints.review.plan.values import Json, as_dict, as_list, as_number, first_block
from protected_endpoints.review.rules.registry import RuleResult, rule

_LOG_GROUP, _LIFECYCLE = "aws_cloudwatch_log_group", "aws_s3_bucket_lifecycle_configuration"
_RETAINED = {_LOG_GROUP: "logs", _LIFECYCLE: "bucket objects"}
_CURRENT, _NONCURRENT = ("expiration", "days"), ("noncurrent_version_expiration", "noncurrent_days")
_COPYING = {
    "aws_cloudwatch_log_delivery",
    "aws_cloudwatch_log_subscription_filter",
    "aws_s3_bucket_replication_configuration",
}
_VERSIONING_TYPE, _VERSIONING = "aws_s3_bucket_versioning", "versioning_configuration"
_STATEFUL = {
    BUCKET: "bucket is deleted with all its objects",
    _LOG_GROUP: "log group is deleted with all its logs",
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
    """Other principals may be able to read requests and responses."""
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
    for compared in (*context.compared(_LOG_GROUP), *context.compared(_LIFECYCLE)):
        if not compared.before:  # new, without a default
            continue
        before, after = _days(compared.before), _days(compared.after)
        if after and (not before or after < before):
            old = f"{before} days" if before else "never expires"
            subject = _RETAINED[compared.change.type]
            yield compared.address, f"Retention of {subject}: {_transition(compared, old, f'{after} days')}."
        before, after = (_days(side, _NONCURRENT) for side in (compared.before, compared.after))
        if before and after and after < before:
            yield compared.address, f"Retention of deleted objects: {before} → {after} days."


@rule("retention-removed", "warn")
def retention_removed(context: ReviewContext) -> RuleResult:
    """Requests and responses are kept without a limit."""
    for change in context.plan.changes:
        is_deleted_log_group = change.is_deleted and change.type == _LOG_GROUP
        is_deleted = is_deleted_log_group or context.plan.is_deleted_with_bucket(change)
        if change.before is None or change.type not in _RETAINED or is_deleted:
            continue
        before, after = _days(change.before), _days({} if change.is_deleted else change.after or {})
        if before and not after:
            yield change.address, f"Retention of {_RETAINED[change.type]}: {before} days → never expires."
    for group in context.compared(_LOG_GROUP):
        if group.is_new and not _days(group.after):
            days = _days(group.before)
            yield group.address, f"Retention of logs: {_transition(group, f'{days} days', 'never expires')}."


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


def _days(attributes: Json, expiration: tuple[str, str] = _CURRENT) -> int:
    """Return the shortest retention in days, and 0 without a limit."""
    if expiration == _CURRENT and isinstance(days := attributes.get("retention_in_days"), int):
        return days
    block, argument = expiration
    rules = [as_dict(item) for item in as_list(attributes.get("rule")) if as_dict(item).get("status") == "Enabled"]
    limits = [first_block(item.get(block)).get(argument) for item in rules]
    return min((limit for limit in limits if isinstance(limit, int) and limit), default=0)


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
