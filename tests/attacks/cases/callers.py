"""Callers with conditions, and who may assume the roles that are made for others."""

from dataclasses import replace
from functools import partial

from tests.attacks.aws_state import World
from tests.attacks.cases.case import (
    CALLER,
    FOREIGN,
    INVOKE,
    NO_TLS,
    ORGANIZATION,
    PARTNER,
    STREAMS,
    VPC,
    VPC_ENDPOINT,
    Context,
    everything,
    named,
    permission_alone,
    principal_of,
)
from tests.attacks.simulator import Request

_TAGS = {"aws:PrincipalTag/team": "fraud", "aws:PrincipalTag/stage": "live"}
_FROM_VPC, _THROUGH = {"aws:SourceVpc": VPC}, {"aws:SourceVpce": VPC_ENDPOINT}
_ELSEWHERE = {"aws:SourceVpc": "vpc-0a1b2c3d4e5f60719"}
_ANOTHER_WAY = {"aws:SourceVpce": "vpce-0a1b2c3d4e5f60719"}
_MODEL, _ANOTHER_MODEL = {"sagemaker:TargetModel": "tenant-a/7"}, {"sagemaker:TargetModel": "tenant-b/7"}

_INVOKING: list[tuple[str, Context, bool]] = [
    (CALLER, {}, True),  # the conditions of one caller are not those of another
    (CALLER, _ELSEWHERE, True),
    ("role/tagged", _TAGS, True),
    ("role/tagged", {**_TAGS, **NO_TLS}, False),
    ("role/tagged", {}, False),
    ("role/tagged", {**_TAGS, "aws:PrincipalTag/team": "other"}, False),
    ("role/tagged", {**_TAGS, "aws:PrincipalTag/stage": "test"}, False),
    ("role/tagged", {**_TAGS, "aws:PrincipalTag/stage": None}, False),
    ("role/from-vpc", _FROM_VPC, True),
    ("role/from-vpc", _ELSEWHERE, False),
    ("role/from-vpc", {}, False),
    ("role/from-vpc", {**_FROM_VPC, **NO_TLS}, False),
    ("role/through", _THROUGH, True),
    ("role/through", _ANOTHER_WAY, False),
    ("role/through", {}, False),
    ("role/through", {**_THROUGH, **NO_TLS}, False),
    ("role/tenant", _MODEL, True),
    ("role/tenant", _ANOTHER_MODEL, False),
    ("role/tenant", {}, False),
    ("role/tenant", {**_MODEL, **NO_TLS}, False),
    ("made/partner", {}, True),
    ("made/partner", NO_TLS, False),
    ("made/people", {}, True),
    ("role/partner", {}, False),
    ("role/gateway", {}, False),
]
# What somebody else lets a caller do does not get round its conditions.
_GIVEN_EVERYTHING: list[tuple[str, Context, bool]] = [
    ("role/tagged", _TAGS, True),
    ("role/tagged", {"aws:PrincipalTag/team": "fraud"}, False),
    ("role/tagged", {"aws:PrincipalTag/stage": "live"}, False),
    ("role/tagged", {**_TAGS, "aws:PrincipalTag/team": "other"}, False),
    ("role/tagged", {**_TAGS, "aws:PrincipalTag/stage": "test"}, False),
    ("role/tagged", {**_TAGS, **NO_TLS}, False),
    ("role/from-vpc", {}, False),
    ("role/from-vpc", _ELSEWHERE, False),
    ("role/from-vpc", {**_FROM_VPC, **NO_TLS}, False),
    ("role/through", {}, False),
    ("role/through", _ANOTHER_WAY, False),
    ("role/through", {**_THROUGH, **NO_TLS}, False),
    ("role/tenant", {}, False),
    ("role/tenant", _ANOTHER_MODEL, False),
    ("role/tenant", {**_MODEL, **NO_TLS}, False),
    ("made/partner", NO_TLS, False),
    ("made/people", NO_TLS, False),
]
_CALLERS = (CALLER, "role/tagged", "role/from-vpc", "role/through", "role/tenant", "made/partner", "made/people")
_EVERY_CONDITION: Context = {**_TAGS, **_FROM_VPC, **_THROUGH}


def _invoking(who: str, context: Context, world: World) -> Request:
    principal = _principal(who, world)
    return world.request(principal, INVOKE[0], world.deployment.names.endpoint_arn, context=context)


def _given_everything(who: str, context: Context, world: World) -> Request:
    return replace(_invoking(who, context, world), identity=[*_invoking(who, context, world).identity, everything()])


def _otherwise(who: str, action: str, world: World) -> Request:
    """Return another way to invoke, with all that any caller has to have but a target model, which no other has."""
    return world.request(_principal(who, world), action, world.deployment.names.endpoint_arn, context=_EVERY_CONDITION)


def _otherwise_given_everything(who: str, action: str, context: Context, world: World) -> Request:
    principal, arn = _principal(who, world), world.deployment.names.endpoint_arn
    return world.request(principal, action, arn, also=(everything(),), context=context)


# Each denial holds for every way to invoke. No other way has a target model.
_OTHERWISE: list[tuple[str, str, Context, bool]] = [
    row
    for action in INVOKE[1:]
    for row in (
        ("role/tagged", action, {"aws:PrincipalTag/team": "fraud"}, False),
        ("role/tagged", action, {"aws:PrincipalTag/stage": "live"}, False),
        ("role/tagged", action, {**_TAGS, **NO_TLS}, False),
        ("role/from-vpc", action, _ELSEWHERE, False),
        ("role/from-vpc", action, {**_FROM_VPC, **NO_TLS}, False),
        ("role/through", action, _ANOTHER_WAY, False),
        ("role/through", action, {**_THROUGH, **NO_TLS}, False),
        ("role/tenant", action, {}, False),
        ("made/partner", action, NO_TLS, False),
        ("made/people", action, NO_TLS, False),
    )
]


def _another_endpoint(who: str, world: World) -> Request:
    arn = f"{world.deployment.names.endpoint_arn}-2"
    context = _MODEL if who == "role/tenant" else {}
    return world.request(_principal(who, world), INVOKE[0], arn, context={**_EVERY_CONDITION, **context})


def _bearer_token(who: str, world: World) -> Request:
    return world.request(_principal(who, world), "sagemaker:CallWithBearerToken", "*", also=(everything(),))


_ID = {"sts:ExternalId": "acme-7f3a"}
_KNOWN = {
    "aws:PrincipalOrgID": ORGANIZATION,
    "aws:PrincipalTag/team": "fraud",
    "aws:MultiFactorAuthPresent": "true",
}
_ASSUMING: list[tuple[str, str, Context, bool]] = [
    ("partner", f"{FOREIGN}:role/gateway", _ID, True),
    ("partner", f"{FOREIGN}:role/gateway", {}, False),
    ("partner", f"{FOREIGN}:role/gateway", {"sts:ExternalId": "acme-7f3b"}, False),
    ("partner", f"{FOREIGN}:role/gateway", _KNOWN, False),
    ("partner", f"{FOREIGN}:role/other", _ID, False),
    ("partner", f"{FOREIGN}:role/path/gateway", _ID, False),
    ("partner", f"{FOREIGN}:user/gateway", _ID, True),
    ("partner", f"{FOREIGN}:user/other", _ID, False),
    ("partner", "123456789012:role/gateway", _ID, False),
    ("partner", "111122223333:role/gateway", _ID, False),
    ("partner", "123456789012:role/any", {**_ID, "aws:PrincipalArn": f"arn:aws:iam::{FOREIGN}:role/gateway"}, False),
    ("partner", f"{PARTNER}:role/any", _ID, False),
    ("partner", "sagemaker.amazonaws.com", _ID, False),
    ("partner", "lambda.amazonaws.com", _ID, False),
    ("people", f"{PARTNER}:user/any", _KNOWN, True),
    ("people", f"{PARTNER}:user/any", {**_KNOWN, "aws:MultiFactorAuthPresent": "false"}, False),
    ("people", f"{PARTNER}:user/any", {**_KNOWN, "aws:MultiFactorAuthPresent": None}, False),
    ("people", f"{PARTNER}:user/any", {**_KNOWN, "aws:PrincipalOrgID": "o-zzzzzzzzzz"}, False),
    ("people", f"{PARTNER}:user/any", {**_KNOWN, "aws:PrincipalOrgID": None}, False),
    ("people", f"{PARTNER}:user/any", {**_KNOWN, "aws:PrincipalTag/team": "other"}, False),
    ("people", f"{PARTNER}:user/any", {**_KNOWN, "aws:PrincipalTag/team": None}, False),
    ("people", f"{FOREIGN}:role/gateway", _KNOWN, False),
    ("people", "111122223333:role/administrator", _KNOWN, False),
    ("people", f"{FOREIGN}:role/gateway", {**_KNOWN, **_ID}, False),
]


def _assuming(caller: str, who: str, context: Context, world: World) -> Request:
    principal = f"arn:aws:iam::{who}" if ":" in who else who
    role = world.made_role(caller)
    return world.request(
        principal,
        "sts:AssumeRole",
        role,
        also=(everything(),),
        resource_policy=world.trust(role),
        context=context,
    )


def _with_a_session(caller: str, action: str, world: World) -> Request:
    """Return a request to give the session tags or another name, which would be believed afterwards."""
    known = {key: value for key, value in {**_KNOWN, **_ID}.items() if key != "sts:ExternalId"}
    who = f"{PARTNER}:user/any" if caller == "people" else f"{FOREIGN}:user/gateway"
    return replace(_assuming(caller, who, known, world), action=action)


def _principal(who: str, world: World) -> str:
    return world.made_role(who.partition("/")[2]) if who.startswith("made/") else principal_of(world, who)[0]


# What a caller's permission demands, the denials of its policy aside.
_DEMANDED: list[tuple[str, Context, bool]] = [
    *((who, context, False) for who, context, allowed in _INVOKING if not allowed),
    ("role/tagged", {**_TAGS, "aws:SecureTransport": None}, False),
    ("role/from-vpc", {**_FROM_VPC, "aws:SecureTransport": None}, False),
    ("role/through", {**_THROUGH, "aws:SecureTransport": None}, False),
    ("role/tenant", {**_MODEL, "aws:SecureTransport": None}, False),
    ("made/partner", {"aws:SecureTransport": None}, False),
    ("made/people", {"aws:SecureTransport": None}, False),
]

_BOUNDED: list[tuple[str, str, str, bool]] = [
    row
    for who in ("made/partner", "made/people")
    for row in (
        (who, INVOKE[0], "acme-dev-kmeans", True),
        (who, INVOKE[0], "acme-dev-kmeans-2", False),
        (who, INVOKE[1], "acme-dev-kmeans", False),
        *((who, stream, "acme-dev-kmeans", True) for stream in STREAMS),
        *((who, stream, "acme-dev-kmeans-2", False) for stream in STREAMS),
        (who, "sagemaker:DeleteEndpoint", "acme-dev-kmeans", False),
    )
]


def _bounded(who: str, action: str, endpoint: str, world: World) -> Request:
    """Return a request of a made role that somebody gave everything: its boundary is its own policy."""
    principal, arn = _principal(who, world), world.arn("sagemaker", f"endpoint/{endpoint}")
    request = world.request(principal, action, arn, also=(everything(),))
    return replace(request, boundary=[world.boundary_of(principal)])


CASES = [
    *named(_bounded, _BOUNDED, ", given everything, within the boundary", world="callers"),
    *named(_invoking, _INVOKING, world="callers"),
    *named(partial(permission_alone, _invoking), _DEMANDED, ", by the permission alone", world="callers"),
    *named(_otherwise_given_everything, _OTHERWISE, ", given everything", world="callers"),
    *named(_given_everything, _GIVEN_EVERYTHING, ", given everything", world="callers"),
    *named(
        _otherwise,
        [(who, action, action in STREAMS and who != "role/tenant") for who in _CALLERS for action in INVOKE[1:]],
        world="callers",
    ),
    *named(_another_endpoint, [(who, False) for who in _CALLERS], ", another endpoint", world="callers"),
    *named(_bearer_token, [(who, False) for who in _CALLERS], ", a bearer token", world="callers"),
    *named(_assuming, _ASSUMING, world="callers"),
    *named(
        _with_a_session,
        [
            (caller, action, False)
            for caller in ("partner", "people")
            for action in ("sts:TagSession", "sts:SetSourceIdentity")
        ],
        world="callers",
    ),
]
