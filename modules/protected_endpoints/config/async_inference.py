"""Asynchronous inference: where requests and responses are stored, and who is notified."""

from typing import Annotated, Literal

from pydantic import Field

from protected_endpoints.config.table import ConfigTable
from protected_endpoints.config.types import KeyArn, RoleArn, S3Prefix, TopicArn


class ClientConfig(ConfigTable):
    """Invocation of the container by SageMaker (AsyncInferenceClientConfig)."""

    max_concurrent_invocations_per_instance: Annotated[int, Field(ge=1, le=1000, examples=[4])]
    """Maximum number of concurrent requests per instance, from 1 to 1000."""


class NotificationConfig(ConfigTable):
    """SNS topics for completed requests (AsyncInferenceNotificationConfig)."""

    success_topic: TopicArn | None = None
    """ARN of the SNS topic for successful requests."""
    error_topic: TopicArn | None = None
    """ARN of the SNS topic for failed requests."""
    kms_key_id: KeyArn | None = None
    """ARN of the customer managed key that encrypts the topics. The execution role may use it."""
    include_inference_response_in: Annotated[
        tuple[Literal["SUCCESS_NOTIFICATION_TOPIC", "ERROR_NOTIFICATION_TOPIC"], ...],
        Field(strict=False, min_length=1, max_length=2),
    ] = ()
    """Topics whose messages contain the inference response, up to 128 KB."""


class OutputConfig(ConfigTable):
    """Destination of responses (AsyncInferenceOutputConfig)."""

    s3_output_path: S3Prefix
    """S3 URI for responses, a prefix in an existing bucket of this account and region."""
    s3_failure_path: S3Prefix | None = None
    """S3 URI for failure responses, a prefix in an existing bucket of this account and region."""
    kms_key_id: KeyArn | None = None
    """ARN of the key that encrypts responses and failure responses. Default: the endpoint's key."""
    notification_config: NotificationConfig | None = None
    """SNS topics for completed requests."""
    readers: Annotated[tuple[RoleArn, ...], Field(strict=False)] = ()
    """Roles of this account that may read responses and failure responses. Default: none."""


class AsyncInferenceConfig(ConfigTable):
    """Asynchronous inference: requests are queued, responses are written to S3 (AsyncInferenceConfig)."""

    input_locations: Annotated[tuple[S3Prefix, ...], Field(strict=False, min_length=1)] = ()
    """S3 URIs of prefixes in existing buckets of this account to which invokers upload requests of more than
    128,000 bytes. Smaller requests are part of the call."""
    input_kms_key_id: KeyArn | None = None
    """ARN of the customer managed key that encrypts uploaded requests. The execution role may decrypt with it."""
    output_config: OutputConfig
    """Destination of responses."""
    client_config: ClientConfig | None = None
    """Invocation of the container by SageMaker."""
