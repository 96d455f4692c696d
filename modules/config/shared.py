"""What the stacks are made of that the endpoints of an environment share."""

from dataclasses import dataclass

from modules import rules
from modules.config.deployment import Deployment
from modules.config.environment import Environment, Network, Project
from modules.names import EnvironmentNames
from modules.problems import ConfigurationError


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
    """Define the private endpoints of an environment's VPC, for all `deployments` there: what a stack is made of.

    Raises `ConfigurationError` if an endpoint's policy would be longer than AWS takes.
    """

    network: Network
    deployments: tuple[Deployment, ...]

    def __post_init__(self) -> None:
        if errors := rules.network_errors(self):
            raise ConfigurationError(errors)


@dataclass(frozen=True)
class StateDeployment(EnvironmentDeployment):
    """Define the state's bucket and the roles of workflows, for all `deployments` of an environment.

    Raises `ConfigurationError` if a role would need more policies than IAM attaches.
    """

    deployments: tuple[Deployment, ...]

    def __post_init__(self) -> None:
        if errors := rules.state_errors(self):
            raise ConfigurationError(errors)

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
