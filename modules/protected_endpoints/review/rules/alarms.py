"""Rules about CloudWatch alarms: those that roll updates back, and those that notify people."""

from collections.abc import Iterator, Mapping
from dataclasses import replace

from protected_endpoints.review.analysis.alarms import (
    ALARMS,
    FLEET,
    dimensions,
    evaluates_the_same,
    lost_notifications,
    value_changes,
    weakenings,
)
from protected_endpoints.review.analysis.context import ReviewContext
from protected_endpoints.review.analysis.endpoints import EndpointAction, rollback_alarms
from protected_endpoints.review.analysis.inference_option import InferenceOption, inference_option
from protected_endpoints.review.analysis.service_permissions import lost_permissions
from protected_endpoints.review.markdown import code, pluralize
from protected_endpoints.review.plan.plan import Change
from protected_endpoints.review.plan.resource_types import ENDPOINT, TOPIC
from protected_endpoints.review.plan.values import Json, as_dict, as_list, identifier
from protected_endpoints.review.rules.registry import RuleResult, rule

_DELETED = "is deleted"
_INSTANCES = "/aws/sagemaker/Endpoints"  # the namespace of the metrics of instances


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
    names = {
        name
        for change in context.plan.of_type(ENDPOINT)
        if not change.is_deleted
        for name in rollback_alarms(change.after)
    }
    for alarm, name, changed in _weaker_alarms(context):
        if name in names:
            yield alarm.address, f"The alarm {code(name)} rolls updates back, and {changed}."
    for alarm, fleet in _blind_alarms(context, names):
        watched = f"the endpoint configuration {code(fleet)}, which this update replaces" if fleet else "all versions"
        yield (
            alarm.address,
            f"The alarm rolls updates back, and watches {watched}: it does not see the new version alone. Let its "
            f"dimension {code(FLEET)} refer to the new endpoint configuration.",
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
    yield from _lost_notifications(context)
    for policy, actions in lost_permissions(context.plan, "cloudwatch.amazonaws.com"):
        yield (
            policy.address,
            f"CloudWatch can no longer perform {code(', '.join(actions))} as before: alarms may reach nobody.",
        )
    for topic in context.plan.of_type(TOPIC):
        if topic.is_deleted or topic.is_replaced:
            name = code(topic.value_before("name"))
            yield topic.address, f"The topic {name} is deleted with its subscriptions: what it tells reaches nobody."


def _lost_notifications(context: ReviewContext) -> RuleResult:
    """Yield once for all alarms what they no longer notify: a rollback needs the state of an alarm alone."""
    by_loss: dict[str, dict[str, str]] = {}
    for name, alarm in _changed_alarms(context):
        if changed := "; ".join(lost_notifications(alarm)):
            by_loss.setdefault(changed, {})[alarm.address] = name
    for changed, names in by_loss.items():
        address, name = next(iter(names.items()))
        others = f" and {pluralize(len(names) - 1, 'other alarm')}" if len(names) > 1 else ""
        yield address, f"The alarm {code(name)}{others}: {changed}."


@rule("endpoint-unwatched", "note")
def endpoint_unwatched(context: ReviewContext) -> RuleResult:
    """The configuration of a new endpoint turns its alarms off, or its mode has no automatic rollback."""
    watched = {str(item.get("EndpointName")) for alarm in _notifying_alarms(context) for item in dimensions(alarm)}
    for endpoint in context.endpoints:
        if endpoint.action is not EndpointAction.CREATED:
            continue
        if endpoint.name not in watched:
            yield endpoint.change.address, "No alarm of this stack notifies people of a failing endpoint."
        if not rollback_alarms(endpoint.change.after) and _hosts_instances(context, endpoint.change):
            yield endpoint.change.address, "No alarm rolls a failing update of the endpoint back."


def _notifying_alarms(context: ReviewContext) -> Iterator[Json]:
    """Yield the alarms after the plan that neither roll an update back nor start a scaling policy."""
    rolls_back = {name for change in context.plan.of_type(ENDPOINT) for name in rollback_alarms(change.after)}
    for alarm in (change.after for type_ in ALARMS for change in context.plan.of_type(type_) if not change.is_deleted):
        actions = map(identifier, as_list(as_dict(alarm).get("alarm_actions")))
        if alarm and str(alarm.get("alarm_name")) not in rolls_back and not any(map(_is_policy, actions)):
            yield alarm


def _is_policy(action: str) -> bool:
    return ":scalingPolicy:" in action or action.startswith("${aws_appautoscaling_policy.")


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
        elif changed := _changes(context, alarm, fleets):
            yield alarm, name, f"is weaker, or evaluates something else: {'; '.join(changed)}"


def _changed_alarms(context: ReviewContext) -> Iterator[tuple[str, Change]]:
    """Yield the name and the change of each alarm that stays, also of one that another one replaces."""
    for alarm in (alarm for type_ in ALARMS for alarm in context.plan.of_type(type_)):
        name = str(alarm.value_before("alarm_name"))
        successor = _successor(context, alarm) if alarm.is_deleted else None
        if successor:
            yield name, _renamed(alarm, successor)
        elif alarm.before and alarm.after and not alarm.is_unchanged:
            yield name, alarm


def _changes(context: ReviewContext, alarm: Change, fleets: Mapping[str, object]) -> list[str]:
    """Return how an existing alarm becomes weaker; one that starts a scaling policy may not do so sooner."""
    if not alarm.before or not alarm.after or alarm.is_unchanged:
        return []
    if _is_resized(context, alarm):
        alarm = replace(alarm, before={**alarm.before, "threshold": alarm.value_after("threshold")})
    starts_policy = any(map(_is_policy, map(identifier, as_list(alarm.value_before("alarm_actions")))))
    return [*dict.fromkeys([*weakenings(alarm, fleets), *(value_changes(alarm) if starts_policy else ())])]


def _is_resized(context: ReviewContext, alarm: Change) -> bool:
    """Return whether an alarm is about the use of instances whose type changes.

    Its threshold is 100 for each vCPU or GPU of the type, so that it changes with it.
    """
    if alarm.value_after("namespace") != _INSTANCES:
        return False
    types = context.comparisons.instance_types
    return any(
        len(types.get((str(item.get("EndpointName")), str(item.get("VariantName"))), ())) > 1
        for item in dimensions(alarm.after)
    )


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


def _fleets(context: ReviewContext) -> dict[str, object]:
    """Return the name of the endpoint configuration of each endpoint after the plan, by the one before."""
    key = "endpoint_config_name"
    return {str(change.value_before(key)): change.value_after(key) for change in _kept_endpoints(context)}


def _blind_alarms(context: ReviewContext, names: set[str]) -> Iterator[tuple[Change, str]]:
    """Yield the rollback alarms that do not watch the new version alone, with the configuration that they watch."""
    # A reference is always the new one.
    replaced = {old for old, new in _fleets(context).items() if old != new and not old.startswith("${")}
    for alarm in (alarm for type_ in ALARMS for alarm in context.plan.of_type(type_)):
        fleets = {str(item.get(FLEET, "")) for item in dimensions(alarm.after)}
        if not alarm.is_deleted and str(alarm.value_after("alarm_name")) in names:
            yield from ((alarm, fleet) for fleet in fleets & replaced)
            if alarm.is_created and ("" in fleets or not fleets):
                yield alarm, ""
