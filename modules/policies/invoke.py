"""Who may invoke the endpoint.

A SageMaker endpoint has no resource policy, so this is where access is decided: an identity without a policy such
as this one is refused. An administrator of the account can still give one to themselves.
"""

from modules.names import Names
from modules.policies import Document, allow, deny, document

_INVOKE = ["sagemaker:InvokeEndpoint", "sagemaker:InvokeEndpointAsync", "sagemaker:InvokeEndpointWithResponseStream"]


def invoke(names: Names, *, bearer_tokens: bool) -> Document:
    """Return the policy of a caller of exactly this endpoint.

    A caller may hold the policies of several endpoints, so nothing here denies another endpoint. A bearer token is a
    signed request that anybody who gets hold of it can use for up to 12 hours, hence denied unless it is asked for.
    """
    tokens = {"Action": "sagemaker:CallWithBearerToken", "Resource": "*"}
    return document(
        allow(
            "InvokeThisEndpoint",
            Action="sagemaker:InvokeEndpoint",
            Resource=names.endpoint_arn,
            Condition={"Bool": {"aws:SecureTransport": "true"}},
        ),
        deny(
            "NeverWithoutTls",
            Action=_INVOKE,
            Resource=names.endpoint_arn,
            Condition={"Bool": {"aws:SecureTransport": "false"}},
        ),
        allow("BearerTokens", **tokens) if bearer_tokens else deny("NeverBearerTokens", **tokens),
    )
