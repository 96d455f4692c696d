"""The scaling of a variant with Application Auto Scaling."""

from datetime import UTC, datetime
from typing import Any

from protected_endpoints.aws.metrics import METRICS
from protected_endpoints.commands.adopt.running_endpoint import Answer, RunningEndpoint
from protected_endpoints.commands.adopt.slug import slug

_TRACKING, _TRACKING_TYPE = "TargetTrackingScalingPolicyConfiguration", "TargetTrackingScaling"
_SAGEMAKER_NAMESPACES = {metric.namespace for metric in METRICS}
_STAYS = "it stays in AWS, unmanaged"


def scaling_table(
    variant: str, running: RunningEndpoint, left_out: list[str], notes: list[str]
) -> dict[str, Any] | None:
    """Return the table of a variant's scaling: its capacities, target tracking and scheduled actions."""
    resource = f"endpoint/{running.name}/variant/{variant}"
    target = next((target for target in running.scalable_targets if target["ResourceId"] == resource), None)
    if target is None:
        return None
    path = f"variant {variant}: "
    tracking = tracking_policy(running, resource)
    left_out += [
        f"{path}{_left_out(policy)}"
        for policy in running.scaling_policies
        if policy["ResourceId"] == resource and policy is not tracking
    ]
    actions = [action for action in running.scheduled_actions if action["ResourceId"] == resource]
    scheduled = [action for action in actions if slug(action["ScheduledActionName"]) == action["ScheduledActionName"]]
    left_out += [
        f"{path}scheduled action {action['ScheduledActionName']}: a name here has lowercase letters, digits and single "
        "hyphens; add it to scheduled_actions with another name, and delete the present one after the deployment"
        for action in actions
        if action not in scheduled
    ]
    bounds = {"min_capacity": target["MinCapacity"], "max_capacity": target["MaxCapacity"]}
    if not (tracking or scheduled):
        left_out.append(
            f"{path}scalable target from {target['MinCapacity']} to {target['MaxCapacity']}: no policy that can be "
            f"expressed here scales it; {_STAYS}"
        )
        return None
    if scheduled:
        notes.append(f"{path}min_capacity and max_capacity are those of now; scheduled actions may have changed them")
    return {
        **bounds,
        **(_target_tracking(tracking[_TRACKING], running.name, variant) if tracking else {}),
        **({"scheduled_actions": [_scheduled_action(action) for action in scheduled]} if scheduled else {}),
    }


def tracking_policy(running: RunningEndpoint, resource: str) -> Answer:
    """Return the policy of a scalable target that its table expresses; an empty one if there is none."""
    policies = (policy for policy in running.scaling_policies if policy["ResourceId"] == resource)
    return next((policy for policy in policies if _is_expressible(policy)), {})


def _is_expressible(policy: Answer) -> bool:
    """Return whether a policy tracks one metric, without metric math."""
    tracking = policy.get(_TRACKING, {})
    return bool(
        tracking.get("PredefinedMetricSpecification")
        or tracking.get("CustomizedMetricSpecification", {}).get("MetricName")
    )


def _left_out(policy: Answer) -> str:
    name, type_ = policy["PolicyName"], policy.get("PolicyType", "")
    if _is_expressible(policy):
        return f"scaling policy {name}: a variant has one target tracking policy here; {_STAYS}"
    if type_ == _TRACKING_TYPE:
        return f"scaling policy {name}: metric math cannot be tracked here; {_STAYS}"
    if type_ == "StepScaling":
        return (
            f"scaling policy {name}: add it to step_scaling_policies with its alarm, and delete the present policy and "
            f"alarm after the deployment; until then {_STAYS}"
        )
    return f"scaling policy {name}: the type {type_} is not supported here; {_STAYS}"


def _target_tracking(answer: Answer, endpoint: str, variant: str) -> dict[str, Any]:
    cooldowns = {
        key: answer[name]
        for key, name in (("scale_in_cooldown", "ScaleInCooldown"), ("scale_out_cooldown", "ScaleOutCooldown"))
        if name in answer
    }
    disabled = {"disable_scale_in": True} if answer.get("DisableScaleIn") else {}
    target = {"target_value": float(answer["TargetValue"])}
    return {**target, **_metric(answer, endpoint, variant), **cooldowns, **disabled}


def _metric(answer: Answer, endpoint: str, variant: str) -> dict[str, Any]:
    if predefined := answer.get("PredefinedMetricSpecification"):
        return {"predefined_metric_type": predefined["PredefinedMetricType"]}
    metric = answer["CustomizedMetricSpecification"]
    table = {"metric_name": metric["MetricName"], "statistic": metric["Statistic"]}
    dimensions = {dimension["Name"]: dimension["Value"] for dimension in metric.get("Dimensions", [])}
    is_of_variant = dimensions.items() <= {"EndpointName": endpoint, "VariantName": variant}.items()
    # The dimensions of SageMaker's metrics follow from the endpoint.
    if not (metric.get("Namespace") in _SAGEMAKER_NAMESPACES and is_of_variant):
        table |= {"namespace": metric.get("Namespace"), "dimensions": dimensions, "unit": metric.get("Unit")}
    return {"customized_metric_specification": {key: value for key, value in table.items() if value}}


def _scheduled_action(answer: Answer) -> dict[str, Any]:
    bounds = answer["ScalableTargetAction"]
    table = {
        "name": answer["ScheduledActionName"],
        "schedule": answer["Schedule"],
        "timezone": answer.get("Timezone"),
        "start_time": _utc(answer.get("StartTime")),
        "end_time": _utc(answer.get("EndTime")),
        "min_capacity": bounds.get("MinCapacity"),
        "max_capacity": bounds.get("MaxCapacity"),
    }
    return {key: value for key, value in table.items() if value is not None}


def _utc(time: datetime | None) -> str | None:
    return f"{time.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}" if time else None
