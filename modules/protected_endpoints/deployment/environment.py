"""What the stacks are made of that the endpoints of an environment share."""

from dataclasses import dataclass

from protected_endpoints.config.environment import Environment, Network, Project
from protected_endpoints.deployment.endpoint import Deployment
from protected_endpoints.deployment.names import EnvironmentNames


@dataclass(frozen=True)
class EnvironmentDeployment:
    """Define what is made once in an environment."""

    project: Project
    environment: Environment

    @property
    def names(self) -> EnvironmentNames:
        """Return every physical name of the stack."""
        return EnvironmentNames(
            project=self.project.name,
            environment=self.environment.name,
            account_id=self.environment.account_id,
            region=self.environment.region,
        )

    @property
    def tags(self) -> dict[str, str]:
        """Return the tags of every resource of the stack."""
        return {**self.project.tags, "project": self.project.name, "environment": self.environment.name}


@dataclass(frozen=True)
class NetworkDeployment(EnvironmentDeployment):
    """The private endpoints of an environment's VPC, for all `deployments` there: the input of one stack."""

    network: Network
    deployments: tuple[Deployment, ...]


@dataclass(frozen=True)
class StateDeployment(EnvironmentDeployment):
    """The state's bucket and the roles of workflows of an environment: the input of one stack."""

    deployments: tuple[Deployment, ...]

    @property
    def writers(self) -> list[str]:
        """Return the roles that read and write the state."""
        return self.deployments[0].deployer_arns

    @property
    def readers(self) -> list[str]:
        """Return the roles that read the state and do not write it."""
        named = self.environment.state.readers if self.environment.state else ()
        made = [self.names.iam_arn(f"role/{self.names.planner}")] if self.environment.github_actions else []
        return sorted({*named, *made} - {*self.writers})
