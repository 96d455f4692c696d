"""Plans for the rules of `cost`."""

from typing import Any

from tests.review.cases.shapes import Cases, updated
from tests.review.fragments import Json, change, configuration

_WHAT: Json = {
    "resource_id": "endpoint/acme-dev-kmeans/variant/AllTraffic",
    "scalable_dimension": "sagemaker:variant:DesiredInstanceCount",
}
_TARGET, _POLICY = "aws_appautoscaling_target.Target", "aws_appautoscaling_policy.Policy"
_ACTION = "aws_appautoscaling_scheduled_action.Action"
_PRICES = {"ml.m5.xlarge": 0.25}


def _bounded(old: tuple[int, int], new: tuple[int, int]) -> Json:
    before, after = ({**_WHAT, "min_capacity": low, "max_capacity": high} for low, high in (old, new))
    return change(_TARGET, before, after, ("update",) if before != after else ("no-op",))


def _scheduled(low: int, high: int) -> dict[str, Any]:
    action = {"scalable_target_action": [{"min_capacity": str(low), "max_capacity": str(high)}]}
    created = change(_ACTION, None, {**_WHAT, "name": "sale", "schedule": "at(x)", **action}, ("create",))
    return {"others": [_bounded((2, 8), (2, 8)), created]}


def _tracking(*, disabled: bool = False, target_value: float = 70) -> dict[str, Any]:
    policy = {**_WHAT, "name": "p", "policy_type": "TargetTrackingScaling"}
    key = "target_tracking_scaling_policy_configuration"
    before, after = (
        {**policy, key: [{"disable_scale_in": off, "target_value": value}]}
        for off, value in ((False, 70), (disabled, target_value))
    )
    return {"others": [_bounded((2, 8), (2, 8)), change(_POLICY, before, after, ("update",))]}


CASES: Cases = [
    (
        "capacity-cost",
        {"changed": updated(configuration(initial_instance_count=20))},
        {"changed": updated(configuration(initial_instance_count=19))},
    ),
    (
        "cost",
        {"changed": updated(configuration(initial_instance_count=4)), "hourly": _PRICES},
        {"changed": updated(configuration(initial_instance_count=4)), "hourly": {"ml.c5.xlarge": 0.25}},
    ),
    (
        "cost",
        {"others": [_bounded((2, 8), (2, 12))], "hourly": _PRICES},
        {"others": [_bounded((2, 8), (1, 8))], "hourly": _PRICES},
    ),
    ("scaling-cost", {"others": [_bounded((2, 8), (2, 80))]}, {"others": [_bounded((2, 8), (2, 79))]}),
    ("scaling-cost", {"others": [_bounded((2, 80), (20, 80))]}, {"others": [_bounded((2, 80), (19, 80))]}),
    ("scaling-cost", _scheduled(2, 80), _scheduled(2, 16)),
    ("scaling-cost", _tracking(disabled=True), _tracking(disabled=False)),
    ("scaling-cost", _tracking(target_value=7), _tracking(target_value=8)),
]
