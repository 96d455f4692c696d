"""The exclusive management of the inline policies of an execution role."""

from cdktf import ITerraformDependable
from constructs import Construct

from protected_endpoints.bindings import IamRolePoliciesExclusive
from protected_endpoints.constructs.execution_role import ExecutionRole


class ExclusiveRolePolicies(IamRolePoliciesExclusive):
    """Define that the execution role has the inline policies of its stack and no others.

    An interrupted apply can leave a policy behind that grants access to the previous image and artifact. A plan shows
    such a policy and the apply deletes it, after the update of the endpoint: if SageMaker rolls the update back, the
    endpoint still needs the policies of the previous version. Destroying this resource deletes no policy.

    Requires AWS provider >= 5.68.
    """

    def __init__(self, scope: Construct, id_: str, *, role: ExecutionRole, endpoint: ITerraformDependable) -> None:
        super().__init__(
            scope,
            id_,
            role_name=role.name,
            policy_names=[policy.name for policy in role.inline_policies],
            depends_on=[endpoint],
        )
