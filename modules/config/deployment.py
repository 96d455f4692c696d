"""What one stack is made of, judged by the rules."""

from dataclasses import dataclass

from modules import rules
from modules.config.endpoint import Endpoint
from modules.config.environment import Environment, Network, Project
from modules.names import EnvironmentNames, Names, S3Location
from modules.problems import ConfigurationError, Path, Problem


@dataclass(frozen=True)
class Deployment:
    """Define one endpoint in one environment: what one stack is made of.

    Raises `ConfigurationError` with every rule that the three break together.
    """

    project: Project
    environment: Environment
    endpoint: Endpoint

    def __post_init__(self) -> None:
        if errors := rules.errors(self):
            raise ConfigurationError(errors)

    def path(self, *keys: str | int) -> Path:
        """Return where a key of the endpoint stands in the file."""
        return ("endpoints", self.endpoint.name, *keys)

    @property
    def names(self) -> Names:
        """Return every physical name of the stack."""
        return Names(
            project=self.project.name,
            environment=self.environment.name,
            endpoint=self.endpoint.name,
            account_id=self.environment.account_id,
            region=self.environment.region,
        )

    @property
    def capture(self) -> S3Location | None:
        """Return where requests and responses are recorded, or None where they are not."""
        settings = self.endpoint.data_capture
        if not settings.enable_capture:
            return None
        return S3Location.of(settings.destination_s3_uri) if settings.destination_s3_uri else self.names.own_capture

    @property
    def caller_arns(self) -> list[str]:
        """Return the roles that may invoke the endpoint, the ones that are made for others included."""
        return [
            each.role_arn or self.names.iam_arn(f"role/{self.names.caller_role(each.caller)}")
            for each in self.endpoint.invokers
        ]

    @property
    def tags(self) -> dict[str, str]:
        """Return the tags of every resource of the stack."""
        return {
            **self.project.tags,
            "project": self.project.name,
            "environment": self.environment.name,
            "endpoint": self.endpoint.name,
        }

    @property
    def warnings(self) -> list[Problem]:
        """Return what is allowed but probably not meant."""
        return rules.warnings(self)


@dataclass(frozen=True)
class NetworkDeployment:
    """Define the private endpoints of an environment's VPC, for all `deployments` there: what a stack is made of.

    Raises `ConfigurationError` if an endpoint's policy would be longer than AWS takes.
    """

    project: Project
    environment: Environment
    network: Network
    deployments: tuple[Deployment, ...]

    def __post_init__(self) -> None:
        if errors := rules.network_errors(self):
            raise ConfigurationError(errors)

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
