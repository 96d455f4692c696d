"""The IAM roles that GitHub Actions workflows assume through OpenID Connect, without long-lived access keys."""

from cdktf import ITerraformDependable
from constructs import Construct

from protected_endpoints import policies
from protected_endpoints.bindings import IamOpenidConnectProvider, IamPolicy, IamRole, IamRolePolicyAttachment
from protected_endpoints.config import GithubActions
from protected_endpoints.deployment import StateDeployment
from protected_endpoints.deployment.environment_names import GITHUB_OIDC_HOST
from protected_endpoints.policies import Document
from protected_endpoints.policies.operators import github_actions
from protected_endpoints.policies.operators.deployer import deployer_statements
from protected_endpoints.policies.operators.environment_scope import EnvironmentScope
from protected_endpoints.policies.operators.planner import planner_statements
from protected_endpoints.policies.packing import named_policies

_HOUR = 3600


class GithubActionsRoles(Construct):
    """Define a planner role and a deployer role, with the policies that the policy command prints for them.

    They have no permissions boundary: the boundary of an environment is for execution roles and invoker roles.
    """

    def __init__(self, scope: Construct, id_: str, *, deployment: StateDeployment, settings: GithubActions) -> None:
        super().__init__(scope, id_)
        self._provider: list[ITerraformDependable] = []
        names, environment = deployment.names, EnvironmentScope(deployment.deployments)
        repository, branch = settings.repository, settings.branch
        if settings.create_openid_connect_provider:
            # IAM trusts the certificate authority of GitHub, so no thumbprint is needed.
            provider = IamOpenidConnectProvider(
                self, "Provider", url=f"https://{GITHUB_OIDC_HOST}", client_id_list=[github_actions.AUDIENCE]
            )
            self._provider.append(provider)
        planning = github_actions.planner_trust_policy(names, settings)
        deploying = github_actions.deployer_trust_policy(
            names,
            repository=repository,
            branch=branch,
            environment=settings.environment or deployment.environment.name,
        )
        self.planner_arn = self._role(
            "Planner", names.planner, planning, named_policies(names.planner, planner_statements(environment)), _HOUR
        )
        # Terraform waits up to an hour for an endpoint update, in addition to its other operations.
        self.deployer_arn = self._role(
            "Deployer",
            names.deployer,
            deploying,
            named_policies(names.deployer, deployer_statements(environment)),
            2 * _HOUR,
        )

    def _role(self, id_: str, name: str, trust: Document, permissions: dict[str, Document], seconds: int) -> str:
        role = IamRole(
            self,
            id_,
            name=name,
            assume_role_policy=policies.to_json(trust),
            max_session_duration=seconds,
            depends_on=self._provider,
        )
        for number, (title, permission) in enumerate(permissions.items(), 1):
            managed = IamPolicy(self, f"{id_}Policy{number}", name=title, policy=policies.to_json(permission))
            IamRolePolicyAttachment(self, f"{id_}Attachment{number}", role=role.name, policy_arn=managed.arn)
        return role.arn
