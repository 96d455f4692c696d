"""The permissions of operators for the SSM parameters of endpoints.

Reading and deleting are always allowed, because the deploy that removes the last parameter runs with the policies of an
environment without any.
"""

from protected_endpoints.policies.document import Statement, allow
from protected_endpoints.policies.operators.environment_scope import EnvironmentScope

_READ = ["ssm:GetParameter", "ssm:ListTagsForResource"]
_PUT = ["ssm:AddTagsToResource", "ssm:PutParameter", "ssm:RemoveTagsFromResource"]


def read_parameter_statements(scope: EnvironmentScope) -> list[Statement]:
    """Return the permissions to read the parameters, and the description of every parameter of the account."""
    return [
        allow("ReadParameters", Action=_READ, Resource=scope.names.ssm_parameter_arn_patterns),
        allow("DescribingParametersHasNoResource", Action="ssm:DescribeParameters", Resource="*"),
    ]


def parameter_statements(scope: EnvironmentScope) -> list[Statement]:
    """Return the permissions to delete the parameters and, if an endpoint has some, to create and change them."""
    patterns = scope.names.ssm_parameter_arn_patterns
    delete = "ssm:DeleteParameter"
    if scope.has_ssm_parameters:
        return [allow("MakeParameters", Action=[delete, *_PUT], Resource=patterns)]
    return [allow("DeleteParameters", Action=delete, Resource=patterns)]
