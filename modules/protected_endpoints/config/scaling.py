"""Scaling with Application Auto Scaling: of the instances of a variant, of serverless concurrency, or of copies."""

from typing import Annotated, Literal

from pydantic import Field

from protected_endpoints.config.table import ConfigTable
from protected_endpoints.config.types import (
    DimensionValue,
    MetricName,
    MetricNamespace,
    Schedule,
    Slug,
    TimeZone,
    UtcTime,
)

Capacity = Annotated[int, Field(ge=0, le=1000, examples=[2, 1])]
Cooldown = Annotated[int, Field(ge=0, le=86400, examples=[300])]
Number = Annotated[float, Field(allow_inf_nan=False, examples=[70])]
MetricStatistic = Literal["Average", "Minimum", "Maximum", "SampleCount", "Sum"]


class CustomizedMetricSpecification(ConfigTable):
    """A CloudWatch metric to track instead of a predefined one (CustomizedMetricSpecification).

    Its value has to fall when capacity is added, such as a utilization or a number of requests for each instance.
    """

    metric_name: MetricName
    """Name of a metric that SageMaker publishes for the endpoint, or of one in `namespace`."""
    statistic: MetricStatistic
    """Statistic of the metric."""
    namespace: MetricNamespace | None = None
    """Namespace of a metric of your own. Default: that of SageMaker's metric."""
    dimensions: Annotated[dict[MetricName, DimensionValue], Field(examples=[{"Model": "fraud"}])] = {}
    """Dimensions of a metric of your own by name. Those of SageMaker's metrics follow from the endpoint."""
    unit: MetricName | None = None
    """Unit of a metric of your own, if it is published with one."""


class ScheduledAction(ConfigTable):
    """A change of the minimum, the maximum or both at a time (PutScheduledAction)."""

    name: Slug
    """Name of the action, unique among those of the variant or component."""
    schedule: Schedule
    """`cron(minutes hours day-of-month month day-of-week year)`, `at(yyyy-mm-ddThh:mm:ss)` or `rate(value unit)`."""
    timezone: TimeZone | None = None
    """IANA time zone of `cron` and `at`, such as `Europe/Zurich`. Default: UTC."""
    start_time: UtcTime | None = None
    """First time of a recurring action in UTC, such as `2027-01-31T08:00:00Z`. Default: at once."""
    end_time: UtcTime | None = None
    """Last time of a recurring action in UTC. Default: none."""
    min_capacity: Capacity | None = None
    """Minimum number of instances or copies from this time on, from 0 to 1000. Default: unchanged."""
    max_capacity: Capacity | None = None
    """Maximum number of instances or copies from this time on, from 0 to 1000. Default: unchanged."""


class StepAdjustment(ConfigTable):
    """A change of the capacity while the metric is in an interval (StepAdjustment)."""

    metric_interval_lower_bound: Number | None = None
    """Start of the interval, relative to `threshold`: 0 is the threshold itself. Default: no lower end."""
    metric_interval_upper_bound: Number | None = None
    """End of the interval, relative to `threshold`. Default: no upper end."""
    scaling_adjustment: Annotated[int, Field(ge=-1000, le=1000, examples=[1])]
    """Number of instances or copies, or percentage, from -1000 to 1000 (`adjustment_type`)."""


class StepScalingPolicy(ConfigTable):
    """A managed alarm and the change of capacity that it starts (StepScalingPolicyConfiguration, PutMetricAlarm)."""

    name: Slug
    """Name of the policy, unique among those of the variant or component."""
    metric_name: MetricName
    """Name of a metric that SageMaker publishes for the endpoint."""
    statistic: MetricStatistic
    """Statistic of the metric."""
    threshold: Number
    """Value of the metric from which the policy acts, in the unit of the metric; latencies are in microseconds."""
    comparison_operator: Literal[
        "GreaterThanOrEqualToThreshold",
        "GreaterThanThreshold",
        "LessThanThreshold",
        "LessThanOrEqualToThreshold",
    ]
    """Comparison of the metric with `threshold`."""
    period: Annotated[int, Field(ge=60, le=86400, multiple_of=60, examples=[60])] = 60
    """Length of an interval of the metric in seconds, a multiple of 60, up to 86400."""
    evaluation_periods: Annotated[int, Field(ge=1, le=1440, examples=[3])] = 3
    """Number of intervals in a row that have to be beyond the threshold, from 1 to 1440."""
    adjustment_type: Literal["ChangeInCapacity", "PercentChangeInCapacity", "ExactCapacity"] = "ChangeInCapacity"
    """Unit of `scaling_adjustment`: capacity to add, percentage to add, or the new capacity."""
    min_adjustment_magnitude: Annotated[int, Field(ge=1, le=1000, examples=[1])] | None = None
    """Minimum number of instances that a `PercentChangeInCapacity` changes, from 1 to 1000. Default: none."""
    cooldown: Cooldown = 300
    """Time before the next change in seconds, from 0 to 86400."""
    metric_aggregation_type: Literal["Average", "Minimum", "Maximum"] = "Average"
    """Aggregation of the values of the metric that select a step."""
    step_adjustments: Annotated[tuple[StepAdjustment, ...], Field(strict=False, min_length=1, max_length=20)]
    """Steps, whose intervals neither overlap nor have a gap, up to 20."""


class Scaling(ConfigTable):
    """Scaling between two capacities: of instances, of provisioned concurrency, or of copies of a component.

    Application Auto Scaling adds and removes capacity to keep a metric at `target_value`, by steps, or on a schedule.
    """

    min_capacity: Capacity
    """Minimum number of instances, copies or provisioned invocations, from 0 to 1000; 0 not for real-time inference."""
    max_capacity: Annotated[int, Field(ge=1, le=1000, examples=[4, 8])]
    """Maximum number of instances, copies or provisioned invocations, from 1 to 1000."""
    target_value: Annotated[float, Field(gt=0, le=1e12, allow_inf_nan=False, examples=[70, 0.7])] | None = None
    """Value at which the metric is kept. Required, unless steps or a schedule alone change the capacity."""
    predefined_metric_type: (
        Literal[
            "SageMakerVariantInvocationsPerInstance",
            "SageMakerVariantConcurrentRequestsPerModelHighResolution",
            "SageMakerVariantProvisionedConcurrencyUtilization",
            "SageMakerInferenceComponentInvocationsPerCopy",
            "SageMakerInferenceComponentConcurrentRequestsPerCopyHighResolution",
        ]
        | None
    ) = None
    """Metric to track. Default: invocations per minute for each instance or copy, or provisioned concurrency."""
    customized_metric_specification: CustomizedMetricSpecification | None = None
    """Metric to track instead of a predefined one. Default of asynchronous inference: the backlog for each instance."""
    scale_in_cooldown: Cooldown = 300
    """Time after capacity was removed before more is removed in seconds, from 0 to 86400."""
    scale_out_cooldown: Cooldown = 300
    """Time after capacity was added before more is added in seconds, from 0 to 86400."""
    disable_scale_in: bool = False
    """Whether target tracking only adds capacity."""
    step_scaling_policies: Annotated[tuple[StepScalingPolicy, ...], Field(strict=False, max_length=10)] = ()
    """Changes of the capacity by steps, up to 10."""
    scheduled_actions: Annotated[tuple[ScheduledAction, ...], Field(strict=False, max_length=20)] = ()
    """Changes of the minimum and the maximum at a time, up to 20."""
