"""The statements of `permissions` for the policies of VPC endpoints."""

from protected_endpoints.policies.permissions import vpc_endpoint_statements
from tests.loading.support import deployment
from tests.rules.pair import REASON


def test_a_condition_on_the_principal_in_another_case_is_replaced_by_the_execution_role() -> None:
    container = deployment(
        relax={"network_isolation": REASON},
        permissions=[
            {
                "actions": ["s3:GetObject"],
                "resources": ["arn:aws:s3:::acme-models/a"],
                "conditions": {"ArnEquals": {"aws:principalarn": ["arn:aws:iam::111122223333:role/other"]}},
                "reason": REASON,
            }
        ],
    )
    (statement,) = vpc_endpoint_statements([container], "s3:")
    assert statement["Condition"] == {"ArnEquals": {"aws:PrincipalArn": [container.execution_role_arn]}}
