"""Who administers a key and creates grants for SageMaker, with configured key administrators and deployers."""

from functools import partial

from tests.attacks.aws_state import AwsState
from tests.attacks.cases.case import (
    EXECUTION,
    FOREIGN,
    INVOKER,
    READER,
    Context,
    cases,
    everything,
    principal_of,
    without_identity_policies,
)
from tests.attacks.simulator import Request

_THROUGH_S3 = {
    "kms:ViaService": "s3.us-west-2.amazonaws.com",
    "kms:EncryptionContext:aws:s3:arn": "arn:aws:s3:::acme-dev-kmeans-capture-de91fccc",
}
_FOR_VOLUMES = {"kms:ViaService": "sagemaker.us-west-2.amazonaws.com", "kms:GrantIsForAWSResource": "true"}
_ADMIN, _DEPLOYER = "role/key-admin", "role/deployer"
# Every principal has a policy that allows everything, so only the key policy denies.
_KEY: list[tuple[str, str, Context, bool]] = [
    *(
        (short_name, action, {}, True)
        for short_name in (_ADMIN, _DEPLOYER)
        for action in ("kms:PutKeyPolicy", "kms:ScheduleKeyDeletion", "kms:DisableKey", "kms:DescribeKey")
    ),
    *(
        (short_name, "kms:Decrypt", context, False)
        for short_name in (_ADMIN, _DEPLOYER)
        for context in ({}, _THROUGH_S3)
    ),
    *((short_name, "kms:GenerateDataKey", _THROUGH_S3, False) for short_name in (_ADMIN, _DEPLOYER)),
    (_ADMIN, "kms:CreateGrant", _FOR_VOLUMES, False),
    (_DEPLOYER, "kms:CreateGrant", _FOR_VOLUMES, True),
    (_DEPLOYER, "kms:CreateGrant", {**_FOR_VOLUMES, "kms:GrantIsForAWSResource": "false"}, False),
    (_DEPLOYER, "kms:CreateGrant", {**_FOR_VOLUMES, "kms:GrantIsForAWSResource": None}, False),
    (_DEPLOYER, "kms:CreateGrant", {**_FOR_VOLUMES, "kms:ViaService": None}, False),
    (_DEPLOYER, "kms:CreateGrant", {**_FOR_VOLUMES, "kms:ViaService": "ec2.us-west-2.amazonaws.com"}, False),
    (_DEPLOYER, "kms:CreateGrant", {**_FOR_VOLUMES, "kms:CallerAccount": FOREIGN}, False),
    (_DEPLOYER, "kms:PutKeyPolicy", {"kms:BypassPolicyLockoutSafetyCheck": "true"}, False),
    (EXECUTION, "kms:CreateGrant", _FOR_VOLUMES, True),
    (EXECUTION, "kms:RevokeGrant", _FOR_VOLUMES, False),
    (EXECUTION, "kms:PutKeyPolicy", {}, False),
    ("role/administrator", "kms:DescribeKey", {}, True),
    ("role/administrator", "kms:GetKeyPolicy", {}, True),
    ("role/administrator", "kms:PutKeyPolicy", {}, False),
    ("role/administrator", "kms:ScheduleKeyDeletion", {}, False),
    ("role/administrator", "kms:DisableKey", {}, False),
    ("role/administrator", "kms:TagResource", {}, False),
    ("role/administrator", "kms:CreateGrant", _FOR_VOLUMES, False),
    ("role/administrator", "kms:Decrypt", {}, False),
    (READER, "kms:PutKeyPolicy", {}, False),
    (READER, "kms:Decrypt", _THROUGH_S3, True),
    (INVOKER, "kms:PutKeyPolicy", {}, False),
    ("foreign/key-admin", "kms:PutKeyPolicy", {}, False),
    ("foreign/key-admin", "kms:DescribeKey", {}, False),
    ("foreign/deployer", "kms:CreateGrant", _FOR_VOLUMES, False),
    ("cloudformation.amazonaws.com", "kms:PutKeyPolicy", {}, False),
    ("cloudformation.amazonaws.com", "kms:DescribeKey", {}, False),
]


def _key(short_name: str, action: str, context: Context, state: AwsState) -> Request:
    principal, _ = principal_of(state, short_name)
    caller_account = {"kms:CallerAccount": principal.split(":")[4]} if ":role/" in principal else {}
    return state.request(
        principal,
        action,
        state.key_arn,
        extra_policies=(everything(),),
        resource_policy=state.key_policy,
        context={**caller_account, **context},
    )


_WITHOUT_IDENTITY_POLICIES: list[tuple[str, str, Context, bool]] = [
    (_ADMIN, "kms:PutKeyPolicy", {}, False),
    (_DEPLOYER, "kms:CreateGrant", _FOR_VOLUMES, False),
]

CASES = [
    *cases(_key, _KEY, ", as an administrator", scenario="key-admins"),
    *cases(
        partial(without_identity_policies, _key),
        _WITHOUT_IDENTITY_POLICIES,
        ", without identity policies",
        scenario="key-admins",
    ),
]
