"""Model data of another account, of JumpStart, and in the root of a bucket."""

from functools import partial

from protected_endpoints.policies.model_data_buckets import model_data_bucket_statements
from tests.attacks.aws_state import AwsState
from tests.attacks.cases.case import (
    AS_BOUNDED_ADMINISTRATOR,
    EXECUTION,
    FOREIGN,
    PARTNER,
    READER,
    Context,
    as_administrator,
    by_identity_policies,
    cases,
    principal_of,
    with_default_key_policy,
    within_boundary,
    without_identity_policies,
)
from tests.attacks.cases.key import by_key_policies
from tests.attacks.cases.network import through_vpc_endpoint
from tests.attacks.simulator import Request

Rows = list[tuple[str, str, str, Context, bool]]
BoundaryRows = list[tuple[str, str, Context, bool]]

_THEIRS, _OURS, _ANOTHER = ({"aws:ResourceAccount": account} for account in (FOREIGN, "111122223333", PARTNER))
_PARTNER_BUCKET, _JUMPSTART = "arn:aws:s3:::partner-models", "arn:aws:s3:::jumpstart-cache-prod-us-west-2"
_ANOTHER_KEY = "arn:aws:kms:us-west-2:111122223333:key/another"
_MY_BUCKET, _CAPTURES = "arn:aws:s3:::my-bucket", "arn:aws:s3:::my-captures"


def _reads(bucket: str, prefix: str, owner: Context, others: list[Context]) -> Rows:
    """Return requests of the execution role for the model data below a prefix, whoever owns the bucket."""
    listed = {"s3:prefix": f"{prefix}/"}
    return [
        (EXECUTION, "s3:GetObject", f"{bucket}/{prefix}/model.bin", owner, True),
        (EXECUTION, "s3:ListBucket", bucket, {**owner, **listed}, True),
        *((EXECUTION, "s3:GetObject", f"{bucket}/{prefix}/model.bin", other, False) for other in others),
        *((EXECUTION, "s3:ListBucket", bucket, {**other, **listed}, False) for other in others),
        (EXECUTION, "s3:GetObject", f"{bucket}/{prefix}-2/model.bin", owner, False),
        (EXECUTION, "s3:GetObject", f"{bucket}-2/{prefix}/model.bin", owner, False),
        (EXECUTION, "s3:ListBucket", bucket, {**owner, "s3:prefix": "other/"}, False),
        (EXECUTION, "s3:ListBucket", f"{bucket}-2", {**owner, **listed}, False),
        (EXECUTION, "s3:ListBucket", bucket, owner, False),
        (EXECUTION, "s3:PutObject", f"{bucket}/{prefix}/model.bin", owner, False),
        (EXECUTION, "s3:DeleteObject", f"{bucket}/{prefix}/model.bin", owner, False),
        (EXECUTION, "s3:ListBucketVersions", bucket, {**owner, **listed}, False),
    ]


# The account condition names the other account, so that a bucket of the same name of this account is another bucket.
_OTHER_ACCOUNT = _reads(_PARTNER_BUCKET, "7", _THEIRS, [_OURS, _ANOTHER])
_OTHER_ACCOUNT_BOUNDARY: BoundaryRows = [
    *(("s3:GetObject", f"{_PARTNER_BUCKET}/8/model.bin", owner, True) for owner in (_THEIRS, _OURS)),
    *(("s3:ListBucket", _PARTNER_BUCKET, owner, True) for owner in (_THEIRS, _OURS)),
    ("s3:GetObject", f"{_PARTNER_BUCKET}/7/model.bin", _ANOTHER, False),
    ("s3:ListBucket", _PARTNER_BUCKET, _ANOTHER, False),
    ("s3:PutObject", f"{_PARTNER_BUCKET}/7/model.bin", _THEIRS, False),
    ("s3:GetBucketPolicy", _PARTNER_BUCKET, _THEIRS, False),
    ("s3:GetObjectAcl", f"{_PARTNER_BUCKET}/7/model.bin", _THEIRS, False),
]
# The account of JumpStart is unknown: the name of the bucket is the only condition.
_OF_JUMPSTART = _reads(_JUMPSTART, "llama", _ANOTHER, [])
_JUMPSTART_BOUNDARY: BoundaryRows = [
    ("s3:GetObject", f"{_JUMPSTART}/mistral/model.bin", _ANOTHER, True),
    ("s3:ListBucket", _JUMPSTART, _ANOTHER, True),
    ("s3:GetObject", f"{_JUMPSTART}-2/llama/model.bin", _ANOTHER, False),
    ("s3:GetObject", "arn:aws:s3:::jumpstart-cache-prod-us-east-1/llama/model.bin", _ANOTHER, False),
    ("s3:ListBucket", f"{_JUMPSTART}-2", _ANOTHER, False),
    ("s3:PutObject", f"{_JUMPSTART}/llama/model.bin", _ANOTHER, False),
    ("s3:GetObjectAcl", f"{_JUMPSTART}/llama/model.bin", _ANOTHER, False),
    ("s3:GetBucketPolicy", _JUMPSTART, _ANOTHER, False),
]
_ROOT: Rows = [
    (EXECUTION, "s3:GetObject", f"{_MY_BUCKET}/a.tar.gz", {}, True),
    (EXECUTION, "s3:GetObject", f"{_MY_BUCKET}/tenant/a.tar.gz", {}, True),
    (EXECUTION, "s3:GetObject", f"{_MY_BUCKET}/a.tar.gz", _THEIRS, False),
    (EXECUTION, "s3:GetObject", f"{_MY_BUCKET}-2/a.tar.gz", {}, False),
    *((EXECUTION, "s3:ListBucket", _MY_BUCKET, context, True) for context in ({}, {"s3:prefix": "tenant/"})),
    (EXECUTION, "s3:ListBucket", _MY_BUCKET, _THEIRS, False),
    (EXECUTION, "s3:ListBucket", f"{_MY_BUCKET}-2", {}, False),
    (EXECUTION, "s3:ListBucketVersions", _MY_BUCKET, {}, False),
    (EXECUTION, "s3:PutObject", f"{_MY_BUCKET}/a.tar.gz", {}, False),
    (EXECUTION, "s3:DeleteObject", f"{_MY_BUCKET}/a.tar.gz", {}, False),
    (EXECUTION, "s3:PutObject", f"{_CAPTURES}/a.jsonl", {}, True),
    (EXECUTION, "s3:PutObject", f"{_CAPTURES}/a.jsonl", _THEIRS, False),
    (EXECUTION, "s3:PutObject", f"{_CAPTURES}-2/a.jsonl", {}, False),
    (EXECUTION, "s3:GetObject", f"{_CAPTURES}/a.jsonl", {}, False),
]
_READS_ROOT: Rows = [
    (READER, "s3:GetObject", f"{_CAPTURES}/a.jsonl", {}, True),
    (READER, "s3:GetObjectVersion", f"{_CAPTURES}/a.jsonl", {}, True),
    (READER, "s3:GetObject", f"{_CAPTURES}/a.jsonl", _THEIRS, False),
    (READER, "s3:GetObject", f"{_CAPTURES}/a.jsonl", {"aws:SecureTransport": "false"}, False),
    (READER, "s3:GetObject", f"{_CAPTURES}/a.jsonl", {"aws:SecureTransport": None}, False),
    (READER, "s3:GetObject", f"{_CAPTURES}-2/a.jsonl", {}, False),
    (READER, "s3:GetObjectAcl", f"{_CAPTURES}/a.jsonl", {}, False),
    *((READER, "s3:ListBucket", _CAPTURES, context, True) for context in ({}, {"s3:prefix": "a/"})),
    (READER, "s3:ListBucket", _CAPTURES, _THEIRS, False),
    (READER, "s3:ListBucket", f"{_CAPTURES}-2", {}, False),
    (READER, "s3:ListBucketVersions", _CAPTURES, {}, False),
    (READER, "s3:PutObject", f"{_CAPTURES}/a.jsonl", {}, False),
    (READER, "s3:GetObject", f"{_MY_BUCKET}/a.tar.gz", {}, False),
]

_THROUGH_S3 = {
    "kms:ViaService": "s3.us-west-2.amazonaws.com",
    "kms:CallerAccount": "111122223333",
    "kms:EncryptionContext:aws:s3:arn": f"{_CAPTURES}/a.jsonl",
}
_OTHER_USES: list[Context] = [
    {**_THROUGH_S3, "kms:ViaService": None},
    {**_THROUGH_S3, "kms:ViaService": "ec2.us-west-2.amazonaws.com"},
    {**_THROUGH_S3, "kms:EncryptionContext:aws:s3:arn": f"{_CAPTURES}-2/a.jsonl"},
]
_DECRYPT_ROOT: list[tuple[str, str, Context, bool]] = [
    row
    for role in (EXECUTION, READER)
    for row in (
        (role, "kms:Decrypt", _THROUGH_S3, True),
        *((role, "kms:Decrypt", context, False) for context in _OTHER_USES),
        (role, "kms:Encrypt", _THROUGH_S3, False),
    )
]
_BY_KEY_POLICY: list[tuple[str, str, Context, bool]] = [
    *((f"administrator {role}", action, context, answer) for role, action, context, answer in _DECRYPT_ROOT),
    *(
        (f"administrator {role}", "kms:Decrypt", {**_THROUGH_S3, "kms:CallerAccount": FOREIGN}, False)
        for role in (EXECUTION, READER)
    ),
    (f"administrator {READER}", "kms:GenerateDataKey", _THROUGH_S3, False),
    ("administrator", "kms:Decrypt", _THROUGH_S3, False),
]
_BY_ROLE_POLICY = [
    *((role, action, "endpoint key", context, answer) for role, action, context, answer in _DECRYPT_ROOT),
    *((role, "kms:Decrypt", _ANOTHER_KEY, _THROUGH_S3, False) for role in (EXECUTION, READER)),
]


def _through_s3(rows: Rows) -> Rows:
    """Return the requests of roles with a policy that allows everything, which only the VPC endpoint's policy denies.

    No other role passes the VPC endpoint.
    """
    by_role = [(f"administrator {role}", action, arn, context, answer) for role, action, arn, context, answer in rows]
    by_another = [("administrator", action, arn, context, False) for _, action, arn, context, answer in rows if answer]
    return by_role + by_another


# The statements that `policy bucket` prints, as the only statements of the other account's bucket policy.
_BY_PRINTED_POLICY: list[tuple[str, str, str, Context, bool]] = [
    (EXECUTION, "s3:GetObject", f"{_PARTNER_BUCKET}/7/model.bin", {}, True),
    (EXECUTION, "s3:ListBucket", _PARTNER_BUCKET, {"s3:prefix": "7/"}, True),
    *(
        (f"administrator {EXECUTION}", action, resource, context, False)
        for action, resource, context in (
            ("s3:GetObject", f"{_PARTNER_BUCKET}/7-2/model.bin", {}),
            ("s3:GetObject", f"{_PARTNER_BUCKET}-2/7/model.bin", {}),
            ("s3:PutObject", f"{_PARTNER_BUCKET}/7/model.bin", {}),
            ("s3:ListBucket", _PARTNER_BUCKET, {"s3:prefix": "8/"}),
            ("s3:ListBucket", _PARTNER_BUCKET, {}),
            ("s3:ListBucketVersions", _PARTNER_BUCKET, {"s3:prefix": "7/"}),
        )
    ),
    ("administrator", "s3:GetObject", f"{_PARTNER_BUCKET}/7/model.bin", {}, False),
    ("administrator", "s3:ListBucket", _PARTNER_BUCKET, {"s3:prefix": "7/"}, False),
]


def _by_printed_policy(short_name: str, action: str, resource: str, context: Context, state: AwsState) -> Request:
    """Return a request for the other account's bucket, which has the policy that `policy bucket` prints."""
    principal, extra_policies = principal_of(state, short_name)
    (statements,) = model_data_bucket_statements(state.deployment).values()
    return state.request(
        principal,
        action,
        resource,
        account=FOREIGN,
        extra_policies=extra_policies,
        resource_policy={"Version": "2012-10-17", "Statement": statements},
        context=context,
    )


CASES = [
    case
    for scenario, rows, boundary in (
        ("other-account", _OTHER_ACCOUNT, _OTHER_ACCOUNT_BOUNDARY),
        ("jumpstart", _OF_JUMPSTART, _JUMPSTART_BOUNDARY),
        ("bucket-root", _ROOT, []),
    )
    for case in (
        *cases(by_identity_policies, rows, scenario=scenario),
        *cases(partial(within_boundary, by_identity_policies), rows, ", within the boundary", scenario=scenario),
        *cases(partial(within_boundary, as_administrator), boundary, AS_BOUNDED_ADMINISTRATOR, scenario=scenario),
        *cases(
            partial(through_vpc_endpoint, "S3"),
            _through_s3(rows),
            ", through the VPC endpoint of S3",
            scenario=scenario,
        ),
    )
] + [
    *cases(_by_printed_policy, _BY_PRINTED_POLICY, ", with the printed bucket policy", scenario="other-account"),
    *cases(by_identity_policies, _READS_ROOT, scenario="bucket-root"),
    *cases(by_key_policies, _BY_KEY_POLICY, ", with the key policy", scenario="bucket-root"),
    *cases(with_default_key_policy, _BY_ROLE_POLICY, ", with the default key policy", scenario="bucket-root"),
    *cases(
        partial(without_identity_policies, by_key_policies),
        [(role, "kms:Decrypt", _THROUGH_S3, False) for role in (EXECUTION, READER)],
        ", without identity policies",
        scenario="bucket-root",
    ),
]
