"""The permissions of operators for inference components, if an endpoint of the environment has any.

Terraform manages them through the Cloud Control API, which calls SageMaker with the permissions of the operator. Its
own actions support neither resources nor conditions (service authorization reference of AWS CloudFormation), so the
permissions in SageMaker decide what an operator can change.
"""

from protected_endpoints.policies.document import Statement, allow
from protected_endpoints.policies.operators.environment_scope import EnvironmentScope

_WRITE = [
    "sagemaker:AddTags",
    "sagemaker:CreateInferenceComponent",
    "sagemaker:DeleteInferenceComponent",
    "sagemaker:DeleteTags",
    "sagemaker:UpdateInferenceComponent",
    "sagemaker:UpdateInferenceComponentRuntimeConfig",
]
_CLOUD_CONTROL = [
    "cloudformation:CreateResource",
    "cloudformation:DeleteResource",
    "cloudformation:GetResourceRequestStatus",
    "cloudformation:UpdateResource",
]


def read_component_statements(scope: EnvironmentScope) -> list[Statement]:
    """Return the permissions to read inference components and their log groups."""
    if not _has_components(scope):
        return []
    components, groups = scope.inference_component_arns, scope.component_log_group_arns
    return [
        allow(
            "ReadComponents",
            Action=["sagemaker:DescribeInferenceComponent", "sagemaker:ListTags"],
            Resource=components,
        ),
        allow("CloudControlHasNoResource", Action="cloudformation:GetResource", Resource="*"),
        allow("ReadLogGroupsOfComponents", Action="logs:ListTagsForResource", Resource=groups),
    ]


def component_statements(scope: EnvironmentScope, *, log_actions: list[str]) -> list[Statement]:
    """Return the permissions to change inference components, on the endpoints of the environment only."""
    if not _has_components(scope):
        return []
    components, groups = scope.inference_component_arns, scope.component_log_group_arns
    endpoints = [scope.names.arn("sagemaker", f"endpoint/{scope.names.prefix}-*"), *scope.endpoint_name_arns]
    return [
        allow("MakeComponents", Action=_WRITE, Resource=[components, *endpoints]),
        allow("MakeThroughCloudControl", Action=_CLOUD_CONTROL, Resource="*"),
        allow("MakeLogGroupsOfComponents", Action=log_actions, Resource=groups),
    ]


def _has_components(scope: EnvironmentScope) -> bool:
    return any(deployment.endpoint.inference_components for deployment in scope.deployments)
