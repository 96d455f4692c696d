"""A protected endpoint inside of a stack that an app defines itself."""

from collections.abc import Iterator
from typing import Any

import jsii
from cdktf import Aspects, IAspect, TerraformResource, TerraformStack
from constructs import Construct, IConstruct, IValidation

from protected_endpoints import rules
from protected_endpoints.bindings import AwsProvider
from protected_endpoints.constructs.endpoint_resources import EndpointResources
from protected_endpoints.constructs.tokens import with_expressions
from protected_endpoints.constructs.warnings import annotate_warnings
from protected_endpoints.deployment import Deployment


class ProtectedEndpoint(Construct):
    """Define a protected endpoint with the same resources as an `EndpointStack`, among other resources of a stack.

    The stack has its own backend and its own AWS provider, whose region and `allowed_account_ids` have to be those of
    the environment, because policies and names are computed from them. The provider version of the stack becomes
    `aws_provider_version` of the project. The tags of project and endpoint are set on each resource.

    Attributes:
        endpoint: the SageMaker endpoint.
        access: the policies to invoke it; its method `grant_invoke` adds an invoker.
        provider_version: the constraint of the AWS provider, the same for all endpoints of a stack.
        base_name: the first part of its names in AWS, in one account and region of one endpoint only.

    Raises:
        ConfigurationError: the deployment breaks a rule.

    """

    def __init__(self, scope: Construct, id_: str, *, deployment: Deployment) -> None:
        rules.check(deployment)
        super().__init__(scope, id_)
        resources = EndpointResources(self, deployment=with_expressions(self, deployment))
        self.endpoint, self.access = resources.endpoint, resources.access
        stack = TerraformStack.of(self)
        # The bindings require the exact provider version that they were generated from.
        self.provider_version = deployment.project.aws_provider_version
        self.base_name = deployment.names.base_name
        stack.add_override("terraform.required_providers.aws.version", self.provider_version)
        self.node.add_validation(_StackValidation(self, deployment))
        Aspects.of(self).add(_Tags(deployment.tags))
        annotate_warnings(self, deployment)


@jsii.implements(IAspect)
class _Tags:
    """Sets tags on each resource that has an argument for them."""

    def __init__(self, tags: dict[str, str]) -> None:
        self._tags = tags

    def visit(self, node: IConstruct) -> None:
        resource: Any = node
        if isinstance(node, TerraformResource) and hasattr(type(node), "tags_input"):
            resource.tags = self._tags


@jsii.implements(IValidation)
class _StackValidation:
    """Requires what an environment says of the AWS provider of a stack, and what the endpoints of a stack share."""

    def __init__(self, endpoint: ProtectedEndpoint, deployment: Deployment) -> None:
        self._endpoint, self._deployment = endpoint, deployment
        self._stack = TerraformStack.of(endpoint)

    def validate(self) -> list[str]:
        nodes = self._stack.node.find_all()
        return [*self._limits(nodes), *self._version(nodes), *self._name(nodes)]

    def _limits(self, nodes: list[IConstruct]) -> Iterator[str]:
        environment = self._deployment.environment
        account, region = environment.account_id, environment.region
        providers = [node for node in nodes if isinstance(node, AwsProvider)]
        default = next((provider for provider in providers if provider.alias_input is None), None)
        if default and (default.region_input, default.allowed_account_ids_input) == (region, [account]):
            return
        got = f"{default.region_input!r} and {default.allowed_account_ids_input!r}" if default else "no provider"
        yield (
            f"environments.{environment.name}: the AWS provider of stack {self._stack.node.id} is not limited to "
            f"the account and the region of the environment, got {got}; "
            f'set AwsProvider(..., region="{region}", allowed_account_ids=["{account}"])'
        )

    def _version(self, nodes: list[IConstruct]) -> Iterator[str]:
        """Yield an error if another endpoint has another version: a stack has one, and rules depend on it."""
        version = self._deployment.project.aws_provider_version
        for node in nodes:
            if isinstance(node, ProtectedEndpoint) and node.provider_version != version:
                yield (
                    f"project.aws_provider_version: endpoint {node.node.path} of the same stack has "
                    f'"{node.provider_version}", got "{version}"; use one version for all endpoints of a stack, or '
                    "define them in two stacks"
                )

    def _name(self, nodes: list[IConstruct]) -> Iterator[str]:
        """Yield an error if another endpoint has the same names, so that AWS refuses the second one in an apply."""
        for node in nodes:
            if not isinstance(node, ProtectedEndpoint) or node.node.path == self._endpoint.node.path:
                continue
            if node.base_name == self._endpoint.base_name:
                yield (
                    f"endpoints.{self._deployment.endpoint.name}: endpoint {node.node.path} of the same stack has the "
                    f'names "{node.base_name}" as well; use another name of the endpoint, environment or project'
                )
