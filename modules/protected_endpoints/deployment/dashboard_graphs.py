"""What dashboards show: the graphs of variants and of inference components, by the names of metrics."""

from dataclasses import dataclass


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


ERRORS = Graph(
    "Error rate (1 is every request)",
    (Line("Invocation5XXErrors", "Average", "5xx"), Line("Invocation4XXErrors", "Average", "4xx")),
)
LATENCY = Graph(
    "Latency of the model",
    (Line("ModelLatency", "p99", "p99"), Line("ModelLatency", "p90", "p90"), Line("ModelLatency", "p50", "p50")),
)
OVERHEAD = Graph("Latency that SageMaker adds", (Line("OverheadLatency", "Average", "average"),))

VARIANT_GRAPHS = (
    Graph(
        "Requests",
        (Line("Invocations", "Sum", "requests"), Line("InvocationsProcessed", "Sum", "processed")),
    ),
    ERRORS,
    LATENCY,
    OVERHEAD,
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
    Graph(
        "Memory and disk",
        (Line("MemoryUtilization", "Maximum", "memory"), Line("DiskUtilization", "Maximum", "disk")),
    ),
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
        "Instances: GPU memory",
        (
            Line("GPUMemoryUtilizationNormalized", "Maximum", "in use"),
            Line("GPUMemoryReservation", "Average", "reserved"),
        ),
    ),
    Graph(
        "Instances: memory and disk",
        (
            Line("MemoryUtilizationNormalized", "Maximum", "memory"),
            Line("MemoryReservation", "Average", "memory reserved"),
            Line("DiskUtilization", "Maximum", "disk"),
        ),
    ),
)
"""What the dashboard shows of a variant whose instances inference components share."""

COMPONENT_GRAPHS = (
    Graph("Requests", (Line("Invocations", "Sum", "requests"),)),
    ERRORS,
    LATENCY,
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
