"""Who may invoke an endpoint."""

from constructs import Construct

from modules import policies
from modules.bindings import IamPolicy, IamRolePolicyAttachment
from modules.config import Endpoint
from modules.names import Names
from modules.policies.invoke import invoke


class InvokeAccess(Construct):
    """Define a managed policy for exactly one endpoint, attached to the roles that are named and to nobody else."""

    def __init__(self, scope: Construct, id_: str, *, names: Names, endpoint: Endpoint) -> None:
        super().__init__(scope, id_)
        policy = IamPolicy(
            self,
            "Default",
            name=names.invoke_policy,
            description=f"Invoke endpoint {names.base}, over TLS",
            policy=policies.to_json(invoke(names, bearer_tokens=endpoint.relax.bearer_tokens is not None)),
        )
        self.policy_arn = policy.arn
        for invoker in endpoint.invokers:
            self.grant_invoke(invoker.rsplit("/", 1)[1])

    def grant_invoke(self, role_name: str) -> None:
        """Let one more role of the account invoke the endpoint, for those who compose in Python.

        The name is part of the construct's id, so it has to be a plain string and not a reference to a role.
        """
        IamRolePolicyAttachment(self, f"Invoker-{role_name}", role=role_name, policy_arn=self.policy_arn)
