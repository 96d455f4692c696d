"""The CloudWatch metrics of SageMaker endpoints: the only ones that alarms, scaling policies and dashboards name.

A wrong name, dimension or statistic is not an error in CloudWatch: the alarm never fires. `docs/metrics.md` shows this
table, and `tests/aws/test_metrics.py` compares every synthesized stack with it. Names are those that SageMaker
publishes; some pages of its guide misspell `Invocation4XXErrors`, `Invocation5XXErrors` and `InvocationsProcessed`.
"""

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from functools import cache
from typing import Literal

Mode = Literal[
    "real-time",
    "multi-model",
    "asynchronous",
    "serverless",
    "provisioned",
    "instances",
    "component",
    "shared-instances",
]
"""What publishes a metric.

`real-time`, `asynchronous` and `serverless` are variants, `provisioned` serverless ones with provisioned concurrency,
`multi-model` those with a multi-model container. `instances` are all variants with instances, `shared-instances` those
whose instances inference components share, and `component` is an inference component.
"""

ENDPOINT = ("EndpointName",)
VARIANT = ("EndpointName", "VariantName")
COMPONENT = ("InferenceComponentName",)
CONFIGURATION = "EndpointConfigName"  # an additional dimension during a deployment, to tell the two fleets apart

_PERCENTILE = re.compile(r"p([0-9]|[1-9][0-9])(\.[0-9]{1,10})?|p100")


@dataclass(frozen=True)
class MetricDefinition:
    """A metric that SageMaker publishes, as its guide describes it.

    `statistics` are the valid ones; `Percentiles` stands for p0 to p100. `modes` are what publishes it. A metric that
    `is_per_fleet` is also published with the dimension `EndpointConfigName`. `resolution` is the shortest period in
    seconds for which there is data. `source` is the page of the SageMaker guide.
    """

    namespace: str
    name: str
    dimensions: tuple[str, ...]
    unit: str
    statistics: tuple[str, ...]
    modes: tuple[Mode, ...]
    source: str
    is_per_fleet: bool = False
    resolution: int = 60

    def allows(self, statistic: str) -> bool:
        """Return whether a statistic of CloudWatch is valid, such as `Average` or `p99`."""
        return statistic in self.statistics or (
            "Percentiles" in self.statistics and _PERCENTILE.fullmatch(statistic) is not None
        )


def find_metric(name: str, modes: Collection[Mode]) -> MetricDefinition | None:
    """Return the metric that something of these modes publishes under a name, or None."""
    return next((metric for metric in _by_name().get(name, ()) if not {*modes}.isdisjoint(metric.modes)), None)


@cache
def _by_name() -> dict[str, list[MetricDefinition]]:
    """Return the metrics by name: every alarm of every endpoint looks for one."""
    by_name: dict[str, list[MetricDefinition]] = {}
    for metric in METRICS:
        by_name.setdefault(metric.name, []).append(metric)
    return by_name


def find_published(namespace: str, name: str, dimensions: Collection[str]) -> list[MetricDefinition]:
    """Return the metrics with a namespace, a name and the names of their dimensions, in any order."""
    return [
        metric
        for metric in METRICS
        if (metric.namespace, metric.name) == (namespace, name) and {*dimensions} in _dimension_sets(metric)
    ]


def _dimension_sets(metric: MetricDefinition) -> Iterator[set[str]]:
    yield {*metric.dimensions}
    if metric.is_per_fleet:
        yield {*metric.dimensions, CONFIGURATION}


_INVOCATION, _INSTANCES = "AWS/SageMaker", "/aws/sagemaker/Endpoints"
_COMPONENTS = "/aws/sagemaker/InferenceComponents"
_GUIDE, _ASYNC, _SERVERLESS = "monitoring-cloudwatch", "async-inference-monitor", "serverless-endpoints-monitoring"
_HIGH_RESOLUTION = "endpoint-auto-scaling-add-code-define"

_SUM = ("Sum",)
_RATE = ("Average", "Sum")  # a request sends 1 or 0, so that the average is the rate
_LEVEL = ("Average", "Maximum", "Minimum")
_EXTREME = ("Maximum", "Minimum")
_TIME = ("Average", "Sum", "Minimum", "Maximum", "SampleCount")
_TIMES = (*_TIME, "Percentiles")
_UTILIZATION = (*_LEVEL, "SampleCount")

_ON_INSTANCES: tuple[Mode, ...] = ("real-time",)
_DIRECT: tuple[Mode, ...] = ("real-time", "serverless")
_ANY_VARIANT: tuple[Mode, ...] = ("real-time", "asynchronous", "serverless")


def _variant(
    name: str,
    unit: str,
    statistics: tuple[str, ...],
    modes: tuple[Mode, ...],
    source: str = _GUIDE,
    *,
    resolution: int = 60,
) -> MetricDefinition:
    per_fleet = "real-time" in modes or "asynchronous" in modes
    return MetricDefinition(
        _INVOCATION, name, VARIANT, unit, statistics, modes, source, is_per_fleet=per_fleet, resolution=resolution
    )


def _component(
    name: str, unit: str, statistics: tuple[str, ...], source: str = _GUIDE, *, resolution: int = 60
) -> MetricDefinition:
    return MetricDefinition(
        _INVOCATION, name, COMPONENT, unit, statistics, ("component",), source, resolution=resolution
    )


def _backlog(name: str, unit: str, statistics: tuple[str, ...] = _LEVEL, source: str = _ASYNC) -> MetricDefinition:
    return MetricDefinition(_INVOCATION, name, ENDPOINT, unit, statistics, ("asynchronous",), source)


def _async(name: str, unit: str, statistics: tuple[str, ...]) -> MetricDefinition:
    return MetricDefinition(_INVOCATION, name, VARIANT, unit, statistics, ("asynchronous",), _ASYNC)


def _serverless(name: str, unit: str, statistics: tuple[str, ...], mode: Mode = "provisioned") -> MetricDefinition:
    return MetricDefinition(_INVOCATION, name, VARIANT, unit, statistics, (mode,), _SERVERLESS)


def _instances(name: str, modes: tuple[Mode, ...] = ("instances",)) -> MetricDefinition:
    return MetricDefinition(_INSTANCES, name, VARIANT, "Percent", _UTILIZATION, modes, _GUIDE)


METRICS: tuple[MetricDefinition, ...] = (
    _variant("Invocations", "None", _SUM, _DIRECT),
    _variant("InvocationsPerInstance", "None", _SUM, _ON_INSTANCES),
    _variant("Invocation4XXErrors", "None", _RATE, _ANY_VARIANT),
    _variant("Invocation5XXErrors", "None", _RATE, _ANY_VARIANT),
    _variant("InvocationModelErrors", "None", _RATE, _ON_INSTANCES),
    _variant("ModelLatency", "Microseconds", _TIMES, _ANY_VARIANT),
    _variant("OverheadLatency", "Microseconds", _TIME, _DIRECT),
    _variant(
        "ModelSetupTime",
        "Microseconds",
        ("Average", "Minimum", "Maximum", "SampleCount", "Percentiles"),
        ("serverless",),
    ),
    _variant("ConcurrentRequestsPerModel", "None", _EXTREME, _ON_INSTANCES, resolution=10),
    _variant("ModelLoadingWaitTime", "Microseconds", _TIME, ("multi-model",)),
    _variant("ModelUnloadingTime", "Microseconds", _TIME, ("multi-model",)),
    _variant("ModelDownloadingTime", "Microseconds", _TIME, ("multi-model",)),
    _variant("ModelLoadingTime", "Microseconds", _TIME, ("multi-model",)),
    _variant("ModelCacheHit", "None", ("Average", "Sum", "SampleCount"), ("multi-model",)),
    _backlog("ApproximateBacklogSize", "Count"),
    _backlog("ApproximateBacklogSizePerInstance", "Count"),
    _backlog("ApproximateAgeOfOldestRequest", "Seconds"),
    _backlog("HasBacklogWithoutCapacity", "Count", ("Average",), "async-inference-autoscale"),
    _async("RequestDownloadFailures", "Count", _SUM),
    _async("ResponseUploadFailures", "Count", _SUM),
    _async("NotificationFailures", "Count", _SUM),
    _async("ExpiredRequests", "Count", _SUM),
    _async("InvocationFailures", "Count", _SUM),
    _async("InvocationsProcessed", "Count", _SUM),
    _async("RequestDownloadLatency", "Microseconds", _TIME),
    _async("ResponseUploadLatency", "Microseconds", _TIME),
    _async("TimeInBacklog", "Microseconds", _TIME),
    _async("TotalProcessingTime", "Milliseconds", _TIME),
    _serverless("ServerlessConcurrentExecutionsUtilization", "None", _LEVEL, "serverless"),
    _serverless("ServerlessProvisionedConcurrencyExecutions", "Count", _LEVEL),
    _serverless("ServerlessProvisionedConcurrencyUtilization", "None", _LEVEL),
    _serverless("ServerlessProvisionedConcurrencyInvocations", "Count", _SUM),
    _serverless("ServerlessProvisionedConcurrencySpilloverInvocations", "Count", _SUM),
    _component("Invocations", "None", _SUM),
    _component("InvocationsPerCopy", "None", _SUM),
    _component("Invocation4XXErrors", "None", _RATE),
    _component("Invocation5XXErrors", "None", _RATE),
    _component("InvocationModelErrors", "None", _RATE),
    _component("ModelLatency", "Microseconds", _TIMES),
    _component("OverheadLatency", "Microseconds", _TIME),
    _component("NoCapacityInvocationFailures", "Count", _SUM, "endpoint-auto-scaling-zero-instances"),
    _component("ConcurrentRequestsPerCopy", "None", _EXTREME, _HIGH_RESOLUTION, resolution=10),
    _instances("CPUUtilization"),
    _instances("GPUUtilization"),
    _instances("GPUMemoryUtilization"),
    # The guide lists it for serverless inference without a namespace; AWS reads it there in the public repository
    # aws-samples/sagemaker-serverless-inference-benchmarking.
    _instances("MemoryUtilization", modes=("instances", "serverless")),
    _instances("DiskUtilization"),
    MetricDefinition(_INSTANCES, "LoadedModelCount", VARIANT, "None", _TIME, ("multi-model",), _GUIDE),
    _instances("CPUUtilizationNormalized", modes=("shared-instances",)),
    _instances("GPUUtilizationNormalized", modes=("shared-instances",)),
    _instances("GPUMemoryUtilizationNormalized", modes=("shared-instances",)),
    _instances("MemoryUtilizationNormalized", modes=("shared-instances",)),
    _instances("CPUReservation", modes=("shared-instances",)),
    _instances("GPUReservation", modes=("shared-instances",)),
    _instances("GPUMemoryReservation", modes=("shared-instances",)),
    _instances("MemoryReservation", modes=("shared-instances",)),
    *(
        MetricDefinition(_COMPONENTS, name, COMPONENT, "Percent", _UTILIZATION, ("component",), _GUIDE)
        for name in (
            "CPUUtilizationNormalized",
            "GPUUtilizationNormalized",
            "GPUMemoryUtilizationNormalized",
            "MemoryUtilizationNormalized",
        )
    ),
)
"""Every metric that a stack may name. Source: the SageMaker guide, its pages by name."""
