"""Who may assume the execution role, and what the model may do with it."""

from dataclasses import replace
from functools import partial

from tests.attacks.aws_state import World
from tests.attacks.cases.case import (
    CALLER,
    EXECUTION,
    FOREIGN,
    LOG_GROUP,
    Context,
    bounded,
    by_identity,
    document,
    everything,
    named,
    principal_of,
)
from tests.attacks.simulator import Request

_ASSUMING: list[tuple[str, Context, bool]] = [
    ("sagemaker.amazonaws.com", {}, True),
    ("sagemaker.amazonaws.com", {"aws:SourceAccount": FOREIGN}, False),
    ("sagemaker.amazonaws.com", {"aws:SourceAccount": None}, False),
    ("sagemaker.amazonaws.com", {"aws:SourceArn": None}, False),
    ("sagemaker.amazonaws.com", {"aws:SourceArn": "arn:aws:sagemaker:eu-west-1:111122223333:*"}, False),
    ("sagemaker.amazonaws.com", {"aws:SourceArn": f"arn:aws:sagemaker:us-west-2:{FOREIGN}:*"}, False),
    ("sagemaker.amazonaws.com", {"aws:SourceArn": "arn:aws:lambda:us-west-2:111122223333:*"}, False),
    ("ec2.amazonaws.com", {}, False),
    ("lambda.amazonaws.com", {}, False),
    ("bedrock.amazonaws.com", {}, False),
    (CALLER, {}, False),
    ("role/administrator", {}, False),
    ("foreign/administrator", {}, False),
]


def _assuming(who: str, context: Context, world: World) -> Request:
    principal, _ = principal_of(world, who)
    return world.request(
        principal,
        "sts:AssumeRole",
        world.execution_role,
        also=(everything(),),
        resource_policy=world.trust(world.execution_role),
        context={"aws:SourceAccount": world.account, "aws:SourceArn": world.arn("sagemaker", "*"), **context},
    )


def _assuming_otherwise(action: str, world: World) -> Request:
    return replace(_assuming("sagemaker.amazonaws.com", {}, world), action=action)


_MODEL: list[tuple[str, str, Context, bool]] = [
    ("s3:GetObject", "arn:aws:s3:::my-bucket/model.tar.gz", {}, True),
    ("s3:GetObject", "arn:aws:s3:::my-bucket/model.tar.gz", {"aws:ResourceAccount": FOREIGN}, False),
    ("s3:GetObject", "arn:aws:s3:::my-bucket/other.tar.gz", {}, False),
    ("s3:GetObject", "arn:aws:s3:::my-bucket/model.tar.gz.old", {}, False),
    ("s3:GetObject", "arn:aws:s3:::other-bucket/model.tar.gz", {}, False),
    ("s3:PutObject", "arn:aws:s3:::my-bucket/model.tar.gz", {}, False),
    ("s3:DeleteObject", "arn:aws:s3:::my-bucket/model.tar.gz", {}, False),
    ("s3:ListBucket", "arn:aws:s3:::my-bucket", {}, False),
    ("ecr:BatchGetImage", "arn:aws:ecr:us-west-2:174872318107:repository/kmeans", {}, True),
    ("ecr:GetDownloadUrlForLayer", "arn:aws:ecr:us-west-2:174872318107:repository/kmeans", {}, True),
    ("ecr:BatchGetImage", "arn:aws:ecr:us-west-2:174872318107:repository/kmeans2", {}, False),
    ("ecr:BatchGetImage", "arn:aws:ecr:us-west-2:111122223333:repository/kmeans", {}, False),
    ("ecr:PutImage", "arn:aws:ecr:us-west-2:174872318107:repository/kmeans", {}, False),
    ("ecr:GetAuthorizationToken", "*", {}, True),
    ("cloudwatch:PutMetricData", "*", {"cloudwatch:namespace": "AWS/SageMaker"}, True),
    ("cloudwatch:PutMetricData", "*", {"cloudwatch:namespace": "Custom"}, False),
    ("cloudwatch:PutMetricData", "*", {}, False),
    ("iam:PassRole", "arn:aws:iam::111122223333:role/acme-dev-kmeans-exec-de91fccc", {}, False),
    ("sagemaker:CreateEndpoint", "arn:aws:sagemaker:us-west-2:111122223333:endpoint/x", {}, False),
    ("sagemaker:DeleteEndpoint", "arn:aws:sagemaker:us-west-2:111122223333:endpoint/acme-dev-kmeans", {}, False),
    ("sts:AssumeRole", "arn:aws:iam::111122223333:role/checkout-api", {}, False),
    ("secretsmanager:GetSecretValue", "arn:aws:secretsmanager:us-west-2:111122223333:secret:a-abcdef", {}, False),
    ("dynamodb:GetItem", "arn:aws:dynamodb:us-west-2:111122223333:table/a", {}, False),
]


def _model(action: str, resource: str, context: Context, world: World) -> Request:
    # Another account's repository has a policy of its own; even if that lets everybody in, the role needs its own.
    account = resource.split(":")[4] if action.startswith("ecr:") and resource != "*" else world.account
    opened = None if account == world.account else document(Principal="*", Action="*", Resource="*")
    return world.request(
        world.execution_role, action, resource, account=account, resource_policy=opened, context=context
    )


_LOGS: list[tuple[str, str, str, Context, bool]] = [
    (EXECUTION, "logs:PutLogEvents", f"{LOG_GROUP}:log-stream:a", {}, True),
    (EXECUTION, "logs:CreateLogStream", f"{LOG_GROUP}:log-stream:a", {}, True),
    (EXECUTION, "logs:PutLogEvents", f"{LOG_GROUP}-2:log-stream:a", {}, False),
    (EXECUTION, "logs:GetLogEvents", f"{LOG_GROUP}:log-stream:a", {}, False),
    (EXECUTION, "cloudwatch:DeleteAlarms", "arn:aws:cloudwatch:us-west-2:111122223333:alarm:a", {}, False),
    (EXECUTION, "cloudwatch:GetMetricData", "*", {}, False),
]

# Somebody gives the role everything; its boundary keeps it to what a model needs.
_GIVEN_EVERYTHING: list[tuple[str, str, Context, bool]] = [
    ("s3:GetObject", "arn:aws:s3:::my-bucket/model.tar.gz", {}, True),
    ("s3:GetObject", "arn:aws:s3:::another-bucket/another.tar.gz", {"aws:ResourceAccount": FOREIGN}, False),
    ("s3:PutObject", "arn:aws:s3:::my-bucket/a.jsonl", {}, True),
    ("s3:PutObject", "arn:aws:s3:::another-bucket/a.jsonl", {"aws:ResourceAccount": FOREIGN}, False),
    ("s3:DeleteObject", "arn:aws:s3:::my-bucket/model.tar.gz", {}, False),
    ("s3:ListBucket", "arn:aws:s3:::my-bucket", {}, False),
    ("s3:PutBucketPolicy", "arn:aws:s3:::my-bucket", {}, False),
    ("ecr:BatchGetImage", "arn:aws:ecr:us-west-2:111122223333:repository/any", {}, True),
    ("ecr:BatchGetImage", "arn:aws:ecr:eu-west-1:111122223333:repository/any", {}, False),
    ("ecr:PutImage", "arn:aws:ecr:us-west-2:111122223333:repository/any", {}, False),
    ("ecr:GetAuthorizationToken", "*", {}, True),
    ("ecr:CreateRepository", "arn:aws:ecr:us-west-2:111122223333:repository/any", {}, False),
    ("logs:PutLogEvents", f"{LOG_GROUP}:log-stream:a", {}, True),
    ("logs:PutLogEvents", "arn:aws:logs:us-west-2:111122223333:log-group:other:log-stream:a", {}, False),
    ("logs:DeleteLogGroup", LOG_GROUP, {}, False),
    ("cloudwatch:PutMetricData", "*", {"cloudwatch:namespace": "AWS/SageMaker"}, True),
    ("cloudwatch:PutMetricData", "*", {"cloudwatch:namespace": "Custom"}, False),
    ("cloudwatch:DeleteAlarms", "arn:aws:cloudwatch:us-west-2:111122223333:alarm:a", {}, False),
    ("ec2:CreateNetworkInterface", "arn:aws:ec2:us-west-2:111122223333:subnet/any", {}, True),
    ("ec2:CreateNetworkInterface", "arn:aws:ec2:eu-west-1:111122223333:subnet/any", {}, False),
    ("ec2:DeleteNetworkInterface", "arn:aws:ec2:us-west-2:111122223333:network-interface/any", {}, True),
    ("ec2:DescribeSubnets", "*", {}, True),
    ("ec2:DescribeInstances", "*", {}, False),
    ("ec2:RunInstances", "arn:aws:ec2:us-west-2:111122223333:instance/*", {}, False),
    ("ec2:DeleteSecurityGroup", "arn:aws:ec2:us-west-2:111122223333:security-group/any", {}, False),
    ("iam:CreateUser", "arn:aws:iam::111122223333:user/mallory", {}, False),
    ("iam:PassRole", "arn:aws:iam::111122223333:role/any", {}, False),
    ("iam:AttachRolePolicy", "arn:aws:iam::111122223333:role/any", {}, False),
    ("sts:AssumeRole", "arn:aws:iam::111122223333:role/any", {}, False),
    ("sagemaker:InvokeEndpoint", "arn:aws:sagemaker:us-west-2:111122223333:endpoint/acme-dev-kmeans", {}, False),
    ("sagemaker:CreateEndpoint", "arn:aws:sagemaker:us-west-2:111122223333:endpoint/any", {}, False),
    ("secretsmanager:GetSecretValue", "arn:aws:secretsmanager:us-west-2:111122223333:secret:a-abcdef", {}, False),
    ("ssm:GetParameter", "arn:aws:ssm:us-west-2:111122223333:parameter/a", {}, False),
    ("dynamodb:GetItem", "arn:aws:dynamodb:us-west-2:111122223333:table/a", {}, False),
    ("lambda:InvokeFunction", "arn:aws:lambda:us-west-2:111122223333:function:a", {}, False),
]


def _given_everything(action: str, resource: str, context: Context, world: World) -> Request:
    return world.request(world.execution_role, action, resource, also=(everything(),), context=context)


CASES = [
    *named(_assuming, _ASSUMING),
    *named(_assuming_otherwise, [(action, False) for action in ("sts:TagSession", "sts:SetSourceIdentity")]),
    *named(_model, _MODEL),
    *named(by_identity, _LOGS),
    *named(partial(bounded, _model), _MODEL, ", within the boundary"),
    *named(partial(bounded, by_identity), _LOGS, ", within the boundary"),
    *named(partial(bounded, _given_everything), _GIVEN_EVERYTHING, ", with everything and the boundary"),
]
