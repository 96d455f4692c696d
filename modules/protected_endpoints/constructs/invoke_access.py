"""Who may invoke an endpoint."""

from dataclasses import replace

from cdktf import TerraformOutput, TerraformResourceLifecycle, TerraformStack
from constructs import Construct
from pydantic import ValidationError

from protected_endpoints import policies, rules
from protected_endpoints.bindings import IamPolicy, IamRole, IamRolePolicyAttachment
from protected_endpoints.config import Invoker
from protected_endpoints.deployment import Deployment
from protected_endpoints.errors import ConfigurationError
from protected_endpoints.loading.messages import to_problems
from protected_endpoints.policies.invoke import invoke_policy, needs_own_policy
from protected_endpoints.policies.invoker_trust import invoker_trust_policy


class InvokeAccess(Construct):
    """Define policies for exactly one endpoint, attached to the callers that are named and to nobody else.

    Callers share one policy; one with conditions, or with a role that is made for it, has its own. Principals of other
    accounts get a role that they assume, because a policy can be attached to roles of its own account only.
    """

    def __init__(self, scope: Construct, id_: str, *, deployment: Deployment) -> None:
        super().__init__(scope, id_)
        self._deployment = deployment
        self.policy_arn = self._policy("Default", deployment.names.invoke_policy, None)
        for invoker in deployment.endpoint.invokers:
            self._let_in(invoker)

    def grant_invoke(self, invoker: Invoker | str) -> None:
        """Let one more caller in, as `invokers` does, for those who compose in Python.

        Raises `ConfigurationError` for a caller that a rule forbids. Where the environment has private endpoints,
        their policies name the callers as well, and are made of `Endpoint.invokers`: name callers there.
        """
        endpoint, network = self._deployment.endpoint, self._deployment.environment.network
        if network and network.private_endpoints:
            raise ValueError(
                f"the private endpoints of environment {self._deployment.environment.name} let the invokers of the "
                f"Endpoint through and nobody else; name the caller in Endpoint(invokers=[...]) instead"
            )
        caller = self._read(invoker)
        more = endpoint.model_copy(update={"invokers": (*endpoint.invokers, caller)})
        changed = replace(self._deployment, endpoint=more)
        rules.check(changed)
        self._deployment = changed
        self._let_in(caller)

    def _read(self, invoker: Invoker | str) -> Invoker:
        try:
            return Invoker.model_validate(invoker)
        except ValidationError as error:
            path = self._deployment.path("invokers", len(self._deployment.endpoint.invokers))
            raise ConfigurationError(to_problems(error, invoker, path)) from None

    def _let_in(self, caller: Invoker) -> None:
        names = self._deployment.names
        policy_arn = (
            self._policy(f"Policy-{caller.invoker_name}", names.invoke_policy_for(caller.invoker_name), caller)
            if needs_own_policy(caller)
            else self.policy_arn
        )
        role = caller.invoker_name if caller.role_arn else self._role(caller, policy_arn)
        # A caller whose conditions change is let in by the new policy before it loses the old one.
        IamRolePolicyAttachment(
            self,
            f"Invoker-{caller.invoker_name}",
            role=role,
            policy_arn=policy_arn,
            lifecycle=TerraformResourceLifecycle(create_before_destroy=True),
        )

    def _role(self, caller: Invoker, policy_arn: str) -> str:
        """Define a role that can never be given more than its policy says, whatever somebody attaches to it."""
        names = self._deployment.names
        made = IamRole(
            self,
            f"Role-{caller.invoker_name}",
            name=names.invoker_role(caller.invoker_name),
            description=f"Assumed by {caller.invoker_name} to invoke endpoint {names.base_name}",
            assume_role_policy=policies.to_json(invoker_trust_policy(names, caller)),
            permissions_boundary=self._deployment.environment.permissions_boundary_arn or policy_arn,
        )
        TerraformOutput(TerraformStack.of(self), f"invoker_role_arn_{caller.invoker_name}", value=made.arn)
        return made.name

    def _policy(self, id_: str, name: str, caller: Invoker | None) -> str:
        deployment = self._deployment
        document = invoke_policy(deployment, invoker=caller)
        who = f", as {caller.invoker_name}" if caller else ""
        policy = IamPolicy(
            self,
            id_,
            name=name,
            description=f"Invoke endpoint {deployment.names.base_name}, over TLS{who}",
            policy=policies.to_json(document),
        )
        return policy.arn
