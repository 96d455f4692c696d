"""The exclusive management of the inline policies of an execution role."""

from collections.abc import Sequence

from cdktf import ITerraformDependable
from constructs import Construct

from protected_endpoints.bindings import IamRolePoliciesExclusive
from protected_endpoints.constructs.execution_role import ExecutionRole


class ExclusiveRolePolicies(IamRolePoliciesExclusive):
    """Define that the execution role has the inline policies of its stack and no others.

    An interrupted apply can leave a policy behind that grants access to the previous image and artifact. A plan shows
    such a policy and the apply deletes it, after the update of the endpoint and its inference components: if SageMaker
    rolls an update back, they still need the policies of the previous version. Destroying this resource deletes none.

    Requires AWS provider >= 5.68.
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        role: ExecutionRole,
        endpoint: ITerraformDependable,
        components: Sequence[ITerraformDependable],
    ) -> None:
        super().__init__(
            scope,
            id_,
            role_name=role.name,
            policy_names=[policy.name for policy in role.inline_policies],
            depends_on=[endpoint, *components],
        )
