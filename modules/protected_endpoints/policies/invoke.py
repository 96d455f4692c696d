"""The policies of invokers: who may invoke the endpoint, and from where.

IAM denies a request without an identity policy that allows it, so these policies decide who can invoke the endpoint.
An administrator of the account can still create another one. SageMaker documents the resource policy of an endpoint
(PutEndpointPolicy) for access from other accounts through an inference router, not for denying access. This project
creates none, and deployers are denied the action (`protected_endpoints.policies.operators.deny_statements`).
"""

from protected_endpoints.config import Endpoint, Invoker, Network
from protected_endpoints.deployment import Deployment
from protected_endpoints.policies.document import Condition, Document, Statement, allow, deny, document

# Includes actions that AWS adds later, as bidirectional streaming in November 2025.
INVOKE_PREFIX = "sagemaker:InvokeEndpoint"
READ_PARAMETERS = ["ssm:GetParameter", "ssm:GetParameters"]
_EVERY_INVOKE_ACTION = f"{INVOKE_PREFIX}*"


def invoke_policy(deployment: Deployment, *, invoker: Invoker | None) -> Document:
    """Return the identity policy of one invoker with its conditions, or of the invokers that share a policy.

    The Allow statement requires every condition, and a Deny statement repeats it, so that no other policy of the
    invoker can allow what the condition excludes. A role can have the policies of several endpoints, so the denials
    are for this endpoint only. A bearer token is a presigned request that any holder can use for up to 12 hours: it
    is denied unless `relax.bearer_tokens` allows it.
    """
    endpoint = deployment.endpoint
    sources = _source_conditions(invoker, deployment.environment.network)
    tags = {f"aws:PrincipalTag/{key}": [value] for key, value in _role_tags(invoker).items()}
    equal = {key: values for key, _, values in sources} | tags
    models = [*invoker.target_models] if invoker else []
    tokens = {"Action": "sagemaker:CallWithBearerToken", "Resource": "*"}
    resources = invoke_resources(deployment)
    return document(
        allow(
            "InvokeThisEndpoint",
            Action=invoke_actions(endpoint),
            Resource=resources,
            Condition={
                "Bool": {"aws:SecureTransport": "true"},
                **({"StringEquals": equal} if equal else {}),
                **({"StringLike": {"sagemaker:TargetModel": models}} if models else {}),
            },
        ),
        _deny(resources, "NeverWithoutTls", {"Bool": {"aws:SecureTransport": "false"}}),
        *(_deny(resources, sid, {"StringNotEquals": {key: values}}) for key, sid, values in sources),
        *(
            _deny(resources, f"NeverWithoutTag{number}", {"StringNotEquals": {key: values}})
            for number, (key, values) in enumerate(tags.items(), 1)
        ),
        *(
            [_deny(resources, "NeverAnotherModel", {"StringNotLike": {"sagemaker:TargetModel": models}})]
            if models
            else []
        ),
        allow("BearerTokens", **tokens) if endpoint.relax.bearer_tokens else deny("NeverBearerTokens", **tokens),
        *_find_statements(deployment),
    )


def invoke_actions(endpoint: Endpoint) -> list[str]:
    """Return the actions that an endpoint supports.

    Asynchronous endpoints support InvokeEndpointAsync only. For serverless endpoints the guide documents
    InvokeEndpoint only ("Invoke a serverless endpoint"), and streaming for real-time endpoints ("Invoke models for
    real-time inference"). Only InvokeEndpoint has TargetModel, which multi-model endpoints require. The request of a
    bidirectional stream has neither TargetContainerHostname nor InferenceComponentName, which direct invocation and
    inference components require (SageMaker Runtime and SageMaker Runtime HTTP/2 API).
    """
    if endpoint.async_inference_config:
        variants = ["Async"]
    elif endpoint.is_serverless or endpoint.is_multi_model:
        variants = [""]
    elif endpoint.uses_inference_components or endpoint.has_direct_invocation:
        variants = ["", "WithResponseStream"]
    else:
        variants = ["", "WithResponseStream", "WithBidirectionalStream"]
    return [f"sagemaker:InvokeEndpoint{variant}" for variant in variants]


def invoke_resources(deployment: Deployment) -> str | list[str]:
    """Return the resources that IAM checks for an invocation: the endpoint, and the inference component if it has any.

    A request names the component, which is a resource of the action beside the endpoint (service authorization
    reference of SageMaker, InvokeEndpoint).
    """
    components, endpoint_arn = deployment.inference_component_arns, deployment.names.endpoint_arn
    return [endpoint_arn, *components] if components else endpoint_arn


def needs_own_policy(invoker: Invoker) -> bool:
    """Return whether an invoker has conditions, or a managed role whose boundary is the policy."""
    return bool(invoker.principals or invoker.target_models or _source_conditions(invoker, None) or _role_tags(invoker))


def _find_statements(deployment: Deployment) -> list[Statement]:
    """Return the permission to read the SSM parameters of the endpoint, from anywhere: they contain no data."""
    if not deployment.endpoint.create_ssm_parameters:
        return []
    return [allow("FindThisEndpoint", Action=READ_PARAMETERS, Resource=deployment.names.ssm_parameter_arns)]


def _source_conditions(invoker: Invoker | None, network: Network | None) -> list[tuple[str, str, list[str]]]:
    """Return the required sources of requests: condition key, Sid of its Deny statement, values."""
    conditions = []
    if invoker and invoker.source_vpc:
        conditions.append(("aws:SourceVpc", "NeverFromOutsideTheVpc", [invoker.source_vpc]))
    if invoker and invoker.source_vpc_endpoints:
        conditions.append(("aws:SourceVpce", "NeverPastTheVpcEndpoint", [*invoker.source_vpc_endpoints]))
    if network and not conditions:
        conditions.append(("aws:SourceVpc", "NeverFromOutsideTheVpc", [network.vpc_id]))
    return conditions


def _role_tags(invoker: Invoker | None) -> dict[str, str]:
    """Return the required tags of an existing role; the trust policy requires those of `principals`."""
    return invoker.principal_tags if invoker and invoker.role_arn else {}


def _deny(resources: str | list[str], sid: str, condition: Condition) -> Statement:
    return deny(sid, Action=_EVERY_INVOKE_ACTION, Resource=resources, Condition=condition)
