"""A bucket as every bucket is made: private, owner enforced, encrypted with a key of our own, TLS only, versioned."""

from cdktf import ITerraformDependable, TerraformResourceLifecycle
from constructs import Construct

from protected_endpoints import policies
from protected_endpoints.bindings import (
    S3Bucket,
    S3BucketLifecycleConfiguration,
    S3BucketLifecycleConfigurationRule,
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
    """Define a bucket with its policy and with how long things stay in it.

    Terraform refuses to destroy it where `prevent_destroy` says so, and else destroys what is in it as well.
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        name: str,
        policy: Document,
        key_arn: str,
        expiry: S3BucketLifecycleConfigurationRule,
        prevent_destroy: bool,
    ) -> None:
        super().__init__(
            scope,
            id_,
            bucket=name,
            force_destroy=not prevent_destroy,
            lifecycle=TerraformResourceLifecycle(prevent_destroy=prevent_destroy),
        )
        # S3 refuses a policy while the block to public policies is being set, hence the order.
        private = S3BucketPublicAccessBlock(
            self,
            "PublicAccessBlock",
            bucket=self.bucket,
            block_public_acls=True,
            block_public_policy=True,
            ignore_public_acls=True,
            restrict_public_buckets=True,
        )
        access = S3BucketPolicy(
            self, "Policy", bucket=self.bucket, policy=policies.to_json(policy), depends_on=[private]
        )
        owned = S3BucketOwnershipControls(
            self,
            "OwnershipControls",
            bucket=self.bucket,
            rule=S3BucketOwnershipControlsRule(object_ownership="BucketOwnerEnforced"),
        )
        encrypted = S3BucketServerSideEncryptionConfigurationA(
            self,
            "Encryption",
            bucket=self.bucket,
            rule=[
                S3BucketServerSideEncryptionConfigurationRuleA(
                    apply_server_side_encryption_by_default=S3BucketServerSideEncryptionConfigurationRuleApplyServerSideEncryptionByDefaultA(
                        sse_algorithm="aws:kms", kms_master_key_id=key_arn
                    ),
                    bucket_key_enabled=True,
                )
            ],
        )
        versioned = S3BucketVersioningA(
            self,
            "Versioning",
            bucket=self.bucket,
            versioning_configuration=S3BucketVersioningVersioningConfiguration(status="Enabled"),
        )
        S3BucketLifecycleConfiguration(self, "Lifecycle", bucket=self.bucket, rule=[expiry], depends_on=[versioned])
        # Nothing may be written before all of these are in place.
        self.protections: list[ITerraformDependable] = [access, owned, encrypted, versioned]
