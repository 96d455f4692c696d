"""The scaling of a variant with Application Auto Scaling."""

from shlex import quote
from typing import Any

from protected_endpoints.commands.adopt.running_endpoint import Answer, RunningEndpoint

_TRACKING = "TargetTrackingScalingPolicyConfiguration"


def scaling_table(
    variant: str, running: RunningEndpoint, left_out: list[str], notes: list[str]
) -> dict[str, Any] | None:
    """Return the table of a variant's scaling: its capacities and target tracking of a predefined metric.

    Policies have other names here, and a metric is tracked by one policy only, so the present one has to be deleted.
    """
    resource = f"endpoint/{running.name}/variant/{variant}"
    target = next((target for target in running.scalable_targets if target["ResourceId"] == resource), None)
    if target is None:
        return None
    policies = [policy for policy in running.scaling_policies if policy["ResourceId"] == resource]
    tracking = [policy for policy in policies if _is_expressible(policy)]
    path = f"variant {variant}: "
    left_out += [f"{path}scaling policy {policy['PolicyName']}" for policy in policies if policy not in tracking[:1]]
    actions = [action for action in running.scheduled_actions if action["ResourceId"] == resource]
    left_out += [f"{path}scheduled action {action['ScheduledActionName']}" for action in actions]
    if not tracking:
        left_out.append(f"{path}scalable target from {target['MinCapacity']} to {target['MaxCapacity']}")
        return None
    notes.append(
        "delete the scaling policy that the first deployment replaces, right before it; the capacity stays as it is "
        f"until then: {_deletion(tracking[0], running)}"
    )
    return {
        "min_capacity": target["MinCapacity"],
        "max_capacity": target["MaxCapacity"],
        **_target_tracking(tracking[0][_TRACKING]),
    }


def _is_expressible(policy: Answer) -> bool:
    return "PredefinedMetricSpecification" in policy.get(_TRACKING, {})


def _target_tracking(answer: Answer) -> dict[str, Any]:
    cooldowns = {
        key: answer[name]
        for key, name in (("scale_in_cooldown", "ScaleInCooldown"), ("scale_out_cooldown", "ScaleOutCooldown"))
        if name in answer
    }
    disabled = {"disable_scale_in": True} if answer.get("DisableScaleIn") else {}
    metric = answer["PredefinedMetricSpecification"]["PredefinedMetricType"]
    return {"target_value": float(answer["TargetValue"]), "predefined_metric_type": metric, **cooldowns, **disabled}


def _deletion(policy: Answer, running: RunningEndpoint) -> str:
    return (
        f"aws application-autoscaling delete-scaling-policy --region {running.region} --service-namespace sagemaker "
        f"--resource-id {policy['ResourceId']} --scalable-dimension {policy['ScalableDimension']} "
        f"--policy-name {quote(policy['PolicyName'])}"
    )
