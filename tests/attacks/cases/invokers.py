"""Invokers with conditions, and who may assume managed invoker roles."""

from dataclasses import replace
from functools import partial

from tests.attacks.aws_state import AwsState
from tests.attacks.cases.case import (
    FOREIGN,
    INVOKE,
    INVOKER,
    NO_TLS,
    ORGANIZATION,
    PARTNER,
    STREAMS,
    VPC,
    VPC_ENDPOINT,
    Context,
    cases,
    everything,
    principal_of,
    without_denials,
)
from tests.attacks.simulator import Request

_TAGS = {"aws:PrincipalTag/team": "fraud", "aws:PrincipalTag/stage": "live"}
_FROM_VPC, _THROUGH_VPC_ENDPOINT = {"aws:SourceVpc": VPC}, {"aws:SourceVpce": VPC_ENDPOINT}
_OTHER_VPC = {"aws:SourceVpc": "vpc-0a1b2c3d4e5f60719"}
_OTHER_VPC_ENDPOINT = {"aws:SourceVpce": "vpce-0a1b2c3d4e5f60719"}
_MODEL, _ANOTHER_MODEL = {"sagemaker:TargetModel": "tenant-a/7"}, {"sagemaker:TargetModel": "tenant-b/7"}

_INVOKE: list[tuple[str, Context, bool]] = [
    (INVOKER, {}, True),  # the conditions of one invoker are not those of another
    (INVOKER, _OTHER_VPC, True),
    ("role/tagged", _TAGS, True),
    ("role/tagged", {**_TAGS, **NO_TLS}, False),
    ("role/tagged", {}, False),
    ("role/tagged", {**_TAGS, "aws:PrincipalTag/team": "other"}, False),
    ("role/tagged", {**_TAGS, "aws:PrincipalTag/stage": "test"}, False),
    ("role/tagged", {**_TAGS, "aws:PrincipalTag/stage": None}, False),
    ("role/from-vpc", _FROM_VPC, True),
    ("role/from-vpc", _OTHER_VPC, False),
    ("role/from-vpc", {}, False),
    ("role/from-vpc", {**_FROM_VPC, **NO_TLS}, False),
    ("role/through", _THROUGH_VPC_ENDPOINT, True),
    ("role/through", _OTHER_VPC_ENDPOINT, False),
    ("role/through", {}, False),
    ("role/through", {**_THROUGH_VPC_ENDPOINT, **NO_TLS}, False),
    ("role/tenant", _MODEL, True),
    ("role/tenant", _ANOTHER_MODEL, False),
    ("role/tenant", {}, False),
    ("role/tenant", {**_MODEL, **NO_TLS}, False),
    ("managed/partner", {}, True),
    ("managed/partner", NO_TLS, False),
    ("managed/people", {}, True),
    ("role/partner", {}, False),
    ("role/gateway", {}, False),
]
# Another policy of an invoker does not bypass its conditions.
_AS_ADMINISTRATOR: list[tuple[str, Context, bool]] = [
    ("role/tagged", _TAGS, True),
    ("role/tagged", {"aws:PrincipalTag/team": "fraud"}, False),
    ("role/tagged", {"aws:PrincipalTag/stage": "live"}, False),
    ("role/tagged", {**_TAGS, "aws:PrincipalTag/team": "other"}, False),
    ("role/tagged", {**_TAGS, "aws:PrincipalTag/stage": "test"}, False),
    ("role/tagged", {**_TAGS, **NO_TLS}, False),
    ("role/from-vpc", {}, False),
    ("role/from-vpc", _OTHER_VPC, False),
    ("role/from-vpc", {**_FROM_VPC, **NO_TLS}, False),
    ("role/through", {}, False),
    ("role/through", _OTHER_VPC_ENDPOINT, False),
    ("role/through", {**_THROUGH_VPC_ENDPOINT, **NO_TLS}, False),
    ("role/tenant", {}, False),
    ("role/tenant", _ANOTHER_MODEL, False),
    ("role/tenant", {**_MODEL, **NO_TLS}, False),
    ("managed/partner", NO_TLS, False),
    ("managed/people", NO_TLS, False),
]
_INVOKERS = (
    INVOKER,
    "role/tagged",
    "role/from-vpc",
    "role/through",
    "role/tenant",
    "managed/partner",
    "managed/people",
)
_EVERY_CONDITION: Context = {**_TAGS, **_FROM_VPC, **_THROUGH_VPC_ENDPOINT}


def _invoke(short_name: str, context: Context, state: AwsState) -> Request:
    principal = _principal(short_name, state)
    return state.request(principal, INVOKE[0], state.deployment.names.endpoint_arn, context=context)


def _as_administrator(short_name: str, context: Context, state: AwsState) -> Request:
    return replace(
        _invoke(short_name, context, state), identity=[*_invoke(short_name, context, state).identity, everything()]
    )


def _other_action(short_name: str, action: str, state: AwsState) -> Request:
    """Return a request for another invoke action, with the context of every condition but the target model."""
    return state.request(
        _principal(short_name, state), action, state.deployment.names.endpoint_arn, context=_EVERY_CONDITION
    )


def _other_action_as_administrator(short_name: str, action: str, context: Context, state: AwsState) -> Request:
    principal, arn = _principal(short_name, state), state.deployment.names.endpoint_arn
    return state.request(principal, action, arn, extra_policies=(everything(),), context=context)


# Every denial is for every invoke action. Only InvokeEndpoint has a target model.
_OTHER_ACTIONS: list[tuple[str, str, Context, bool]] = [
    row
    for action in INVOKE[1:]
    for row in (
        ("role/tagged", action, {"aws:PrincipalTag/team": "fraud"}, False),
        ("role/tagged", action, {"aws:PrincipalTag/stage": "live"}, False),
        ("role/tagged", action, {**_TAGS, **NO_TLS}, False),
        ("role/from-vpc", action, _OTHER_VPC, False),
        ("role/from-vpc", action, {**_FROM_VPC, **NO_TLS}, False),
        ("role/through", action, _OTHER_VPC_ENDPOINT, False),
        ("role/through", action, {**_THROUGH_VPC_ENDPOINT, **NO_TLS}, False),
        ("role/tenant", action, {}, False),
        ("managed/partner", action, NO_TLS, False),
        ("managed/people", action, NO_TLS, False),
    )
]


def _another_endpoint(short_name: str, state: AwsState) -> Request:
    arn = f"{state.deployment.names.endpoint_arn}-2"
    context = _MODEL if short_name == "role/tenant" else {}
    return state.request(_principal(short_name, state), INVOKE[0], arn, context={**_EVERY_CONDITION, **context})


def _bearer_token(short_name: str, state: AwsState) -> Request:
    return state.request(
        _principal(short_name, state), "sagemaker:CallWithBearerToken", "*", extra_policies=(everything(),)
    )


# The parameters of the endpoint can be read from anywhere, and by no action that changes one or reads several.
_PARAMETERS: list[tuple[str, str, str, bool]] = [
    row
    for short_name in _INVOKERS
    for row in (
        *(
            (short_name, f"ssm:{action}", f"acme/dev/kmeans/{attribute}", True)
            for action in ("GetParameter", "GetParameters")
            for attribute in ("name", "arn")
        ),
        *(
            (short_name, action, parameter, False)
            for action in ("ssm:GetParameter", "ssm:GetParameters")
            for parameter in ("acme/dev/kmeans/password", "acme/dev/kmeans-2/name", "acme/prod/kmeans/name")
        ),
        (short_name, "ssm:PutParameter", "acme/dev/kmeans/name", False),
        (short_name, "ssm:GetParameterHistory", "acme/dev/kmeans/name", False),
        (short_name, "ssm:GetParametersByPath", "acme/dev/kmeans", False),
    )
]


def _parameter(short_name: str, action: str, parameter: str, state: AwsState) -> Request:
    return state.request(_principal(short_name, state), action, state.arn("ssm", f"parameter/{parameter}"))


_ID = {"sts:ExternalId": "acme-7f3a"}
_VALID_CONTEXT = {
    "aws:PrincipalOrgID": ORGANIZATION,
    "aws:PrincipalTag/team": "fraud",
    "aws:MultiFactorAuthPresent": "true",
}
_ASSUME_ROLE: list[tuple[str, str, Context, bool]] = [
    ("partner", f"{FOREIGN}:role/gateway", _ID, True),
    ("partner", f"{FOREIGN}:role/gateway", {}, False),
    ("partner", f"{FOREIGN}:role/gateway", {"sts:ExternalId": "acme-7f3b"}, False),
    ("partner", f"{FOREIGN}:role/gateway", _VALID_CONTEXT, False),
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
    ("people", f"{PARTNER}:user/any", _VALID_CONTEXT, True),
    ("people", f"{PARTNER}:user/any", {**_VALID_CONTEXT, "aws:MultiFactorAuthPresent": "false"}, False),
    ("people", f"{PARTNER}:user/any", {**_VALID_CONTEXT, "aws:MultiFactorAuthPresent": None}, False),
    ("people", f"{PARTNER}:user/any", {**_VALID_CONTEXT, "aws:PrincipalOrgID": "o-zzzzzzzzzz"}, False),
    ("people", f"{PARTNER}:user/any", {**_VALID_CONTEXT, "aws:PrincipalOrgID": None}, False),
    ("people", f"{PARTNER}:user/any", {**_VALID_CONTEXT, "aws:PrincipalTag/team": "other"}, False),
    ("people", f"{PARTNER}:user/any", {**_VALID_CONTEXT, "aws:PrincipalTag/team": None}, False),
    ("people", f"{FOREIGN}:role/gateway", _VALID_CONTEXT, False),
    ("people", "111122223333:role/administrator", _VALID_CONTEXT, False),
    ("people", f"{FOREIGN}:role/gateway", {**_VALID_CONTEXT, **_ID}, False),
]


def _assume_role(invoker: str, identity: str, context: Context, state: AwsState) -> Request:
    principal = f"arn:aws:iam::{identity}" if ":" in identity else identity
    role = state.managed_role(invoker)
    return state.request(
        principal,
        "sts:AssumeRole",
        role,
        extra_policies=(everything(),),
        resource_policy=state.trust(role),
        context=context,
    )


def _set_session(invoker: str, action: str, state: AwsState) -> Request:
    """Return a request to set session tags or a source identity, which other policies could trust."""
    context = {key: value for key, value in {**_VALID_CONTEXT, **_ID}.items() if key != "sts:ExternalId"}
    identity = f"{PARTNER}:user/any" if invoker == "people" else f"{FOREIGN}:user/gateway"
    return replace(_assume_role(invoker, identity, context, state), action=action)


def _principal(short_name: str, state: AwsState) -> str:
    return (
        state.managed_role(short_name.partition("/")[2])
        if short_name.startswith("managed/")
        else principal_of(state, short_name)[0]
    )


# The Allow statements require every condition, without the Deny statements.
_WITHOUT_DENIALS: list[tuple[str, Context, bool]] = [
    *((short_name, context, False) for short_name, context, allowed in _INVOKE if not allowed),
    ("role/tagged", {**_TAGS, "aws:SecureTransport": None}, False),
    ("role/from-vpc", {**_FROM_VPC, "aws:SecureTransport": None}, False),
    ("role/through", {**_THROUGH_VPC_ENDPOINT, "aws:SecureTransport": None}, False),
    ("role/tenant", {**_MODEL, "aws:SecureTransport": None}, False),
    ("managed/partner", {"aws:SecureTransport": None}, False),
    ("managed/people", {"aws:SecureTransport": None}, False),
]

_WITHIN_BOUNDARY: list[tuple[str, str, str, bool]] = [
    row
    for short_name in ("managed/partner", "managed/people")
    for row in (
        (short_name, INVOKE[0], "acme-dev-kmeans", True),
        (short_name, INVOKE[0], "acme-dev-kmeans-2", False),
        (short_name, INVOKE[1], "acme-dev-kmeans", False),
        *((short_name, stream, "acme-dev-kmeans", True) for stream in STREAMS),
        *((short_name, stream, "acme-dev-kmeans-2", False) for stream in STREAMS),
        (short_name, "sagemaker:DeleteEndpoint", "acme-dev-kmeans", False),
    )
]


def _within_boundary(short_name: str, action: str, endpoint: str, state: AwsState) -> Request:
    """Return a request of a managed role as an administrator: its boundary is its invoke policy."""
    principal, arn = _principal(short_name, state), state.arn("sagemaker", f"endpoint/{endpoint}")
    request = state.request(principal, action, arn, extra_policies=(everything(),))
    return replace(request, boundary=[state.boundary_of(principal)])


CASES = [
    *cases(_within_boundary, _WITHIN_BOUNDARY, ", as an administrator within the boundary", scenario="invokers"),
    *cases(_invoke, _INVOKE, scenario="invokers"),
    *cases(partial(without_denials, _invoke), _WITHOUT_DENIALS, ", without denials", scenario="invokers"),
    *cases(_other_action_as_administrator, _OTHER_ACTIONS, ", as an administrator", scenario="invokers"),
    *cases(_as_administrator, _AS_ADMINISTRATOR, ", as an administrator", scenario="invokers"),
    *cases(
        _other_action,
        [
            (short_name, action, action in STREAMS and short_name != "role/tenant")
            for short_name in _INVOKERS
            for action in INVOKE[1:]
        ],
        scenario="invokers",
    ),
    *cases(
        _another_endpoint, [(short_name, False) for short_name in _INVOKERS], ", another endpoint", scenario="invokers"
    ),
    *cases(_bearer_token, [(short_name, False) for short_name in _INVOKERS], ", a bearer token", scenario="invokers"),
    *cases(_parameter, _PARAMETERS, scenario="invokers"),
    *cases(_assume_role, _ASSUME_ROLE, scenario="invokers"),
    *cases(
        _set_session,
        [
            (invoker, action, False)
            for invoker in ("partner", "people")
            for action in ("sts:TagSession", "sts:SetSourceIdentity")
        ],
        scenario="invokers",
    ),
]
