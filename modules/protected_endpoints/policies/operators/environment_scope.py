"""What Terraform makes and touches in an environment, as IAM names it: by pattern, one by one, or by tags.

Nearly every name begins with the project and the environment, so a pattern holds for endpoints that are yet to come.
AWS chooses the ids of keys and of what is in a network; those are told by the tags that everything gets.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from protected_endpoints.config import Environment
from protected_endpoints.deployment import Deployment
from protected_endpoints.deployment.names import EnvironmentNames


@dataclass(frozen=True)
class EnvironmentScope:
    """Define what the deployments of one environment are to IAM."""

    deployments: Sequence[Deployment]

    @property
    def names(self) -> EnvironmentNames:
        return self.deployments[0].names

    @property
    def environment(self) -> Environment:
        return self.deployments[0].environment

    @property
    def serving(self) -> list[str]:
        """Return endpoints, their configurations and models."""
        kinds = ("endpoint", "endpoint-config", "model")
        return [self.names.arn("sagemaker", f"{kind}/{self.names.prefix}-*") for kind in kinds]

    @property
    def execution_roles(self) -> str:
        return self.names.execution_role_arn_pattern

    @property
    def managed_caller_role_arns(self) -> list[str]:
        """Return the roles that are made for principals, one by one: they look like anybody's."""
        named = {caller.role_arn for each in self.deployments for caller in each.endpoint.invokers}
        return sorted({arn for each in self.deployments for arn in each.caller_arns} - named)

    @property
    def managed_role_arns(self) -> list[str]:
        return [self.execution_roles, *self.managed_caller_role_arns]

    @property
    def existing_role_arns(self) -> list[str]:
        """Return roles that are there already, which policies are attached to: callers and readers."""
        callers = {arn for each in self.deployments for arn in each.caller_arns}
        readers = {arn for each in self.deployments for written in each.readable for arn in written.readers}
        return sorted((callers | readers) - {*self.managed_caller_role_arns})

    @property
    def policies(self) -> list[str]:
        return [self.names.boundary_arn_pattern, *self.names.access_policy_arn_patterns]

    @property
    def states(self) -> str:
        """Return the object keys of the states of all stacks."""
        return self.names.state_key(f"{self.names.environment}-*")

    @property
    def keys(self) -> str:
        """Return the keys of the account and region; which of them are ours, tags have to say."""
        return self.names.arn("kms", "key/*")

    @property
    def existing_key_arns(self) -> list[str]:
        """Return the existing keys that endpoints name."""
        return sorted({each.endpoint.kms.key_arn for each in self.deployments if each.endpoint.kms.key_arn})

    @property
    def retired(self) -> list[Deployment]:
        """Return the endpoints whose key and bucket may be destroyed."""
        return [each for each in self.deployments if each.endpoint.relax.prevent_destroy]

    def tagged(self, of: str) -> dict[str, str]:
        """Return that a `Resource` or a `Request` has the tags that everything of the environment gets."""
        return {f"aws:{of}Tag/project": self.names.project, f"aws:{of}Tag/environment": self.names.environment}

    def only_tagged(self, of: str) -> dict[str, Any]:
        return {"StringEquals": self.tagged(of)}

    def ec2(self, kind: str, *ids: str) -> list[str]:
        return [self.names.arn("ec2", f"{kind}/{each}") for each in sorted(ids)]
