"""Who may invoke the endpoint.

Access is decided here: an identity without a policy such as this one is refused. An administrator of the account can
still give one to themselves. The resource policy that an endpoint can have (SageMaker, PutEndpointPolicy) is documented
as a way in for other accounts, through an inference router, and not as a way to keep anybody out. None is made, and a
deployer is denied to attach one (`protected_endpoints.policies.operators.deny_statements`).
"""

from protected_endpoints.config import Endpoint, Invoker, Network
from protected_endpoints.deployment import Deployment
from protected_endpoints.deployment.names import Names
from protected_endpoints.policies import Document, Statement, allow, deny, document

# Denials are of every action that invokes, also of one that is new: bidirectional streaming came in November 2025.
_INVOKE = "sagemaker:InvokeEndpoint*"


def invoke(deployment: Deployment, *, caller: Invoker | None) -> Document:
    """Return the policy of callers of exactly this endpoint, or of one caller with conditions of its own.

    Each condition is demanded by the permission and refused by a denial of its own, so that what somebody else lets
    the caller do does not get round it. A caller may hold the policies of several endpoints, so nothing here denies
    another endpoint. A bearer token is a signed request that anybody who gets hold of it can use for up to 12 hours,
    hence denied unless it is asked for.
    """
    names, endpoint = deployment.names, deployment.endpoint
    where = _where(caller, deployment.environment.network)
    tags = {f"aws:PrincipalTag/{key}": [value] for key, value in _tags(caller).items()}
    equal = {key: values for key, _, values in where} | tags
    models = [*caller.target_models] if caller else []
    tokens = {"Action": "sagemaker:CallWithBearerToken", "Resource": "*"}
    return document(
        allow(
            "InvokeThisEndpoint",
            Action=invoke_actions(endpoint),
            Resource=names.endpoint_arn,
            Condition={
                "Bool": {"aws:SecureTransport": "true"},
                **({"StringEquals": equal} if equal else {}),
                **({"StringLike": {"sagemaker:TargetModel": models}} if models else {}),
            },
        ),
        _never(names, "NeverWithoutTls", {"Bool": {"aws:SecureTransport": "false"}}),
        *(_never(names, sid, {"StringNotEquals": {key: values}}) for key, sid, values in where),
        *(
            _never(names, f"NeverWithoutTag{number}", {"StringNotEquals": {key: values}})
            for number, (key, values) in enumerate(tags.items(), 1)
        ),
        *([_never(names, "NeverAnotherModel", {"StringNotLike": {"sagemaker:TargetModel": models}})] if models else []),
        allow("BearerTokens", **tokens) if endpoint.relax.bearer_tokens else deny("NeverBearerTokens", **tokens),
    )


def invoke_actions(endpoint: Endpoint) -> list[str]:
    """Return the actions that an endpoint answers, by what the request of each can say.

    An asynchronous endpoint takes InvokeEndpointAsync, and no other does. For a serverless one the guide documents
    InvokeEndpoint alone ("Invoke a serverless endpoint"), and streams for real-time endpoints ("Invoke models for
    real-time inference"). One of many models is named by TargetModel, which only InvokeEndpoint has. A container that
    is invoked directly and an inference component are named by TargetContainerHostname and InferenceComponentName,
    which the request of a bidirectional stream lacks (SageMaker Runtime and SageMaker Runtime HTTP/2 API).
    """
    if endpoint.async_inference_config:
        ways = ["Async"]
    elif endpoint.is_serverless or endpoint.is_multi_model:
        ways = [""]
    elif endpoint.uses_inference_components or endpoint.has_direct_invocation:
        ways = ["", "WithResponseStream"]
    else:
        ways = ["", "WithResponseStream", "WithBidirectionalStream"]
    return [f"sagemaker:InvokeEndpoint{way}" for way in ways]


def needs_its_own(caller: Invoker) -> bool:
    """Return whether a caller has conditions of its own, or a role that its policy bounds."""
    return bool(caller.principals or caller.target_models or _where(caller, None) or _tags(caller))


def _where(caller: Invoker | None, network: Network | None) -> list[tuple[str, str, list[str]]]:
    """Return from where calls may come: the condition's key, the id of its denial and its values."""
    found = []
    if caller and caller.source_vpc:
        found.append(("aws:SourceVpc", "NeverFromOutsideTheVpc", [caller.source_vpc]))
    if caller and caller.source_vpc_endpoints:
        found.append(("aws:SourceVpce", "NeverPastTheVpcEndpoint", [*caller.source_vpc_endpoints]))
    if network and not found:
        found.append(("aws:SourceVpc", "NeverFromOutsideTheVpc", [network.vpc_id]))
    return found


def _tags(caller: Invoker | None) -> dict[str, str]:
    """Return the tags that the role itself has to have; those of `principals` are asked for when they assume it."""
    return caller.principal_tags if caller and caller.role_arn else {}


def _never(names: Names, sid: str, condition: dict[str, dict[str, str | list[str]]]) -> Statement:
    return deny(sid, Action=_INVOKE, Resource=names.endpoint_arn, Condition=condition)
