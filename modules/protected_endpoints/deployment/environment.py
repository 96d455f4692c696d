"""The inputs of the stacks that the endpoints of an environment share."""

from collections.abc import Iterable
from dataclasses import dataclass

from protected_endpoints.config.environment import Environment, Network, Project
from protected_endpoints.deployment.endpoint import Deployment
from protected_endpoints.deployment.environment_names import EnvironmentNames


@dataclass(frozen=True)
class EnvironmentDeployment:
    """One environment of a project, with the names and tags of a stack that its endpoints share."""

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
    """The VPC endpoints of an environment, for all of its deployments: the input of a `NetworkStack`."""

    network: Network
    deployments: tuple[Deployment, ...]

    @property
    def stack(self) -> str:
        """Return the id of the stack."""
        return self.names.network_stack


@dataclass(frozen=True)
class OperationsDeployment(EnvironmentDeployment):
    """The topic of an environment's alarms and the dashboard of its endpoints: the input of an `OperationsStack`."""

    deployments: tuple[Deployment, ...]

    @property
    def stack(self) -> str:
        """Return the id of the stack."""
        return self.names.operations_stack


@dataclass(frozen=True)
class StateDeployment(EnvironmentDeployment):
    """The state bucket of an environment and the roles of its workflows: the input of a `StateStack`."""

    deployments: tuple[Deployment, ...]

    @property
    def stack(self) -> str:
        """Return the id of the stack."""
        return self.names.state_stack

    @property
    def writers(self) -> list[str]:
        """Return the ARNs of the roles that read and write the state: the deployers."""
        return self.deployments[0].deployer_arns

    @property
    def administrators(self) -> list[str]:
        """Return the ARNs of the roles that apply the state stack, and may write its state."""
        state = self.environment.state
        return sorted((state.administrators if state else ()) or self.environment.deployers)

    @property
    def readers(self) -> list[str]:
        """Return the ARNs of the roles that read the state and cannot write it."""
        existing = self.environment.state.readers if self.environment.state else ()
        managed = [self.names.iam_arn(f"role/{self.names.planner}")] if self.environment.github_actions else []
        return sorted({*existing, *managed} - {*self.writers, *self.administrators})


@dataclass(frozen=True)
class AuditDeployment(EnvironmentDeployment):
    """The trail of an environment, for all of its deployments: the input of an `AuditStack`."""

    deployments: tuple[Deployment, ...]

    @property
    def stack(self) -> str:
        """Return the id of the stack."""
        return self.names.audit_stack

    @property
    def endpoint_arn_prefix(self) -> str:
        """Return the first part of the ARNs of all endpoints without a name of their own, also of future ones."""
        return self.names.arn("sagemaker", f"endpoint/{self.names.prefix}-")

    @property
    def other_endpoint_arns(self) -> list[str]:
        """Return the ARNs of the endpoints with a name of their own: as configured, and in lower case.

        SageMaker writes ARNs in lower case (limit 3). AWS does not document which of the two CloudTrail records.
        """
        names = {member.names.endpoint_name for member in self.deployments}
        arns = {self.names.arn("sagemaker", f"endpoint/{form}") for name in names for form in (name, name.lower())}
        return sorted(arn for arn in arns if not arn.startswith(self.endpoint_arn_prefix))

    @property
    def captured_object_arn_prefixes(self) -> list[str]:
        """Return the first parts of the ARNs of captured objects: those of all managed buckets, then existing ones."""
        managed = self.names.bucket_arn(f"{self.names.prefix}-")
        locations = [location for member in self.deployments if (location := member.capture_location)]
        prefixes = {self.names.objects_arn(location).removesuffix("*") for location in locations}
        return [managed, *sorted(prefix for prefix in prefixes if not prefix.startswith(managed))]


SharedDeployment = AuditDeployment | NetworkDeployment | OperationsDeployment | StateDeployment
"""The input of any stack that the endpoints of an environment share."""


def by_environment(deployments: Iterable[Deployment]) -> dict[str, tuple[Deployment, ...]]:
    """Return the deployments by the name of their environment, in their order."""
    grouped: dict[str, list[Deployment]] = {}
    for deployment in deployments:
        grouped.setdefault(deployment.environment.name, []).append(deployment)
    return {name: tuple(members) for name, members in grouped.items()}
