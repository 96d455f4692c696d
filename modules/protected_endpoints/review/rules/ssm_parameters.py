"""Rules about the SSM parameters in which applications find endpoints."""

from protected_endpoints.review.analysis.context import ReviewContext
from protected_endpoints.review.analysis.endpoints import EndpointAction
from protected_endpoints.review.markdown import code
from protected_endpoints.review.plan.resource_types import SSM_PARAMETER
from protected_endpoints.review.rules.registry import RuleResult, rule


@rule("ssm-parameter-removed", "warn")
def ssm_parameter_removed(context: ReviewContext) -> RuleResult:
    """Applications that read the parameter no longer find the endpoint."""
    endpoints = context.endpoints
    if endpoints and all(endpoint.action is EndpointAction.DELETED for endpoint in endpoints):
        return  # endpoint-down reports what matters more
    names = {change.value_after("name") for change in context.plan.of_type(SSM_PARAMETER)}
    for change in context.plan.of_type(SSM_PARAMETER):
        name = change.value_before("name")
        if name is not None and name not in names:
            yield change.address, f"The parameter {code(name)} is deleted: applications that read it fail."
