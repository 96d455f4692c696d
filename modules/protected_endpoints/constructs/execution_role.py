"""The IAM role that SageMaker assumes for an endpoint."""

from cdktf import ITerraformDependable, TerraformResourceLifecycle
from constructs import Construct

from protected_endpoints import policies
from protected_endpoints.aws.arn import Arn
from protected_endpoints.bindings import IamPolicy, IamRole, IamRolePolicy
from protected_endpoints.constructs.encryption_key import EncryptionKey
from protected_endpoints.deployment import Deployment
from protected_endpoints.deployment.content_hash import content_hash
from protected_endpoints.policies.execution_role import NO_CHANGE, boundary, inline_policies
from protected_endpoints.policies.execution_role_base import trust_policy


class ExecutionRole(Construct):
    """Define the execution role of one endpoint, or use an existing role (`execution_role_arn`).

    The managed role has access to its image, artifact, captured data, logs and key only. Permissions that differ
    between versions of the endpoint are separate inline policies, named after a hash of their content and created
    before the previous one is deleted. The previous version can therefore pull its image during an update and after a
    rollback: Terraform deletes its policies only after the endpoint has been updated.

    A permissions boundary limits the managed role, whatever policies are attached to it later: the existing boundary
    (`permissions_boundary_arn`) of the environment, the one of its state stack, or else a managed one of its own.

    An existing role is not changed: no policy, no boundary and no list of its policies.
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
        self.arn = deployment.execution_role_arn
        self.name = Arn.parse(self.arn).name
        self.inline_policies: list[IamRolePolicy] = []
        # Resources that use the role depend on these: Terraform creates them earlier and deletes them later.
        self.dependencies: list[ITerraformDependable] = []
        if deployment.endpoint.execution_role_arn:
            return
        names = deployment.names
        role = IamRole(
            self,
            "Default",
            name=names.role,
            description=f"Assumed by SageMaker for endpoint {names.base_name}",
            assume_role_policy=policies.to_json(trust_policy(names)),
            permissions_boundary=deployment.environment_boundary_arn or self._boundary(deployment).arn,
        )
        self.name = role.name
        # The alias stands for the ARN of a managed key, which AWS chooses.
        hashed = inline_policies(deployment, key_arn=deployment.endpoint.kms.key_arn or names.key_alias)
        self.inline_policies = [
            self._policy(name, content_hash(hashed[name], 10), document)
            for name, document in inline_policies(deployment, key_arn=key.arn).items()
        ]
        self.dependencies = [role, *self.inline_policies]

    def _boundary(self, deployment: Deployment) -> IamPolicy:
        names = deployment.names
        return IamPolicy(
            self,
            "Boundary",
            name=names.boundary,
            description=f"The most that the execution role of endpoint {names.base_name} can be given",
            policy=policies.to_json(boundary(deployment)),
        )

    def _policy(self, name: str, hash_: str, document: policies.Document) -> IamRolePolicy:
        """Define an inline policy, which Terraform replaces when its document changes, unless it never does.

        Terraform generates the rest of its name. After a rollback the policy of the previous version still exists; a
        new policy for the same content needs another name, because Terraform then deletes the old one.
        """
        id_, text = name.title().replace("-", ""), policies.to_json(document)
        if name == NO_CHANGE:
            return IamRolePolicy(self, id_, name=name, role=self.name, policy=text)
        return IamRolePolicy(
            self,
            id_,
            name_prefix=f"{name}-{hash_}-",
            role=self.name,
            policy=text,
            lifecycle=TerraformResourceLifecycle(create_before_destroy=True),
        )
