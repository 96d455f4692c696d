"""The default deployment of updates: what it is, for which endpoints, and the alarms that roll it back."""

from typing import Any

import pytest

from protected_endpoints.deployment.rollback_alarms import rollback_metric_alarms
from tests.rules.pair import component, variant
from tests.support import deployment

_PACKAGE = "arn:aws:sagemaker:us-west-2:594846645681:model-package/seller-model-1"
_MODEL_OF_PACKAGE = {"model_package_name": _PACKAGE, "image": None, "model_data_url": None}
_SERVERLESS = {"instance_type": None, "serverless_config": {"memory_size_in_mb": 2048, "max_concurrency": 5}}
_ASYNC = {"async_inference_config": {"output_config": {"s3_output_path": "s3://answers/kmeans"}}}
_OWN = {"traffic_routing_configuration": {"type": "ALL_AT_ONCE", "wait_interval_in_seconds": 60}}
_ERRORS, _LATENCY = "acme-dev-kmeans/rollback-errors", "acme-dev-kmeans/rollback-latency"


def _variants(*counts: int, **more: Any) -> dict[str, Any]:
    variants = [variant(f"v{index}", initial_instance_count=count) for index, count in enumerate(counts)]
    return {"instance_type": None, "variants": variants, **more}


def _routing(**endpoint: Any) -> str:
    rollout = deployment(**endpoint).rollout
    assert rollout is not None
    assert rollout.blue_green_update_policy is not None
    routing = rollout.blue_green_update_policy.traffic_routing_configuration
    size = routing.canary_size
    return f"{routing.type} {size.type} {size.value}" if size else routing.type


@pytest.mark.parametrize(
    ("endpoint", "routing"),
    [
        ({}, "CANARY INSTANCE_COUNT 1"),  # two instances by default
        ({"initial_instance_count": 20}, "CANARY INSTANCE_COUNT 1"),
        ({"initial_instance_count": 1}, "ALL_AT_ONCE"),
        (_variants(2, 3), "CANARY INSTANCE_COUNT 1"),
        (_variants(9, 1), "ALL_AT_ONCE"),  # half of one instance is none
        (_variants(2, shadow_variants=[variant("shadow", initial_instance_count=1)]), "ALL_AT_ONCE"),
        (_ASYNC, "CANARY INSTANCE_COUNT 1"),
    ],
)
def test_the_default_is_a_canary_of_one_instance_where_each_variant_has_two(
    endpoint: dict[str, Any], routing: str
) -> None:
    assert _routing(**endpoint) == routing


def test_an_update_with_the_default_is_shorter_than_terraform_waits() -> None:
    rollout = deployment().rollout
    assert rollout is not None
    policy = rollout.blue_green_update_policy
    assert policy is not None
    waits = 2 * policy.traffic_routing_configuration.wait_interval_in_seconds
    assert waits + (policy.termination_wait_in_seconds or 0) < 3600 / 2


@pytest.mark.parametrize(
    "endpoint",
    [
        _SERVERLESS,
        {"instance_type": "ml.inf1.xlarge"},
        _MODEL_OF_PACKAGE,
        {"image": None, "model_data_url": None, "inference_components": {"one": component()}},
        {"instance_type": None, "image": None, "model_data_url": None, "variants": [variant(model=None)]},
    ],
    ids=["serverless", "Inf1", "Marketplace", "inference components", "external components"],
)
def test_an_endpoint_without_deployment_guardrails_has_no_default_and_no_alarms(endpoint: dict[str, Any]) -> None:
    without = deployment(**endpoint)
    assert without.rollout is None
    assert (without.rollback_alarms, without.managed_rollback_alarms) == ((), {})
    assert without.uses_default_rollout


@pytest.mark.parametrize(
    ("names", "managed"),
    [([], []), (["mine"], []), ([_LATENCY], [_LATENCY]), (["mine", _ERRORS, _LATENCY], [_ERRORS, _LATENCY])],
)
def test_a_configured_rollout_is_used_as_it_is_and_creates_the_managed_alarms_that_it_names(
    names: list[str], managed: list[str]
) -> None:
    alarms = {"auto_rollback_configuration": {"alarms": [{"alarm_name": name} for name in names]}} if names else {}
    own = deployment(deployment_config={"blue_green_update_policy": _OWN, **alarms}, alarms={"enable_alarms": False})
    assert own.rollout == own.endpoint.deployment_config
    assert not own.uses_default_rollout
    assert own.rollback_alarms == tuple(names)
    assert [alarm.name for alarm in rollback_metric_alarms(own, "config")] == managed


def test_the_default_alarms_exist_without_the_other_alarms_and_under_one_name_for_all_variants() -> None:
    for endpoint in ({"alarms": {"enable_alarms": False}}, _variants(2, 2)):
        assert [*deployment(**endpoint).managed_rollback_alarms.values()] == [_ERRORS, _LATENCY]


def test_they_watch_the_instances_of_the_new_endpoint_configuration() -> None:
    errors, latency = rollback_metric_alarms(deployment(), "config-2")
    of_fleet = (("EndpointName", "acme-dev-kmeans"), ("VariantName", "AllTraffic"), ("EndpointConfigName", "config-2"))
    assert [metric.dimensions for alarm in (errors, latency) for metric in alarm.metrics] == [of_fleet, of_fleet]
    assert (errors.metrics[0].definition.name, errors.metrics[0].statistic) == ("Invocation5XXErrors", "Average")
    assert (errors.threshold, errors.evaluation_periods, errors.treat_missing_data) == (0.05, 2, "notBreaching")
    assert (latency.metrics[0].definition.name, latency.metrics[0].statistic) == ("ModelLatency", "p99")
    assert errors.alarm_actions == ()


def test_of_several_variants_the_worst_one_counts_also_if_another_has_no_data() -> None:
    errors, _ = rollback_metric_alarms(deployment(**_variants(2, 2)), "config-2")
    assert errors.expression == "MAX([m0, m1])"
    assert [dict(metric.dimensions)["VariantName"] for metric in errors.metrics] == ["v0", "v1"]


@pytest.mark.parametrize(
    ("alarms", "statistic", "threshold"),
    [
        ({}, "p99", 48_000_000),
        ({"latency": False}, "p99", 48_000_000),
        ({"latency": {"threshold": 2_000_000}}, "p99", 2_000_000),
        ({"latency": {"statistic": "p90"}}, "p90", 48_000_000),
    ],
)
def test_the_latency_that_rolls_back_is_that_of_the_alarm_about_latency(
    alarms: dict[str, Any], statistic: str, threshold: float
) -> None:
    _, latency = rollback_metric_alarms(deployment(alarms=alarms), "config")
    assert (latency.metrics[0].statistic, latency.threshold) == (statistic, threshold)


def test_asynchronous_requests_may_take_long_so_that_only_errors_roll_back() -> None:
    assert [*deployment(**_ASYNC).managed_rollback_alarms.values()] == [_ERRORS]


def test_they_notify_the_topic_of_the_alarms() -> None:
    topic = "arn:aws:sns:us-west-2:111122223333:on-call"
    for alarm in rollback_metric_alarms(deployment(alarms={"topic_arn": topic}), "config"):
        assert (alarm.alarm_actions, alarm.ok_actions) == ((topic,), (topic,))
