"""Plans for the rules of `scaling`."""

from typing import Any

from tests.review.cases.shapes import ENDPOINT, Cases, updated
from tests.review.fragments import OLD_FIRST, Json, change, configuration

_VARIANT = "endpoint/acme-dev-kmeans/variant/AllTraffic"
_WHAT: Json = {
    "resource_id": _VARIANT,
    "scalable_dimension": "sagemaker:variant:DesiredInstanceCount",
    "service_namespace": "sagemaker",
}
_TARGET: Json = {**_WHAT, "min_capacity": 2, "max_capacity": 8}
_TRACKING: Json = {
    "target_value": 70,
    "predefined_metric_specification": [{"predefined_metric_type": "SageMakerVariantInvocationsPerInstance"}],
}
_STEPS: Json = {
    "adjustment_type": "ChangeInCapacity",
    "cooldown": 300,
    "step_adjustment": [{"metric_interval_lower_bound": "0", "scaling_adjustment": 1}],
}
_POLICY: Json = {**_WHAT, "name": "target-tracking", "policy_type": "TargetTrackingScaling"}
_WAKE_ARN = "arn:aws:autoscaling:us-west-2:111122223333:scalingPolicy:1:policyName/wake-up"
_WAKE: Json = {
    **_WHAT,
    "name": "wake-up",
    "policy_type": "StepScaling",
    "arn": _WAKE_ARN,
    "step_scaling_policy_configuration": [_STEPS],
}
_WAKE_ALARM: Json = {
    "alarm_name": "acme-dev-kmeans/wake-up",
    "metric_name": "HasBacklogWithoutCapacity",
    "dimensions": {"EndpointName": "acme-dev-kmeans"},
    "comparison_operator": "GreaterThanOrEqualToThreshold",
    "threshold": 1,
    "evaluation_periods": 2,
    "alarm_actions": [_WAKE_ARN],
    "actions_enabled": True,
}
_TO_ZERO: Json = {**_TARGET, "min_capacity": 0}
_DELETED, _UPDATED, _CREATED, _UNCHANGED = ("delete",), ("update",), ("create",), ("no-op",)


def _target(before: Json | None, after: Json | None, actions: tuple[str, ...] = _UPDATED) -> Json:
    return change("aws_appautoscaling_target.Target", before, after, actions)


def _policy(before: Json | None, after: Json | None, actions: tuple[str, ...] = _UPDATED, name: str = "Policy") -> Json:
    return change(f"aws_appautoscaling_policy.{name}", before, after, actions)


def _alarm(before: Json | None, after: Json | None, actions: tuple[str, ...] = _UPDATED) -> Json:
    return change("aws_cloudwatch_metric_alarm.WakeUp", before, after, actions)


def _tracking(**changes: Any) -> Json:
    return {**_POLICY, "target_tracking_scaling_policy_configuration": [{**_TRACKING, **changes}]}


def _tracked(before: Json, after: Json) -> dict[str, Any]:
    return {"others": [_same(_TARGET), _policy(_tracking(**before), _tracking(**after))]}


def _stepped(**changes: Any) -> dict[str, Any]:
    steps = {**_WAKE, "step_scaling_policy_configuration": [{**_STEPS, **changes}]}
    return {"others": [_same(_TARGET), _policy(_WAKE, steps)]}


def _same(target: Json) -> Json:
    return _target(target, target, _UNCHANGED)


def _bounded(old: tuple[int, int], new_: tuple[int, int]) -> dict[str, Any]:
    """Return a target whose bounds change, with what wakes it."""
    before, after = ({**_TARGET, "min_capacity": low, "max_capacity": high} for low, high in (old, new_))
    return {"others": [_target(before, after), _policy(_WAKE, _WAKE, _UNCHANGED), _wake_alarm()]}


def _wake_alarm(**changes: Any) -> Json:
    return _alarm(_WAKE_ALARM, {**_WAKE_ALARM, **changes}, _UPDATED if changes else _UNCHANGED)


_SAME = _wake_alarm()


def _waking(*others: Json) -> dict[str, Any]:
    return {"others": [_same(_TO_ZERO), *others]}


def _action(low: int, high: int, **more: Any) -> Json:
    bounds = {"min_capacity": str(low), "max_capacity": str(high)}
    return {**_WHAT, "name": "day", "schedule": "cron(0 6 * * ? *)", "scalable_target_action": [bounds], **more}


def _scheduled(before: Json | None, after: Json | None) -> dict[str, Any]:
    actions = _CREATED if before is None else _DELETED if after is None else _UPDATED
    scheduled = change("aws_appautoscaling_scheduled_action.Action", before, after, actions)
    return {"others": [_same(_TARGET), scheduled, _policy(_WAKE, _WAKE, _UNCHANGED), _wake_alarm()]}


_CUSTOM = {"metric_name": "CPUUtilization", "namespace": "/aws/sagemaker/Endpoints", "statistic": "Average"}
_PREDEFINED = "predefined_metric_specification"
_SHARE = {_PREDEFINED: [{"predefined_metric_type": "SageMakerVariantProvisionedConcurrencyUtilization"}]}
_WEAKER_POLICIES: list[tuple[Json, Json, Json]] = [
    ({}, {"target_value": 140}, {"target_value": 100}),
    ({}, {"target_value": 7000}, {"target_value": 7}),
    (
        {**_SHARE, "target_value": 0.7},
        {**_SHARE, "target_value": 1},
        {**_SHARE, "target_value": 0.8},
    ),
    ({}, {_PREDEFINED: [], "customized_metric_specification": [_CUSTOM]}, {}),
    ({}, {"scale_out_cooldown": 900}, {"scale_out_cooldown": 60}),
    ({"scale_in_cooldown": 600}, {"scale_in_cooldown": 60}, {"scale_in_cooldown": 900}),
    ({}, {"scale_in_cooldown": 0}, {"scale_in_cooldown": 300}),
]
_SUSPENDED = ("dynamic_scaling_in_suspended", "dynamic_scaling_out_suspended", "scheduled_scaling_suspended")
_COMPONENT = "aws_cloudcontrolapi_resource.Component"
_DELETED_TARGET = _target(_TARGET, None, _DELETED)
_COPIES = {**_TARGET, "resource_id": "inference-component/adapter"}


def _component(actions: tuple[str, ...]) -> Json:
    side = {
        "type_name": "AWS::SageMaker::InferenceComponent",
        "desired_state": '{"InferenceComponentName": "adapter", "EndpointName": "acme-dev-kmeans"}',
    }
    return change(_COMPONENT, side, None if actions == _DELETED else side, actions)


CASES: Cases = [
    # A target that disappears, but for one whose endpoint, variant or component does.
    ("scaling-removed", {"others": [_DELETED_TARGET]}, {"others": [_target(_TARGET, _TARGET, OLD_FIRST)]}),
    ("scaling-removed", {"others": [_DELETED_TARGET]}, {"others": [_DELETED_TARGET], "changed": {ENDPOINT: "delete"}}),
    (
        "scaling-removed",
        {"others": [_DELETED_TARGET], "changed": updated(configuration())},
        {"others": [_DELETED_TARGET], "changed": updated(configuration(variant_name="Other"))},
    ),
    (
        "scaling-removed",
        {"others": [_target(_COPIES, None, _DELETED), _component(_UNCHANGED)]},
        {"others": [_target(_COPIES, None, _DELETED), _component(_DELETED)]},
    ),
    # To another variant, or to another address.
    (
        "scaling-removed",
        {"others": [_target(_TARGET, {**_TARGET, "resource_id": "endpoint/other/variant/AllTraffic"}, OLD_FIRST)]},
        {"others": [_DELETED_TARGET, change("aws_appautoscaling_target.Moved", None, _TARGET, _CREATED)]},
    ),
    (
        "scaling-removed",
        {"others": [_same(_TARGET), _policy(_tracking(), None, _DELETED)]},
        {"others": [_same(_TARGET), _policy(_tracking(), None, _DELETED), _policy(None, _tracking(), _CREATED, "New")]},
    ),
    ("scaling-removed", _scheduled(_action(4, 8), None), _scheduled(_action(1, 2), None)),
    # Bounds.
    ("scaling-weaker", _bounded((2, 8), (2, 4)), _bounded((2, 8), (2, 6))),
    ("scaling-weaker", _bounded((2, 8), (1, 8)), _bounded((3, 8), (2, 8))),
    ("scaling-weaker", _bounded((1, 8), (0, 8)), _bounded((1, 8), (1, 12))),
    *(
        (
            "scaling-weaker",
            {"others": [_target(_TARGET, {**_TARGET, "suspended_state": [{argument: True}]})]},
            {"others": [_target(_TARGET, {**_TARGET, "suspended_state": [{argument: False}]})]},
        )
        for argument in _SUSPENDED
    ),
    *(("scaling-weaker", _tracked(old, weaker), _tracked(old, close)) for old, weaker, close in _WEAKER_POLICIES),
    (
        "scaling-weaker",
        {"others": [_same(_TARGET), _policy(_tracking(), {**_WAKE, "name": "target-tracking"})]},
        {"others": [_same(_TARGET), _policy(_tracking(), {**_tracking(), "tags": {}})]},
    ),
    (
        "scaling-weaker",
        {
            "others": [
                _same(_TARGET),
                _policy(_tracking(), None, _DELETED),
                _policy(None, {**_tracking(target_value=700), "name": "new"}, _CREATED, "New"),
            ]
        },
        {
            "others": [
                _same(_TARGET),
                _policy(_tracking(), None, _DELETED),
                _policy(None, {**_tracking(), "name": "new"}, _CREATED, "New"),
            ]
        },
    ),
    ("scaling-weaker", _stepped(cooldown=900), _stepped(cooldown=60)),
    (
        "scaling-weaker",
        _stepped(step_adjustment=[{"metric_interval_lower_bound": "0", "scaling_adjustment": -1}]),
        _stepped(step_adjustment=[{"metric_interval_lower_bound": "0", "scaling_adjustment": 2}]),
    ),
    ("scaling-weaker", _stepped(adjustment_type="ExactCapacity"), _stepped()),
    # Scheduled actions.
    ("scaling-weaker", _scheduled(None, _action(1, 1)), _scheduled(None, _action(1, 2))),
    ("scaling-weaker", _scheduled(None, _action(0, 4)), _scheduled(None, _action(2, 4))),
    ("scaling-weaker", _scheduled(_action(4, 8), _action(4, 4)), _scheduled(_action(4, 8), _action(4, 9))),
    (
        "scaling-weaker",
        _scheduled(_action(4, 8), _action(4, 8, schedule="at(2000-01-01T00:00:00)")),
        _scheduled(_action(4, 8), _action(4, 9)),
    ),
    *(
        ("scaling-weaker", _scheduled(_action(1, 8), _action(1, 8, **{key: "x"})), _scheduled(None, _action(2, 4)))
        for key in ("schedule", "timezone", "start_time", "end_time")
    ),
    *(
        (
            "scaling-weaker",
            _scheduled(_action(4, 8), {**_action(4, 8), "scalable_target_action": [kept]}),
            _scheduled({**_action(4, 8), "scalable_target_action": [kept]}, _action(4, 8)),
        )
        for kept in ({"min_capacity": "4"}, {"max_capacity": "8"})
    ),
    # At zero, without what adds the first instance.
    (
        "never-wakes",
        _waking(_policy(_WAKE, None, _DELETED), _wake_alarm()),
        _waking(_policy(_WAKE, _WAKE), _wake_alarm()),
    ),
    (
        "never-wakes",
        _waking(_policy(_WAKE, _WAKE, _UNCHANGED), _alarm(_WAKE_ALARM, None, _DELETED)),
        _waking(_policy(_WAKE, _WAKE, _UNCHANGED), _wake_alarm(alarm_description="x")),
    ),
    # The alarm cannot fire, or the policy adds nothing when it does.
    *(
        (
            "never-wakes",
            _waking(_policy(_WAKE, _WAKE, _UNCHANGED), _wake_alarm(**changes)),
            _waking(_policy(_WAKE, _WAKE, _UNCHANGED), _wake_alarm(evaluation_periods=1)),
        )
        for changes in ({"threshold": 1000}, {"metric_name": "x"}, {"dimensions": {"EndpointName": "x"}})
    ),
    *(
        (
            "never-wakes",
            _waking(_policy(_WAKE, {**_WAKE, "step_scaling_policy_configuration": [{**_STEPS, **changed}]}), _SAME),
            _waking(_policy(_WAKE, _WAKE, _UNCHANGED), _SAME),
        )
        for changed in (
            {"step_adjustment": [{"metric_interval_lower_bound": "0", "scaling_adjustment": 0}]},
            {"step_adjustment": [{"metric_interval_lower_bound": "9", "scaling_adjustment": 1}]},
        )
    ),
    *(
        ("never-wakes", _waking(_policy(_WAKE, _WAKE, _UNCHANGED), _wake_alarm(**changes)), _waking())
        for changes in ({"actions_enabled": False}, {"alarm_actions": ["arn:aws:sns:us-west-2:111122223333:a"]})
    ),
    ("never-wakes", {"others": [_target(_TARGET, _TO_ZERO)]}, {"others": [_target(_TO_ZERO, _TARGET)]}),
    ("never-wakes", {"others": [_target(None, _TO_ZERO, _CREATED)]}, {"others": [_target(None, _TARGET, _CREATED)]}),
    ("never-wakes", {"others": [_target(_TO_ZERO, None, _DELETED)]}, {"others": [_DELETED_TARGET]}),
    (
        "never-wakes",
        {"others": [_same(_TARGET), change("aws_appautoscaling_scheduled_action.A", None, _action(0, 2), _CREATED)]},
        _scheduled(None, _action(0, 2)),
    ),
    # The update resets what is scaled above its initial count.
    ("scale-reset", {"changed": updated(configuration()), "others": [_same(_TARGET)]}, {"others": [_same(_TARGET)]}),
    (
        "scale-reset",
        {"changed": updated(configuration()), "others": [_same(_TARGET)]},
        {"changed": updated(configuration(initial_instance_count=8)), "others": [_same(_TARGET)]},
    ),
    (
        "scale-reset",
        {"changed": updated(configuration()), "others": [_target(_TARGET, _TARGET, OLD_FIRST)]},
        {"changed": updated(configuration()), "others": [_target(None, _TARGET, _CREATED)]},
    ),
    ("scaling-changed", _bounded((2, 8), (2, 12)), _bounded((2, 8), (2, 8))),
    ("scaling-changed", {"others": [_target(None, _TARGET, _CREATED)]}, {"others": [_same(_TARGET)]}),
    ("scaling-changed", _scheduled(None, _action(1, 2)), _scheduled(_action(1, 2), _action(1, 2))),
]
