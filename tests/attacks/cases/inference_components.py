"""Who may invoke the inference components of an endpoint, and what its execution role may do for them."""

from functools import partial

from tests.attacks.aws_state import AwsState
from tests.attacks.cases.case import (
    EXECUTION,
    FOREIGN,
    INVOKE,
    INVOKER,
    LOG_GROUP,
    NO_TLS,
    STREAMS,
    VPC,
    Context,
    as_administrator,
    by_identity_policies,
    cases,
    within_boundary,
    without_denials,
)
from tests.attacks.cases.network import through_vpc_endpoint
from tests.attacks.simulator import Request

_SCENARIO = "inference-components"
_SAGEMAKER = "arn:aws:sagemaker:us-west-2:111122223333"
_ENDPOINT = f"{_SAGEMAKER}:endpoint/acme-dev-kmeans"
_LLAMA, _TAX = (f"{_SAGEMAKER}:inference-component/acme-dev-kmeans-{name}" for name in ("llama", "tax"))
_RESOURCES = (_ENDPOINT, _LLAMA, _TAX)
_OTHERS = (f"{_LLAMA}-2", f"{_SAGEMAKER}:inference-component/acme-dev-other-llama", f"{_ENDPOINT}-2")
_GROUP = LOG_GROUP.replace("Endpoints/acme-dev-kmeans", "InferenceComponents/acme-dev-kmeans-llama")
_FROM_VPC, _OTHER_VPC = {"aws:SourceVpc": VPC}, {"aws:SourceVpc": "vpc-0a1b2c3d4e5f60719"}
_ADMINISTRATOR = f"administrator {INVOKER}"
# A bidirectional stream and an asynchronous request cannot name a component.
_NAMING, _NOT_NAMING = (INVOKE[0], STREAMS[0]), (INVOKE[1], STREAMS[1])

_INVOKE: list[tuple[str, str, str, Context, bool]] = [
    *((INVOKER, action, resource, _FROM_VPC, True) for action in _NAMING for resource in _RESOURCES),
    *((INVOKER, action, resource, _FROM_VPC, False) for action in _NAMING for resource in _OTHERS),
    *((INVOKER, action, _ENDPOINT, _FROM_VPC, False) for action in _NOT_NAMING),
    *((INVOKER, INVOKE[0], _LLAMA, context, False) for context in ({}, _OTHER_VPC, {**_FROM_VPC, **NO_TLS})),
    (INVOKER, "sagemaker:DeleteInferenceComponent", _LLAMA, {}, False),
    (INVOKER, "sagemaker:UpdateInferenceComponentRuntimeConfig", _LLAMA, {}, False),
    ("role/stranger", INVOKE[0], _LLAMA, _FROM_VPC, False),
    (EXECUTION, INVOKE[0], _LLAMA, _FROM_VPC, False),
    (_ADMINISTRATOR, INVOKE[0], _LLAMA, _FROM_VPC, True),
    # InvokeEndpointAsync and bidirectional streams have the endpoint as their only resource.
    *(
        (_ADMINISTRATOR, action, resource, context, False)
        for action in INVOKE
        for resource in (_RESOURCES if action in _NAMING else (_ENDPOINT,))
        for context in ({}, _OTHER_VPC, {**_FROM_VPC, **NO_TLS})
    ),
]
_WITHOUT_DENIALS: list[tuple[str, str, str, Context, bool]] = [
    (INVOKER, INVOKE[0], resource, context, False)
    for resource in (_ENDPOINT, _LLAMA)
    for context in (
        {},
        _OTHER_VPC,
        {**_FROM_VPC, **NO_TLS},
        {**_FROM_VPC, "aws:SecureTransport": None},
    )
]
_THROUGH_RUNTIME_ENDPOINT: list[tuple[str, str, str, Context, bool]] = [
    *((_ADMINISTRATOR, action, resource, {}, True) for action in _NAMING for resource in _RESOURCES),
    *((_ADMINISTRATOR, action, resource, {}, False) for action in _NAMING for resource in _OTHERS),
    *((_ADMINISTRATOR, action, _ENDPOINT, {}, False) for action in _NOT_NAMING),
    ("administrator", INVOKE[0], _LLAMA, {}, False),
    ("administrator role/checkout-api-2", INVOKE[0], _LLAMA, {}, False),
]

_BUCKET = "arn:aws:s3:::my-bucket"
_MODEL, _ARTIFACT = f"{_BUCKET}/llama/model.tar.gz", f"{_BUCKET}/tax/adapter.tar.gz"
_DATA: list[tuple[str, str, str, Context, bool]] = [
    *((EXECUTION, "s3:GetObject", data, {}, True) for data in (_MODEL, _ARTIFACT)),
    *((EXECUTION, "s3:GetObject", data, {"aws:ResourceAccount": FOREIGN}, False) for data in (_MODEL, _ARTIFACT)),
    (EXECUTION, "s3:PutObject", _ARTIFACT, {}, False),
    (EXECUTION, "s3:GetObjectVersion", _ARTIFACT, {}, False),
    (EXECUTION, "s3:GetObject", f"{_BUCKET}/tax/other.tar.gz", {}, False),
    (EXECUTION, "s3:GetObject", f"{_BUCKET}/model.tar.gz", {}, False),
]
_LOGS: list[tuple[str, str, str, Context, bool]] = [
    *((EXECUTION, "logs:PutLogEvents", f"{group}:log-stream:a", {}, True) for group in (LOG_GROUP, _GROUP)),
    *((EXECUTION, "logs:PutLogEvents", f"{group}-2:log-stream:a", {}, False) for group in (LOG_GROUP, _GROUP)),
    (EXECUTION, "logs:CreateLogStream", f"{_GROUP}:log-stream:a", {}, True),
    (EXECUTION, "logs:GetLogEvents", f"{_GROUP}:log-stream:a", {}, False),
    (EXECUTION, "logs:CreateLogGroup", _GROUP, {}, False),
    # The container of the base serves an adapter.
    (EXECUTION, "logs:PutLogEvents", f"{_GROUP.replace('llama', 'tax')}:log-stream:a", {}, False),
]
_BOUNDED: list[tuple[str, str, Context, bool]] = [
    ("logs:PutLogEvents", f"{_GROUP}:log-stream:a", {}, True),
    ("logs:PutLogEvents", f"{_GROUP}-2:log-stream:a", {}, False),
    ("logs:DeleteLogGroup", _GROUP, {}, False),
    ("sagemaker:UpdateInferenceComponent", _LLAMA, {}, False),
]
_THROUGH_S3_ENDPOINT: list[tuple[str, str, str, Context, bool]] = [
    (f"administrator {short_name}", action, resource, context, allowed)
    for short_name, action, resource, context, allowed in _DATA
] + [("administrator", "s3:GetObject", f"{_BUCKET}/tax/adapter.tar.gz", {}, False)]

_CONTEXT, _CLOUD_WATCH = "kms:EncryptionContext:aws:logs:arn", "logs.us-west-2.amazonaws.com"
_KEY: list[tuple[str, str, Context, bool]] = [
    *((_CLOUD_WATCH, f"kms:{action}", {_CONTEXT: _GROUP}, True) for action in ("Encrypt", "Decrypt")),
    (_CLOUD_WATCH, "kms:Encrypt", {_CONTEXT: f"{_GROUP}-2"}, False),
    (_CLOUD_WATCH, "kms:Encrypt", {_CONTEXT: _GROUP.replace("llama", "tax")}, False),
    (_CLOUD_WATCH, "kms:Encrypt", {}, False),
    (_CLOUD_WATCH, "kms:CreateGrant", {_CONTEXT: _GROUP, "kms:GrantIsForAWSResource": "true"}, False),
    ("logs.eu-west-1.amazonaws.com", "kms:Encrypt", {_CONTEXT: _GROUP}, False),
    (EXECUTION, "kms:Encrypt", {_CONTEXT: _GROUP}, False),
]


def _key(short_name: str, action: str, context: Context, state: AwsState) -> Request:
    principal = state.execution_role if short_name == EXECUTION else short_name
    return state.request(principal, action, state.key_arn, resource_policy=state.key_policy, context=context)


CASES = [
    *cases(by_identity_policies, [*_INVOKE, *_DATA, *_LOGS], scenario=_SCENARIO),
    *cases(partial(without_denials, by_identity_policies), _WITHOUT_DENIALS, ", without denials", scenario=_SCENARIO),
    *cases(
        partial(through_vpc_endpoint, "Runtime"),
        _THROUGH_RUNTIME_ENDPOINT,
        ", through the VPC endpoint of the runtime API",
        scenario=_SCENARIO,
    ),
    *cases(
        partial(through_vpc_endpoint, "S3"),
        _THROUGH_S3_ENDPOINT,
        ", through the VPC endpoint of S3",
        scenario=_SCENARIO,
    ),
    *cases(
        partial(within_boundary, by_identity_policies), [*_DATA, *_LOGS], ", within the boundary", scenario=_SCENARIO
    ),
    *cases(
        partial(within_boundary, as_administrator),
        _BOUNDED,
        ", as an administrator within the boundary",
        scenario=_SCENARIO,
    ),
    *cases(_key, _KEY, scenario=_SCENARIO),
]
