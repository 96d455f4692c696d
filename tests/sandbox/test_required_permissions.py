"""The sandbox determines the permissions that a call requires, and denies it to a role without one of them."""

import json

import pytest
from botocore.exceptions import ClientError

from sandbox.call_log import Call
from sandbox.emulator import Emulator
from sandbox.required_permissions import required_permissions
from tests.examples import ACCOUNT
from tests.support import IMAGE

_NOT_ALLOWED = {"iam": "list_roles", "kms": "create_key", "s3": "list_buckets", "ec2": "describe_vpcs"}


@pytest.mark.parametrize(
    ("call", "permissions"),
    [
        (Call("sts", "GetCallerIdentity"), []),
        (Call("sagemaker", "DescribeModel"), ["sagemaker:DescribeModel"]),
        (
            Call("sagemaker", "CreateModel", {"Tags": []}),
            ["sagemaker:CreateModel", "sagemaker:AddTags", "iam:PassRole"],
        ),
        (Call("sagemaker", "UpdateEndpoint"), ["sagemaker:UpdateEndpoint", "kms:CreateGrant"]),
        (
            Call("monitoring", "PutMetricAlarm", {"AlarmName": "a", "Tags": []}),
            ["cloudwatch:PutMetricAlarm", "cloudwatch:TagResource"],
        ),
        (
            Call("application-autoscaling", "RegisterScalableTarget", {"ScalableDimension": "sagemaker:variant:Any"}),
            [
                "application-autoscaling:RegisterScalableTarget",
                "iam:CreateServiceLinkedRole",
                "sagemaker:DescribeEndpoint",
                "sagemaker:DescribeEndpointConfig",
                "sagemaker:UpdateEndpointWeightsAndCapacities",
            ],
        ),
        (
            Call(
                "application-autoscaling",
                "RegisterScalableTarget",
                {"ScalableDimension": "sagemaker:inference-component:DesiredCopyCount", "Tags": {}},
            ),
            [
                "application-autoscaling:RegisterScalableTarget",
                "application-autoscaling:TagResource",
                "iam:CreateServiceLinkedRole",
                "sagemaker:DescribeInferenceComponent",
                "sagemaker:UpdateInferenceComponentRuntimeConfig",
            ],
        ),
        (
            Call("application-autoscaling", "PutScalingPolicy"),
            [
                "application-autoscaling:PutScalingPolicy",
                "cloudwatch:PutMetricAlarm",
                "cloudwatch:DescribeAlarms",
                "cloudwatch:DeleteAlarms",
            ],
        ),
        (Call("s3", "GET /?x-id=ListBuckets"), ["s3:ListAllMyBuckets"]),
        (Call("s3", "GET /bucket?list-type=2&prefix=a"), ["s3:ListBucket"]),
        (Call("s3", "HEAD /bucket"), ["s3:ListBucket"]),
        (Call("s3", "HEAD /bucket/key"), ["s3:GetObject"]),
        (Call("s3", "GET /bucket?policy="), ["s3:GetBucketPolicy"]),
        (Call("s3", "PUT /bucket?encryption="), ["s3:PutEncryptionConfiguration"]),
        (Call("s3", "DELETE /bucket?lifecycle="), ["s3:PutLifecycleConfiguration"]),
        (Call("s3", "DELETE /bucket?policy="), ["s3:DeleteBucketPolicy"]),
        (Call("s3", "DELETE /bucket"), ["s3:DeleteBucket"]),
        (Call("s3", "POST /bucket?delete="), ["s3:DeleteObject", "s3:DeleteObjectVersion"]),
        (Call("s3", "DELETE /bucket/a%20key?x-id=DeleteObject"), ["s3:DeleteObject"]),
    ],
)
def test_the_permissions_of_a_call(call: Call, permissions: list[str]) -> None:
    assert required_permissions(call) == permissions


def test_a_call_that_no_policy_of_the_role_allows_is_denied(aws: Emulator) -> None:
    iam = aws.client("iam")
    iam.create_role(RoleName="reads", AssumeRolePolicyDocument='{"Statement":[]}')
    policy = {"Effect": "Allow", "Action": ["iam:Get*", "kms:ListAliases"], "Resource": "*"}
    document = json.dumps({"Version": "2012-10-17", "Statement": [policy]})
    iam.put_role_policy(RoleName="reads", PolicyName="all", PolicyDocument=document)
    assert aws.client("iam", as_role="reads").get_role(RoleName="reads")["Role"]["RoleName"] == "reads"
    assert aws.client("kms", as_role="reads").list_aliases()["Aliases"]
    for service, call in _NOT_ALLOWED.items():
        with pytest.raises(ClientError, match="not authorized to perform"):
            getattr(aws.client(service, as_role="reads"), call)()


def test_the_call_log_identifies_resources_and_contains_no_secrets(aws: Emulator) -> None:
    container = {"Image": IMAGE, "Environment": {"TOKEN": "do-not-log"}}
    role = f"arn:aws:iam::{ACCOUNT}:role/any"
    aws.client("sagemaker").create_model(ModelName="m", ExecutionRoleArn=role, PrimaryContainer=container)
    assert aws.calls()[-1].parameters == {"ModelName": "m", "ExecutionRoleArn": role}
    assert "do-not-log" not in str(aws.calls())
    assert "Signature" not in str(aws.calls())
