"""Rules about the record of who invoked which endpoint and read which object: the trail of CloudTrail."""

from collections.abc import Iterator

from protected_endpoints.review.analysis.context import ReviewContext
from protected_endpoints.review.analysis.event_selectors import lost_basic_selectors, lost_selectors, records_type
from protected_endpoints.review.analysis.service_permissions import lost_permissions
from protected_endpoints.review.markdown import code
from protected_endpoints.review.plan.plan import Change
from protected_endpoints.review.plan.resource_types import TRAIL
from protected_endpoints.review.plan.values import Json, Unknown, identifier
from protected_endpoints.review.rules.registry import RuleResult, rule

_ENDPOINTS = "AWS::SageMaker::Endpoint"
_NOTIFICATION = "aws_s3_bucket_notification"
_DESTINATIONS = ("s3_bucket_name", "s3_key_prefix")
_NARROWING = {
    "enable_log_file_validation": "a changed or deleted log file is no longer noticed",
    "include_global_service_events": "events of global services, such as IAM, are no longer recorded",
    "is_multi_region_trail": "events of other Regions are no longer recorded",
    "is_organization_trail": "events of other accounts are no longer recorded",
}


@rule("audit-off", "block")
def audit_off(context: ReviewContext) -> RuleResult:
    """What is not recorded when it happens, nobody can find out later."""
    for change in context.plan.of_type(TRAIL):
        name = code(change.value_before("name") or change.value_after("name"))
        if change.is_deleted:
            yield change.address, f"The trail {name} is deleted: invocations are no longer recorded."
        elif change.value_before("enable_logging") is not False and change.value_after("enable_logging") is False:
            yield change.address, f"The trail {name} records nothing: `enable_logging` is false."


@rule("audit-reduced", "warn")
def audit_reduced(context: ReviewContext) -> RuleResult:
    """A trail records fewer events, or a log file of it can be changed without notice."""
    for compared in context.compared(TRAIL):
        if changed := [*_reductions(compared.before, compared.after)]:
            yield compared.address, f"The trail {code(compared.after.get('name'))} records less: {'; '.join(changed)}."
        if compared.is_new and not records_type(compared.after, _ENDPOINTS):
            yield compared.address, "The trail records no invocations of endpoints."
        if not compared.is_new and (moved := [*_moved(compared.change)]):
            yield compared.address, f"The log files of the trail go elsewhere from now on: {'; '.join(moved)}."
    for policy, actions in lost_permissions(context.plan, "cloudtrail.amazonaws.com"):
        yield (
            policy.address,
            f"CloudTrail can no longer perform {code(', '.join(actions))} as before: log files may not be delivered.",
        )


@rule("notifications-off", "note")
def notifications_off(context: ReviewContext) -> RuleResult:
    """EventBridge is not notified of new objects, so that what watches captured data does not run."""
    for change in context.plan.of_type(_NOTIFICATION):
        is_with_bucket = context.plan.is_deleted_with_bucket(change)
        was_on, is_on = change.value_before("eventbridge") is True, change.value_after("eventbridge") is True
        if was_on and (change.is_deleted or not is_on) and not is_with_bucket:
            yield change.address, f"New objects of {code(change.value_before('bucket'))} are no longer announced."


def _reductions(before: Json, after: Json) -> Iterator[str]:
    for argument, effect in _NARROWING.items():
        if before.get(argument) is True and after.get(argument) is not True:
            yield f"`{argument}` is off: {effect}"
    if isinstance(after.get("advanced_event_selector"), Unknown):
        yield "its event selectors are known only after apply"
        return
    for selector in lost_selectors(before, after):
        yield f"no longer, or only in part, {code(selector)}"
    for basic in lost_basic_selectors(before, after):
        yield f"the event selector {code(basic)} is removed or changed"


def _moved(trail: Change) -> Iterator[str]:
    for argument in _DESTINATIONS:
        before, after = trail.value_before(argument), trail.value_after(argument)
        if (before or "") != (after or "") and identifier(after) != identifier(before):
            yield f"{code(argument)} {code(before)} → {code(after)}"
