"""Which alarms an endpoint has, and their thresholds, windows, names and topics."""

from typing import Any

import pytest

from protected_endpoints.deployment import Deployment
from protected_endpoints.deployment.alarm_kinds import ALARM_KINDS
from protected_endpoints.deployment.alarms import MetricAlarm
from tests.rules.pair import adapter, component, components, variant, variants
from tests.support import deployment

_OPTIONS: dict[str, tuple[dict[str, Any], list[str]]] = {
    "real-time": (
        {"instance_type": "ml.m5.xlarge"},
        ["errors", "client-errors", "latency", "overhead", "cpu", "memory", "disk"],
    ),
    "gpu": (
        {"instance_type": "ml.g5.12xlarge"},
        ["errors", "client-errors", "latency", "overhead", "cpu", "gpu", "memory", "disk"],
    ),
    "without capture": (
        {"instance_type": "ml.m5.xlarge", "data_capture": {"enable_capture": False}},
        ["errors", "client-errors", "latency", "overhead", "cpu", "memory"],
    ),
    "asynchronous": (
        {"async_inference_config": {"output_config": {"s3_output_path": "s3://mine/x"}}},
        [
            *("errors", "client-errors", "cpu", "memory", "disk", "backlog-age"),
            *("invocation-failures", "expired-requests", "response-upload-failures"),
        ],
    ),
    "serverless": (
        {
            "instance_type": None,
            "initial_instance_count": None,
            "serverless_config": {"memory_size_in_mb": 2048, "max_concurrency": 5},
        },
        ["errors", "client-errors", "latency", "memory", "throttled"],
    ),
    "provisioned": (
        {
            "instance_type": None,
            "initial_instance_count": None,
            "serverless_config": {"memory_size_in_mb": 2048, "max_concurrency": 5, "provisioned_concurrency": 2},
        },
        ["errors", "client-errors", "latency", "memory", "throttled", "spillover"],
    ),
}
_REQUESTS = ("errors", "client-errors", "latency", "overhead")


def _named(**changes: Any) -> dict[str, MetricAlarm]:
    """Return the alarms by what follows the base name."""
    resolved = deployment(**changes)
    return _by_name(resolved)


def _by_name(resolved: Deployment) -> dict[str, MetricAlarm]:
    return {alarm.name.removeprefix("acme-dev-kmeans/"): alarm for alarm in resolved.metric_alarms}


@pytest.mark.parametrize("option", _OPTIONS)
def test_the_default_alarms_fit_the_inference_option(option: str) -> None:
    changes, expected = _OPTIONS[option]
    assert [*_named(**changes)] == expected


@pytest.mark.parametrize("option", _OPTIONS)
def test_every_metric_is_published_for_the_inference_option(option: str) -> None:
    changes, expected = _OPTIONS[option]
    everything = {kind.key: True for kind in ALARM_KINDS}
    alarms = _named(**changes, alarms=everything)
    assert {*expected} <= {*alarms}
    assert all(
        len(alarm.metrics) == 1 and alarm.metrics[0].definition.allows(alarm.metrics[0].statistic)
        for alarm in alarms.values()
    )


def test_a_concurrency_of_one_has_no_alarm_that_every_request_would_fire() -> None:
    serverless = {"memory_size_in_mb": 2048, "max_concurrency": 1}
    changes = {"instance_type": None, "initial_instance_count": None, "serverless_config": serverless}
    assert "throttled" not in _named(**changes)
    assert "throttled" in _named(**changes, alarms={"throttled": True})


def test_components_have_alarms_about_requests_and_their_instances_the_others() -> None:
    alarms = _named(**components({"one": component(), "two": adapter()}))
    names = [f"components/{name}/{alarm}" for alarm in _REQUESTS for name in ("one", "two")]
    assert [*alarms] == [*names, "cpu", "memory", "disk", "components/one/no-capacity"]
    assert alarms["cpu"].metrics[0].definition.name == "CPUUtilizationNormalized"
    assert (alarms["cpu"].threshold, alarms["cpu"].threshold_meaning) == (80, "")
    assert dict(alarms["components/one/errors"].metrics[0].dimensions) == {
        "InferenceComponentName": "acme-dev-kmeans-one"
    }


@pytest.mark.parametrize(
    "changes",
    [
        {"managed_instance_scaling": {"min_instance_count": 0, "max_instance_count": 2}},
        {"scaling": {"min_capacity": 0, "max_capacity": 2, "target_value": 5}},
    ],
)
def test_a_component_that_may_have_no_copies_has_no_alarm_about_them(changes: dict[str, Any]) -> None:
    scaled = {"scaling": changes["scaling"]} if "scaling" in changes else {}
    hosting = {} if scaled else changes
    alarms = _named(**components({"one": component(**scaled)}, **hosting))
    assert "components/one/no-capacity" not in alarms
    assert "components/one/no-capacity" in _named(**components({"one": component()}))


def test_only_the_instances_of_components_that_other_tools_create_have_alarms() -> None:
    alarms = _named(image=None, model_data_url=None, **variants(variant("one", model=None)))
    assert [*alarms] == ["one/cpu", "one/memory", "one/disk"]


def test_each_variant_has_alarms_and_a_shadow_variant_none() -> None:
    model = {"models": {"model": {"image": deployment().endpoint.image}}, "image": None, "model_data_url": None}
    shadow = {"shadow_variants": [variant("copy")]}
    alarms = _named(**model, **variants(variant("one"), variant("two", instance_type="ml.m5.2xlarge")), **shadow)
    assert {name.split("/")[0] for name in alarms} == {"one", "two"}
    assert (alarms["one/cpu"].threshold, alarms["two/cpu"].threshold) == (320, 640)
    assert dict(alarms["two/cpu"].metrics[0].dimensions) == {"EndpointName": "acme-dev-kmeans", "VariantName": "two"}
    assert len({alarm.key for alarm in alarms.values()}) == len(alarms)


def test_the_backlog_is_that_of_the_endpoint() -> None:
    model = {"models": {"model": {"image": deployment().endpoint.image}}, "image": None, "model_data_url": None}
    settings = {"async_inference_config": {"output_config": {"s3_output_path": "s3://mine/x"}}}
    alarms = _named(**model, **settings, **variants(variant("one"), variant("two")))
    assert [name for name in alarms if "backlog" in name] == ["backlog-age"]
    assert dict(alarms["backlog-age"].metrics[0].dimensions) == {"EndpointName": "acme-dev-kmeans"}


@pytest.mark.parametrize(
    ("instance_type", "alarm", "threshold", "meaning"),
    [
        ("ml.m5.xlarge", "cpu", 320, "80 % of 4 vCPUs"),
        ("ml.t2.medium", "cpu", 160, "80 % of 2 vCPUs"),
        ("ml.g5.xlarge", "gpu", 90, "90 % of 1 GPU"),
        ("ml.p4d.24xlarge", "gpu", 720, "90 % of 8 GPUs"),
        ("ml.m5.24xlarge", "memory", 90, ""),
    ],
)
def test_a_threshold_counts_a_hundred_for_each_vcpu_or_gpu(
    instance_type: str, alarm: str, threshold: float, meaning: str
) -> None:
    resolved = _named(instance_type=instance_type)[alarm]
    assert (resolved.threshold, resolved.threshold_meaning) == (threshold, meaning)
    assert meaning in resolved.description


def test_a_table_changes_the_threshold_the_window_and_the_statistic() -> None:
    alarm = _named(alarms={"latency": {"threshold": 2_000_000, "period": 120, "statistic": "p95"}})["latency"]
    metric = alarm.metrics[0]
    assert (alarm.threshold, metric.period, metric.statistic) == (2_000_000, 120, "p95")
    assert (alarm.datapoints_to_alarm, alarm.evaluation_periods) == (3, 5)


@pytest.mark.parametrize(
    ("table", "expected"),
    [
        ({}, (3, 5)),
        ({"evaluation_periods": 2}, (2, 2)),
        ({"evaluation_periods": 10, "datapoints_to_alarm": 4}, (4, 10)),
        ({"datapoints_to_alarm": 1}, (1, 5)),
    ],
)
def test_all_of_a_configured_number_of_periods_count(table: dict[str, int], expected: tuple[int, int]) -> None:
    alarm = _named(alarms={"errors": table})["errors"]
    assert (alarm.datapoints_to_alarm, alarm.evaluation_periods) == expected


def test_an_alarm_is_switched_off_or_on() -> None:
    alarms = _named(alarms={"cpu": False, "silent": True})
    assert "cpu" not in alarms
    silent = alarms["silent"]
    assert (silent.comparison_operator, silent.treat_missing_data) == ("LessThanThreshold", "breaching")
    assert {alarm.treat_missing_data for name, alarm in alarms.items() if name != "silent"} == {"notBreaching"}
    assert _named(alarms={"enable_alarms": False}) == {}


_TOPIC = "arn:aws:sns:us-west-2:111122223333:on-call"
_MANAGED = "arn:aws:sns:us-west-2:111122223333:acme-dev-alarms"


@pytest.mark.parametrize(
    ("environment", "endpoint", "expected"),
    [
        ({}, {}, ()),
        ({"topic_arn": _TOPIC}, {}, (_TOPIC,)),
        ({"create_topic": True}, {}, (_MANAGED,)),
        ({"create_topic": True}, {"topic_arn": _TOPIC}, (_TOPIC,)),
    ],
)
def test_alarms_notify_the_topic_of_the_endpoint_before_that_of_the_environment(
    environment: dict[str, Any], endpoint: dict[str, Any], expected: tuple[str, ...]
) -> None:
    resolved = deployment(in_environment={"alarms": environment}, alarms=endpoint)
    assert {alarm.alarm_actions for alarm in resolved.metric_alarms} == {expected}
    assert {alarm.ok_actions for alarm in resolved.metric_alarms} == {expected}


def test_a_description_names_the_log_group_and_fits_into_an_alarm() -> None:
    alarms = _named(alarms={kind.key: True for kind in ALARM_KINDS if kind.key in ("silent", "gpu_memory")})
    assert "/aws/sagemaker/Endpoints/acme-dev-kmeans," in alarms["errors"].description
    of_adapter = _named(**components({"one": component(), "two": adapter()}))["components/two/errors"]
    assert "/aws/sagemaker/InferenceComponents/acme-dev-kmeans-one," in of_adapter.description
    assert all(len(alarm.description) < 500 and "{" not in alarm.description for alarm in alarms.values())


def test_the_longest_name_fits_into_an_alarm() -> None:
    longest = max((kind.key for kind in ALARM_KINDS), key=len)
    names = deployment().names
    assert len(names.alarm(longest, scope=("components", "c" * 63))) < 255 - (36 - len(names.base_name))
