"""The metrics of an endpoint, for Python code that composes dashboards and alarms."""

from protected_endpoints.deployment import Deployment
from protected_endpoints.deployment.endpoint_metrics import find_metric
from protected_endpoints.deployment.metrics import Metric


class EndpointMetrics:
    """The metrics that SageMaker publishes for an endpoint; `docs/metrics.md` lists them with units and statistics.

    `variant` is required where the endpoint has several, and `component` for the metrics of an inference component. A
    period is in seconds. Latencies are in microseconds, and error rates are averages from 0 to 1.

    Every method raises `ConfigurationError` for a metric that the endpoint does not publish, for a statistic that the
    metric does not have, and for an unknown variant or component.
    """

    _deployment: Deployment

    def metric(
        self,
        name: str,
        *,
        variant: str | None = None,
        component: str | None = None,
        statistic: str | None = None,
        period: int = 60,
        label: str = "",
    ) -> Metric:
        """Return any metric by its name in CloudWatch. Default statistic: the first one that docs/metrics.md lists."""
        return find_metric(
            self._deployment,
            name,
            variant=variant,
            component=component,
            statistic=statistic,
            period=period,
            label=label,
        )

    def metric_invocations(
        self, *, variant: str | None = None, component: str | None = None, statistic: str = "Sum", period: int = 60
    ) -> Metric:
        """Return the number of requests. Asynchronous endpoints publish InvocationsProcessed instead."""
        return self.metric("Invocations", variant=variant, component=component, statistic=statistic, period=period)

    def metric_invocations_per_instance(self, *, variant: str | None = None, period: int = 60) -> Metric:
        """Return the number of requests divided by the number of instances."""
        return self.metric("InvocationsPerInstance", variant=variant, statistic="Sum", period=period)

    def metric_invocation_4xx_errors(
        self, *, variant: str | None = None, component: str | None = None, statistic: str = "Average", period: int = 60
    ) -> Metric:
        """Return the rate of requests with a 4xx response, or their number with the statistic `Sum`."""
        name = "Invocation4XXErrors"
        return self.metric(name, variant=variant, component=component, statistic=statistic, period=period)

    def metric_invocation_5xx_errors(
        self, *, variant: str | None = None, component: str | None = None, statistic: str = "Average", period: int = 60
    ) -> Metric:
        """Return the rate of requests with a 5xx response, or their number with the statistic `Sum`."""
        name = "Invocation5XXErrors"
        return self.metric(name, variant=variant, component=component, statistic=statistic, period=period)

    def metric_model_latency(
        self, *, variant: str | None = None, component: str | None = None, statistic: str = "p99", period: int = 60
    ) -> Metric:
        """Return the time that the container takes for a response, in microseconds."""
        return self.metric("ModelLatency", variant=variant, component=component, statistic=statistic, period=period)

    def metric_overhead_latency(
        self, *, variant: str | None = None, component: str | None = None, statistic: str = "Average", period: int = 60
    ) -> Metric:
        """Return the time that SageMaker adds to a response, in microseconds. It has no percentiles."""
        return self.metric("OverheadLatency", variant=variant, component=component, statistic=statistic, period=period)

    def metric_concurrent_requests(self, *, variant: str | None = None, period: int = 60) -> Metric:
        """Return the highest number of requests that an instance handles at once."""
        return self.metric("ConcurrentRequestsPerModel", variant=variant, statistic="Maximum", period=period)

    def metric_cpu_utilization(
        self, *, variant: str | None = None, statistic: str = "Average", period: int = 60
    ) -> Metric:
        """Return the CPU utilization of instances: 100 for each vCPU, so up to 400 on four."""
        return self.metric("CPUUtilization", variant=variant, statistic=statistic, period=period)

    def metric_gpu_utilization(
        self, *, variant: str | None = None, statistic: str = "Average", period: int = 60
    ) -> Metric:
        """Return the GPU utilization of instances: 100 for each GPU, so up to 400 with four."""
        return self.metric("GPUUtilization", variant=variant, statistic=statistic, period=period)

    def metric_gpu_memory_utilization(
        self, *, variant: str | None = None, statistic: str = "Maximum", period: int = 60
    ) -> Metric:
        """Return the memory utilization of GPUs: 100 for each GPU, so up to 400 with four."""
        return self.metric("GPUMemoryUtilization", variant=variant, statistic=statistic, period=period)

    def metric_memory_utilization(
        self, *, variant: str | None = None, statistic: str = "Maximum", period: int = 60
    ) -> Metric:
        """Return the memory utilization in percent."""
        return self.metric("MemoryUtilization", variant=variant, statistic=statistic, period=period)

    def metric_disk_utilization(
        self, *, variant: str | None = None, statistic: str = "Maximum", period: int = 60
    ) -> Metric:
        """Return the disk utilization of instances in percent."""
        return self.metric("DiskUtilization", variant=variant, statistic=statistic, period=period)

    def metric_backlog_size(self, *, statistic: str = "Average", period: int = 60) -> Metric:
        """Return the number of asynchronous requests that wait or are processed."""
        return self.metric("ApproximateBacklogSize", statistic=statistic, period=period)

    def metric_age_of_oldest_request(self, *, statistic: str = "Maximum", period: int = 60) -> Metric:
        """Return the age of the oldest asynchronous request that waits, in seconds."""
        return self.metric("ApproximateAgeOfOldestRequest", statistic=statistic, period=period)
