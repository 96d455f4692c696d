"""A protected endpoint inside of a stack that an app defines itself."""

from typing import Any

import jsii
from cdktf import Aspects, IAspect, TerraformResource, TerraformStack
from constructs import Construct, IConstruct, IValidation

from protected_endpoints import rules
from protected_endpoints.bindings import AwsProvider
from protected_endpoints.config import Environment
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
        stack.add_override("terraform.required_providers.aws.version", deployment.project.aws_provider_version)
        self.node.add_validation(_ProviderValidation(stack, deployment.environment))
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
class _ProviderValidation:
    """Requires that the AWS provider of a stack is limited to the account and the region of an environment."""

    def __init__(self, stack: TerraformStack, environment: Environment) -> None:
        self._stack, self._environment = stack, environment

    def validate(self) -> list[str]:
        account, region = self._environment.account_id, self._environment.region
        providers = [node for node in self._stack.node.find_all() if isinstance(node, AwsProvider)]
        default = next((provider for provider in providers if provider.alias_input is None), None)
        if default and (default.region_input, default.allowed_account_ids_input) == (region, [account]):
            return []
        got = f"{default.region_input!r} and {default.allowed_account_ids_input!r}" if default else "no provider"
        return [
            f"environments.{self._environment.name}: the AWS provider of stack {self._stack.node.id} is not limited to "
            f"the account and the region of the environment, got {got}; "
            f'set AwsProvider(..., region="{region}", allowed_account_ids=["{account}"])'
        ]
