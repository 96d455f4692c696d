"""Scalable targets, their policies, alarms and scheduled actions, and what replaces them."""

from typing import Any

import pytest

from protected_endpoints.constructs.scaling import step_bound
from tests.support import IMAGE, Json, synth

_ALL_TRAFFIC = "Scaling-AllTraffic_"
_TARGET = "aws_appautoscaling_target"
_KIND_ACTION = "aws_appautoscaling_scheduled_action"
_ACTION = {"name": "night", "schedule": "cron(0 20 * * ? *)", "min_capacity": 0, "max_capacity": 2}
_ASYNC = {
    "async_inference_config": {"output_config": {"s3_output_path": "s3://my-answers/kmeans"}},
    "data_capture": {"enable_capture": False},
}
_REASON = "serverless inference does not support isolation"


def _scaling(**changes: Any) -> Json:
    return {"min_capacity": 1, "max_capacity": 4, "target_value": 5, **changes}


def _resources(stack: Json, kind: str) -> dict[str, Json]:
    """Return the resources of a type by their construct ID, without its hash."""
    return {name.rpartition("_")[0]: resource for name, resource in stack["resource"].get(kind, {}).items()}


def _scaled(**changes: Any) -> Json:
    return synth(scaling=_scaling(**changes))


def _registered(stack: Json) -> str:
    """Return the address of what the only target was registered with."""
    (name,) = stack["resource"]["terraform_data"]
    return f"terraform_data.{name}"


def _tracking(stack: Json) -> Json:
    (policy,) = _resources(stack, "aws_appautoscaling_policy").values()
    configuration: Json = policy["target_tracking_scaling_policy_configuration"]
    return configuration


def _components(**scaling: Any) -> Json:
    component = {
        "image": IMAGE,
        "compute_resource_requirements": {"min_memory_required_in_mb": 1024},
        "scaling": _scaling(**scaling),
    }
    return synth(image=None, model_data_url=None, inference_components={"llama": component})


def test_an_endpoint_without_scaling_has_no_scalable_target() -> None:
    assert not {kind for kind in synth()["resource"] if kind.startswith("aws_appautoscaling")}


def test_a_target_is_registered_after_the_endpoint_and_replaced_with_the_instance_type() -> None:
    stack = _scaled()
    (target,) = _resources(stack, _TARGET).values()
    assert target["resource_id"] == "endpoint/acme-dev-kmeans/variant/AllTraffic"
    assert target["scalable_dimension"] == "sagemaker:variant:DesiredInstanceCount"
    assert target["depends_on"] == ["aws_sagemaker_endpoint.Endpoint"]
    assert target["lifecycle"] == {
        "replace_triggered_by": ["aws_sagemaker_endpoint.Endpoint.id", f"{_registered(stack)}.input.instance_type"]
    }


def test_policies_and_actions_are_replaced_with_the_target_because_deregistering_deletes_them() -> None:
    stack = _scaled(scheduled_actions=[{**_ACTION, "min_capacity": 1}])
    (name,) = stack["resource"][_TARGET]
    for kind in ("aws_appautoscaling_policy", "aws_appautoscaling_scheduled_action"):
        (resource,) = _resources(stack, kind).values()
        assert resource["lifecycle"] == {"replace_triggered_by": [f"{_TARGET}.{name}.id"]}
        assert resource["resource_id"] == f"${{{_TARGET}.{name}.resource_id}}"


def test_each_variant_is_replaced_with_its_own_instance_type_at_any_position() -> None:
    variants = [
        {"variant_name": name, "model": "one", "instance_type": f"ml.m5.{size}", "scaling": scaling}
        for name, size, scaling in (("a", "large", None), ("b", "xlarge", _scaling()))
    ]
    for ordered in (variants, variants[::-1]):
        stack = synth(
            image=None,
            model_data_url=None,
            instance_type=None,
            models={"one": {"image": IMAGE, "model_data_url": "s3://my-bucket/model.tar.gz"}},
            variants=ordered,
        )
        targets = _resources(stack, _TARGET)
        assert targets.keys() == {"Scaling-b_Target"}
        trigger = targets["Scaling-b_Target"]["lifecycle"]["replace_triggered_by"][1]
        assert trigger == f"{_registered(stack)}.input.instance_type"
        assert _resources(stack, "terraform_data")["Scaling-b_Registered"]["input"]["instance_type"] == "ml.m5.xlarge"


def test_the_limits_that_a_schedule_changes_in_aws_are_no_drift_and_those_of_the_file_replace_the_target() -> None:
    stack = _scaled(scheduled_actions=[{**_ACTION, "min_capacity": 1}])
    (target,) = _resources(stack, _TARGET).values()
    (data,) = _resources(stack, "terraform_data").values()
    assert data["input"] == {"min_capacity": 1, "max_capacity": 4, "instance_type": "ml.m4.xlarge"}
    assert target["lifecycle"]["ignore_changes"] == ["min_capacity", "max_capacity"]
    triggers = target["lifecycle"]["replace_triggered_by"]
    assert triggers[1:3] == [f"{_registered(stack)}.input.{key}" for key in ("min_capacity", "max_capacity")]


def test_limits_without_a_schedule_are_changed_in_place_and_recorded_for_the_first_action() -> None:
    stack, scheduled = _scaled(), _scaled(scheduled_actions=[{**_ACTION, "min_capacity": 1}])
    (target,) = _resources(stack, _TARGET).values()
    assert (target["min_capacity"], target["max_capacity"]) == (1, 4)
    assert "ignore_changes" not in target["lifecycle"]
    assert _resources(stack, "terraform_data") == _resources(scheduled, "terraform_data")


def test_the_first_schedule_can_come_with_other_limits() -> None:
    """Terraform replaces the target only if what triggers it exists before and changes."""
    before, after = (_scaled(), _scaled(scheduled_actions=[{**_ACTION, "min_capacity": 1}], max_capacity=6))
    old, new = (stack["resource"]["terraform_data"] for stack in (before, after))
    assert old.keys() == new.keys()
    assert old != new


def test_a_capacity_of_zero_in_an_action_is_not_omitted() -> None:
    (action,) = _resources(synth(scaling=_scaling(scheduled_actions=[_ACTION]), **_ASYNC), _KIND_ACTION).values()
    assert action["scalable_target_action"] == {"min_capacity": "0", "max_capacity": "2"}


@pytest.mark.parametrize(
    ("changes", "metric"),
    [
        ({}, "SageMakerVariantInvocationsPerInstance"),
        (
            {
                "instance_type": None,
                "relax": {"network_isolation": _REASON},
                "scaling": _scaling(target_value=0.7),
                "serverless_config": {
                    "memory_size_in_mb": 1024,
                    "max_concurrency": 4,
                    "provisioned_concurrency": 1,
                },
            },
            "SageMakerVariantProvisionedConcurrencyUtilization",
        ),
    ],
)
def test_the_predefined_metric_follows_from_the_mode(changes: Json, metric: str) -> None:
    configuration = _tracking(synth(**{"scaling": _scaling(), **changes}))
    assert configuration["predefined_metric_specification"] == {"predefined_metric_type": metric}


def test_an_asynchronous_endpoint_tracks_its_backlog_by_its_name_alone() -> None:
    assert _tracking(synth(scaling=_scaling(), **_ASYNC))["customized_metric_specification"] == {
        "metric_name": "ApproximateBacklogSizePerInstance",
        "namespace": "AWS/SageMaker",
        "statistic": "Average",
        "dimensions": [{"name": "EndpointName", "value": "acme-dev-kmeans"}],
    }


def test_a_metric_of_sagemaker_gets_its_namespace_and_dimensions() -> None:
    metric = {"metric_name": "CPUUtilization", "statistic": "Average"}
    specification = _tracking(_scaled(customized_metric_specification=metric))["customized_metric_specification"]
    assert specification["namespace"] == "/aws/sagemaker/Endpoints"
    assert {dimension["name"] for dimension in specification["dimensions"]} == {"EndpointName", "VariantName"}


def test_an_asynchronous_endpoint_leaves_zero_by_a_step_policy_that_an_alarm_starts() -> None:
    stack = synth(scaling=_scaling(min_capacity=0), **_ASYNC)
    policy = _resources(stack, "aws_appautoscaling_policy")[f"{_ALL_TRAFFIC}Step-wake-up"]
    assert policy["step_scaling_policy_configuration"] == {
        "adjustment_type": "ChangeInCapacity",
        "cooldown": 300,
        "metric_aggregation_type": "Average",
        "step_adjustment": [{"metric_interval_lower_bound": "0", "scaling_adjustment": 1}],
    }
    alarm = _wake_up_alarm(stack, f"{_ALL_TRAFFIC}Alarm-wake-up")
    assert alarm == {
        "alarm_name": "acme-dev-kmeans/wake-up",
        "metric_name": "HasBacklogWithoutCapacity",
        "statistic": "Average",
        "dimensions": {"EndpointName": "acme-dev-kmeans"},
        "period": 60,
        "evaluation_periods": 2,
        "comparison_operator": "GreaterThanOrEqualToThreshold",
        "threshold": 1,
        "treat_missing_data": "missing",
    }


def test_a_component_leaves_zero_when_requests_fail_without_a_copy() -> None:
    stack = _components(min_capacity=0)
    target = _resources(stack, _TARGET)["Scaling-component-llama_Target"]
    assert target["resource_id"] == "inference-component/acme-dev-kmeans-llama"
    assert target["scalable_dimension"] == "sagemaker:inference-component:DesiredCopyCount"
    assert target["depends_on"] == ["aws_cloudcontrolapi_resource.Component-llama"]
    assert target["lifecycle"]["replace_triggered_by"] == ["aws_cloudcontrolapi_resource.Component-llama.id"]
    alarm = _wake_up_alarm(stack, "Scaling-component-llama_Alarm-wake-up")
    assert (alarm["metric_name"], alarm["statistic"]) == ("NoCapacityInvocationFailures", "Sum")
    assert (alarm["evaluation_periods"], alarm["threshold"]) == (1, 1)
    assert alarm["dimensions"] == {"InferenceComponentName": "acme-dev-kmeans-llama"}


def test_only_what_can_be_zero_wakes_up() -> None:
    night = [{**_ACTION, "max_capacity": 4}]
    assert _wakes_up(synth(scaling=_scaling(scheduled_actions=night), **_ASYNC))
    assert not _wakes_up(synth(scaling=_scaling(), **_ASYNC))
    assert not _wakes_up(_components())


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (None, None),
        (0, "0"),
        (-0.0, "0"),
        (10.0, "10"),
        (-25, "-25"),
        (100000.5, "100000.5"),
        (999999, "999999"),
        (1000000, "1e+06"),
        (-2500000.5, "-2.5000005e+06"),
        (0.0001, "0.0001"),
        (0.00001, "1e-05"),
    ],
)
def test_a_bound_has_the_text_that_the_provider_reads_back(number: float | None, text: str | None) -> None:
    assert step_bound(number) == text


def _wakes_up(stack: Json) -> bool:
    return any(name.endswith("Step-wake-up") for name in _resources(stack, "aws_appautoscaling_policy"))


def _wake_up_alarm(stack: Json, name: str) -> Json:
    """Return the arguments of the alarm that decide when it starts its policy, and check that it does."""
    alarm = _resources(stack, "aws_cloudwatch_metric_alarm")[name]
    (action,) = alarm["alarm_actions"]
    assert action.startswith("${aws_appautoscaling_policy.")
    assert "Step-wake-up" in action
    keys = (
        "alarm_name",
        "metric_name",
        "statistic",
        "dimensions",
        "period",
        "evaluation_periods",
        "comparison_operator",
        "threshold",
        "treat_missing_data",
    )
    return {key: alarm[key] for key in keys}
