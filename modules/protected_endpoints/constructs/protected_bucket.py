"""An S3 bucket with the settings that every bucket of this project has."""

from cdktf import ITerraformDependable, TerraformResourceLifecycle
from constructs import Construct

from protected_endpoints import policies
from protected_endpoints.bindings import (
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
from protected_endpoints.policies import Document


class ProtectedBucket(S3Bucket):
    """Define a versioned bucket without public access, encrypted with a KMS key, with a policy and a lifecycle rule.

    With `prevent_destroy`, Terraform refuses to destroy the bucket. Without it, Terraform also deletes all objects.
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        name: str,
        policy: Document,
        key_arn: str,
        lifecycle_rule: S3BucketLifecycleConfigurationRule,
        prevent_destroy: bool,
        bucket_key_enabled: bool = True,
    ) -> None:
        super().__init__(
            scope,
            id_,
            bucket=name,
            force_destroy=not prevent_destroy,
            lifecycle=TerraformResourceLifecycle(prevent_destroy=prevent_destroy),
        )
        bucket = self.bucket  # each use of an attribute is a request to Node
        # S3 refuses a bucket policy while the public access block is being updated.
        public_access_block = S3BucketPublicAccessBlock(
            self,
            "PublicAccessBlock",
            bucket=bucket,
            block_public_acls=True,
            block_public_policy=True,
            ignore_public_acls=True,
            restrict_public_buckets=True,
        )
        bucket_policy = S3BucketPolicy(
            self, "Policy", bucket=bucket, policy=policies.to_json(policy), depends_on=[public_access_block]
        )
        ownership = S3BucketOwnershipControls(
            self,
            "OwnershipControls",
            bucket=bucket,
            rule=S3BucketOwnershipControlsRule(object_ownership="BucketOwnerEnforced"),
        )
        encryption = S3BucketServerSideEncryptionConfigurationA(
            self,
            "Encryption",
            bucket=bucket,
            rule=[
                S3BucketServerSideEncryptionConfigurationRuleA(
                    apply_server_side_encryption_by_default=S3BucketServerSideEncryptionConfigurationRuleApplyServerSideEncryptionByDefaultA(
                        sse_algorithm="aws:kms", kms_master_key_id=key_arn
                    ),
                    bucket_key_enabled=bucket_key_enabled,
                )
            ],
        )
        versioning = S3BucketVersioningA(
            self,
            "Versioning",
            bucket=bucket,
            versioning_configuration=S3BucketVersioningVersioningConfiguration(status="Enabled"),
        )
        S3BucketLifecycleConfiguration(self, "Lifecycle", bucket=bucket, rule=[lifecycle_rule], depends_on=[versioning])
        # Resources that write to the bucket depend on these, so that no object is written without protection.
        self.dependencies: list[ITerraformDependable] = [bucket_policy, ownership, encryption, versioning]


def lifecycle_rule(
    id_: str, *, noncurrent_version_days: int, expiration_days: int | None = None
) -> S3BucketLifecycleConfigurationRule:
    """Return a rule for all objects of a bucket, which also ends incomplete multipart uploads after 7 days.

    Args:
        id_: the name of the rule.
        noncurrent_version_days: days after which S3 permanently deletes a version that is no longer the current one.
        expiration_days: days after which an object expires: its current version becomes noncurrent. Default: never.

    """
    return S3BucketLifecycleConfigurationRule(
        id=id_,
        status="Enabled",
        filter=[S3BucketLifecycleConfigurationRuleFilter(prefix="")],
        expiration=[S3BucketLifecycleConfigurationRuleExpiration(days=expiration_days)] if expiration_days else None,
        noncurrent_version_expiration=[
            S3BucketLifecycleConfigurationRuleNoncurrentVersionExpiration(noncurrent_days=noncurrent_version_days)
        ],
        abort_incomplete_multipart_upload=[
            S3BucketLifecycleConfigurationRuleAbortIncompleteMultipartUpload(days_after_initiation=7)
        ],
    )
