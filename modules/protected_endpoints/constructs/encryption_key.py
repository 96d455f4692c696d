"""The key that encrypts everything of an endpoint."""

from cdktf import TerraformResourceLifecycle
from constructs import Construct

from protected_endpoints import policies
from protected_endpoints.bindings import KmsAlias, KmsKey
from protected_endpoints.deployment import Deployment
from protected_endpoints.policies.kms_key import key_policy


class EncryptionKey(Construct):
    """Define one customer managed key for volumes, captured data and logs, or take an existing one.

    A key for each endpoint, because its policy then names one role, and its deletion ends one endpoint. It rotates
    (`rotation_period_in_days`, 90 to 2560), and Terraform refuses to destroy it unless that is relaxed: what it
    encrypted could not be read again. An existing key (`key_arn`) keeps the policy that its owner gave it.
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
            # `prevent_destroy` goes away with its block. So that Terraform refuses to destroy a key that it made
            # earlier, the block stays, for no key at all.
            KmsKey(self, "Default", count=0, lifecycle=lifecycle)
            return
        made = KmsKey(
            self,
            "Default",
            description=f"Volumes, captured data and logs of endpoint {names.base_name}",
            enable_key_rotation=True,
            rotation_period_in_days=settings.rotation_period_in_days,
            deletion_window_in_days=settings.deletion_window_in_days,
            policy=policies.to_json(key_policy(names, deployment)),
            lifecycle=lifecycle,
        )
        KmsAlias(self, "Alias", name=names.key_alias, target_key_id=made.key_id)
        self.arn = made.arn
