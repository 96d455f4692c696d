"""A relaxation allows what it names and nothing else; without data capture, the role may not write."""

from functools import partial

from tests.attacks.aws_state import AwsState
from tests.attacks.cases.case import (
    BUCKET,
    EXECUTION,
    FOREIGN,
    INVOKER,
    NO_TLS,
    VPC,
    Context,
    by_identity_policies,
    cases,
    everything,
    within_boundary,
)
from tests.attacks.cases.network import through_vpc_endpoint
from tests.attacks.simulator import Request

_FROM_VPC = {"aws:SourceVpc": VPC}
_OTHER_ACCOUNT = {"aws:ResourceAccount": FOREIGN}
_ENDPOINT = "arn:aws:sagemaker:us-west-2:111122223333:endpoint/acme-dev-kmeans"
_REQUESTS: list[tuple[str, str, str, Context, bool]] = [
    (EXECUTION, "s3:GetObject", "arn:aws:s3:::my-bucket/model.tar.gz", _OTHER_ACCOUNT, True),
    (EXECUTION, "s3:GetObject", "arn:aws:s3:::my-bucket/other.tar.gz", _OTHER_ACCOUNT, False),
    (EXECUTION, "s3:PutObject", "arn:aws:s3:::my-bucket/model.tar.gz", {}, False),
    (EXECUTION, "s3:PutObject", f"{BUCKET}/data-capture/a.jsonl", {}, False),
    (EXECUTION, "kms:GenerateDataKey", "arn:aws:kms:us-west-2:111122223333:key/any", {}, False),
    (EXECUTION, "sagemaker:CallWithBearerToken", "*", {}, False),
    (INVOKER, "sagemaker:CallWithBearerToken", "*", {}, True),
    (INVOKER, "sagemaker:InvokeEndpoint", _ENDPOINT, _FROM_VPC, True),
    (INVOKER, "sagemaker:InvokeEndpoint", _ENDPOINT, {**_FROM_VPC, **NO_TLS}, False),
    (INVOKER, "sagemaker:InvokeEndpoint", f"{_ENDPOINT}-2", _FROM_VPC, False),
    (INVOKER, "sagemaker:DescribeEndpoint", _ENDPOINT, {}, False),
    ("role/stranger", "sagemaker:CallWithBearerToken", "*", {}, False),
]
_AS_ADMINISTRATOR: list[tuple[str, str, Context, bool]] = [
    ("s3:GetObject", "arn:aws:s3:::another-bucket/another.tar.gz", _OTHER_ACCOUNT, True),
    ("s3:PutObject", f"{BUCKET}/data-capture/a.jsonl", _OTHER_ACCOUNT, False),
    ("s3:DeleteObject", "arn:aws:s3:::my-bucket/model.tar.gz", {}, False),
    ("s3:GetObjectAcl", "arn:aws:s3:::another-bucket/another.tar.gz", {}, False),
    ("iam:PassRole", "arn:aws:iam::111122223333:role/any", {}, False),
    ("sts:AssumeRole", "arn:aws:iam::111122223333:role/any", {}, False),
]


# Every principal has a policy that allows everything, so only the VPC endpoint's policy denies.
_THROUGH_RUNTIME_ENDPOINT: list[tuple[str, str, str, Context, bool]] = [
    ("administrator " + INVOKER, "sagemaker:CallWithBearerToken", "*", {}, True),
    ("administrator " + INVOKER, "sagemaker:InvokeEndpoint", _ENDPOINT, {}, True),
    ("administrator " + INVOKER, "sagemaker:InvokeEndpoint", f"{_ENDPOINT}-2", {}, False),
    ("administrator " + INVOKER, "sagemaker:DescribeEndpoint", _ENDPOINT, {}, False),
    ("administrator", "sagemaker:CallWithBearerToken", "*", {}, False),
    ("administrator", "sagemaker:InvokeEndpoint", _ENDPOINT, {}, False),
    ("foreign administrator", "sagemaker:CallWithBearerToken", "*", {}, False),
]
_THROUGH_S3: list[tuple[str, str, str, Context, bool]] = [
    ("administrator " + EXECUTION, "s3:GetObject", "arn:aws:s3:::my-bucket/model.tar.gz", _OTHER_ACCOUNT, True),
    ("administrator " + EXECUTION, "s3:GetObject", "arn:aws:s3:::my-bucket/other.tar.gz", _OTHER_ACCOUNT, False),
    ("administrator " + EXECUTION, "s3:PutObject", "arn:aws:s3:::my-bucket/model.tar.gz", {}, False),
    ("administrator " + EXECUTION, "s3:PutObject", f"{BUCKET}/data-capture/a.jsonl", {}, False),
    ("administrator", "s3:GetObject", "arn:aws:s3:::my-bucket/model.tar.gz", {}, False),
    ("foreign administrator", "s3:GetObject", "arn:aws:s3:::my-bucket/model.tar.gz", _OTHER_ACCOUNT, False),
]


def _as_administrator(action: str, resource: str, context: Context, state: AwsState) -> Request:
    return state.request(state.execution_role, action, resource, extra_policies=(everything(),), context=context)


CASES = [
    *cases(
        partial(through_vpc_endpoint, "Runtime"),
        _THROUGH_RUNTIME_ENDPOINT,
        ", through the VPC endpoint of the runtime API",
        scenario="relaxed",
    ),
    *cases(partial(through_vpc_endpoint, "S3"), _THROUGH_S3, ", through the VPC endpoint of S3", scenario="relaxed"),
    *cases(by_identity_policies, _REQUESTS, scenario="relaxed"),
    *cases(partial(within_boundary, by_identity_policies), _REQUESTS[:6], ", within the boundary", scenario="relaxed"),
    *cases(
        partial(within_boundary, _as_administrator),
        _AS_ADMINISTRATOR,
        ", as an administrator within the boundary",
        scenario="relaxed",
    ),
]
