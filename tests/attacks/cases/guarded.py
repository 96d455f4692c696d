"""What the execution role may do where model data is under a key of somebody's, and where alarms guard updates."""

from functools import partial

from protected_endpoints.policies import kms_key
from tests.attacks.aws_state import World
from tests.attacks.cases.case import (
    CALLER,
    EXECUTION,
    FOREIGN,
    MODELS_KEY,
    READER,
    Context,
    bounded,
    by_identity,
    everything,
    key_left_to_iam,
    named,
    principal_of,
    unaided,
)
from tests.attacks.simulator import Request

_ARTEFACT, _BUCKET = "arn:aws:s3:::my-bucket/model.tar.gz", "arn:aws:s3:::my-bucket"
_CONTEXT = "kms:EncryptionContext:aws:s3:arn"
_THROUGH_S3 = {"kms:ViaService": "s3.us-west-2.amazonaws.com", "kms:CallerAccount": "111122223333"}
_FOR_ARTEFACT = {**_THROUGH_S3, _CONTEXT: _ARTEFACT}
_GRANT = {"kms:ViaService": "sagemaker.us-west-2.amazonaws.com", "kms:GrantIsForAWSResource": "true"}


def _astray(right: Context) -> list[Context]:
    """Return what differs in one thing from a context that is let through."""
    return [
        *(
            {**right, _CONTEXT: other}
            for other in (f"{_BUCKET}/other.tar.gz", f"{_ARTEFACT}.old", f"{_BUCKET}-2", None)
        ),
        *(
            {**right, "kms:ViaService": other}
            for other in ("s3.eu-west-1.amazonaws.com", "ec2.us-west-2.amazonaws.com")
        ),
        {**right, "kms:ViaService": None},
    ]


_ASTRAY, _FOR_MODEL = _astray(_FOR_ARTEFACT), {**_THROUGH_S3, _CONTEXT: f"{_BUCKET}/models/a.tar.gz"}

_BY_ROLE: list[tuple[str, str, str, Context, bool]] = [
    (EXECUTION, "kms:Decrypt", MODELS_KEY, _FOR_ARTEFACT, True),
    (EXECUTION, "kms:Decrypt", MODELS_KEY, {**_FOR_ARTEFACT, _CONTEXT: _BUCKET}, True),  # with a bucket key
    *((EXECUTION, "kms:Decrypt", MODELS_KEY, context, False) for context in _ASTRAY),
    (EXECUTION, "kms:Decrypt", f"{MODELS_KEY}-2", _FOR_ARTEFACT, False),
    (EXECUTION, "kms:GenerateDataKey", MODELS_KEY, _FOR_ARTEFACT, False),
    (EXECUTION, "kms:Encrypt", MODELS_KEY, _FOR_ARTEFACT, False),
    (EXECUTION, "kms:CreateGrant", MODELS_KEY, _GRANT, False),
    (EXECUTION, "kms:DescribeKey", MODELS_KEY, {}, False),
    (EXECUTION, "kms:Decrypt", "ours", _FOR_ARTEFACT, False),
    (CALLER, "kms:Decrypt", MODELS_KEY, _FOR_ARTEFACT, False),
    (READER, "kms:Decrypt", MODELS_KEY, _FOR_ARTEFACT, False),
]
# All below a prefix, for many models.
_OF_A_PREFIX: list[tuple[str, str, str, Context, bool]] = [
    (EXECUTION, "kms:Decrypt", MODELS_KEY, _FOR_MODEL, True),
    (EXECUTION, "kms:Decrypt", MODELS_KEY, {**_THROUGH_S3, _CONTEXT: _BUCKET}, True),
    (EXECUTION, "kms:Decrypt", MODELS_KEY, {**_THROUGH_S3, _CONTEXT: f"{_BUCKET}/models-2/a.tar.gz"}, False),
    *((EXECUTION, "kms:Decrypt", MODELS_KEY, context, False) for context in _astray(_FOR_MODEL)),
    (EXECUTION, "kms:GenerateDataKey", MODELS_KEY, {**_THROUGH_S3, _CONTEXT: _BUCKET}, False),
    (EXECUTION, "kms:Decrypt", f"{MODELS_KEY}-2", {**_THROUGH_S3, _CONTEXT: _BUCKET}, False),
]
# What `make key-policy` prints, as the whole policy of the key.
_BY_PRINTED: list[tuple[str, str, Context, bool]] = [
    (EXECUTION, "kms:Decrypt", _FOR_ARTEFACT, True),
    (EXECUTION, "kms:Decrypt", {**_FOR_ARTEFACT, _CONTEXT: _BUCKET}, True),
    (f"administrator {EXECUTION}", "kms:Decrypt", _FOR_ARTEFACT, True),
    *((f"administrator {EXECUTION}", "kms:Decrypt", context, False) for context in _ASTRAY),
    (f"administrator {EXECUTION}", "kms:Decrypt", {**_FOR_ARTEFACT, "kms:CallerAccount": FOREIGN}, False),
    (f"administrator {EXECUTION}", "kms:GenerateDataKey", _FOR_ARTEFACT, False),
    ("administrator", "kms:Decrypt", _FOR_ARTEFACT, False),
    ("foreign administrator", "kms:Decrypt", _FOR_ARTEFACT, False),
]

_ALARM = "arn:aws:cloudwatch:us-west-2:111122223333:alarm:kmeans-5xx"
_ALARMS: list[tuple[str, str, str, Context, bool]] = [
    (EXECUTION, "cloudwatch:DescribeAlarms", _ALARM, {}, True),
    (EXECUTION, "cloudwatch:DescribeAlarms", f"{_ALARM}-2", {}, False),
    (EXECUTION, "cloudwatch:DescribeAlarms", _ALARM.replace("us-west-2", "eu-west-1"), {}, False),
    (EXECUTION, "cloudwatch:SetAlarmState", _ALARM, {}, False),
    (EXECUTION, "cloudwatch:DeleteAlarms", _ALARM, {}, False),
    (CALLER, "cloudwatch:DescribeAlarms", _ALARM, {}, False),
]
# Somebody gives the role everything; its boundary lets it look at alarms where some guard its endpoint.
_WITH_ALARMS: list[tuple[str, str, bool]] = [
    ("cloudwatch:DescribeAlarms", f"{_ALARM}-2", True),
    ("cloudwatch:DescribeAlarms", _ALARM.replace("us-west-2", "eu-west-1"), False),
    ("cloudwatch:DescribeAlarms", _ALARM.replace("111122223333", FOREIGN), False),
    ("cloudwatch:SetAlarmState", _ALARM, False),
    ("cloudwatch:DeleteAlarms", _ALARM, False),
]
_WITHOUT_ALARMS = [("cloudwatch:DescribeAlarms", _ALARM, False)]


def _printed(who: str, action: str, context: Context, world: World) -> Request:
    principal, also = principal_of(world, who)
    statements = kms_key.existing_key_statements(world.deployment.names, world.deployment)[MODELS_KEY]
    policy = {"Version": "2012-10-17", "Statement": statements}
    return world.request(principal, action, MODELS_KEY, also=also, resource_policy=policy, context=context)


def _given_everything(action: str, resource: str, world: World) -> Request:
    return world.request(world.execution_role, action, resource, also=(everything(),))


_WITHIN, _BOUNDED = ", within the boundary", ", with everything and the boundary"
CASES = [
    *named(key_left_to_iam, _BY_ROLE, ", a key left to IAM", world="guarded"),
    *named(
        partial(bounded, key_left_to_iam),
        _BY_ROLE[: 2 + len(_ASTRAY)],
        f", a key left to IAM{_WITHIN}",
        world="guarded",
    ),
    *named(key_left_to_iam, _OF_A_PREFIX, ", a key left to IAM", world="multi-model"),
    *named(_printed, _BY_PRINTED, ", by the printed policy", world="guarded"),
    *named(
        partial(unaided, _printed),
        [(EXECUTION, "kms:Decrypt", _FOR_ARTEFACT, False)],
        ", by the printed policy without a permission of its own",
        world="guarded",
    ),
    *named(by_identity, _ALARMS, world="guarded"),
    *named(partial(bounded, by_identity), _ALARMS[:5], _WITHIN, world="guarded"),
    *named(partial(bounded, _given_everything), _WITH_ALARMS, _BOUNDED, world="guarded"),
    *named(partial(bounded, _given_everything), _WITHOUT_ALARMS, _BOUNDED),
]
