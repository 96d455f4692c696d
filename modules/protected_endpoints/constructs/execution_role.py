"""The role that SageMaker assumes for an endpoint."""

from cdktf import ITerraformDependable, TerraformResourceLifecycle
from constructs import Construct

from protected_endpoints import policies
from protected_endpoints.bindings import IamPolicy, IamRole, IamRolePoliciesExclusive, IamRolePolicy
from protected_endpoints.constructs.encryption_key import EncryptionKey
from protected_endpoints.deployment import Deployment
from protected_endpoints.deployment.names import content_hash
from protected_endpoints.policies import execution_role
from protected_endpoints.policies.permissions_boundary import boundary
from protected_endpoints.policies.version_permissions import key_permissions, version_permissions


class ExecutionRole(Construct):
    """Define a role for exactly one endpoint: its image, its artefact, its captured data, its logs, its key.

    What differs between versions of the endpoint is in policies of its own, named after their content and replaced
    new first. So the old version can still pull its image while the new one is rolled out, and after SageMaker rolled
    it back: Terraform deletes the old policy only when the endpoint has arrived at the new version.

    A boundary caps what somebody else may give the role later: the environment's own, or one that is made.
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
            assume_role_policy=policies.to_json(execution_role.trust_policy(names)),
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
                policy=policies.to_json(execution_role.base_permissions(names)),
            ),
            self._of_version("Version", name, f"version-{content_hash(version, 10)}-", version),
            self._of_version("KeyUse", name, f"key-use-{_key_digest(deployment)}-", key_use),
        ]
        if vpc := environment.network:
            network = execution_role.network_permissions(names, vpc_id=vpc.vpc_id, subnet_ids=vpc.subnet_ids)
            self.inline_policies.append(
                self._of_version("Network", name, f"network-{content_hash(network, 10)}-", network)
            )
        self.policies: list[ITerraformDependable] = [role, *self.inline_policies]

    def _boundary(self, deployment: Deployment) -> IamPolicy:
        names = deployment.names
        document = boundary(
            names,
            model_data_of_any_account=deployment.endpoint.relax.model_data_account is not None,
            needs_list=any(each.is_prefix for each in deployment.model_data),
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

    def _of_version(self, id_: str, role: str, name_prefix: str, document: policies.Document) -> IamRolePolicy:
        """Define a policy that a changed document replaces.

        The rest of its name is Terraform's: after a rollback the policy of the version before still exists, and
        going back to that version must not make one of the same name, which would be deleted along with it.
        """
        return IamRolePolicy(
            self,
            id_,
            name_prefix=name_prefix,
            role=role,
            policy=policies.to_json(document),
            lifecycle=TerraformResourceLifecycle(create_before_destroy=True),
        )


class ExclusivePolicies(IamRolePoliciesExclusive):
    """Define that the execution role has its own inline policies and no others, from whomever they are.

    A policy that a killed apply left behind would grant the old image and artefact for ever; a plan shows it, and the
    apply deletes it. That is done after the endpoint has arrived at its version: after a rollback it still needs the
    policies of the version before. Destroying this deletes nothing. Needs the AWS provider 5.68.
    """

    def __init__(self, scope: Construct, id_: str, *, role: ExecutionRole, endpoint: ITerraformDependable) -> None:
        super().__init__(
            scope,
            id_,
            role_name=role.name,
            policy_names=[each.name for each in role.inline_policies],
            depends_on=[endpoint],
        )


def _key_digest(deployment: Deployment) -> str:
    """Name the policy by what it says, but for the ARN of a made key, which only AWS knows."""
    names = deployment.names
    key_arn = deployment.endpoint.kms.key_arn or names.key_alias
    return content_hash(key_permissions(names, deployment, key_arn=key_arn), 10)
