"""The execution role with an existing key for model data, and with an existing alarm that rolls back updates."""

from functools import partial

from protected_endpoints.policies import kms_key
from tests.attacks.aws_state import AwsState
from tests.attacks.cases.case import (
    EXECUTION,
    FOREIGN,
    INVOKER,
    MODELS_KEY,
    READER,
    Context,
    by_identity_policies,
    cases,
    everything,
    principal_of,
    with_default_key_policy,
    within_boundary,
    without_identity_policies,
)
from tests.attacks.simulator import Request

_MODEL_DATA, _BUCKET = "arn:aws:s3:::my-bucket/model.tar.gz", "arn:aws:s3:::my-bucket"
_CONTEXT = "kms:EncryptionContext:aws:s3:arn"
_THROUGH_S3 = {"kms:ViaService": "s3.us-west-2.amazonaws.com", "kms:CallerAccount": "111122223333"}
_FOR_MODEL_DATA = {**_THROUGH_S3, _CONTEXT: _MODEL_DATA}
_GRANT = {"kms:ViaService": "sagemaker.us-west-2.amazonaws.com", "kms:GrantIsForAWSResource": "true"}


def _with_one_difference(valid: Context) -> list[Context]:
    """Return the contexts that differ in one key from a context that is allowed."""
    return [
        *(
            {**valid, _CONTEXT: other}
            for other in (f"{_BUCKET}/other.tar.gz", f"{_MODEL_DATA}.old", f"{_BUCKET}-2", None)
        ),
        *(
            {**valid, "kms:ViaService": other}
            for other in ("s3.eu-west-1.amazonaws.com", "ec2.us-west-2.amazonaws.com")
        ),
        {**valid, "kms:ViaService": None},
    ]


_OTHER_CONTEXTS, _FOR_MODEL = (
    _with_one_difference(_FOR_MODEL_DATA),
    {**_THROUGH_S3, _CONTEXT: f"{_BUCKET}/models/a.tar.gz"},
)

_BY_ROLE: list[tuple[str, str, str, Context, bool]] = [
    (EXECUTION, "kms:Decrypt", MODELS_KEY, _FOR_MODEL_DATA, True),
    (EXECUTION, "kms:Decrypt", MODELS_KEY, {**_FOR_MODEL_DATA, _CONTEXT: _BUCKET}, True),  # with a bucket key
    *((EXECUTION, "kms:Decrypt", MODELS_KEY, context, False) for context in _OTHER_CONTEXTS),
    (EXECUTION, "kms:Decrypt", f"{MODELS_KEY}-2", _FOR_MODEL_DATA, False),
    (EXECUTION, "kms:GenerateDataKey", MODELS_KEY, _FOR_MODEL_DATA, False),
    (EXECUTION, "kms:Encrypt", MODELS_KEY, _FOR_MODEL_DATA, False),
    (EXECUTION, "kms:CreateGrant", MODELS_KEY, _GRANT, False),
    (EXECUTION, "kms:DescribeKey", MODELS_KEY, {}, False),
    (EXECUTION, "kms:Decrypt", "endpoint key", _FOR_MODEL_DATA, False),
    (INVOKER, "kms:Decrypt", MODELS_KEY, _FOR_MODEL_DATA, False),
    (READER, "kms:Decrypt", MODELS_KEY, _FOR_MODEL_DATA, False),
]
# Every object below a prefix, for a multi-model endpoint.
_PREFIX: list[tuple[str, str, str, Context, bool]] = [
    (EXECUTION, "kms:Decrypt", MODELS_KEY, _FOR_MODEL, True),
    (EXECUTION, "kms:Decrypt", MODELS_KEY, {**_THROUGH_S3, _CONTEXT: _BUCKET}, True),
    (EXECUTION, "kms:Decrypt", MODELS_KEY, {**_THROUGH_S3, _CONTEXT: f"{_BUCKET}/models-2/a.tar.gz"}, False),
    *((EXECUTION, "kms:Decrypt", MODELS_KEY, context, False) for context in _with_one_difference(_FOR_MODEL)),
    (EXECUTION, "kms:GenerateDataKey", MODELS_KEY, {**_THROUGH_S3, _CONTEXT: _BUCKET}, False),
    (EXECUTION, "kms:Decrypt", f"{MODELS_KEY}-2", {**_THROUGH_S3, _CONTEXT: _BUCKET}, False),
]
# The statements that `make key-policy` prints, as the only statements of the key policy.
_BY_PRINTED_POLICY: list[tuple[str, str, Context, bool]] = [
    (EXECUTION, "kms:Decrypt", _FOR_MODEL_DATA, True),
    (EXECUTION, "kms:Decrypt", {**_FOR_MODEL_DATA, _CONTEXT: _BUCKET}, True),
    (f"administrator {EXECUTION}", "kms:Decrypt", _FOR_MODEL_DATA, True),
    *((f"administrator {EXECUTION}", "kms:Decrypt", context, False) for context in _OTHER_CONTEXTS),
    (f"administrator {EXECUTION}", "kms:Decrypt", {**_FOR_MODEL_DATA, "kms:CallerAccount": FOREIGN}, False),
    (f"administrator {EXECUTION}", "kms:GenerateDataKey", _FOR_MODEL_DATA, False),
    ("administrator", "kms:Decrypt", _FOR_MODEL_DATA, False),
    ("foreign administrator", "kms:Decrypt", _FOR_MODEL_DATA, False),
]

_ALARM = "arn:aws:cloudwatch:us-west-2:111122223333:alarm:kmeans-5xx"
_ALARMS: list[tuple[str, str, str, Context, bool]] = [
    (EXECUTION, "cloudwatch:DescribeAlarms", _ALARM, {}, True),
    (EXECUTION, "cloudwatch:DescribeAlarms", f"{_ALARM}-2", {}, False),
    (EXECUTION, "cloudwatch:DescribeAlarms", _ALARM.replace("us-west-2", "eu-west-1"), {}, False),
    (EXECUTION, "cloudwatch:SetAlarmState", _ALARM, {}, False),
    (EXECUTION, "cloudwatch:DeleteAlarms", _ALARM, {}, False),
    (INVOKER, "cloudwatch:DescribeAlarms", _ALARM, {}, False),
]
# With a policy that allows everything, the boundary allows reading alarms only if the endpoint has some.
_WITH_ALARMS: list[tuple[str, str, bool]] = [
    ("cloudwatch:DescribeAlarms", f"{_ALARM}-2", True),
    ("cloudwatch:DescribeAlarms", _ALARM.replace("us-west-2", "eu-west-1"), False),
    ("cloudwatch:DescribeAlarms", _ALARM.replace("111122223333", FOREIGN), False),
    ("cloudwatch:SetAlarmState", _ALARM, False),
    ("cloudwatch:DeleteAlarms", _ALARM, False),
]
_WITHOUT_ALARMS = [("cloudwatch:DescribeAlarms", _ALARM, False)]


def _with_printed_policy(short_name: str, action: str, context: Context, state: AwsState) -> Request:
    principal, extra_policies = principal_of(state, short_name)
    statements = kms_key.existing_key_statements(state.deployment.names, state.deployment)[MODELS_KEY]
    policy = {"Version": "2012-10-17", "Statement": statements}
    return state.request(
        principal, action, MODELS_KEY, extra_policies=extra_policies, resource_policy=policy, context=context
    )


def _as_administrator(action: str, resource: str, state: AwsState) -> Request:
    return state.request(state.execution_role, action, resource, extra_policies=(everything(),))


_WITHIN_BOUNDARY, _AS_BOUNDED_ADMINISTRATOR = ", within the boundary", ", as an administrator within the boundary"
CASES = [
    *cases(with_default_key_policy, _BY_ROLE, ", with the default key policy", scenario="model-data-key"),
    *cases(
        partial(within_boundary, with_default_key_policy),
        _BY_ROLE[: 2 + len(_OTHER_CONTEXTS)],
        f", with the default key policy{_WITHIN_BOUNDARY}",
        scenario="model-data-key",
    ),
    *cases(with_default_key_policy, _PREFIX, ", with the default key policy", scenario="multi-model"),
    *cases(_with_printed_policy, _BY_PRINTED_POLICY, ", with the printed policy", scenario="model-data-key"),
    *cases(
        partial(without_identity_policies, _with_printed_policy),
        [(EXECUTION, "kms:Decrypt", _FOR_MODEL_DATA, False)],
        ", with the printed policy and without identity policies",
        scenario="model-data-key",
    ),
    *cases(by_identity_policies, _ALARMS, scenario="model-data-key"),
    *cases(partial(within_boundary, by_identity_policies), _ALARMS[:5], _WITHIN_BOUNDARY, scenario="model-data-key"),
    *cases(
        partial(within_boundary, _as_administrator), _WITH_ALARMS, _AS_BOUNDED_ADMINISTRATOR, scenario="model-data-key"
    ),
    *cases(
        partial(within_boundary, _as_administrator),
        _WITHOUT_ALARMS,
        _AS_BOUNDED_ADMINISTRATOR,
        scenario="inference-components",
    ),
]
