"""The roles by which workflows of GitHub Actions plan and deploy, with no keys that could be stolen."""

from cdktf import ITerraformDependable
from constructs import Construct

from protected_endpoints import policies
from protected_endpoints.bindings import IamOpenidConnectProvider, IamPolicy, IamRole, IamRolePolicyAttachment
from protected_endpoints.config import GithubActions
from protected_endpoints.deployment import StateDeployment
from protected_endpoints.deployment.names import GITHUB_OIDC_HOST
from protected_endpoints.policies import Document
from protected_endpoints.policies.operators import github_actions
from protected_endpoints.policies.operators.deployer import deployer_statements
from protected_endpoints.policies.operators.environment_scope import EnvironmentScope
from protected_endpoints.policies.operators.planner import planner_statements
from protected_endpoints.policies.packing import named_policies

_HOUR = 3600


class GithubActionsRoles(Construct):
    """Define a role that plans and one that deploys, with the policies that `make planner-policy` and the like print.

    They have no boundary: the one that an environment names is for endpoints, which do something else.
    """

    def __init__(self, scope: Construct, id_: str, *, deployment: StateDeployment, settings: GithubActions) -> None:
        super().__init__(scope, id_)
        self._provider: list[ITerraformDependable] = []
        names, reach = deployment.names, EnvironmentScope(deployment.deployments)
        repository, branch = settings.repository, settings.branch
        if settings.create_openid_connect_provider:
            # AWS knows who signs for GitHub, so there is no thumbprint to keep.
            provider = IamOpenidConnectProvider(
                self, "Provider", url=f"https://{GITHUB_OIDC_HOST}", client_id_list=[github_actions.AUDIENCE]
            )
            self._provider.append(provider)
        planning = github_actions.planner_trust_policy(names, repository=repository, branch=branch)
        deploying = github_actions.deployer_trust_policy(
            names,
            repository=repository,
            branch=branch,
            environment=settings.environment or deployment.environment.name,
        )
        self.planner_arn = self._role(
            "Planner", names.planner, planning, named_policies(names.planner, planner_statements(reach)), _HOUR
        )
        # Terraform waits for an update of an endpoint for an hour, and makes other things before and after.
        self.deployer_arn = self._role(
            "Deployer", names.deployer, deploying, named_policies(names.deployer, deployer_statements(reach)), 2 * _HOUR
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
            made = IamPolicy(self, f"{id_}Policy{number}", name=title, policy=policies.to_json(permission))
            IamRolePolicyAttachment(self, f"{id_}Attachment{number}", role=role.name, policy_arn=made.arn)
        return role.arn
