"""A relaxed protection opens what it names and nothing else; where nothing is recorded, nothing may be written."""

from functools import partial

from tests.attacks.aws_state import World
from tests.attacks.cases.case import (
    BUCKET,
    CALLER,
    EXECUTION,
    FOREIGN,
    NO_TLS,
    VPC,
    Context,
    bounded,
    by_identity,
    everything,
    named,
)
from tests.attacks.cases.network import passing
from tests.attacks.simulator import Request

_HERE = {"aws:SourceVpc": VPC}
_ELSEWHERE = {"aws:ResourceAccount": FOREIGN}
_OURS = "arn:aws:sagemaker:us-west-2:111122223333:endpoint/acme-dev-kmeans"
_REQUESTS: list[tuple[str, str, str, Context, bool]] = [
    (EXECUTION, "s3:GetObject", "arn:aws:s3:::my-bucket/model.tar.gz", _ELSEWHERE, True),
    (EXECUTION, "s3:GetObject", "arn:aws:s3:::my-bucket/other.tar.gz", _ELSEWHERE, False),
    (EXECUTION, "s3:PutObject", "arn:aws:s3:::my-bucket/model.tar.gz", {}, False),
    (EXECUTION, "s3:PutObject", f"{BUCKET}/data-capture/a.jsonl", {}, False),
    (EXECUTION, "kms:GenerateDataKey", "arn:aws:kms:us-west-2:111122223333:key/any", {}, False),
    (EXECUTION, "sagemaker:CallWithBearerToken", "*", {}, False),
    (CALLER, "sagemaker:CallWithBearerToken", "*", {}, True),
    (CALLER, "sagemaker:InvokeEndpoint", _OURS, _HERE, True),
    (CALLER, "sagemaker:InvokeEndpoint", _OURS, {**_HERE, **NO_TLS}, False),
    (CALLER, "sagemaker:InvokeEndpoint", f"{_OURS}-2", _HERE, False),
    (CALLER, "sagemaker:DescribeEndpoint", _OURS, {}, False),
    ("role/stranger", "sagemaker:CallWithBearerToken", "*", {}, False),
]
_GIVEN_EVERYTHING: list[tuple[str, str, Context, bool]] = [
    ("s3:GetObject", "arn:aws:s3:::another-bucket/another.tar.gz", _ELSEWHERE, True),
    ("s3:PutObject", f"{BUCKET}/data-capture/a.jsonl", _ELSEWHERE, False),
    ("s3:DeleteObject", "arn:aws:s3:::my-bucket/model.tar.gz", {}, False),
    ("s3:GetObjectAcl", "arn:aws:s3:::another-bucket/another.tar.gz", {}, False),
    ("iam:PassRole", "arn:aws:iam::111122223333:role/any", {}, False),
    ("sts:AssumeRole", "arn:aws:iam::111122223333:role/any", {}, False),
]


# Whoever sends it may do everything by what IAM gave them.
_THROUGH_RUNTIME: list[tuple[str, str, str, Context, bool]] = [
    ("administrator " + CALLER, "sagemaker:CallWithBearerToken", "*", {}, True),
    ("administrator " + CALLER, "sagemaker:InvokeEndpoint", _OURS, {}, True),
    ("administrator " + CALLER, "sagemaker:InvokeEndpoint", f"{_OURS}-2", {}, False),
    ("administrator " + CALLER, "sagemaker:DescribeEndpoint", _OURS, {}, False),
    ("administrator", "sagemaker:CallWithBearerToken", "*", {}, False),
    ("administrator", "sagemaker:InvokeEndpoint", _OURS, {}, False),
    ("foreign administrator", "sagemaker:CallWithBearerToken", "*", {}, False),
]
_THROUGH_S3: list[tuple[str, str, str, Context, bool]] = [
    ("administrator " + EXECUTION, "s3:GetObject", "arn:aws:s3:::my-bucket/model.tar.gz", _ELSEWHERE, True),
    ("administrator " + EXECUTION, "s3:GetObject", "arn:aws:s3:::my-bucket/other.tar.gz", _ELSEWHERE, False),
    ("administrator " + EXECUTION, "s3:PutObject", "arn:aws:s3:::my-bucket/model.tar.gz", {}, False),
    ("administrator " + EXECUTION, "s3:PutObject", f"{BUCKET}/data-capture/a.jsonl", {}, False),
    ("administrator", "s3:GetObject", "arn:aws:s3:::my-bucket/model.tar.gz", {}, False),
    ("foreign administrator", "s3:GetObject", "arn:aws:s3:::my-bucket/model.tar.gz", _ELSEWHERE, False),
]


def _given_everything(action: str, resource: str, context: Context, world: World) -> Request:
    return world.request(world.execution_role, action, resource, also=(everything(),), context=context)


CASES = [
    *named(partial(passing, "Runtime"), _THROUGH_RUNTIME, ", through the runtime endpoint", world="relaxed"),
    *named(partial(passing, "S3"), _THROUGH_S3, ", through the S3 endpoint", world="relaxed"),
    *named(by_identity, _REQUESTS, world="relaxed"),
    *named(partial(bounded, by_identity), _REQUESTS[:6], ", within the boundary", world="relaxed"),
    *named(
        partial(bounded, _given_everything), _GIVEN_EVERYTHING, ", with everything and the boundary", world="relaxed"
    ),
]
