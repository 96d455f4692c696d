"""Metrics of an endpoint by name: what is returned, and the message about what the endpoint does not publish."""

from typing import Any

import pytest

from protected_endpoints.deployment.endpoint_metrics import find_metric
from protected_endpoints.errors import ConfigurationError
from tests.loading.support import deployment
from tests.rules.pair import NO_MODEL, component

_ASYNC = {"async_inference_config": {"output_config": {"s3_output_path": "s3://answers/one"}}}
_COMPONENTS = {**NO_MODEL, "inference_components": {"one": component(), "two": component()}}
_IMAGE = "111122223333.dkr.ecr.us-west-2.amazonaws.com/one:1"
_VARIANTS = {
    **NO_MODEL,
    "instance_type": None,
    "initial_instance_count": None,
    "models": {"one": {"image": _IMAGE}},
    "variants": [
        {"variant_name": name, "model": "one", "instance_type": "ml.m5.xlarge", "initial_instance_count": 1}
        for name in ("a", "b")
    ],
}
_SERVERLESS = {
    "instance_type": None,
    "initial_instance_count": None,
    "serverless_config": {"memory_size_in_mb": 2048, "max_concurrency": 5},
}
_PUBLISHED = (
    "CPUUtilization, ConcurrentRequestsPerModel, DiskUtilization, Invocation4XXErrors, Invocation5XXErrors, "
    "InvocationModelErrors, Invocations, InvocationsPerInstance, MemoryUtilization, ModelLatency, OverheadLatency"
)


def test_a_metric_of_the_only_variant_has_the_first_statistic_of_the_catalog() -> None:
    metric = find_metric(deployment(), "Invocation5XXErrors")
    assert metric.to_widget_row(color="#d62728") == [
        "AWS/SageMaker",
        "Invocation5XXErrors",
        "EndpointName",
        "acme-dev-kmeans",
        "VariantName",
        "AllTraffic",
        {"stat": "Average", "period": 60, "color": "#d62728"},
    ]


def test_a_percentile_is_another_argument_of_an_alarm_than_a_statistic() -> None:
    member = deployment()
    assert find_metric(member, "ModelLatency", statistic="p99", period=300).to_alarm_arguments() == {
        "namespace": "AWS/SageMaker",
        "metric_name": "ModelLatency",
        "dimensions": {"EndpointName": "acme-dev-kmeans", "VariantName": "AllTraffic"},
        "extended_statistic": "p99",
        "period": 300,
    }
    assert find_metric(member, "OverheadLatency").to_alarm_arguments()["statistic"] == "Average"


def test_a_metric_of_a_variant_or_a_component_has_its_dimensions() -> None:
    variant = find_metric(deployment(**_VARIANTS), "ModelLatency", variant="b")
    assert dict(variant.dimensions) == {"EndpointName": "acme-dev-kmeans", "VariantName": "b"}
    metric = find_metric(deployment(**_COMPONENTS), "ModelLatency", component="one")
    assert dict(metric.dimensions) == {"InferenceComponentName": "acme-dev-kmeans-one"}


def test_a_shadow_variant_has_metrics_and_is_never_the_default() -> None:
    shadow = {"variant_name": "copy", "model": "one", "instance_type": "ml.m5.xlarge", "initial_instance_count": 1}
    member = deployment(**{**_VARIANTS, "variants": _VARIANTS["variants"][:1], "shadow_variants": [shadow]})
    assert dict(find_metric(member, "ModelLatency").dimensions)["VariantName"] == "a"
    assert dict(find_metric(member, "ModelLatency", variant="copy").dimensions)["VariantName"] == "copy"


def test_a_metric_of_the_endpoint_needs_no_variant() -> None:
    metric = find_metric(deployment(**_VARIANTS, **_ASYNC), "ApproximateBacklogSize")
    assert dict(metric.dimensions) == {"EndpointName": "acme-dev-kmeans"}


@pytest.mark.parametrize(
    ("endpoint", "arguments", "message"),
    [
        (
            {},
            {"name": "ModelLatencies"},
            'SageMaker does not publish this metric for real-time inference, got "ModelLatencies"; use ModelLatency',
        ),
        (
            {},
            {"name": "Temperature"},
            'SageMaker does not publish this metric for real-time inference, got "Temperature"; use one of '
            f"{_PUBLISHED}",
        ),
        (
            _ASYNC,
            {"name": "Invocations"},
            'SageMaker does not publish this metric for asynchronous inference, got "Invocations"; use '
            "InvocationsProcessed",
        ),
        (
            _SERVERLESS,
            {"name": "CPUUtilization"},
            'SageMaker does not publish this metric for serverless inference, got "CPUUtilization"; use one of '
            "Invocation4XXErrors, Invocation5XXErrors, Invocations, MemoryUtilization, ModelLatency, ModelSetupTime, "
            "OverheadLatency, ServerlessConcurrentExecutionsUtilization",
        ),
        (
            {},
            {"name": "GPUUtilization"},
            "instances of type ml.m4.xlarge have no GPUs and do not publish this metric, got "
            '"GPUUtilization"; use another metric or instance_type',
        ),
        (
            _COMPONENTS,
            {"name": "ModelLatency", "component": "one", "variant": "AllTraffic"},
            'component conflicts with variant, got "one"; remove one of them',
        ),
        (
            {},
            {"name": "OverheadLatency", "statistic": "p99"},
            'metric OverheadLatency does not have this statistic, got "p99"; use Average, Sum, Minimum, Maximum, '
            "SampleCount",
        ),
        (
            {},
            {"name": "ModelLatency", "statistic": "median"},
            'metric ModelLatency does not have this statistic, got "median"; use Average, Sum, Minimum, Maximum, '
            "SampleCount, p0 to p100",
        ),
        (
            {},
            {"name": "ModelLatency", "variant": "blue"},
            'the endpoint has no variant of this name, got "blue"; use "AllTraffic"',
        ),
        (
            {},
            {"name": "ModelLatency", "component": "one"},
            'the endpoint has no component of this name, got "one"; remove component',
        ),
        (
            _VARIANTS,
            {"name": "ModelLatency"},
            'metric ModelLatency is published for each variant, and the endpoint has several; add variant = "a" or "b"',
        ),
        (
            _COMPONENTS,
            {"name": "ModelLatency"},
            'metric ModelLatency is published for each inference component; add component = "one" or "two"',
        ),
        (
            {},
            {"name": "ModelLatency", "period": 30},
            "not a period of the metric, got 30; use a multiple of 60",
        ),
        (
            {},
            {"name": "ConcurrentRequestsPerModel", "period": 15},
            "not a period of the metric, got 15; use 10, 20, 30 or a multiple of 60",
        ),
    ],
)
def test_what_is_not_published_is_an_error_with_what_is(endpoint: Any, arguments: Any, message: str) -> None:
    with pytest.raises(ConfigurationError) as raised:
        find_metric(deployment(**endpoint), **arguments)
    assert str(raised.value) == f"endpoints.kmeans: {message}"
