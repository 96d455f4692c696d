"""Rules about CloudWatch alarms: those that roll updates back, and those that notify people."""

from collections.abc import Iterator, Mapping
from dataclasses import replace

from protected_endpoints.review.analysis.alarms import ALARMS, FLEET, dimensions, evaluates_the_same, weakenings
from protected_endpoints.review.analysis.context import ReviewContext
from protected_endpoints.review.analysis.endpoints import EndpointAction, rollback_alarms
from protected_endpoints.review.analysis.inference_option import InferenceOption, inference_option
from protected_endpoints.review.markdown import code
from protected_endpoints.review.plan.plan import Change
from protected_endpoints.review.plan.resource_types import ENDPOINT, TOPIC
from protected_endpoints.review.rules.registry import RuleResult, rule

_DELETED = "is deleted"


@rule("rollback-removed", "block")
def rollback_removed(context: ReviewContext) -> RuleResult:
    """SageMaker rolls a failing update back only if an alarm that sees the new version can fire."""
    for change in _kept_endpoints(context):
        before, after = (rollback_alarms(side) for side in (change.before, change.after))
        if before and not after:
            yield (
                change.address,
                f"No alarm rolls an update back any more; before: {code(', '.join(before))}. A failing version stays "
                "in service.",
            )
    names = {name for change in _kept_endpoints(context) for name in rollback_alarms(change.after)}
    for alarm, name, changed in _weaker_alarms(context):
        if name in names:
            yield alarm.address, f"The alarm {code(name)} rolls updates back, and {changed}."
    for alarm, fleet in _blind_alarms(context, names):
        yield (
            alarm.address,
            f"The alarm rolls updates back, and watches only the endpoint configuration {code(fleet)}, which this "
            f"update replaces: it does not see the new version. Let {code(FLEET)} refer to the new one.",
        )


@rule("alarms-removed", "warn")
def alarms_removed(context: ReviewContext) -> RuleResult:
    """Nobody is notified of what an alarm no longer evaluates, evaluates later, or tells another topic."""
    rolls_back: set[str] = set()
    for change in _kept_endpoints(context):
        before, after = ({*rollback_alarms(side)} for side in (change.before, change.after))
        rolls_back |= after
        if after and (removed := sorted(before - after)):
            yield change.address, f"Rollback alarms are removed: {code(', '.join(removed))}."
    for alarm, name, changed in _weaker_alarms(context):
        if name not in rolls_back:
            yield alarm.address, f"The alarm {code(name)} {changed}."
    for topic in context.plan.of_type(TOPIC):
        if topic.is_deleted or topic.is_replaced:
            name = code(topic.value_before("name"))
            yield topic.address, f"The topic {name} is deleted with its subscriptions: what it tells reaches nobody."


@rule("endpoint-unwatched", "note")
def endpoint_unwatched(context: ReviewContext) -> RuleResult:
    """The configuration of a new endpoint turns its alarms off, or its mode has no automatic rollback."""
    alarms = [alarm.after for type_ in ALARMS for alarm in context.plan.of_type(type_) if not alarm.is_deleted]
    watched = {item.get("EndpointName") for alarm in alarms for item in dimensions(alarm)}
    for endpoint in context.endpoints:
        if endpoint.action is not EndpointAction.CREATED:
            continue
        if endpoint.change.value_after("name") not in watched:
            yield endpoint.change.address, "No alarm of this stack watches the endpoint."
        if not rollback_alarms(endpoint.change.after) and _hosts_instances(context, endpoint.change):
            yield endpoint.change.address, "No alarm rolls a failing update of the endpoint back."


def _hosts_instances(context: ReviewContext, endpoint: Change) -> bool:
    """Return whether an endpoint has instances with models, so that SageMaker can roll its updates back."""
    options = (
        inference_option(configuration.after)
        for served in context.comparisons.served.endpoints
        for configuration in served.after.configurations
        if served.change is endpoint
    )
    return any(option in (InferenceOption.REAL_TIME, InferenceOption.ASYNCHRONOUS) for option in options)


def _kept_endpoints(context: ReviewContext) -> list[Change]:
    """Return the endpoints that exist before and after the plan."""
    return [
        change for change in context.plan.of_type(ENDPOINT) if change.before and change.after and not change.is_deleted
    ]


def _weaker_alarms(context: ReviewContext) -> Iterator[tuple[Change, str, str]]:
    """Yield the alarms that are deleted or weaker, with their name before, and what happens to them.

    An alarm that another one replaces is compared with that one. An alarm is deleted with what it watches.
    """
    fleets = _fleets(context)
    for alarm in (alarm for type_ in ALARMS for alarm in context.plan.of_type(type_)):
        name = str(alarm.value_before("alarm_name"))
        if alarm.is_deleted:
            if successor := _successor(context, alarm):
                changed = weakenings(_renamed(alarm, successor), fleets)
                if changed:
                    yield successor, name, f"becomes weaker, or evaluates something else: {'; '.join(changed)}"
            elif not _is_unneeded(context, alarm):
                yield alarm, name, _DELETED
        elif alarm.before and alarm.after and not alarm.is_unchanged and (changed := weakenings(alarm, fleets)):
            yield alarm, name, f"is weaker, or evaluates something else: {'; '.join(changed)}"


def _successor(context: ReviewContext, alarm: Change) -> Change | None:
    """Return the new alarm that evaluates what a deleted one did."""
    created = (other for other in context.plan.of_type(alarm.type) if other.is_created)
    return next((other for other in created if evaluates_the_same(alarm.before, other.after)), None)


def _renamed(alarm: Change, successor: Change) -> Change:
    """Return the change from a deleted alarm to its successor, without their names."""
    before, after = ({**(side or {}), "alarm_name": None} for side in (alarm.before, successor.after))
    return replace(successor, before=before, after=after)


def _is_unneeded(context: ReviewContext, alarm: Change) -> bool:
    """Return whether everything that an alarm watches is deleted by the same plan."""
    watched = dimensions(alarm.before)
    return bool(watched) and all(context.scaling.is_gone(_watched(item)) for item in watched)


def _watched(item: Mapping[str, object]) -> tuple[str, str]:
    """Return what the dimensions of a metric are about, in the form of what is scaled."""
    if component := item.get("InferenceComponentName"):
        return f"inference-component/{component}", ""
    return f"endpoint/{item.get('EndpointName')}/variant/{item.get('VariantName', '')}", ""


def _fleets(context: ReviewContext) -> dict[object, object]:
    """Return the name of the endpoint configuration of each endpoint after the plan, by the one before."""
    key = "endpoint_config_name"
    return {change.value_before(key): change.value_after(key) for change in _kept_endpoints(context)}


def _blind_alarms(context: ReviewContext, names: set[str]) -> Iterator[tuple[Change, str]]:
    """Yield the rollback alarms that watch only the endpoint configuration that an update replaces."""
    # A reference, as synthesized stacks have it, follows to the new configuration.
    replaced = {old for old, new in _fleets(context).items() if old != new and not str(old).startswith("${")}
    for alarm in (alarm for type_ in ALARMS for alarm in context.plan.of_type(type_)):
        if alarm.is_deleted or alarm.value_after("alarm_name") not in names:
            continue
        for fleet in {item.get(FLEET) for item in dimensions(alarm.after)} & replaced:
            yield alarm, str(fleet)
