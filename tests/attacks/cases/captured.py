"""Who may write and read what was recorded."""

from functools import partial

from tests.attacks.aws_state import World
from tests.attacks.cases.case import (
    BUCKET,
    CALLER,
    EXECUTION,
    FOREIGN,
    NO_TLS,
    READER,
    Context,
    by_identity,
    named,
    opened,
    principal_of,
)
from tests.attacks.simulator import Request

_HEADER = "s3:x-amz-server-side-encryption"
_KEY_HEADER, _CUSTOMER_HEADER = f"{_HEADER}-aws-kms-key-id", f"{_HEADER}-customer-algorithm"
_CAPTURED: list[tuple[str, str, str, Context, bool]] = [
    (EXECUTION, "s3:PutObject", "data-capture/a.jsonl", {}, True),
    (EXECUTION, "s3:PutObject", "elsewhere/a.jsonl", {}, False),
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
    (READER, "s3:GetObject", "elsewhere/a.jsonl", {}, False),
    (READER, "s3:GetObject", "data-capture/a.jsonl", {"aws:SecureTransport": "false"}, False),
    (READER, "s3:GetObject", "data-capture/a.jsonl", {"s3:TlsVersion": "1.1"}, False),
    (READER, "s3:PutObject", "data-capture/a.jsonl", {}, False),
    (READER, "s3:DeleteObject", "data-capture/a.jsonl", {}, False),
    (CALLER, "s3:GetObject", "data-capture/a.jsonl", {}, False),
    ("administrator", "s3:GetObject", "data-capture/a.jsonl", {}, False),
    ("administrator", "s3:GetObjectVersion", "data-capture/a.jsonl", {}, False),
    ("administrator", "s3:PutObject", "data-capture/a.jsonl", {}, False),
    ("administrator", "s3:DeleteObject", "data-capture/a.jsonl", {}, True),  # and is seen in CloudTrail
    ("administrator", "s3:DeleteObject", "data-capture/a.jsonl", {"aws:SecureTransport": "false"}, False),
    ("foreign administrator", "s3:GetObject", "data-capture/a.jsonl", {}, False),
    ("foreign administrator", "s3:PutObject", "data-capture/a.jsonl", {}, False),
    ("foreign administrator", "s3:DeleteObject", "data-capture/a.jsonl", {}, False),
]


def _captured(who: str, action: str, key: str, context: Context, world: World) -> Request:
    principal, also = principal_of(world, who)
    keys = {"the key": world.key_arn, "another key": world.arn("kms", "key/another")}
    return world.request(
        principal,
        action,
        f"{world.deployment.names.bucket_arn(world.deployment.names.capture_bucket)}/{key}",
        also=also,
        resource_policy=world.bucket_policy,
        context={name: keys.get(value, value) for name, value in context.items()},
    )


def _bucket(who: str, action: str, context: Context, world: World) -> Request:
    principal, also = principal_of(world, who)
    return world.request(principal, action, BUCKET, also=also, resource_policy=world.bucket_policy, context=context)


_WHOLE_BUCKET: list[tuple[str, str, Context, bool]] = [
    ("administrator", "s3:ListBucket", {}, True),
    ("administrator", "s3:ListBucket", NO_TLS, False),
    ("administrator", "s3:ListBucket", {"s3:TlsVersion": "1.1"}, False),
    ("administrator", "s3:PutBucketPolicy", NO_TLS, False),
    ("foreign administrator", "s3:ListBucket", {}, False),
]
_BUCKET_OPENED: list[tuple[str, str, str, Context, bool]] = [
    ("foreign administrator", "s3:DeleteObject", "data-capture/a.jsonl", {}, False),
    ("foreign administrator", "s3:GetObjectTagging", "data-capture/a.jsonl", {}, False),
    ("administrator", "s3:GetObject", "data-capture/a.jsonl", {}, False),
    ("administrator", "s3:PutObject", "data-capture/a.jsonl", {}, False),
    ("inventory.s3.amazonaws.com", "s3:GetObjectTagging", "data-capture/a.jsonl", {}, True),
]
# Where the bucket's policy is not asked, as for an existing bucket.
_LISTING: list[tuple[str, str, str, Context, bool]] = [
    (READER, "s3:ListBucket", BUCKET, {"s3:prefix": "data-capture/AllTraffic/"}, True),
    (READER, "s3:ListBucket", BUCKET, {}, False),
    (READER, "s3:ListBucket", BUCKET, {"s3:prefix": "data-capture/a", "aws:ResourceAccount": FOREIGN}, False),
    (READER, "s3:GetObject", f"{BUCKET}/data-capture/a.jsonl", {"aws:ResourceAccount": FOREIGN}, False),
    (READER, "s3:ListBucket", BUCKET, {"s3:prefix": "elsewhere/"}, False),
    (READER, "s3:ListBucket", "arn:aws:s3:::another-bucket", {"s3:prefix": "data-capture/"}, False),
    (READER, "s3:ListBucketVersions", BUCKET, {"s3:prefix": "data-capture/"}, False),
    (READER, "s3:GetObject", f"{BUCKET}/data-capture/a.jsonl", NO_TLS, False),
    (EXECUTION, "s3:PutObject", f"{BUCKET}/data-capture/a.jsonl", {"aws:ResourceAccount": FOREIGN}, False),
]

CASES = [
    *named(_captured, _CAPTURED),
    *named(partial(opened, _captured), _BUCKET_OPENED, ", a bucket opened to everybody"),
    *named(_bucket, _WHOLE_BUCKET),
    *named(
        partial(opened, _bucket),
        [("foreign administrator", "s3:ListBucket", {}, False)],
        ", a bucket opened to everybody",
    ),
    *named(by_identity, _LISTING),
]
