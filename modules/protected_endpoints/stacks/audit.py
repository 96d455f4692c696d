"""The stack of the trail that records what happens with the endpoints of an environment."""

from cdktf import TerraformResourceLifecycle
from constructs import Construct

from protected_endpoints import policies
from protected_endpoints.aws.arn import Arn
from protected_endpoints.bindings import IamPolicy, IamRolePolicyAttachment, KmsAlias, KmsKey
from protected_endpoints.constructs.protected_bucket import ProtectedBucket, lifecycle_rule
from protected_endpoints.constructs.trail import Trail
from protected_endpoints.deployment import AuditDeployment
from protected_endpoints.policies import audit as audit_policies
from protected_endpoints.stacks.base import AwsStack

_NONCURRENT_VERSION_DAYS = 30


class AuditStack(AwsStack):
    """Define the trail of one environment with its bucket and its key, which Terraform refuses to destroy.

    Records expire after `retention_in_days`. They are deleted permanently 30 days later.

    Raises:
        ConfigurationError: the deployment breaks a rule.

    """

    def __init__(self, scope: Construct, id_: str, *, deployment: AuditDeployment) -> None:
        super().__init__(scope, id_, deployment=deployment)
        names, settings = deployment.names, deployment.environment.audit
        key = KmsKey(
            self,
            "Key",
            description=f"Records of the trail of {names.prefix}",
            enable_key_rotation=True,
            rotation_period_in_days=365,
            deletion_window_in_days=30,
            policy=policies.to_json(audit_policies.key_policy(deployment)),
            lifecycle=TerraformResourceLifecycle(prevent_destroy=True),
        )
        KmsAlias(self, "Alias", name=names.audit_alias, target_key_id=key.key_id)
        bucket = ProtectedBucket(
            self,
            "AuditBucket",
            name=names.audit_bucket,
            policy=audit_policies.bucket_policy(deployment),
            key_arn=key.arn,
            lifecycle_rule=lifecycle_rule(
                "expire",
                expiration_days=settings.retention_in_days,
                noncurrent_version_days=_NONCURRENT_VERSION_DAYS,
            ),
            prevent_destroy=True,
            # CloudTrail reads and writes with the key without charge, and would need kms:Decrypt for a bucket key.
            bucket_key_enabled=False,
        )
        trail = Trail(self, "Trail", deployment=deployment, key_arn=key.arn, depends_on=bucket.dependencies)
        if settings.readers:
            self._read_access(deployment, key.arn)
        self._output("trail_arn", trail.arn)
        self._output("audit_bucket", names.audit_bucket)
        self._output("audit_kms_key_arn", key.arn)

    def _read_access(self, deployment: AuditDeployment, key_arn: str) -> None:
        """Define the policy of readers, attached to them."""
        names = deployment.names
        policy = IamPolicy(
            self,
            "ReadPolicy",
            name=names.audit_read_policy,
            description=f"Read the records of the trail of {names.prefix}",
            policy=policies.to_json(audit_policies.read_policy(names, key_arn=key_arn)),
        )
        for reader in deployment.environment.audit.readers:
            role = Arn.parse(reader).name
            IamRolePolicyAttachment(self, f"Reader-{role}", role=role, policy_arn=policy.arn)
