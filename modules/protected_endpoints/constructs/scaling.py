"""Scaling of a variant or an inference component with Application Auto Scaling."""

from decimal import Decimal
from typing import Any

from cdktf import ITerraformDependable, TerraformResourceLifecycle
from constructs import Construct

from protected_endpoints.bindings.appautoscaling import (
    AppautoscalingScheduledAction,
    AppautoscalingScheduledActionScalableTargetAction,
    AppautoscalingTarget,
)
from protected_endpoints.config import ScheduledAction
from protected_endpoints.constructs.metric_alarm import MetricAlarm
from protected_endpoints.constructs.untyped_resource import UntypedResource
from protected_endpoints.deployment.scaling import ScalingTarget
from protected_endpoints.deployment.scaling_policies import (
    TARGET_TRACKING,
    StepPolicy,
    predefined_metric,
    step_policies,
    tracked_metric,
)

_NAMESPACE = "sagemaker"
_MIN_EXPONENT, _MAX_EXPONENT = -4, 6  # of numbers without an exponent


class Scaling(Construct):
    """Define a scalable target with its policies, the alarms that start them, and its scheduled actions.

    SageMaker refuses another instance type while a variant is registered. So the target is replaced with the type:
    Terraform deregisters it, updates the endpoint and registers it again. Deregistering deletes policies and actions,
    so they are replaced with the target. `replaced_with` is the ID of the endpoint or component, which also replaces
    it: AWS deregisters the target of what is deleted (endpoint-delete-with-scaling).
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        target: ScalingTarget,
        replaced_with: str,
        after: ITerraformDependable,
    ) -> None:
        super().__init__(scope, id_)
        self._target = target
        resource = self._scalable_target(replaced_with, after)
        # The arguments of all that belongs to the target. Each attribute is a request to Node, so it is read once.
        self._of_target: dict[str, Any] = {
            "service_namespace": resource.service_namespace,
            "resource_id": resource.resource_id,
            "scalable_dimension": resource.scalable_dimension,
        }
        self._replaced_with_target = TerraformResourceLifecycle(
            replace_triggered_by=[f"aws_appautoscaling_target.{resource.friendly_unique_id}.id"]
        )
        if target.settings.target_value is not None:
            self._policy("TargetTracking", TARGET_TRACKING, self._target_tracking(target.settings.target_value))
        for policy in step_policies(target):
            self._step_scaling(policy)
        for action in target.settings.scheduled_actions:
            self._scheduled_action(action)

    def _scalable_target(self, replaced_with: str, after: ITerraformDependable) -> AppautoscalingTarget:
        """Define the target with its limits.

        A scheduled action changes the limits in AWS. Terraform then ignores them, so that a deployment does not undo
        the schedule, and replaces the target when they change in endpoints.toml. What is created replaces nothing:
        the limits exist without a schedule as well, so that they can change together with the first one.
        """
        target = self._target
        variant = target.source.variant
        instance_type = variant.instance_type if variant else None
        limits = {"min_capacity": target.min_capacity, "max_capacity": target.max_capacity}
        # By name, because the position of a variant in the endpoint configuration changes with the other variants. All
        # keys are always there, so that the first scheduled action does not replace a target with the same limits.
        values = limits | ({"instance_type": instance_type} if instance_type else {})
        registered = UntypedResource(self, "Registered", type_="terraform_data", arguments={"input": values})
        ignored = [*limits] if target.settings.scheduled_actions else []
        triggers = [*ignored, *(["instance_type"] if instance_type else [])]
        address = f"terraform_data.{registered.friendly_unique_id}.input"
        return AppautoscalingTarget(
            self,
            "Target",
            service_namespace=_NAMESPACE,
            resource_id=target.resource_id,
            scalable_dimension=target.scalable_dimension,
            min_capacity=target.min_capacity,
            max_capacity=target.max_capacity,
            lifecycle=TerraformResourceLifecycle(
                replace_triggered_by=[replaced_with, *(f"{address}.{key}" for key in triggers)],
                ignore_changes=ignored or None,
            ),
            depends_on=[after],
        )

    def _target_tracking(self, target_value: float) -> dict[str, Any]:
        settings, tracked = self._target.settings, tracked_metric(self._target)
        arguments: dict[str, Any] = {
            "target_value": target_value,
            "scale_in_cooldown": settings.scale_in_cooldown,
            "scale_out_cooldown": settings.scale_out_cooldown,
            "disable_scale_in": settings.disable_scale_in,
        }
        if tracked is None:
            arguments["predefined_metric_specification"] = {"predefined_metric_type": predefined_metric(self._target)}
        else:
            arguments["customized_metric_specification"] = {
                "metric_name": tracked.metric_name,
                "namespace": tracked.namespace,
                "statistic": tracked.statistic,
                "unit": tracked.unit,
                "dimensions": tuple({"name": name, "value": value} for name, value in tracked.dimensions),
            }
        return {
            "policy_type": "TargetTrackingScaling",
            "target_tracking_scaling_policy_configuration": arguments,
        }

    def _step_scaling(self, policy: StepPolicy) -> None:
        settings = policy.settings
        arguments: dict[str, Any] = {
            "adjustment_type": settings.adjustment_type,
            "cooldown": settings.cooldown,
            "metric_aggregation_type": settings.metric_aggregation_type,
            "min_adjustment_magnitude": settings.min_adjustment_magnitude,
            "step_adjustment": tuple(
                {
                    "metric_interval_lower_bound": step_bound(step.metric_interval_lower_bound),
                    "metric_interval_upper_bound": step_bound(step.metric_interval_upper_bound),
                    "scaling_adjustment": step.scaling_adjustment,
                }
                for step in settings.step_adjustments
            ),
        }
        resource = self._policy(
            f"Step-{settings.name}",
            settings.name,
            {"policy_type": "StepScaling", "step_scaling_policy_configuration": arguments},
        )
        actions = [resource.get_string_attribute("arn")]
        MetricAlarm(self, f"Alarm-{settings.name}", alarm=policy.alarm, actions=actions)

    def _policy(self, id_: str, name: str, arguments: dict[str, Any]) -> UntypedResource:
        return UntypedResource(
            self,
            id_,
            type_="aws_appautoscaling_policy",
            arguments={"name": name, **self._of_target, **arguments},
            lifecycle=self._replaced_with_target,
        )

    def _scheduled_action(self, action: ScheduledAction) -> None:
        AppautoscalingScheduledAction(
            self,
            f"Action-{action.name}",
            name=action.name,
            **self._of_target,
            lifecycle=self._replaced_with_target,
            schedule=action.schedule,
            timezone=action.timezone,
            start_time=action.start_time,
            end_time=action.end_time,
            # The provider takes them as strings, because 0 is not the same as none.
            scalable_target_action=AppautoscalingScheduledActionScalableTargetAction(
                min_capacity=_text(action.min_capacity), max_capacity=_text(action.max_capacity)
            ),
        )


def _text(number: int | None) -> str | None:
    return None if number is None else str(number)


def step_bound(number: float | None) -> str | None:
    """Return a bound of a step as the AWS provider reads it from AWS, so that the next plan is empty.

    The provider compares texts, and writes six or more digits before the point, or a small fraction, with an exponent:
    1000000 is `1e+06` (aws_appautoscaling_policy, `%g` of Go).
    """
    if not number:
        return None if number is None else "0"
    exact = Decimal(repr(float(number))).normalize()
    with_exponent = f"{number:.{len(exact.as_tuple().digits) - 1}e}"
    is_plain = _MIN_EXPONENT <= int(with_exponent.partition("e")[2]) < _MAX_EXPONENT
    return f"{exact:f}" if is_plain else with_exponent
