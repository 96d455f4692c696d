"""Who may write and read captured data."""

from functools import partial

from tests.attacks.aws_state import AwsState
from tests.attacks.cases.case import (
    BUCKET,
    EXECUTION,
    FOREIGN,
    INVOKER,
    NO_TLS,
    READER,
    Case,
    Context,
    by_identity_policies,
    cases,
    principal_of,
    with_public_statement,
)
from tests.attacks.simulator import Request

_HEADER = "s3:x-amz-server-side-encryption"
_KEY_HEADER, _CUSTOMER_HEADER = f"{_HEADER}-aws-kms-key-id", f"{_HEADER}-customer-algorithm"
_OBJECT: list[tuple[str, str, str, Context, bool]] = [
    (EXECUTION, "s3:PutObject", "data-capture/a.jsonl", {}, True),
    (EXECUTION, "s3:PutObject", "other/a.jsonl", {}, False),
    (EXECUTION, "s3:PutObject", "data-capture/a.jsonl", {"aws:SecureTransport": "false"}, False),
    (EXECUTION, "s3:PutObject", "data-capture/a.jsonl", {"s3:TlsVersion": "1.1"}, False),
    (EXECUTION, "s3:PutObject", "data-capture/a.jsonl", {_HEADER: "aws:kms"}, True),
    (EXECUTION, "s3:PutObject", "data-capture/a.jsonl", {_HEADER: "AES256"}, False),
    (EXECUTION, "s3:PutObject", "data-capture/a.jsonl", {_KEY_HEADER: "the key"}, True),
    (EXECUTION, "s3:PutObject", "data-capture/a.jsonl", {_KEY_HEADER: "another key"}, False),
    (EXECUTION, "s3:PutObject", "data-capture/a.jsonl", {_CUSTOMER_HEADER: "AES256"}, False),
    (EXECUTION, "s3:GetObject", "data-capture/a.jsonl", {}, False),
    (EXECUTION, "s3:DeleteObject", "data-capture/a.jsonl", {}, False),
    (READER, "s3:GetObject", "data-capture/a.jsonl", {}, True),
    (READER, "s3:GetObjectVersion", "data-capture/a.jsonl", {}, True),
    (READER, "s3:GetObject", "other/a.jsonl", {}, False),
    (READER, "s3:GetObject", "data-capture/a.jsonl", {"aws:SecureTransport": "false"}, False),
    (READER, "s3:GetObject", "data-capture/a.jsonl", {"s3:TlsVersion": "1.1"}, False),
    (READER, "s3:PutObject", "data-capture/a.jsonl", {}, False),
    (READER, "s3:DeleteObject", "data-capture/a.jsonl", {}, False),
    (INVOKER, "s3:GetObject", "data-capture/a.jsonl", {}, False),
    ("administrator", "s3:GetObject", "data-capture/a.jsonl", {}, False),
    ("administrator", "s3:GetObjectVersion", "data-capture/a.jsonl", {}, False),
    ("administrator", "s3:PutObject", "data-capture/a.jsonl", {}, False),
    ("administrator", "s3:DeleteObject", "data-capture/a.jsonl", {}, True),  # and is seen in CloudTrail
    ("administrator", "s3:DeleteObject", "data-capture/a.jsonl", {"aws:SecureTransport": "false"}, False),
    ("foreign administrator", "s3:GetObject", "data-capture/a.jsonl", {}, False),
    ("foreign administrator", "s3:PutObject", "data-capture/a.jsonl", {}, False),
    ("foreign administrator", "s3:DeleteObject", "data-capture/a.jsonl", {}, False),
]


def _object(short_name: str, action: str, key: str, context: Context, state: AwsState) -> Request:
    principal, extra_policies = principal_of(state, short_name)
    keys = {"the key": state.key_arn, "another key": state.arn("kms", "key/another")}
    return state.request(
        principal,
        action,
        f"{state.deployment.names.bucket_arn(state.deployment.names.capture_bucket)}/{key}",
        extra_policies=extra_policies,
        resource_policy=state.bucket_policy,
        context={name: keys.get(value, value) for name, value in context.items()},
    )


def _bucket(short_name: str, action: str, context: Context, state: AwsState) -> Request:
    principal, extra_policies = principal_of(state, short_name)
    return state.request(
        principal, action, BUCKET, extra_policies=extra_policies, resource_policy=state.bucket_policy, context=context
    )


_BUCKET_ACTIONS: list[tuple[str, str, Context, bool]] = [
    ("administrator", "s3:ListBucket", {}, True),
    ("administrator", "s3:ListBucket", NO_TLS, False),
    ("administrator", "s3:ListBucket", {"s3:TlsVersion": "1.1"}, False),
    ("administrator", "s3:PutBucketPolicy", NO_TLS, False),
    ("foreign administrator", "s3:ListBucket", {}, False),
]
_WITH_PUBLIC_STATEMENT: list[tuple[str, str, str, Context, bool]] = [
    ("foreign administrator", "s3:DeleteObject", "data-capture/a.jsonl", {}, False),
    ("foreign administrator", "s3:GetObjectTagging", "data-capture/a.jsonl", {}, False),
    ("administrator", "s3:GetObject", "data-capture/a.jsonl", {}, False),
    ("administrator", "s3:PutObject", "data-capture/a.jsonl", {}, False),
    ("inventory.s3.amazonaws.com", "s3:GetObjectTagging", "data-capture/a.jsonl", {}, True),
]
# Without the policy of the bucket, as for an existing bucket.
_LISTING: list[tuple[str, str, str, Context, bool]] = [
    (READER, "s3:ListBucket", BUCKET, {"s3:prefix": "data-capture/AllTraffic/"}, True),
    (READER, "s3:ListBucket", BUCKET, {}, False),
    (READER, "s3:ListBucket", BUCKET, {"s3:prefix": "data-capture/a", "aws:ResourceAccount": FOREIGN}, False),
    (READER, "s3:GetObject", f"{BUCKET}/data-capture/a.jsonl", {"aws:ResourceAccount": FOREIGN}, False),
    (READER, "s3:ListBucket", BUCKET, {"s3:prefix": "other/"}, False),
    (READER, "s3:ListBucket", "arn:aws:s3:::another-bucket", {"s3:prefix": "data-capture/"}, False),
    (READER, "s3:ListBucketVersions", BUCKET, {"s3:prefix": "data-capture/"}, False),
    (READER, "s3:GetObject", f"{BUCKET}/data-capture/a.jsonl", NO_TLS, False),
    (EXECUTION, "s3:PutObject", f"{BUCKET}/data-capture/a.jsonl", {"aws:ResourceAccount": FOREIGN}, False),
]


def cases_in(scenario: str) -> list[Case]:
    """Return the cases of a scenario with the policies of the plain one."""
    return [
        *cases(_object, _OBJECT, scenario=scenario),
        *cases(
            partial(with_public_statement, _object),
            _WITH_PUBLIC_STATEMENT,
            ", with a public statement",
            scenario=scenario,
        ),
        *cases(_bucket, _BUCKET_ACTIONS, scenario=scenario),
        *cases(
            partial(with_public_statement, _bucket),
            [("foreign administrator", "s3:ListBucket", {}, False)],
            ", with a public statement",
            scenario=scenario,
        ),
        *cases(by_identity_policies, _LISTING, scenario=scenario),
    ]


CASES = cases_in("plain")
