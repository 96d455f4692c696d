"""The permissions that only multi-model endpoints have."""

from functools import partial

from tests.attacks.cases.case import (
    AS_BOUNDED_ADMINISTRATOR,
    EXECUTION,
    FOREIGN,
    INVOKE,
    INVOKER,
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

_ENDPOINT = "arn:aws:sagemaker:us-west-2:111122223333:endpoint/acme-dev-kmeans"
_TOPIC = "arn:aws:sns:us-west-2:111122223333:kmeans-failures"
_FUNCTION = "arn:aws:lambda:us-west-2:111122223333:function:registry"
_MODELS = "arn:aws:s3:::my-bucket/models"
_OTHER_ACCOUNT = {"aws:ResourceAccount": FOREIGN}
_FROM_VPC = {"aws:SourceVpc": VPC}
_WITH_TARGET_MODEL = {**_FROM_VPC, "sagemaker:TargetModel": "a.tar.gz"}

_WITH_MODELS: list[tuple[str, str, Context, bool]] = [
    ("s3:ListBucket", "arn:aws:s3:::any", {}, True),
    ("s3:ListBucket", "arn:aws:s3:::any", _OTHER_ACCOUNT, False),
    ("s3:GetBucketPolicy", "arn:aws:s3:::any", {}, False),
    ("sns:Publish", _TOPIC, {}, False),
    ("lambda:InvokeFunction", _FUNCTION, {}, False),
]

# A request to a multi-model endpoint has a target model, which a stream cannot have.
_TARGET_MODEL: list[tuple[str, str, str, Context, bool]] = [
    (INVOKER, INVOKE[0], _ENDPOINT, _WITH_TARGET_MODEL, True),
    (INVOKER, INVOKE[0], _ENDPOINT, {**_WITH_TARGET_MODEL, **NO_TLS}, False),
    (INVOKER, INVOKE[0], _ENDPOINT, {**_WITH_TARGET_MODEL, "aws:SecureTransport": None}, False),
    (INVOKER, INVOKE[0], f"{_ENDPOINT}-2", _WITH_TARGET_MODEL, False),
    *((INVOKER, stream, _ENDPOINT, _FROM_VPC, False) for stream in STREAMS),
]
_MULTI_MODEL_THROUGH_RUNTIME_ENDPOINT: list[tuple[str, str, str, Context, bool]] = [
    (f"administrator {INVOKER}", INVOKE[0], _ENDPOINT, _WITH_TARGET_MODEL, True),
    (f"administrator {INVOKER}", INVOKE[0], f"{_ENDPOINT}-2", _WITH_TARGET_MODEL, False),
    *((f"administrator {INVOKER}", stream, _ENDPOINT, {}, False) for stream in STREAMS),
    ("administrator", INVOKE[0], _ENDPOINT, _WITH_TARGET_MODEL, False),
]
_MULTI_MODEL: list[tuple[str, str, str, Context, bool]] = [
    (EXECUTION, "s3:GetObject", f"{_MODELS}/a.tar.gz", {}, True),
    (EXECUTION, "s3:GetObject", f"{_MODELS}/a.tar.gz", _OTHER_ACCOUNT, False),
    (EXECUTION, "s3:GetObject", f"{_MODELS}-2/a.tar.gz", {}, False),
    (EXECUTION, "s3:GetObject", "arn:aws:s3:::my-bucket/model.tar.gz", {}, False),
    (EXECUTION, "s3:PutObject", f"{_MODELS}/a.tar.gz", {}, False),
    (EXECUTION, "s3:ListBucket", "arn:aws:s3:::my-bucket", {"s3:prefix": "models/"}, True),
    (EXECUTION, "s3:ListBucket", "arn:aws:s3:::my-bucket", {"s3:prefix": "models/tenant-a/"}, True),
    # Without the slash, the list would include other keys that begin with the same characters.
    (EXECUTION, "s3:ListBucket", "arn:aws:s3:::my-bucket", {"s3:prefix": "models"}, False),
    (EXECUTION, "s3:ListBucket", "arn:aws:s3:::my-bucket", {"s3:prefix": "models-2/"}, False),
    (EXECUTION, "s3:ListBucket", "arn:aws:s3:::my-bucket", {}, False),
    (EXECUTION, "s3:ListBucket", "arn:aws:s3:::my-bucket", {"s3:prefix": "models/", **_OTHER_ACCOUNT}, False),
    (EXECUTION, "s3:ListBucket", "arn:aws:s3:::another-bucket", {"s3:prefix": "models/"}, False),
    (EXECUTION, "s3:ListBucketVersions", "arn:aws:s3:::my-bucket", {"s3:prefix": "models/"}, False),
    (EXECUTION, "sns:Publish", _TOPIC, {}, False),
]
_THROUGH_S3_ENDPOINT: list[tuple[str, str, str, Context, bool]] = [
    (f"administrator {EXECUTION}", "s3:GetObject", f"{_MODELS}/a.tar.gz", {}, True),
    (f"administrator {EXECUTION}", "s3:GetObject", f"{_MODELS}/a.tar.gz", _OTHER_ACCOUNT, False),
    (f"administrator {EXECUTION}", "s3:GetObject", f"{_MODELS}-2/a.tar.gz", {}, False),
    (f"administrator {EXECUTION}", "s3:DeleteObject", f"{_MODELS}/a.tar.gz", {}, False),
    (f"administrator {EXECUTION}", "s3:ListBucket", "arn:aws:s3:::my-bucket", {"s3:prefix": "models/"}, True),
    (f"administrator {EXECUTION}", "s3:ListBucket", "arn:aws:s3:::another-bucket", {"s3:prefix": "models/"}, False),
    (f"administrator {EXECUTION}", "s3:ListBucket", "arn:aws:s3:::my-bucket", {"s3:prefix": "other/"}, False),
    (f"administrator {EXECUTION}", "s3:ListBucketVersions", "arn:aws:s3:::my-bucket", {"s3:prefix": "models/"}, False),
    (
        f"administrator {EXECUTION}",
        "s3:ListBucket",
        "arn:aws:s3:::my-bucket",
        {"s3:prefix": "models/", **_OTHER_ACCOUNT},
        False,
    ),
    (f"administrator {EXECUTION}", "s3:PutBucketPolicy", "arn:aws:s3:::my-bucket", {}, False),
    ("administrator", "s3:GetObject", f"{_MODELS}/a.tar.gz", {}, False),
    ("administrator", "s3:ListBucket", "arn:aws:s3:::my-bucket", {"s3:prefix": "models/"}, False),
]


CASES = [
    *cases(by_identity_policies, [*_TARGET_MODEL, *_MULTI_MODEL], scenario="multi-model"),
    *cases(
        partial(without_denials, by_identity_policies),
        [
            (INVOKER, INVOKE[0], _ENDPOINT, {**_WITH_TARGET_MODEL, "aws:SourceVpc": vpc}, False)
            for vpc in (None, "vpc-0a1b2c3d")
        ],
        ", without denials",
        scenario="multi-model",
    ),
    *cases(
        partial(through_vpc_endpoint, "Runtime"),
        _MULTI_MODEL_THROUGH_RUNTIME_ENDPOINT,
        ", through the VPC endpoint of the runtime API",
        scenario="multi-model",
    ),
    *cases(
        partial(within_boundary, by_identity_policies), _MULTI_MODEL, ", within the boundary", scenario="multi-model"
    ),
    *cases(partial(within_boundary, as_administrator), _WITH_MODELS, AS_BOUNDED_ADMINISTRATOR, scenario="multi-model"),
    *cases(
        partial(through_vpc_endpoint, "S3"),
        _THROUGH_S3_ENDPOINT,
        ", through the VPC endpoint of S3",
        scenario="multi-model",
    ),
]
