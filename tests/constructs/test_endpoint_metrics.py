"""The methods of an endpoint that return its metrics, in Python code that composes stacks."""

import inspect
from typing import Any

import pytest
from cdktf import App

from protected_endpoints.aws.metrics import METRICS
from protected_endpoints.constructs.endpoint_metrics import EndpointMetrics
from protected_endpoints.deployment.metrics import Metric
from protected_endpoints.stacks.endpoint import EndpointStack
from tests.rules.pair import NO_MODEL, component
from tests.support import deployment

_ASYNC: Any = {"async_inference_config": {"output_config": {"s3_output_path": "s3://answers/one"}}}
_GPU: Any = {"instance_type": "ml.g5.xlarge"}
_METHODS = [
    ("metric_invocations", {}, "Invocations", "Sum"),
    ("metric_invocations_per_instance", {}, "InvocationsPerInstance", "Sum"),
    ("metric_invocation_4xx_errors", {}, "Invocation4XXErrors", "Average"),
    ("metric_invocation_5xx_errors", {}, "Invocation5XXErrors", "Average"),
    ("metric_model_latency", {}, "ModelLatency", "p99"),
    ("metric_overhead_latency", {}, "OverheadLatency", "Average"),
    ("metric_concurrent_requests", {}, "ConcurrentRequestsPerModel", "Maximum"),
    ("metric_cpu_utilization", {}, "CPUUtilization", "Average"),
    ("metric_gpu_utilization", _GPU, "GPUUtilization", "Average"),
    ("metric_gpu_memory_utilization", _GPU, "GPUMemoryUtilization", "Maximum"),
    ("metric_memory_utilization", {}, "MemoryUtilization", "Maximum"),
    ("metric_disk_utilization", {}, "DiskUtilization", "Maximum"),
    ("metric_backlog_size", _ASYNC, "ApproximateBacklogSize", "Average"),
    ("metric_age_of_oldest_request", _ASYNC, "ApproximateAgeOfOldestRequest", "Maximum"),
]


class _Endpoint(EndpointMetrics):
    def __init__(self, **changes: Any) -> None:
        self._deployment = deployment(**changes)


@pytest.mark.parametrize(("method", "changes", "name", "statistic"), _METHODS)
def test_a_method_returns_the_metric_with_its_usual_statistic(
    method: str, changes: Any, name: str, statistic: str
) -> None:
    metric: Metric = getattr(_Endpoint(**changes), method)()
    assert (metric.definition.name, metric.statistic, metric.period) == (name, statistic, 60)


def test_every_method_is_tested_and_names_a_metric_of_the_catalog() -> None:
    methods = {
        name for name, _ in inspect.getmembers(EndpointMetrics, inspect.isfunction) if name.startswith("metric_")
    }
    assert methods == {method for method, *_ in _METHODS}
    assert {name for _, _, name, _ in _METHODS} <= {metric.name for metric in METRICS}


def test_a_metric_of_a_component_has_the_dimension_of_the_component() -> None:
    endpoint = _Endpoint(**NO_MODEL, inference_components={"one": component()})
    metric = endpoint.metric_model_latency(component="one", statistic="p50")
    assert (dict(metric.dimensions), metric.statistic) == ({"InferenceComponentName": "acme-dev-kmeans-one"}, "p50")
    assert endpoint.metric_invocations(component="one").statistic == "Sum"
    assert endpoint.metric_cpu_utilization().definition.namespace == "/aws/sagemaker/Endpoints"


def test_the_endpoint_of_a_stack_has_the_methods() -> None:
    stack = EndpointStack(App(outdir="/nowhere"), "dev-kmeans", deployment=deployment())
    row = stack.endpoint.metric_model_latency(period=300).to_widget_row(label="slowest")
    assert row[:4] == ["AWS/SageMaker", "ModelLatency", "EndpointName", "acme-dev-kmeans"]
    assert row[-1] == {"stat": "p99", "period": 300, "label": "slowest"}
    assert stack.endpoint.metric("InvocationModelErrors").statistic == "Average"
