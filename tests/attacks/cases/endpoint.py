"""Who may invoke the endpoint."""

from collections.abc import Mapping

from tests.attacks.aws_state import World
from tests.attacks.cases.case import (
    CALLER,
    EXECUTION,
    FOREIGN,
    INVOKE,
    NO_TLS,
    READER,
    STREAMS,
    Context,
    named,
    principal_of,
)
from tests.attacks.simulator import Request

_INVOKING: list[tuple[str, str, str, Context, bool]] = [
    (CALLER, INVOKE[0], "acme-dev-kmeans", {}, True),
    (CALLER, INVOKE[0], "acme-dev-kmeans", {"aws:SecureTransport": "false"}, False),
    (CALLER, INVOKE[0], "acme-dev-kmeans", {"aws:SecureTransport": None}, False),
    (CALLER, INVOKE[0], "acme-dev-kmeans-2", {}, False),
    (CALLER, INVOKE[0], "acme-dev-kmean", {}, False),
    (CALLER, INVOKE[0], "acme-prod-kmeans", {}, False),
    (CALLER, INVOKE[1], "acme-dev-kmeans", {}, False),
    *(
        row
        for stream in STREAMS
        for row in (
            (CALLER, stream, "acme-dev-kmeans", {}, True),
            (CALLER, stream, "acme-dev-kmeans", NO_TLS, False),
            (CALLER, stream, "acme-dev-kmeans-2", {}, False),
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
    # What somebody else lets a caller do does not let it in without TLS.
    *(("administrator " + CALLER, action, "acme-dev-kmeans", NO_TLS, False) for action in INVOKE),
]


def _invoking(who: str, action: str, endpoint: str, context: Context, world: World) -> Request:
    principal, also = principal_of(world, who)
    resource = world.arn("sagemaker", f"endpoint/{endpoint}")
    return world.request(principal, action, resource, also=also, context=context)


def _bearer_token(who: str, world: World) -> Request:
    principal, also = principal_of(world, who)
    return world.request(principal, "sagemaker:CallWithBearerToken", "*", also=also)


def _elsewhere(place: Mapping[str, str], world: World) -> Request:
    resource = world.arn("sagemaker", "endpoint/acme-dev-kmeans", **place)
    return world.request(world.role("checkout-api"), INVOKE[0], resource)


CASES = [
    *named(_invoking, _INVOKING),
    *named(_bearer_token, [(CALLER, False), (f"administrator {CALLER}", False)]),
    *named(_elsewhere, [({"region": "eu-west-1"}, False), ({"account": FOREIGN}, False)]),
]
