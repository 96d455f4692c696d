"""Asynchronous inference and how updates are rolled out, under the argument names of Terraform."""

from typing import Annotated, Literal

from pydantic import Field

from protected_endpoints.config.table import ConfigTable
from protected_endpoints.config.types import AlarmName, KeyArn, RoleArn, S3Prefix, TopicArn


class ClientConfig(ConfigTable):
    """How requests reach the container."""

    max_concurrent_invocations_per_instance: Annotated[int, Field(ge=1, le=1000, examples=[4])]
    """How many requests an instance works on at a time."""


class NotificationConfig(ConfigTable):
    """Who hears of finished requests."""

    success_topic: TopicArn | None = None
    """SNS topic for requests that were answered."""
    error_topic: TopicArn | None = None
    """SNS topic for requests that failed."""
    kms_key_id: KeyArn | None = None
    """Customer managed key that encrypts the topics, so that the execution role may use it for them."""
    include_inference_response_in: Annotated[
        tuple[Literal["SUCCESS_NOTIFICATION_TOPIC", "ERROR_NOTIFICATION_TOPIC"], ...],
        Field(strict=False, min_length=1, max_length=2),
    ] = ()
    """Topics whose messages hold the answer, up to 128 KB."""


class OutputConfig(ConfigTable):
    """Where answers go."""

    s3_output_path: S3Prefix
    """An existing place in a bucket of this account and region for answers."""
    s3_failure_path: S3Prefix | None = None
    """The same for failures."""
    kms_key_id: KeyArn | None = None
    """Key that encrypts them; the endpoint's key if left out."""
    notification_config: NotificationConfig | None = None
    """Who hears of finished requests."""
    readers: Annotated[tuple[RoleArn, ...], Field(strict=False)] = ()
    """Roles of this account that may read answers and failures; nobody if left out."""


class AsyncInferenceConfig(ConfigTable):
    """Asynchronous inference: requests are queued, answers are written to S3."""

    input_locations: Annotated[tuple[S3Prefix, ...], Field(strict=False, min_length=1)] = ()
    """Existing places in buckets of this account where callers put requests of more than 128,000 bytes; smaller ones
    come with the call."""
    input_kms_key_id: KeyArn | None = None
    """Customer managed key that encrypts the requests, so that the execution role may decrypt them."""
    output_config: OutputConfig
    """Where answers go."""
    client_config: ClientConfig | None = None
    """How requests reach the container."""


class CapacitySize(ConfigTable):
    """A part of an endpoint's instances."""

    type: Literal["INSTANCE_COUNT", "CAPACITY_PERCENT"]
    """Whether `value` counts instances or percents of the capacity."""
    value: Annotated[int, Field(ge=1, le=1000, examples=[1])]
    """How many."""


class TrafficRoutingConfiguration(ConfigTable):
    """How requests move from the old instances to the new ones."""

    type: Literal["ALL_AT_ONCE", "CANARY", "LINEAR"]
    """All at once, a part first, or step by step."""
    wait_interval_in_seconds: Annotated[int, Field(ge=0, le=3600, examples=[300])]
    """How long each step is watched before the next."""
    canary_size: CapacitySize | None = None
    """The part that moves first, with CANARY."""
    linear_step_size: CapacitySize | None = None
    """The part that moves with each step, with LINEAR."""


class BlueGreenUpdatePolicy(ConfigTable):
    """New instances beside the old ones, which go when the requests have moved."""

    traffic_routing_configuration: TrafficRoutingConfiguration
    """How requests move."""
    maximum_execution_timeout_in_seconds: Annotated[int, Field(ge=600, le=14400, examples=[1800])] | None = None
    """How long all of it may take."""
    termination_wait_in_seconds: Annotated[int, Field(ge=0, le=3600, examples=[300])] | None = None
    """How long the old instances wait before they go."""


class RollingUpdatePolicy(ConfigTable):
    """A few instances at a time, where twice the capacity cannot be had."""

    maximum_batch_size: CapacitySize
    """How many at a time."""
    wait_interval_in_seconds: Annotated[int, Field(ge=0, le=3600, examples=[300])]
    """How long each batch is watched before the next."""
    maximum_execution_timeout_in_seconds: Annotated[int, Field(ge=600, le=14400, examples=[1800])] | None = None
    """How long all of it may take."""
    rollback_maximum_batch_size: CapacitySize | None = None
    """How many at a time when it is rolled back."""


class Alarm(ConfigTable):
    """A CloudWatch alarm of this account and region."""

    alarm_name: AlarmName
    """Its name."""


class AutoRollbackConfiguration(ConfigTable):
    """Which alarms end an update."""

    alarms: Annotated[tuple[Alarm, ...], Field(strict=False, min_length=1, max_length=10)]
    """The alarms; an update is rolled back when one of them goes off."""


class DeploymentConfig(ConfigTable):
    """How an update is rolled out, and what rolls it back."""

    blue_green_update_policy: BlueGreenUpdatePolicy | None = None
    """New instances beside the old ones."""
    rolling_update_policy: RollingUpdatePolicy | None = None
    """A few instances at a time, instead."""
    auto_rollback_configuration: AutoRollbackConfiguration | None = None
    """Which alarms end an update."""
