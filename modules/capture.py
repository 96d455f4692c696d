"""Where requests and responses are recorded."""

from cdktf import ITerraformDependable, TerraformResourceLifecycle
from constructs import Construct

from modules import policies
from modules.bindings import (
    S3Bucket,
    S3BucketLifecycleConfiguration,
    S3BucketLifecycleConfigurationRule,
    S3BucketLifecycleConfigurationRuleAbortIncompleteMultipartUpload,
    S3BucketLifecycleConfigurationRuleExpiration,
    S3BucketLifecycleConfigurationRuleFilter,
    S3BucketLifecycleConfigurationRuleNoncurrentVersionExpiration,
    S3BucketOwnershipControls,
    S3BucketOwnershipControlsRule,
    S3BucketPolicy,
    S3BucketPublicAccessBlock,
    S3BucketServerSideEncryptionConfigurationA,
    S3BucketServerSideEncryptionConfigurationRuleA,
    S3BucketServerSideEncryptionConfigurationRuleApplyServerSideEncryptionByDefaultA,
    S3BucketVersioningA,
    S3BucketVersioningVersioningConfiguration,
)
from modules.config import DataCapture
from modules.key import EncryptionKey
from modules.names import Names
from modules.policies.capture import bucket

_DAYS_TO_UNDO_A_DELETION = 30


class CaptureBucket(S3Bucket):
    """Define a bucket for captured data, which is what customers sent and what they got.

    Private, owner enforced, encrypted with the endpoint's key, TLS only, versioned; only the execution role writes
    and only the named readers read. Objects are deleted after `retention_days`, and for good 30 days later.
    Terraform refuses to destroy it unless that is relaxed, and then destroys what is in it as well.
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
            bucket=names.capture_bucket,
            force_destroy=not prevent_destroy,
            lifecycle=TerraformResourceLifecycle(prevent_destroy=prevent_destroy),
        )
        name = self.bucket
        # S3 refuses a policy while the block to public policies is being set, hence the order.
        private = S3BucketPublicAccessBlock(
            self,
            "PublicAccessBlock",
            bucket=name,
            block_public_acls=True,
            block_public_policy=True,
            ignore_public_acls=True,
            restrict_public_buckets=True,
        )
        access = S3BucketPolicy(
            self,
            "Policy",
            bucket=name,
            policy=policies.to_json(bucket(names, key_arn=key.arn, readers=settings.readers)),
            depends_on=[private],
        )
        owned = S3BucketOwnershipControls(
            self,
            "OwnershipControls",
            bucket=name,
            rule=S3BucketOwnershipControlsRule(object_ownership="BucketOwnerEnforced"),
        )
        encrypted = S3BucketServerSideEncryptionConfigurationA(
            self,
            "Encryption",
            bucket=name,
            rule=[
                S3BucketServerSideEncryptionConfigurationRuleA(
                    apply_server_side_encryption_by_default=S3BucketServerSideEncryptionConfigurationRuleApplyServerSideEncryptionByDefaultA(
                        sse_algorithm="aws:kms", kms_master_key_id=key.arn
                    ),
                    bucket_key_enabled=True,
                )
            ],
        )
        versioned = S3BucketVersioningA(
            self,
            "Versioning",
            bucket=name,
            versioning_configuration=S3BucketVersioningVersioningConfiguration(status="Enabled"),
        )
        S3BucketLifecycleConfiguration(
            self,
            "Lifecycle",
            bucket=name,
            rule=[
                S3BucketLifecycleConfigurationRule(
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
                )
            ],
            depends_on=[versioned],
        )
        # Nothing may be recorded before all of these are in place.
        self.protections: list[ITerraformDependable] = [access, owned, encrypted, versioned]


class NoCaptureBucket(S3Bucket):
    """Define that there is no bucket, and that Terraform refuses to destroy one that it made earlier.

    `prevent_destroy` goes away with its block, so the block stays, for no bucket at all.
    """

    def __init__(self, scope: Construct, id_: str, *, prevent_destroy: bool) -> None:
        super().__init__(scope, id_, count=0, lifecycle=TerraformResourceLifecycle(prevent_destroy=prevent_destroy))
