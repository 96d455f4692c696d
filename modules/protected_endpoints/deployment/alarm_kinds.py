"""The alarms that an endpoint can have, with their defaults: what each one watches, why, and what to do first.

`docs/alarms.md` shows this table. The comparison is `GreaterThanOrEqualToThreshold`, so that a threshold is the value
that fires the alarm; only `silent` fires below it.
"""

from dataclasses import dataclass

from protected_endpoints.aws.metrics import Mode

_DIRECT: tuple[Mode, ...] = ("real-time", "serverless", "component")


@dataclass(frozen=True)
class Window:
    """The periods in which a metric has to reach the threshold: `datapoints_to_alarm` of `evaluation_periods`."""

    period: int
    evaluation_periods: int
    datapoints_to_alarm: int


@dataclass(frozen=True)
class AlarmKind:
    """An alarm, by its key in `endpoints.toml`.

    `metrics` are the names of its metrics; of several, the first one that is published, unless `is_split` makes an
    alarm of each. `threshold` is in the unit of `endpoints.toml`. `modes` are those in which it is on by default; it
    can be switched on wherever its metric is published. `reason` says why the default is what it is, `meaning` what has
    happened, and `first_step` what to do. An alarm that `is_of_instances` watches those of a variant, not the copies of
    inference components on them.
    """

    key: str
    metrics: tuple[str, ...]
    statistic: str
    threshold: float
    window: Window
    modes: tuple[Mode, ...]
    reason: str
    meaning: str
    first_step: str
    is_split: bool = False
    is_of_instances: bool = False

    @property
    def fires_below(self) -> bool:
        """Return whether fewer requests than the threshold fire the alarm, and so do none at all."""
        return self.key == "silent"


_READ_LOGS = "Read the log group {logs}, then roll back the last change or correct the container"
_ADD_CAPACITY = "Raise the number of instances, or choose a larger instance_type"

ALARM_KINDS: tuple[AlarmKind, ...] = (
    AlarmKind(
        "errors",
        ("Invocation5XXErrors",),
        "Average",
        0.01,
        Window(60, 5, 3),
        (*_DIRECT, "asynchronous"),
        reason="one request in a hundred fails; a rate assumes no number of requests (judgment)",
        meaning="Requests fail with a 5xx error of the container or of SageMaker",
        first_step=_READ_LOGS,
    ),
    AlarmKind(
        "client_errors",
        ("Invocation4XXErrors",),
        "Average",
        0.05,
        Window(300, 3, 3),
        (*_DIRECT, "asynchronous"),
        reason="callers changed, which is less urgent than a failing model (judgment)",
        meaning="Requests are rejected with a 4xx error",
        first_step="Compare recent requests with what the container accepts, and ask the invokers what changed",
    ),
    AlarmKind(
        "latency",
        ("ModelLatency",),
        "p99",
        48_000_000,
        Window(60, 5, 3),
        _DIRECT,
        reason="80 % of the 60 seconds that a container has to respond (InvokeEndpoint); set the one that callers need",
        meaning="Responses of the container are slow",
        first_step="Look at the metrics of vCPUs, GPUs and memory that are published, then at the log group {logs}",
    ),
    AlarmKind(
        "overhead",
        ("OverheadLatency",),
        "Average",
        1_000_000,
        Window(300, 3, 3),
        ("real-time", "component"),
        reason="SageMaker adds milliseconds as a rule; CloudWatch lists no percentiles for it (judgment)",
        meaning="SageMaker adds a long time to responses",
        first_step="Check the size of requests and the AWS Health Dashboard",
    ),
    AlarmKind(
        "cpu",
        ("CPUUtilizationNormalized", "CPUUtilization"),
        "Average",
        80,
        Window(300, 3, 3),
        ("instances",),
        reason="a reserve for peaks and for the loss of an instance (judgment)",
        meaning="The vCPUs of the instances are nearly used up",
        first_step=_ADD_CAPACITY,
        is_of_instances=True,
    ),
    AlarmKind(
        "gpu",
        ("GPUUtilizationNormalized", "GPUUtilization"),
        "Average",
        90,
        Window(300, 3, 3),
        ("instances",),
        reason="GPUs are meant to be busy, and queues grow near 100 (judgment); only for types with GPUs",
        meaning="The GPUs of the instances are nearly used up",
        first_step=_ADD_CAPACITY,
        is_of_instances=True,
    ),
    AlarmKind(
        "gpu_memory",
        ("GPUMemoryUtilizationNormalized", "GPUMemoryUtilization"),
        "Maximum",
        95,
        Window(60, 5, 5),
        (),
        reason="off: model servers reserve most of the memory when they start",
        meaning="The memory of the GPUs is nearly used up",
        first_step="Reduce the batch size or the context length of the container, or choose a larger instance_type",
        is_of_instances=True,
    ),
    AlarmKind(
        "memory",
        ("MemoryUtilizationNormalized", "MemoryUtilization"),
        "Maximum",
        90,
        Window(60, 5, 5),
        ("instances", "serverless"),
        reason="above 100 the operating system ends the container (judgment)",
        meaning="The memory of an instance is nearly used up",
        first_step="Look for a leak in the container, or choose a larger instance_type or memory_size_in_mb",
        is_of_instances=True,
    ),
    AlarmKind(
        "disk",
        ("DiskUtilization",),
        "Maximum",
        70,
        Window(60, 3, 3),
        ("instances",),
        reason="data capture stops above 75 % (SageMaker guide, model-monitor-data-capture); off without data capture",
        meaning="The disk of an instance fills up, and data capture stops above 75 %",
        first_step="Find what the container writes, or raise volume_size_in_gb",
        is_of_instances=True,
    ),
    AlarmKind(
        "backlog_age",
        ("ApproximateAgeOfOldestRequest",),
        "Maximum",
        900,
        Window(60, 5, 3),
        ("asynchronous",),
        reason="well below the time to live of a request, 6 hours by default (InvokeEndpointAsync)",
        meaning="Requests wait in the queue",
        first_step="Check that instances are running, then raise their number",
    ),
    AlarmKind(
        "failures",
        ("InvocationFailures", "ExpiredRequests", "ResponseUploadFailures"),
        "Sum",
        1,
        Window(300, 1, 1),
        ("asynchronous",),
        reason="each one is an answer that its caller never gets",
        meaning="Asynchronous requests have no answer",
        first_step="Read the data-log streams of the log group {logs}",
        is_split=True,
    ),
    AlarmKind(
        "throttled",
        ("ServerlessConcurrentExecutionsUtilization",),
        "Maximum",
        0.9,
        Window(60, 5, 3),
        ("serverless",),
        reason="at 1, SageMaker rejects further requests; off with a max_concurrency of 1, which any request uses up",
        meaning="Concurrent requests come close to max_concurrency, beyond which requests are rejected",
        first_step="Raise max_concurrency",
    ),
    AlarmKind(
        "spillover",
        ("ServerlessProvisionedConcurrencySpilloverInvocations",),
        "Sum",
        1,
        Window(300, 3, 3),
        ("provisioned",),
        reason="requests beyond the provisioned concurrency may start cold",
        meaning="Requests exceed provisioned_concurrency and may start cold",
        first_step="Raise provisioned_concurrency",
    ),
    AlarmKind(
        "no_capacity",
        ("NoCapacityInvocationFailures",),
        "Sum",
        1,
        Window(60, 1, 1),
        ("component",),
        reason="each one is a rejected request; off where the minimum is 0, because such a request starts a copy",
        meaning="Requests fail because no copy of the inference component is running",
        first_step="Check the status of the inference component and the number of its copies",
    ),
    AlarmKind(
        "silent",
        ("Invocations",),
        "Sum",
        1,
        Window(300, 6, 6),
        (),
        reason="off: many endpoints are idle at times",
        meaning="The endpoint gets too few requests",
        first_step="Check that invokers are running and that their requests are allowed",
    ),
)
"""Every alarm, in the order of `endpoints.toml`."""
