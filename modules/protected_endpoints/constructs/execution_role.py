"""The IAM role that SageMaker assumes for an endpoint."""

from cdktf import ITerraformDependable, TerraformResourceLifecycle
from constructs import Construct

from protected_endpoints import policies
from protected_endpoints.bindings import IamPolicy, IamRole, IamRolePolicy
from protected_endpoints.constructs.encryption_key import EncryptionKey
from protected_endpoints.deployment import Deployment
from protected_endpoints.deployment.content_hash import content_hash
from protected_endpoints.policies import execution_role_base
from protected_endpoints.policies.execution_role_version import key_permissions, version_permissions
from protected_endpoints.policies.permissions_boundary import permissions_boundary


class ExecutionRole(Construct):
    """Define the execution role of one endpoint: access to its image, artifact, captured data, logs and key only.

    Permissions that differ between versions of the endpoint are separate inline policies, named after a hash of their
    content and created before the previous one is deleted. The previous version can therefore pull its image during
    an update and after a rollback: Terraform deletes its policies only after the endpoint has been updated.

    A permissions boundary limits the role, whatever policies are attached to it later: the existing boundary
    (`permissions_boundary_arn`) of the environment, or a managed one.
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        deployment: Deployment,
        key: EncryptionKey,
    ) -> None:
        super().__init__(scope, id_)
        names, environment = deployment.names, deployment.environment
        self.arn = names.role_arn
        role = IamRole(
            self,
            "Default",
            name=names.role,
            description=f"Assumed by SageMaker for endpoint {names.base_name}",
            assume_role_policy=policies.to_json(execution_role_base.trust_policy(names)),
            permissions_boundary=environment.permissions_boundary_arn or self._boundary(deployment).arn,
        )
        self.name = name = role.name
        version = version_permissions(names, deployment)
        key_use = key_permissions(names, deployment, key_arn=key.arn)
        self.inline_policies = [
            IamRolePolicy(
                self,
                "Running",
                name="running",
                role=name,
                policy=policies.to_json(execution_role_base.base_permissions(deployment)),
            ),
            self._versioned_policy("Version", name, f"version-{content_hash(version, 10)}-", version),
            self._versioned_policy("KeyUse", name, f"key-use-{_key_use_hash(deployment)}-", key_use),
        ]
        if vpc := environment.network:
            network = execution_role_base.network_permissions(names, vpc_id=vpc.vpc_id, subnet_ids=vpc.subnet_ids)
            self.inline_policies.append(
                self._versioned_policy("Network", name, f"network-{content_hash(network, 10)}-", network)
            )
        # Resources that use the role depend on these: Terraform creates them earlier and deletes them later.
        self.dependencies: list[ITerraformDependable] = [role, *self.inline_policies]

    def _boundary(self, deployment: Deployment) -> IamPolicy:
        names = deployment.names
        document = permissions_boundary(
            deployment,
            model_data_of_any_account=deployment.endpoint.relax.model_data_account is not None,
            needs_list=any(model_data.is_prefix for model_data in deployment.model_data),
            needs_sns=bool(deployment.notification_topics),
            needs_lambda=bool(deployment.credentials_providers),
            needs_alarms=bool(deployment.alarms),
        )
        return IamPolicy(
            self,
            "Boundary",
            name=names.boundary,
            description=f"The most that the execution role of endpoint {names.base_name} can be given",
            policy=policies.to_json(document),
        )

    def _versioned_policy(self, id_: str, role: str, name_prefix: str, document: policies.Document) -> IamRolePolicy:
        """Define an inline policy that Terraform replaces when its document changes.

        Terraform generates the rest of its name. After a rollback the policy of the previous version still exists; a
        new policy for the same content needs another name, because Terraform then deletes the old one.
        """
        return IamRolePolicy(
            self,
            id_,
            name_prefix=name_prefix,
            role=role,
            policy=policies.to_json(document),
            lifecycle=TerraformResourceLifecycle(create_before_destroy=True),
        )


def _key_use_hash(deployment: Deployment) -> str:
    """Return a hash of the key policy statements. The alias stands for the ARN of a managed key, which AWS chooses."""
    names = deployment.names
    key_arn = deployment.endpoint.kms.key_arn or names.key_alias
    return content_hash(key_permissions(names, deployment, key_arn=key_arn), 10)
