"""The IAM policies and roles that allow invokers to invoke an endpoint."""

from dataclasses import replace
from typing import Any

from cdktf import TerraformOutput, TerraformResourceLifecycle, Token
from constructs import Construct
from pydantic import ValidationError

from protected_endpoints import policies, rules
from protected_endpoints.bindings import IamPolicy, IamRole, IamRolePolicyAttachment
from protected_endpoints.config import Invoker
from protected_endpoints.deployment import Deployment
from protected_endpoints.errors import ConfigurationError, KeyPath, Problem
from protected_endpoints.loading.messages import to_problems
from protected_endpoints.policies.invoke import invoke_policy, needs_own_policy
from protected_endpoints.policies.invoker_trust import invoker_trust_policy


class InvokeAccess(Construct):
    """Define the policies to invoke one endpoint, attached to its invokers only.

    Invokers share one policy. An invoker with conditions or with a managed role has a policy of its own. Principals of
    other accounts assume a managed role, because a policy can only be attached to roles of the same account.
    """

    def __init__(self, scope: Construct, id_: str, *, deployment: Deployment) -> None:
        super().__init__(scope, id_)
        self._scope, self._deployment = scope, deployment
        self.policy_arn = self._policy("Default", deployment.names.invoke_policy, None)
        for invoker in deployment.endpoint.invokers:
            self._grant(invoker)

    def grant_invoke(self, invoker: Invoker | IamRole | str) -> None:
        """Allow another principal to invoke the endpoint, as an entry of `invokers` does.

        Args:
            invoker: an invoker, a role that the same app creates with a `name`, or the ARN of an IAM role of the
                environment's account.

        Raises:
            ConfigurationError: the invoker breaks a rule.
            ValueError: the environment has private endpoints. Their policies list the invokers of
                `Endpoint.invokers`; add the invoker there.

        """
        endpoint, network = self._deployment.endpoint, self._deployment.environment.network
        if network and network.private_endpoints:
            raise ValueError(
                f"the private endpoints of environment {self._deployment.environment.name} allow only the invokers in "
                f"Endpoint.invokers; add the invoker to Endpoint(invokers=[...])"
            )
        role = invoker if isinstance(invoker, IamRole) else None
        parsed = self._parse_invoker(self._arn(role) if role else invoker)
        extended = endpoint.model_copy(update={"invokers": (*endpoint.invokers, parsed)})
        deployment = replace(self._deployment, endpoint=extended)
        rules.check(deployment)
        self._deployment = deployment
        # The name of a role of the app refers to it, so that Terraform creates the role first.
        self._grant(parsed, role.name if role else None)

    @property
    def _next_path(self) -> KeyPath:
        return self._deployment.path("invokers", len(self._deployment.endpoint.invokers))

    def _parse_invoker(self, invoker: Any) -> Invoker:
        try:
            return Invoker.model_validate(invoker)
        except ValidationError as error:
            raise ConfigurationError(to_problems(error, invoker, self._next_path)) from None

    def _arn(self, role: IamRole) -> str:
        """Return the ARN of a role of the app, which follows from its name."""
        name, path = role.name_input, role.path_input or "/"
        if name is None or Token.is_unresolved(name) or Token.is_unresolved(path):
            problem = Problem(
                self._next_path,
                f"the name of the role {role.node.path} is not known before the first apply",
                "set its name to a text, as in IamRole(..., name=...), without name_prefix",
            )
            raise ConfigurationError([problem])
        return self._deployment.names.iam_arn(f"role{path}{name}")

    def _grant(self, invoker: Invoker, role_name: str | None = None) -> None:
        names = self._deployment.names
        policy_arn = (
            self._policy(f"Policy-{invoker.invoker_name}", names.invoke_policy_for(invoker.invoker_name), invoker)
            if needs_own_policy(invoker)
            else self.policy_arn
        )
        existing = role_name or invoker.invoker_name
        role = existing if invoker.role_arn else self._role(invoker, policy_arn)
        # When the conditions of an invoker change, the new policy is attached before the old one is detached.
        IamRolePolicyAttachment(
            self,
            f"Invoker-{invoker.invoker_name}",
            role=role,
            policy_arn=policy_arn,
            lifecycle=TerraformResourceLifecycle(create_before_destroy=True),
        )

    def _role(self, invoker: Invoker, policy_arn: str) -> str:
        """Define a role with a permissions boundary: the environment's, or else its own policy."""
        names = self._deployment.names
        managed = IamRole(
            self,
            f"Role-{invoker.invoker_name}",
            name=names.invoker_role(invoker.invoker_name),
            description=f"Assumed by {invoker.invoker_name} to invoke endpoint {names.base_name}",
            assume_role_policy=policies.to_json(invoker_trust_policy(names, invoker)),
            permissions_boundary=self._deployment.environment_boundary_arn or policy_arn,
        )
        TerraformOutput(self._scope, f"invoker_role_arn_{invoker.invoker_name}", value=managed.arn)
        return managed.name

    def _policy(self, id_: str, name: str, invoker: Invoker | None) -> str:
        deployment = self._deployment
        document = invoke_policy(deployment, invoker=invoker)
        suffix = f", as {invoker.invoker_name}" if invoker else ""
        policy = IamPolicy(
            self,
            id_,
            name=name,
            description=f"Invoke endpoint {deployment.names.base_name}, over TLS{suffix}",
            policy=policies.to_json(document),
        )
        return policy.arn
