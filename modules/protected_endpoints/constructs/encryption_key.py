"""The KMS key of an endpoint."""

from cdktf import TerraformResourceLifecycle
from constructs import Construct

from protected_endpoints import policies
from protected_endpoints.bindings import KmsAlias, KmsKey
from protected_endpoints.deployment import Deployment
from protected_endpoints.policies.kms_key import key_policy


class EncryptionKey(Construct):
    """Define a customer managed key for volumes, captured data and logs, or use an existing key (`kms.key_arn`).

    Each endpoint has its own key: the key policy names one execution role, and deleting the key affects one endpoint.
    The managed key rotates every `rotation_period_in_days` (90 to 2560). Terraform refuses to destroy it unless
    `relax.prevent_destroy` is set, because data that it encrypted becomes unreadable. The policy of an existing key
    is not changed.
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        deployment: Deployment,
        prevent_destroy: bool,
    ) -> None:
        super().__init__(scope, id_)
        names, settings = deployment.names, deployment.endpoint.kms
        lifecycle = TerraformResourceLifecycle(prevent_destroy=prevent_destroy)
        if settings.key_arn:
            self.arn = settings.key_arn
            # `prevent_destroy` has no effect once its resource block is removed. The block stays, with `count = 0`, so
            # that Terraform refuses to destroy a key that it created earlier.
            KmsKey(self, "Default", count=0, lifecycle=lifecycle)
            return
        managed = KmsKey(
            self,
            "Default",
            description=f"Volumes, captured data and logs of endpoint {names.base_name}",
            enable_key_rotation=True,
            rotation_period_in_days=settings.rotation_period_in_days,
            deletion_window_in_days=settings.deletion_window_in_days,
            policy=policies.to_json(key_policy(names, deployment)),
            lifecycle=lifecycle,
        )
        KmsAlias(self, "Alias", name=names.key_alias, target_key_id=managed.key_id)
        self.arn = managed.arn
