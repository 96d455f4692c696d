"""Application Auto Scaling: which variants and inference components a plan scales, between which bounds, and how.

Everything is identified by what it scales, not by its address: `resource_id` and `scalable_dimension`.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from protected_endpoints.review.analysis.endpoints import variants
from protected_endpoints.review.analysis.inference_components import component_changes, component_names
from protected_endpoints.review.analysis.served import ServedIndex
from protected_endpoints.review.markdown import code
from protected_endpoints.review.plan.plan import Change, Plan
from protected_endpoints.review.plan.resource_types import ALARM, ENDPOINT
from protected_endpoints.review.plan.values import Json, Unknown, as_dict, as_list, as_number, first_block, identifier

TARGET, POLICY, ACTION = (f"aws_appautoscaling_{kind}" for kind in ("target", "policy", "scheduled_action"))
_UNITS = {
    "DesiredInstanceCount": "instances",
    "DesiredCopyCount": "copies",
    "DesiredProvisionedConcurrency": "concurrent requests",
}
Scaled = tuple[str, str]  # resource_id and scalable_dimension
Named = tuple[Scaled, str]  # a policy or a scheduled action: its name is unique for what it scales


@dataclass(frozen=True)
class Bounds:
    """The capacity between which a fleet is scaled; None if a bound is unset or known only after apply."""

    min: float | None
    max: float | None

    def __str__(self) -> str:
        if self.min is not None and self.max is not None:
            return f"{self.min:g} to {self.max:g}"
        known = [
            f"{word} {bound:g}" for word, bound in (("at least", self.min), ("at most", self.max)) if bound is not None
        ]
        return "".join(known) or "an unknown number of"


@dataclass(frozen=True)
class ScalingSide:
    """What is scaled either before or after a plan."""

    plan: Plan
    is_after: bool

    @cached_property
    def targets(self) -> dict[Scaled, Change]:
        return {scaled(self.attributes(change)): change for change in self._existing(TARGET)}

    @cached_property
    def policies(self) -> dict[Named, Change]:
        return self._by_name(POLICY)

    @cached_property
    def actions(self) -> dict[Named, Change]:
        return self._by_name(ACTION)

    def attributes(self, change: Change | None) -> Json:
        """Return the attributes of a resource, and none if it does not exist."""
        if change is None:
            return {}
        if self.is_after:
            return {} if change.is_deleted else change.after or {}
        return change.before or {}

    def bounds(self, target: Scaled) -> Bounds:
        """Return the bounds of a target, and unknown ones without it."""
        return bounds(self.attributes(self.targets.get(target)))

    def lowest(self, target: Scaled) -> float | None:
        """Return the lowest `min_capacity` of a target and its scheduled actions."""
        known = [self.bounds(target).min, *(item.min for item in self._scheduled(target))]
        return min((bound for bound in known if bound is not None), default=None)

    def wakes(self, target: Scaled) -> bool:
        """Return whether an alarm starts a step policy of a target, without which it stays at zero."""
        return bool(self.waking_alarms(target))

    def waking_alarms(self, target: Scaled) -> list[Change]:
        """Return the alarms that start a step policy which adds the first capacity of a target."""
        steps = {
            identity
            for (of, _), change in self.policies.items()
            if of == target and _adds_the_first(self.attributes(change))
            for identity in (identifier(self.attributes(change).get("arn")), f"${{{change.address}.arn}}")
        }
        alarms = [alarm for alarm in self.plan.of_type(ALARM) if self.attributes(alarm)]
        return [alarm for alarm in alarms if steps and self._starts(self.attributes(alarm), steps)]

    @staticmethod
    def _starts(alarm: Json, policies: set[str]) -> bool:
        actions = alarm.get("alarm_actions")
        if alarm.get("actions_enabled") is False:
            return False
        # A set with an ARN that is known only after apply may be unknown as a whole, without a reference.
        named = {identifier(action) for action in ([actions] if isinstance(actions, Unknown) else as_list(actions))}
        return not named.isdisjoint({*policies, ""})

    def _scheduled(self, target: Scaled) -> Iterable[Bounds]:
        return (action_bounds(self.attributes(change)) for (of, _), change in self.actions.items() if of == target)

    def _by_name(self, type_: str) -> dict[Named, Change]:
        return {
            (scaled(self.attributes(change)), str(self.attributes(change).get("name"))): change
            for change in self._existing(type_)
        }

    def _existing(self, type_: str) -> list[Change]:
        return [change for change in self.plan.of_type(type_) if self.attributes(change)]


@dataclass(frozen=True)
class Scaling:
    """What a plan scales before and after it."""

    plan: Plan
    served: ServedIndex

    @cached_property
    def before(self) -> ScalingSide:
        return ScalingSide(self.plan, is_after=False)

    @cached_property
    def after(self) -> ScalingSide:
        return ScalingSide(self.plan, is_after=True)

    def is_gone(self, target: Scaled) -> bool:
        """Return whether the variant or the inference component is known not to exist after the plan."""
        kind, _, rest = target[0].partition("/")
        if kind == "inference-component":
            deleted = {
                str(component.before.get("InferenceComponentName")) for component in component_changes(self.plan)
            }
            return rest in deleted - component_names(self.plan)
        endpoint, _, variant = rest.partition("/variant/")
        return is_endpoint_gone(self.plan, endpoint) or bool(variant and self._is_variant_gone(endpoint, variant))

    def removed_targets(self) -> Iterator[tuple[Scaled, Change]]:
        """Yield the targets that are deleted or scale something else, although what they scaled stays."""
        for target, change in self.before.targets.items():
            is_kept = target in self.after.targets or change.is_removed_from_state
            if not is_kept and not self.is_gone(target):
                yield target, change

    def changed_bounds(self) -> Iterator[tuple[str, str, Bounds, Bounds]]:
        """Yield the address and the name of each target and scheduled action whose bounds differ, and both bounds."""
        before, after = self.before, self.after
        for target in (target for target in after.targets if target in before.targets):
            old, new = before.bounds(target), after.bounds(target)
            if old != new:
                yield after.targets[target].address, code(target[0]), old, new
        for named in (named for named in after.actions if named in before.actions):
            old, new = (action_bounds(side.attributes(side.actions[named])) for side in (before, after))
            if old != new:
                yield after.actions[named].address, f"Scheduled action {code(named[1])}", old, new

    def compared_policies(self) -> Iterator[tuple[Change, Change, str]]:
        """Yield the policies that exist before, with what they become, and their name."""
        for (target, name), change in self.before.policies.items():
            if successor := self.successor(target, name):
                yield change, successor, name

    def successor(self, target: Scaled, name: str) -> Change | None:
        """Return the policy with the name of an earlier one, or else the only new one of its type for the target."""
        before, after = self.before.policies, self.after.policies
        if same := after.get((target, name)):
            return same
        type_ = before[target, name].value_before("policy_type")
        new = [
            change
            for (of, other), change in after.items()
            if of == target and (of, other) not in before and change.value_after("policy_type") == type_
        ]
        return new[0] if len(new) == 1 else None

    def _is_variant_gone(self, endpoint: str, variant: str) -> bool:
        serving = [item for item in self.served.endpoints if item.change.value_after("name") == endpoint]
        configurations = [side.after for item in serving for side in item.after.configurations]
        names = {str(item.get("variant_name")) for side in configurations for item in variants(side)}
        return bool(names) and variant not in names


def is_endpoint_gone(plan: Plan, name: str) -> bool:
    """Return whether a plan deletes the endpoint with a name, or replaces it by one with another name."""
    endpoints = plan.of_type(ENDPOINT)
    existing = {str(change.value_after("name")) for change in endpoints if not change.is_deleted}
    return name not in existing and name in {str(change.value_before("name")) for change in endpoints}


def scaled(attributes: Json) -> Scaled:
    """Return what a target, a policy or a scheduled action is about."""
    return identifier(attributes.get("resource_id")), str(attributes.get("scalable_dimension"))


def unit(target: Scaled) -> str:
    """Return what the capacity of a target counts."""
    return _UNITS.get(target[1].rpartition(":")[2], "units")


def bounds(target: Mapping[str, object]) -> Bounds:
    return Bounds(_number(target.get("min_capacity")), _number(target.get("max_capacity")))


def action_bounds(action: Json) -> Bounds:
    """Return the bounds that a scheduled action sets, which the provider has as strings."""
    return bounds(first_block(action.get("scalable_target_action")))


def _adds_the_first(policy: Json) -> bool:
    """Return whether a step policy adds capacity as soon as its alarm fires."""
    steps = first_block(policy.get("step_scaling_policy_configuration")).get("step_adjustment")
    return policy.get("policy_type") == "StepScaling" and any(
        as_number(step.get("scaling_adjustment")) > 0 and _is_zero(step.get("metric_interval_lower_bound"))
        for step in map(as_dict, as_list(steps))
    )


def _is_zero(bound: object) -> bool:
    """Return whether a step begins at the threshold; an unset bound is below it."""
    return bound in (None, "") or _number(bound) == 0


def _number(value: object) -> float | None:
    if isinstance(value, bool):
        return None
    if isinstance(value, int | float):
        return value
    return float(value) if isinstance(value, str) and value.isdecimal() else None
