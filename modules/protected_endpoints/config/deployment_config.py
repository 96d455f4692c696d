"""Deployment guardrails: how an endpoint is updated, and which alarms roll an update back."""

from typing import Annotated, Literal

from pydantic import Field

from protected_endpoints.config.table import ConfigTable
from protected_endpoints.config.types import AlarmName


class CapacitySize(ConfigTable):
    """A part of the instances of an endpoint (CapacitySize)."""

    type: Literal["INSTANCE_COUNT", "CAPACITY_PERCENT"]
    """Unit of `value`: number of instances, or percentage of the capacity."""
    value: Annotated[int, Field(ge=1, le=1000, examples=[1])]
    """Number of instances from 1 to 1000, or percentage from 1 to 100."""


class TrafficRoutingConfiguration(ConfigTable):
    """Shift of requests from the old instances to the new ones (TrafficRoutingConfig)."""

    type: Literal["ALL_AT_ONCE", "CANARY", "LINEAR"]
    """`ALL_AT_ONCE` shifts all requests, `CANARY` a part first, `LINEAR` equal steps."""
    wait_interval_in_seconds: Annotated[int, Field(ge=0, le=3600, examples=[300])]
    """Time in seconds between two steps, in which alarms are watched, from 0 to 3600."""
    canary_size: CapacitySize | None = None
    """Capacity of the first step with `CANARY`."""
    linear_step_size: CapacitySize | None = None
    """Capacity of each step with `LINEAR`."""


class BlueGreenUpdatePolicy(ConfigTable):
    """Create a second set of instances, shift requests to it, then delete the old one (BlueGreenUpdatePolicy)."""

    traffic_routing_configuration: TrafficRoutingConfiguration
    """Shift of requests to the new instances."""
    maximum_execution_timeout_in_seconds: Annotated[int, Field(ge=600, le=14400, examples=[1800])] | None = None
    """Maximum time of the update in seconds, from 600 to 14400. Default: chosen by SageMaker."""
    termination_wait_in_seconds: Annotated[int, Field(ge=0, le=3600, examples=[300])] | None = None
    """Time in seconds before the old instances are deleted, from 0 to 3600. Default: 0."""


class RollingUpdatePolicy(ConfigTable):
    """Replace instances in batches, without a second set of instances (RollingUpdatePolicy)."""

    maximum_batch_size: CapacitySize
    """Maximum size of a batch."""
    wait_interval_in_seconds: Annotated[int, Field(ge=0, le=3600, examples=[300])]
    """Time in seconds between two batches, in which alarms are watched, from 0 to 3600."""
    maximum_execution_timeout_in_seconds: Annotated[int, Field(ge=600, le=14400, examples=[1800])] | None = None
    """Maximum time of the update in seconds, from 600 to 14400. Default: chosen by SageMaker."""
    rollback_maximum_batch_size: CapacitySize | None = None
    """Maximum size of a batch in a rollback. Default: the whole capacity at once."""


class Alarm(ConfigTable):
    """A CloudWatch alarm of this account and region."""

    alarm_name: AlarmName
    """Name of the alarm."""


class AutoRollbackConfiguration(ConfigTable):
    """Alarms that roll an update back (AutoRollbackConfig)."""

    alarms: Annotated[tuple[Alarm, ...], Field(strict=False, min_length=1, max_length=10)]
    """Alarms to watch during an update. It is rolled back when one of them is in ALARM state."""


class DeploymentConfig(ConfigTable):
    """Deployment of updates, and alarms that roll them back (DeploymentConfig)."""

    blue_green_update_policy: BlueGreenUpdatePolicy | None = None
    """Blue/green deployment, with a second set of instances."""
    rolling_update_policy: RollingUpdatePolicy | None = None
    """Rolling deployment in batches, instead of `blue_green_update_policy`."""
    auto_rollback_configuration: AutoRollbackConfiguration | None = None
    """Alarms that roll an update back."""
