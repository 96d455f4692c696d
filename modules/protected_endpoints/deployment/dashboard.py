"""The CloudWatch dashboard of an endpoint: its alarms, and graphs of what its inference option publishes."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from protected_endpoints.aws.metrics import ENDPOINT
from protected_endpoints.deployment.dashboard_widgets import (
    MAX_ALARMS,
    Annotation,
    Widget,
    alarm_list,
    bound,
    graph,
    graph_of_rows,
    place,
    text,
)
from protected_endpoints.deployment.endpoint import Deployment
from protected_endpoints.deployment.metric_alarms import MetricAlarm
from protected_endpoints.deployment.metrics import Metric, MetricSource, component_sources, variant_sources


@dataclass(frozen=True)
class Line:
    """A metric of a graph with its statistic; several variants or components have a line each."""

    metric: str
    statistic: str
    label: str


@dataclass(frozen=True)
class Graph:
    """A graph of metrics that have one unit. Lines of metrics that are not published are left out, and empty graphs."""

    title: str
    lines: tuple[Line, ...]


_ERRORS = Graph(
    "Error rate (1 is every request)",
    (Line("Invocation5XXErrors", "Average", "5xx"), Line("Invocation4XXErrors", "Average", "4xx")),
)
_LATENCY = Graph(
    "Latency of the model",
    (Line("ModelLatency", "p99", "p99"), Line("ModelLatency", "p90", "p90"), Line("ModelLatency", "p50", "p50")),
)
_OVERHEAD = Graph("Latency that SageMaker adds", (Line("OverheadLatency", "Average", "average"),))
_INSTANCE_STORAGE = (
    Line("MemoryUtilization", "Maximum", "memory"),
    Line("DiskUtilization", "Maximum", "disk"),
)

VARIANT_GRAPHS = (
    Graph(
        "Requests",
        (Line("Invocations", "Sum", "requests"), Line("InvocationsProcessed", "Sum", "processed")),
    ),
    _ERRORS,
    _LATENCY,
    _OVERHEAD,
    Graph(
        "Backlog",
        (
            Line("ApproximateBacklogSize", "Average", "requests"),
            Line("ApproximateBacklogSizePerInstance", "Average", "requests per instance"),
        ),
    ),
    Graph("Age of the oldest request", (Line("ApproximateAgeOfOldestRequest", "Maximum", "age"),)),
    Graph(
        "Requests without a response",
        (
            Line("InvocationFailures", "Sum", "failed"),
            Line("ExpiredRequests", "Sum", "expired"),
            Line("RequestDownloadFailures", "Sum", "not downloaded"),
            Line("ResponseUploadFailures", "Sum", "not uploaded"),
            Line("NotificationFailures", "Sum", "not notified"),
        ),
    ),
    Graph("CPU (100 is one vCPU)", (Line("CPUUtilization", "Average", "CPU"),)),
    Graph("GPU (100 is one GPU)", (Line("GPUUtilization", "Average", "GPU"),)),
    Graph("GPU memory (100 is one GPU)", (Line("GPUMemoryUtilization", "Maximum", "GPU memory"),)),
    Graph("Memory and disk", _INSTANCE_STORAGE),
    Graph(
        "Concurrency (1 is max_concurrency)",
        (
            Line("ServerlessConcurrentExecutionsUtilization", "Maximum", "in use"),
            Line("ServerlessProvisionedConcurrencyUtilization", "Maximum", "provisioned in use"),
        ),
    ),
    Graph(
        "Requests beyond provisioned concurrency",
        (Line("ServerlessProvisionedConcurrencySpilloverInvocations", "Sum", "requests"),),
    ),
    Graph("Cold starts", (Line("ModelSetupTime", "p99", "p99"), Line("ModelSetupTime", "p50", "p50"))),
    Graph("Concurrent requests", (Line("ConcurrentRequestsPerModel", "Maximum", "most"),)),
    Graph("Requests per instance", (Line("InvocationsPerInstance", "Sum", "requests"),)),
    Graph("Model cache hits (1 is every request)", (Line("ModelCacheHit", "Average", "hits"),)),
    Graph(
        "Loading of models",
        (
            Line("ModelLoadingWaitTime", "Average", "wait"),
            Line("ModelDownloadingTime", "Average", "download"),
            Line("ModelLoadingTime", "Average", "load"),
        ),
    ),
    Graph("Models in memory", (Line("LoadedModelCount", "Maximum", "models"),)),
)
"""What the dashboard shows of a variant with a model."""

SHARED_INSTANCE_GRAPHS = (
    Graph(
        "Instances: CPU",
        (Line("CPUUtilizationNormalized", "Average", "in use"), Line("CPUReservation", "Average", "reserved")),
    ),
    Graph(
        "Instances: GPU",
        (Line("GPUUtilizationNormalized", "Average", "in use"), Line("GPUReservation", "Average", "reserved")),
    ),
    Graph(
        "Instances: memory and disk",
        (*_INSTANCE_STORAGE, Line("MemoryReservation", "Average", "memory reserved")),
    ),
)
"""What the dashboard shows of a variant whose instances inference components share."""

COMPONENT_GRAPHS = (
    Graph("Requests", (Line("Invocations", "Sum", "requests"),)),
    _ERRORS,
    _LATENCY,
    Graph("Requests per copy", (Line("InvocationsPerCopy", "Sum", "requests"),)),
    Graph("Concurrent requests per copy", (Line("ConcurrentRequestsPerCopy", "Maximum", "most"),)),
    Graph("Requests without a running copy", (Line("NoCapacityInvocationFailures", "Sum", "requests"),)),
    Graph(
        "Share of what is reserved",
        (
            Line("CPUUtilizationNormalized", "Average", "CPU"),
            Line("MemoryUtilizationNormalized", "Average", "memory"),
            Line("GPUUtilizationNormalized", "Average", "GPU"),
            Line("GPUMemoryUtilizationNormalized", "Average", "GPU memory"),
        ),
    ),
)
"""What the dashboard shows of an inference component."""


def endpoint_dashboard(deployment: Deployment) -> dict[str, object]:
    """Return the body of the dashboard of an endpoint, with the thresholds of its alarms."""
    region, names, endpoint = deployment.environment.region, deployment.names, deployment.endpoint
    alarms = deployment.metric_alarms
    arns = [names.alarm_arn(alarm.name) for alarm in alarms]
    variants = variant_sources(endpoint, names)
    graphs = SHARED_INSTANCE_GRAPHS if endpoint.uses_inference_components else VARIANT_GRAPHS
    rows = [
        [text(_header(deployment))],
        [alarm_list("Alarms", arns[start : start + MAX_ALARMS]) for start in range(0, len(arns), MAX_ALARMS)],
        [*draw(region, graphs, variants, alarms), *_instance_counts(deployment, variants)],
    ]
    for component in component_sources(endpoint, names):
        rows += [[text(f"## Component {component.component}")], [*draw(region, COMPONENT_GRAPHS, [component], alarms)]]
    return {"widgets": place(rows)}


def draw(
    region: str,
    graphs: Iterable[Graph],
    sources: Sequence[MetricSource],
    alarms: Sequence[MetricAlarm],
    *,
    prefix: str = "",
    width: int = 8,
) -> Iterator[Widget]:
    """Yield the graphs of what the variants or components publish, with a line for each of them."""
    for item in graphs:
        if metrics := _metrics(item, sources):
            yield graph(f"{prefix}{item.title}", region, metrics, width=width, alarms=alarms)


def _metrics(item: Graph, sources: Sequence[MetricSource]) -> list[Metric]:
    """Return the lines of a graph. A metric of the endpoint has one line, also with several variants."""
    metrics = {
        metric: None
        for line in item.lines
        for source in sources
        if source.definition(line.metric)
        for metric in [_metric(line, source, is_single=len(sources) == 1)]
    }
    return [*metrics]


def _metric(line: Line, source: MetricSource, *, is_single: bool) -> Metric:
    metric = source.metric(line.metric, line.statistic)
    is_shared = is_single or metric.definition.dimensions == ENDPOINT
    return replace(metric, label=line.label if is_shared else f"{_name(source)} {line.label}")


def _name(source: MetricSource) -> str:
    return source.component or (source.variant.variant_name if source.variant else "")


def _instance_counts(deployment: Deployment, variants: Sequence[MetricSource]) -> Iterator[Widget]:
    """Yield the graph of the instances of each variant.

    An instance sends CPUUtilization once a minute, so that their number is the number of samples in a minute.
    """
    with_instances = [source for source in variants if source.definition("CPUUtilization")]
    rows: list[list[object]] = []
    for number, source in enumerate(with_instances):
        samples = source.metric("CPUUtilization", "SampleCount")
        expression = {"expression": f"m{number} / (PERIOD(m{number}) / 60)", "id": f"e{number}", "label": _name(source)}
        rows += [samples.to_widget_row(id=f"m{number}", visible=False), [expression]]
    if rows:
        yield graph_of_rows("Instances", deployment.environment.region, rows, annotations=_bounds(deployment))


def _bounds(deployment: Deployment) -> list[Annotation]:
    """Return the minimum and the maximum that scaling keeps each variant between."""
    return [
        bound(f"{target.variant} {label}", value)
        for target in deployment.scaling_targets
        if target.variant and target.variant_index is not None
        for label, value in (("minimum", target.min_capacity), ("maximum", target.max_capacity))
    ]


def _header(deployment: Deployment) -> str:
    names, environment = deployment.names, deployment.environment
    return (
        f"# Endpoint {names.endpoint_name}\n\n{environment.region}, account {environment.account_id}. Logs: "
        f"`{names.log_group}`. Terraform manages this dashboard: a change in the console is overwritten."
    )
