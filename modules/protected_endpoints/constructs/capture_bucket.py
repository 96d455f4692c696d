"""The S3 bucket for captured requests and responses."""

from constructs import Construct

from protected_endpoints.config import DataCapture
from protected_endpoints.constructs.encryption_key import EncryptionKey
from protected_endpoints.constructs.execution_role import ExecutionRole
from protected_endpoints.constructs.protected_bucket import ProtectedBucket, lifecycle_rule
from protected_endpoints.deployment.endpoint_names import EndpointNames
from protected_endpoints.policies.capture_bucket import bucket_policy

_NONCURRENT_VERSION_DAYS = 30


class CaptureBucket(ProtectedBucket):
    """Define a bucket for captured requests and responses.

    Only the execution role writes to it and only the configured readers read from it. Objects expire after
    `retention_days`. They are deleted permanently 30 days later. With `eventbridge`, S3 sends an event for each object
    to the default event bus of the account (S3, EventBridge).
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        names: EndpointNames,
        settings: DataCapture,
        key: EncryptionKey,
        role: ExecutionRole,
        prevent_destroy: bool,
    ) -> None:
        super().__init__(
            scope,
            id_,
            name=names.capture_bucket,
            policy=bucket_policy(names, key_arn=key.arn, execution_role_arn=role.arn, readers=settings.readers),
            key_arn=key.arn,
            lifecycle_rule=lifecycle_rule(
                "expire",
                expiration_days=settings.retention_days,
                noncurrent_version_days=_NONCURRENT_VERSION_DAYS,
            ),
            prevent_destroy=prevent_destroy,
        )
        if settings.eventbridge:
            from protected_endpoints.bindings.s3_bucket_notification import S3BucketNotification

            S3BucketNotification(self, "Notification", bucket=self.bucket, eventbridge=True)
