"""Where requests and responses are recorded."""

from cdktf import TerraformResourceLifecycle
from constructs import Construct

from protected_endpoints.bindings import (
    S3Bucket,
    S3BucketLifecycleConfigurationRule,
    S3BucketLifecycleConfigurationRuleAbortIncompleteMultipartUpload,
    S3BucketLifecycleConfigurationRuleExpiration,
    S3BucketLifecycleConfigurationRuleFilter,
    S3BucketLifecycleConfigurationRuleNoncurrentVersionExpiration,
)
from protected_endpoints.config import DataCapture
from protected_endpoints.constructs.encryption_key import EncryptionKey
from protected_endpoints.constructs.protected_bucket import ProtectedBucket
from protected_endpoints.deployment.names import Names
from protected_endpoints.policies.capture_bucket import bucket_policy

_DAYS_TO_UNDO_A_DELETION = 30


class CaptureBucket(ProtectedBucket):
    """Define a bucket for captured data, which is what customers sent and what they got.

    Only the execution role writes and only the named readers read. Objects are deleted after `retention_days`, and for
    good 30 days later.
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        names: Names,
        settings: DataCapture,
        key: EncryptionKey,
        prevent_destroy: bool,
    ) -> None:
        super().__init__(
            scope,
            id_,
            name=names.capture_bucket,
            policy=bucket_policy(names, key_arn=key.arn, readers=settings.readers),
            key_arn=key.arn,
            expiry=S3BucketLifecycleConfigurationRule(
                id="expire",
                status="Enabled",
                filter=[S3BucketLifecycleConfigurationRuleFilter(prefix="")],
                expiration=[S3BucketLifecycleConfigurationRuleExpiration(days=settings.retention_days)],
                noncurrent_version_expiration=[
                    S3BucketLifecycleConfigurationRuleNoncurrentVersionExpiration(
                        noncurrent_days=_DAYS_TO_UNDO_A_DELETION
                    )
                ],
                abort_incomplete_multipart_upload=[
                    S3BucketLifecycleConfigurationRuleAbortIncompleteMultipartUpload(days_after_initiation=7)
                ],
            ),
            prevent_destroy=prevent_destroy,
        )


class CaptureBucketDestroyGuard(S3Bucket):
    """Define that there is no bucket, and that Terraform refuses to destroy one that it made earlier.

    `prevent_destroy` goes away with its block, so the block stays, for no bucket at all.
    """

    def __init__(self, scope: Construct, id_: str, *, prevent_destroy: bool) -> None:
        super().__init__(scope, id_, count=0, lifecycle=TerraformResourceLifecycle(prevent_destroy=prevent_destroy))
