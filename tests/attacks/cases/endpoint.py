"""Who may invoke the endpoint."""

from collections.abc import Mapping

from tests.attacks.aws_state import AwsState
from tests.attacks.cases.case import (
    EXECUTION,
    FOREIGN,
    INVOKE,
    INVOKER,
    NO_TLS,
    READER,
    STREAMS,
    Context,
    cases,
    principal_of,
)
from tests.attacks.simulator import Request

_INVOKE: list[tuple[str, str, str, Context, bool]] = [
    (INVOKER, INVOKE[0], "acme-dev-kmeans", {}, True),
    (INVOKER, INVOKE[0], "acme-dev-kmeans", {"aws:SecureTransport": "false"}, False),
    (INVOKER, INVOKE[0], "acme-dev-kmeans", {"aws:SecureTransport": None}, False),
    (INVOKER, INVOKE[0], "acme-dev-kmeans-2", {}, False),
    (INVOKER, INVOKE[0], "acme-dev-kmean", {}, False),
    (INVOKER, INVOKE[0], "acme-prod-kmeans", {}, False),
    (INVOKER, INVOKE[1], "acme-dev-kmeans", {}, False),
    *(
        row
        for stream in STREAMS
        for row in (
            (INVOKER, stream, "acme-dev-kmeans", {}, True),
            (INVOKER, stream, "acme-dev-kmeans", NO_TLS, False),
            (INVOKER, stream, "acme-dev-kmeans-2", {}, False),
            ("role/stranger", stream, "acme-dev-kmeans", {}, False),
            (EXECUTION, stream, "acme-dev-kmeans", {}, False),
        )
    ),
    ("role/stranger", INVOKE[0], "acme-dev-kmeans", {}, False),
    ("role/checkout-api-2", INVOKE[0], "acme-dev-kmeans", {}, False),
    (READER, INVOKE[0], "acme-dev-kmeans", {}, False),
    (EXECUTION, INVOKE[0], "acme-dev-kmeans", {}, False),
    ("foreign/checkout-api", INVOKE[0], "acme-dev-kmeans", {}, False),
    ("sagemaker.amazonaws.com", INVOKE[0], "acme-dev-kmeans", {}, False),
    # Another policy of an invoker does not allow requests without TLS.
    *(("administrator " + INVOKER, action, "acme-dev-kmeans", NO_TLS, False) for action in INVOKE),
]


def _invoke(short_name: str, action: str, endpoint: str, context: Context, state: AwsState) -> Request:
    principal, extra_policies = principal_of(state, short_name)
    resource = state.arn("sagemaker", f"endpoint/{endpoint}")
    return state.request(principal, action, resource, extra_policies=extra_policies, context=context)


def _bearer_token(short_name: str, state: AwsState) -> Request:
    principal, extra_policies = principal_of(state, short_name)
    return state.request(principal, "sagemaker:CallWithBearerToken", "*", extra_policies=extra_policies)


def _other_scope(scope: Mapping[str, str], state: AwsState) -> Request:
    resource = state.arn("sagemaker", "endpoint/acme-dev-kmeans", **scope)
    return state.request(state.role("checkout-api"), INVOKE[0], resource)


CASES = [
    *cases(_invoke, _INVOKE),
    *cases(_bearer_token, [(INVOKER, False), (f"administrator {INVOKER}", False)]),
    *cases(_other_scope, [({"region": "eu-west-1"}, False), ({"account": FOREIGN}, False)]),
]
