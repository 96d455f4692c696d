"""Who may use and administer the endpoint's key."""

from functools import partial

from tests.attacks.aws_state import AwsState
from tests.attacks.cases.case import (
    BUCKET,
    EXECUTION,
    FOREIGN,
    INVOKER,
    LOG_GROUP,
    READER,
    Case,
    Context,
    cases,
    document,
    principal_of,
    with_public_statement,
    within_boundary,
    without_identity_policies,
)
from tests.attacks.simulator import Request

_CONTEXT = "kms:EncryptionContext:aws:s3:arn"
_THROUGH_S3 = {"kms:ViaService": "s3.us-west-2.amazonaws.com", _CONTEXT: BUCKET}
_FOR_VOLUMES = {"kms:ViaService": "sagemaker.us-west-2.amazonaws.com", "kms:GrantIsForAWSResource": "true"}
_FOR_LOGS = {"kms:EncryptionContext:aws:logs:arn": LOG_GROUP}
_ANOTHER_SERVICE = "ec2.us-west-2.amazonaws.com"
_KEY: list[tuple[str, str, Context, bool]] = [
    (EXECUTION, "kms:GenerateDataKey", _THROUGH_S3, True),
    (EXECUTION, "kms:Decrypt", _THROUGH_S3, True),
    (EXECUTION, "kms:Decrypt", {**_THROUGH_S3, _CONTEXT: f"{BUCKET}/data-capture/a.jsonl"}, True),
    (EXECUTION, "kms:Decrypt", {**_THROUGH_S3, _CONTEXT: f"{BUCKET}/other/a.jsonl"}, False),
    (EXECUTION, "kms:Decrypt", {**_THROUGH_S3, _CONTEXT: "arn:aws:s3:::another-bucket"}, False),
    (EXECUTION, "kms:Decrypt", {**_THROUGH_S3, _CONTEXT: None}, False),
    (EXECUTION, "kms:Decrypt", {**_THROUGH_S3, "kms:ViaService": None}, False),
    (EXECUTION, "kms:Decrypt", {**_THROUGH_S3, "kms:ViaService": "s3.eu-west-1.amazonaws.com"}, False),
    (EXECUTION, "kms:Decrypt", {**_THROUGH_S3, "kms:ViaService": _ANOTHER_SERVICE}, False),
    (EXECUTION, "kms:Encrypt", _THROUGH_S3, False),
    (EXECUTION, "kms:CreateGrant", _FOR_VOLUMES, True),
    (EXECUTION, "kms:CreateGrant", {**_FOR_VOLUMES, "kms:GrantIsForAWSResource": "false"}, False),
    (EXECUTION, "kms:CreateGrant", {**_FOR_VOLUMES, "kms:ViaService": None}, False),
    (EXECUTION, "kms:CreateGrant", {**_FOR_VOLUMES, "kms:ViaService": _ANOTHER_SERVICE}, False),
    (EXECUTION, "kms:DescribeKey", {}, True),
    (EXECUTION, "kms:ScheduleKeyDeletion", {}, False),
    (EXECUTION, "kms:PutKeyPolicy", {}, False),
    (READER, "kms:Decrypt", _THROUGH_S3, True),
    (READER, "kms:Decrypt", {**_THROUGH_S3, "kms:ViaService": None}, False),
    (READER, "kms:GenerateDataKey", _THROUGH_S3, False),
    (READER, "kms:CreateGrant", _FOR_VOLUMES, False),
    (INVOKER, "kms:Decrypt", _THROUGH_S3, False),
    ("administrator", "kms:Decrypt", _THROUGH_S3, False),
    ("administrator", "kms:Decrypt", {}, False),
    ("administrator", "kms:Encrypt", {}, False),
    ("administrator", "kms:GenerateDataKey", _THROUGH_S3, False),
    ("administrator", "kms:ReEncryptFrom", {}, False),
    ("administrator", "kms:CreateGrant", {}, False),
    ("administrator", "kms:CreateGrant", {"kms:GrantIsForAWSResource": "false"}, False),
    ("administrator", "kms:CreateGrant", _FOR_VOLUMES, True),  # required for deployments
    ("administrator", "kms:DescribeKey", {}, True),
    ("administrator", "kms:PutKeyPolicy", {}, True),  # visible in a plan and in CloudTrail
    ("administrator", "kms:PutKeyPolicy", {"kms:BypassPolicyLockoutSafetyCheck": "true"}, False),
    ("administrator", "kms:ScheduleKeyDeletion", {}, True),
    ("foreign administrator", "kms:DescribeKey", {}, False),
    ("foreign administrator", "kms:Decrypt", _THROUGH_S3, False),
    ("foreign administrator", "kms:CreateGrant", _FOR_VOLUMES, False),
    ("logs.us-west-2.amazonaws.com", "kms:Encrypt", _FOR_LOGS, True),
    ("logs.us-west-2.amazonaws.com", "kms:Decrypt", _FOR_LOGS, True),
    ("logs.us-west-2.amazonaws.com", "kms:Encrypt", {}, False),
    ("logs.us-west-2.amazonaws.com", "kms:Encrypt", {"kms:EncryptionContext:aws:logs:arn": f"{LOG_GROUP}-2"}, False),
    ("logs.eu-west-1.amazonaws.com", "kms:Encrypt", _FOR_LOGS, False),
    ("s3.amazonaws.com", "kms:Decrypt", _THROUGH_S3, False),
]


def by_key_policies(short_name: str, action: str, context: Context, state: AwsState) -> Request:
    principal, extra_policies = principal_of(state, short_name)
    caller_account = {"kms:CallerAccount": principal.split(":")[4]} if ":role/" in principal else {}
    return state.request(
        principal,
        action,
        state.key_arn,
        extra_policies=extra_policies,
        resource_policy=state.key_policy,
        context={**caller_account, **context},
    )


# The key policy and the identity policy both have to allow a request: here one of them allows everything.
_KEY_POLICY_ONLY: list[tuple[str, str, Context, bool]] = [
    *(
        row
        for short_name in (f"administrator {EXECUTION}", f"administrator {READER}")
        for row in (
            (short_name, "kms:Decrypt", _THROUGH_S3, True),
            (short_name, "kms:Decrypt", {**_THROUGH_S3, "kms:ViaService": None}, False),
            (short_name, "kms:Decrypt", {**_THROUGH_S3, "kms:ViaService": _ANOTHER_SERVICE}, False),
            (short_name, "kms:Decrypt", {**_THROUGH_S3, _CONTEXT: "arn:aws:s3:::another-bucket"}, False),
            (short_name, "kms:Decrypt", {**_THROUGH_S3, "kms:CallerAccount": FOREIGN}, False),
            (short_name, "kms:Encrypt", _THROUGH_S3, False),
        )
    ),
    (f"administrator {READER}", "kms:GenerateDataKey", _THROUGH_S3, False),
    ("administrator", "kms:CreateGrant", {**_FOR_VOLUMES, "kms:GrantIsForAWSResource": None}, False),
    ("administrator", "kms:CreateGrant", {**_FOR_VOLUMES, "kms:ViaService": None}, False),
    ("administrator", "kms:CreateGrant", {**_FOR_VOLUMES, "kms:ViaService": _ANOTHER_SERVICE}, False),
    ("administrator", "kms:CreateGrant", {**_FOR_VOLUMES, "kms:CallerAccount": FOREIGN}, False),
    ("logs.us-west-2.amazonaws.com", "kms:CreateGrant", {**_FOR_LOGS, "kms:GrantIsForAWSResource": "true"}, False),
]
_ROLE_POLICY_ONLY: list[tuple[str, str, Context, bool]] = [
    *(
        row
        for short_name in (EXECUTION, READER)
        for row in (
            (short_name, "kms:Decrypt", _THROUGH_S3, True),
            (short_name, "kms:Decrypt", {**_THROUGH_S3, "kms:ViaService": None}, False),
            (short_name, "kms:Decrypt", {**_THROUGH_S3, "kms:ViaService": _ANOTHER_SERVICE}, False),
            (short_name, "kms:Decrypt", {**_THROUGH_S3, _CONTEXT: "arn:aws:s3:::another-bucket"}, False),
            (short_name, "kms:Encrypt", _THROUGH_S3, False),
        )
    ),
    (EXECUTION, "kms:CreateGrant", _FOR_VOLUMES, True),
    (EXECUTION, "kms:CreateGrant", {**_FOR_VOLUMES, "kms:GrantIsForAWSResource": None}, False),
    (EXECUTION, "kms:CreateGrant", {**_FOR_VOLUMES, "kms:ViaService": None}, False),
    (EXECUTION, "kms:CreateGrant", {**_FOR_VOLUMES, "kms:ViaService": _ANOTHER_SERVICE}, False),
    (EXECUTION, "kms:RevokeGrant", _FOR_VOLUMES, False),
]
_ANOTHER_KEY: list[tuple[str, str, Context, bool]] = [
    (EXECUTION, "kms:Decrypt", _THROUGH_S3, False),
    (EXECUTION, "kms:CreateGrant", _FOR_VOLUMES, False),
    (EXECUTION, "kms:DescribeKey", {}, False),
    (READER, "kms:Decrypt", _THROUGH_S3, False),
]


def _by_role_policy(short_name: str, action: str, context: Context, state: AwsState, key: str | None = None) -> Request:
    """Return a request for a key whose policy leaves the decision to IAM, as KMS creates it by default."""
    principal, extra_policies = principal_of(state, short_name)
    default = document(Principal={"AWS": state.arn("iam", "root", region="")}, Action="kms:*", Resource="*")
    return state.request(
        principal,
        action,
        key or state.key_arn,
        extra_policies=extra_policies,
        resource_policy=default,
        context=context,
    )


def _another_key(short_name: str, action: str, context: Context, state: AwsState) -> Request:
    return _by_role_policy(short_name, action, context, state, state.arn("kms", "key/another"))


# The Deny statements of the key policy still apply with an additional public statement.
_WITH_PUBLIC_STATEMENT: list[tuple[str, str, Context, bool]] = [
    ("administrator", "kms:CreateGrant", {"kms:GrantIsForAWSResource": "false"}, False),
    ("administrator", "kms:PutKeyPolicy", {"kms:BypassPolicyLockoutSafetyCheck": "true"}, False),
]

_WITHIN_BOUNDARY: list[tuple[str, str, Context, bool]] = [
    (f"administrator {EXECUTION}", "kms:Decrypt", _THROUGH_S3, True),
    (f"administrator {EXECUTION}", "kms:CreateGrant", _FOR_VOLUMES, True),
    (f"administrator {EXECUTION}", "kms:DescribeKey", {}, True),
    (f"administrator {EXECUTION}", "kms:Decrypt", {}, False),
    (f"administrator {EXECUTION}", "kms:Decrypt", {"kms:ViaService": _ANOTHER_SERVICE}, False),
    (f"administrator {EXECUTION}", "kms:Encrypt", _THROUGH_S3, False),
    (f"administrator {EXECUTION}", "kms:ScheduleKeyDeletion", {}, False),
]


def _in_another_region(short_name: str, action: str, context: Context, state: AwsState) -> Request:
    return _by_role_policy(short_name, action, context, state, state.arn("kms", "key/any", region="eu-west-1"))


def cases_in(scenario: str) -> list[Case]:
    """Return the cases of a scenario with the policies of the plain one."""
    return [
        *cases(partial(within_boundary, _by_role_policy), _WITHIN_BOUNDARY, ", within the boundary", scenario=scenario),
        *cases(
            partial(within_boundary, _in_another_region),
            [
                (f"administrator {EXECUTION}", "kms:Decrypt", _THROUGH_S3, False),
                (f"administrator {EXECUTION}", "kms:DescribeKey", {}, False),
            ],
            ", another region, within the boundary",
            scenario=scenario,
        ),
        *cases(by_key_policies, _KEY, scenario=scenario),
        *cases(by_key_policies, _KEY_POLICY_ONLY, ", identity policy allows everything", scenario=scenario),
        *cases(
            partial(without_identity_policies, by_key_policies),
            [(EXECUTION, "kms:Decrypt", _THROUGH_S3, False), (READER, "kms:Decrypt", _THROUGH_S3, False)],
            ", without identity policies",
            scenario=scenario,
        ),
        *cases(_by_role_policy, _ROLE_POLICY_ONLY, ", with the default key policy", scenario=scenario),
        *cases(_another_key, _ANOTHER_KEY, ", another key", scenario=scenario),
        *cases(
            partial(with_public_statement, by_key_policies),
            _WITH_PUBLIC_STATEMENT,
            ", with a public statement",
            scenario=scenario,
        ),
    ]


CASES = cases_in("plain")
