"""What the policies of VPC endpoints allow, and where the execution role may create network interfaces."""

from dataclasses import replace
from functools import partial

from tests.attacks.aws_state import AwsState
from tests.attacks.cases.case import (
    EXECUTION,
    FOREIGN,
    INVOKE,
    INVOKER,
    NO_TLS,
    ORGANIZATION,
    STREAMS,
    SUBNETS,
    VPC,
    Case,
    Context,
    by_identity_policies,
    cases,
    everything,
    principal_of,
    within_boundary,
    without_denials,
)
from tests.attacks.simulator import Request

_FROM_VPC, _OTHER_VPC = {"aws:SourceVpc": VPC}, {"aws:SourceVpc": "vpc-0a1b2c3d4e5f60719"}
_ENDPOINT = "arn:aws:sagemaker:us-west-2:111122223333:endpoint/acme-dev-kmeans"

_INVOKE: list[tuple[str, str, str, Context, bool]] = [
    (INVOKER, INVOKE[0], _ENDPOINT, _FROM_VPC, True),
    (INVOKER, INVOKE[1], _ENDPOINT, _FROM_VPC, False),
    *((INVOKER, stream, _ENDPOINT, _FROM_VPC, True) for stream in STREAMS),
    *((INVOKER, stream, _ENDPOINT, _OTHER_VPC, False) for stream in STREAMS),
    (INVOKER, INVOKE[0], f"{_ENDPOINT}-2", _FROM_VPC, False),
    (INVOKER, INVOKE[0], _ENDPOINT, {}, False),
    (INVOKER, INVOKE[0], _ENDPOINT, _OTHER_VPC, False),
    (INVOKER, INVOKE[0], _ENDPOINT, {**_FROM_VPC, **NO_TLS}, False),
    (INVOKER, INVOKE[0], _ENDPOINT, {**_FROM_VPC, "aws:SecureTransport": None}, False),
    ("administrator " + INVOKER, INVOKE[0], _ENDPOINT, _FROM_VPC, True),
    *(
        ("administrator " + INVOKER, action, _ENDPOINT, context, False)
        for action in INVOKE
        for context in ({}, _OTHER_VPC, {**_FROM_VPC, **NO_TLS})
    ),
]


# Every principal has a policy that allows everything, so only the VPC endpoint's policy denies.
_THROUGH_RUNTIME_ENDPOINT: list[tuple[str, str, str, Context, bool]] = [
    ("administrator " + INVOKER, INVOKE[0], _ENDPOINT, {}, True),
    ("administrator " + INVOKER, INVOKE[1], _ENDPOINT, {}, False),
    *(("administrator " + INVOKER, stream, _ENDPOINT, {}, True) for stream in STREAMS),
    *(("administrator " + INVOKER, stream, f"{_ENDPOINT}-2", {}, False) for stream in STREAMS),
    *(("administrator", stream, _ENDPOINT, {}, False) for stream in STREAMS),
    ("administrator " + INVOKER, INVOKE[0], f"{_ENDPOINT}-2", {}, False),
    ("administrator " + INVOKER, INVOKE[0], _ENDPOINT.replace("us-west-2", "eu-west-1"), {}, False),
    ("administrator " + INVOKER, INVOKE[0], _ENDPOINT.replace("111122223333", FOREIGN), {}, False),
    ("administrator " + INVOKER, "sagemaker:CallWithBearerToken", "*", {}, False),
    ("administrator", INVOKE[0], _ENDPOINT, {}, False),
    ("administrator role/checkout-api-2", INVOKE[0], _ENDPOINT, {}, False),
    ("administrator " + EXECUTION, INVOKE[0], _ENDPOINT, {}, False),
    ("foreign administrator", INVOKE[0], _ENDPOINT.replace("111122223333", FOREIGN), {}, False),
    ("foreign administrator checkout-api", INVOKE[0], _ENDPOINT.replace("111122223333", FOREIGN), {}, False),
    ("foreign administrator", INVOKE[0], _ENDPOINT, {"aws:PrincipalOrgID": "o-zzzzzzzzzz"}, False),
    ("foreign administrator", INVOKE[0], _ENDPOINT, {"aws:PrincipalOrgID": ORGANIZATION}, False),
]


def through_vpc_endpoint(
    name: str, short_name: str, action: str, resource: str, context: Context, state: AwsState
) -> Request:
    """Return a request through a VPC endpoint, from a principal with a policy that allows everything."""
    principal, extra_policies = principal_of(state, short_name)
    account = resource.split(":")[4] if resource.count(":") > 4 else ""
    request = state.request(
        principal,
        action,
        resource,
        extra_policies=extra_policies,
        account=account or state.account,
        context={**_FROM_VPC, **context},
    )
    # The policy of a resource in another account may allow everything; the VPC endpoint's policy still denies.
    statement = {"Sid": "All", "Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "*"}
    public = {"Version": "2012-10-17", "Statement": [statement]}
    foreign = principal.split(":")[4] != request.account
    return replace(
        request,
        identity=[everything()],
        endpoint=[state.endpoint_policy(name)],
        resource_policy=public if foreign else None,
    )


_BUCKET = "arn:aws:s3:::acme-dev-kmeans-capture-de91fccc"
_MODEL_DATA, _CAPTURED = "arn:aws:s3:::my-bucket/model.tar.gz", f"{_BUCKET}/data-capture/a.jsonl"
_THROUGH_S3_ENDPOINT: list[tuple[str, str, str, Context, bool]] = [
    ("administrator " + EXECUTION, "s3:GetObject", _MODEL_DATA, {}, True),
    ("administrator " + EXECUTION, "s3:GetObject", _MODEL_DATA, {"aws:ResourceAccount": FOREIGN}, False),
    ("administrator " + EXECUTION, "s3:GetObject", "arn:aws:s3:::my-bucket/other.tar.gz", {}, False),
    ("administrator " + EXECUTION, "s3:GetObject", "arn:aws:s3:::another-bucket/model.tar.gz", {}, False),
    ("administrator " + EXECUTION, "s3:GetObject", _CAPTURED, {}, False),
    ("administrator " + EXECUTION, "s3:DeleteObject", _MODEL_DATA, {}, False),
    ("administrator " + EXECUTION, "s3:PutObject", _MODEL_DATA, {}, False),
    ("administrator " + EXECUTION, "s3:PutObject", _CAPTURED, {}, True),
    ("administrator " + EXECUTION, "s3:PutObject", _CAPTURED, {"aws:ResourceAccount": FOREIGN}, False),
    ("administrator " + EXECUTION, "s3:PutObject", f"{_BUCKET}/other/a.jsonl", {}, False),
    ("administrator " + EXECUTION, "s3:PutObject", "arn:aws:s3:::foreign-bucket/a.jsonl", {}, False),
    ("administrator " + EXECUTION, "s3:DeleteObject", _CAPTURED, {}, False),
    ("administrator " + EXECUTION, "s3:ListBucket", _BUCKET, {}, False),
    ("administrator " + EXECUTION, "s3:ListAllMyBuckets", "*", {}, False),
    ("administrator " + INVOKER, "s3:GetObject", _MODEL_DATA, {}, False),
    ("administrator " + INVOKER, "s3:PutObject", _CAPTURED, {}, False),
    ("foreign administrator", "s3:GetObject", _MODEL_DATA, {}, False),
    ("foreign administrator", "s3:PutObject", _CAPTURED, {}, False),
    ("foreign administrator", "s3:PutObject", "arn:aws:s3:::foreign-bucket/a.jsonl", {}, False),
]

_EC2 = "arn:aws:ec2:us-west-2:111122223333"
_OF_VPC = {"ec2:Vpc": f"{_EC2}:vpc/{VPC}"}
_IN_SUBNET = {"ec2:Subnet": f"{_EC2}:subnet/{SUBNETS[1]}"}
_INTERFACES: list[tuple[str, str, str, Context, bool]] = [
    (EXECUTION, "ec2:CreateNetworkInterface", f"{_EC2}:subnet/{SUBNETS[0]}", {}, True),
    (EXECUTION, "ec2:CreateNetworkInterface", f"{_EC2}:subnet/{SUBNETS[1]}", {}, True),
    (EXECUTION, "ec2:CreateNetworkInterface", f"{_EC2}:subnet/subnet-0a1b2c3d4e5f60720", {}, False),
    (EXECUTION, "ec2:CreateNetworkInterface", f"{_EC2}:subnet/subnet-0a1b2c3d4e5f60720", _OF_VPC, False),
    (EXECUTION, "ec2:CreateNetworkInterface", f"{_EC2}:network-interface/*", {}, True),
    (EXECUTION, "ec2:CreateNetworkInterface", f"{_EC2}:security-group/sg-0a1b2c3d4e5f60718", _OF_VPC, True),
    (EXECUTION, "ec2:CreateNetworkInterface", f"{_EC2}:security-group/sg-0a1b2c3d4e5f60718", {}, False),
    (
        EXECUTION,
        "ec2:CreateNetworkInterface",
        f"{_EC2}:security-group/sg-0a1b2c3d4e5f60718",
        {"ec2:Vpc": f"{_EC2}:vpc/vpc-0a1b2c3d4e5f60719"},
        False,
    ),
    (EXECUTION, "ec2:DeleteNetworkInterface", f"{_EC2}:network-interface/eni-1", _IN_SUBNET, True),
    (EXECUTION, "ec2:CreateNetworkInterfacePermission", f"{_EC2}:network-interface/eni-1", _IN_SUBNET, True),
    (EXECUTION, "ec2:DeleteNetworkInterfacePermission", f"{_EC2}:network-interface/eni-1", _IN_SUBNET, True),
    (EXECUTION, "ec2:DeleteNetworkInterface", f"{_EC2}:network-interface/eni-1", {}, False),
    (
        EXECUTION,
        "ec2:DeleteNetworkInterface",
        f"{_EC2}:network-interface/eni-1",
        {"ec2:Subnet": f"{_EC2}:subnet/subnet-0a1b2c3d4e5f60720"},
        False,
    ),
    (
        EXECUTION,
        "ec2:DeleteNetworkInterface",
        "arn:aws:ec2:eu-west-1:111122223333:network-interface/eni-1",
        _IN_SUBNET,
        False,
    ),
    (EXECUTION, "ec2:AttachNetworkInterface", f"{_EC2}:network-interface/eni-1", _IN_SUBNET, False),
    (EXECUTION, "ec2:ModifyNetworkInterfaceAttribute", f"{_EC2}:network-interface/eni-1", _IN_SUBNET, False),
    (EXECUTION, "ec2:AuthorizeSecurityGroupEgress", f"{_EC2}:security-group/sg-0a1b2c3d4e5f60718", _OF_VPC, False),
    (EXECUTION, "ec2:DescribeSubnets", "*", {"ec2:Region": "us-west-2"}, True),
    (EXECUTION, "ec2:DescribeVpcs", "*", {"ec2:Region": "us-west-2"}, True),
    (EXECUTION, "ec2:DescribeSubnets", "*", {"ec2:Region": "eu-west-1"}, False),
    (EXECUTION, "ec2:DescribeSubnets", "*", {}, False),
    (EXECUTION, "ec2:DescribeInstances", "*", {"ec2:Region": "us-west-2"}, False),
]


def of_execution_role(scenario: str) -> list[Case]:
    """Return the cases of the execution role in a scenario with the network."""
    return [
        *cases(
            partial(through_vpc_endpoint, "S3"),
            _THROUGH_S3_ENDPOINT,
            ", through the VPC endpoint of S3",
            scenario=scenario,
        ),
        *cases(by_identity_policies, _INTERFACES, scenario=scenario),
        *cases(partial(within_boundary, by_identity_policies), _INTERFACES, ", within the boundary", scenario=scenario),
    ]


CASES = [
    *of_execution_role("network"),
    *cases(by_identity_policies, _INVOKE, scenario="network"),
    *cases(
        partial(without_denials, by_identity_policies),
        [(INVOKER, INVOKE[0], _ENDPOINT, context, False) for context in ({}, _OTHER_VPC)],
        ", without denials",
        scenario="network",
    ),
    *cases(
        partial(through_vpc_endpoint, "Runtime"),
        _THROUGH_RUNTIME_ENDPOINT,
        ", through the VPC endpoint of the runtime API",
        scenario="network",
    ),
]
