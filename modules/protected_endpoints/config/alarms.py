"""CloudWatch alarms: those of an endpoint with their thresholds, and the SNS topic that they notify."""

from typing import Annotated, Any, get_args

from pydantic import Field, GetCoreSchemaHandler, GetJsonSchemaHandler, ValidatorFunctionWrapHandler
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, core_schema

from protected_endpoints.config.table import ConfigTable
from protected_endpoints.config.types import Percentile, TopicArn

_MAX_PERIODS = 1440  # a day of minutes; the rule alarm-window-too-long has the exact limit


class AlarmWindow(ConfigTable):
    """How long a metric has to reach a threshold before its alarm fires (PutMetricAlarm)."""

    period: Annotated[int, Field(ge=60, le=86400, examples=[60])] | None = None
    """Length of a period in seconds, a multiple of 60 up to 86400. Default: that of the alarm (docs/alarms.md)."""
    evaluation_periods: Annotated[int, Field(ge=1, le=_MAX_PERIODS, examples=[5])] | None = None
    """Number of the most recent periods that are evaluated. Default: that of the alarm."""
    datapoints_to_alarm: Annotated[int, Field(ge=1, le=_MAX_PERIODS, examples=[3])] | None = None
    """Number of these periods that have to reach the threshold. Default: `evaluation_periods` if it is set."""


class RateAlarm(AlarmWindow):
    """An alarm about a rate from 0 to 1."""

    threshold: Annotated[float, Field(ge=0.0001, le=1, examples=[0.01])] | None = None
    """Rate from 0.0001 to 1 that fires the alarm: 0.01 is one request in a hundred. Default: that of the alarm."""


class PercentAlarm(AlarmWindow):
    """An alarm about the utilization of an instance."""

    threshold: Annotated[float, Field(ge=1, le=100, examples=[80])] | None = None
    """Percentage of the whole instance from 1 to 100 that fires the alarm. Terraform shows 100 for each vCPU or GPU:
    80 is 320 on 4 vCPUs. Default: that of the alarm."""


class DurationAlarm(AlarmWindow):
    """An alarm about a latency in microseconds."""

    threshold: Annotated[float, Field(ge=1, le=3_600_000_000, examples=[2_000_000])] | None = None
    """Microseconds, as in CloudWatch, that fire the alarm: 2000000 is 2 seconds. Default: that of the alarm."""


class LatencyAlarm(DurationAlarm):
    """An alarm about the response time of the container in microseconds."""

    statistic: Percentile | None = None
    """Percentile of the latencies in a period: `p99` ignores the slowest of a hundred requests. Default: `p99`."""


class AgeAlarm(AlarmWindow):
    """An alarm about the age of a request in seconds."""

    threshold: Annotated[float, Field(ge=1, le=21600, examples=[900])] | None = None
    """Age in seconds from 1 to 21600 that fires the alarm. Default: 900."""


class CountAlarm(AlarmWindow):
    """An alarm about a number of requests in a period."""

    threshold: Annotated[float, Field(ge=1, le=1_000_000_000, examples=[1])] | None = None
    """Number of requests in a period that fires the alarm; for `silent`, fewer than these. Default: 1."""


class _OnOrOff:
    """Let a field be `true` or `false` instead of its table."""

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        _, table = get_args(source)
        return core_schema.no_info_wrap_validator_function(_bool_or_table, handler.generate_schema(table))

    @classmethod
    def __get_pydantic_json_schema__(cls, schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        return {"title": "boolean or alarm table", "examples": [True], "anyOf": [{"type": "boolean"}, handler(schema)]}


def _bool_or_table(value: Any, validate: ValidatorFunctionWrapHandler) -> Any:
    return value if isinstance(value, bool) else validate(value)


class Alarms(ConfigTable):
    """The CloudWatch alarms of an endpoint. Those that fit its inference option are on by default (docs/alarms.md).

    The value of an alarm is `true`, `false`, or a table with another threshold or window.
    """

    enable_alarms: bool = True
    """Whether the endpoint has these alarms; `false` turns all off, also those in this table. Alarms that roll updates
    back or scale from zero are not among them."""
    topic_arn: TopicArn | None = None
    """ARN of an existing standard SNS topic of this region, which alarms notify. Its policy, and that of its key, must
    let CloudWatch publish. Default: the topic of the environment."""
    errors: Annotated[bool | RateAlarm, _OnOrOff] | None = None
    """Rate of 5xx responses (Invocation5XXErrors). Default: 0.01 in 3 of 5 minutes."""
    client_errors: Annotated[bool | RateAlarm, _OnOrOff] | None = None
    """Rate of 4xx responses (Invocation4XXErrors). Default: 0.05 in 3 of 3 periods of 300 s."""
    latency: Annotated[bool | LatencyAlarm, _OnOrOff] | None = None
    """Response time of the container in microseconds (ModelLatency). Default: 48000000 in 3 of 5 minutes, 80 % of the
    time that it has; off for asynchronous inference."""
    overhead: Annotated[bool | DurationAlarm, _OnOrOff] | None = None
    """Average time in microseconds that SageMaker adds to a response (OverheadLatency). Default: 1000000 in 3 of 3
    periods of 300 s; off for serverless inference, where it contains cold starts."""
    cpu: Annotated[bool | PercentAlarm, _OnOrOff] | None = None
    """Average CPU utilization in percent of all vCPUs of an instance (CPUUtilization). Default: 80 in 3 of 3 periods of
    300 s."""
    gpu: Annotated[bool | PercentAlarm, _OnOrOff] | None = None
    """Average GPU utilization in percent of all GPUs of an instance (GPUUtilization). Default: 90 in 3 of 3 periods of
    300 s."""
    gpu_memory: Annotated[bool | PercentAlarm, _OnOrOff] | None = None
    """Memory of all GPUs of an instance in percent (GPUMemoryUtilization). Default: off, because model servers reserve
    most of it; with `true`, 95 in 5 of 5 minutes."""
    memory: Annotated[bool | PercentAlarm, _OnOrOff] | None = None
    """Maximum memory utilization in percent (MemoryUtilization). Default: 90 in 5 of 5 minutes."""
    disk: Annotated[bool | PercentAlarm, _OnOrOff] | None = None
    """Maximum disk utilization in percent (DiskUtilization). Default: 70 in 3 of 3 minutes with data capture, which
    SageMaker stops above 75; off without."""
    backlog_age: Annotated[bool | AgeAlarm, _OnOrOff] | None = None
    """Age of the oldest asynchronous request in seconds (ApproximateAgeOfOldestRequest). Default: 900 in 3 of 5
    minutes."""
    failures: Annotated[bool | CountAlarm, _OnOrOff] | None = None
    """Asynchronous requests without an answer, an alarm for each of InvocationFailures, ExpiredRequests and
    ResponseUploadFailures. Default: 1 in 1 period of 300 s."""
    throttled: Annotated[bool | RateAlarm, _OnOrOff] | None = None
    """Share of `max_concurrency` that serverless requests use (ServerlessConcurrentExecutionsUtilization); at 1, others
    are rejected. Default: 0.9 in 3 of 5 minutes; off where `max_concurrency` is 1, which any request uses up."""
    spillover: Annotated[bool | CountAlarm, _OnOrOff] | None = None
    """Serverless requests beyond `provisioned_concurrency`, which may start cold
    (ServerlessProvisionedConcurrencySpilloverInvocations). Default: 1 in 3 of 3 periods of 300 s."""
    no_capacity: Annotated[bool | CountAlarm, _OnOrOff] | None = None
    """Requests to an inference component without a running copy (NoCapacityInvocationFailures). Default: 1 in 1 minute;
    off where the minimum of instances or copies is 0."""
    silent: Annotated[bool | CountAlarm, _OnOrOff] | None = None
    """Fewer requests than `threshold` (Invocations). Default: off, because many endpoints are idle at times; with
    `true`, 1 in 6 of 6 periods of 300 s."""

    def setting(self, alarm: str) -> bool | AlarmWindow | None:
        """Return the value of an alarm by its key: a table, `true`, `false`, or None for the default."""
        value: bool | AlarmWindow | None = getattr(self, alarm)
        return value


class EnvironmentAlarms(ConfigTable):
    """The SNS topic that the alarms of an environment's endpoints notify."""

    topic_arn: TopicArn | None = None
    """ARN of an existing standard SNS topic of this region. Its policy, and that of its key, must let CloudWatch
    publish. Default: none, so that alarms only change their state."""
    create_topic: bool = False
    """Whether the topic and its key are managed, by the stack `<environment>-operations`. You add subscriptions."""
