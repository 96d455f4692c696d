"""Who may assume the execution role, and what the role may do."""

from dataclasses import replace
from functools import partial

from tests.attacks.aws_state import AwsState
from tests.attacks.cases.case import (
    EXECUTION,
    FOREIGN,
    INVOKER,
    LOG_GROUP,
    Case,
    Context,
    by_identity_policies,
    cases,
    document,
    everything,
    principal_of,
    within_boundary,
)
from tests.attacks.simulator import Request

_ASSUME_ROLE: list[tuple[str, Context, bool]] = [
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
    (INVOKER, {}, False),
    ("role/administrator", {}, False),
    ("foreign/administrator", {}, False),
]


def _assume_role(short_name: str, context: Context, state: AwsState) -> Request:
    principal, _ = principal_of(state, short_name)
    return state.request(
        principal,
        "sts:AssumeRole",
        state.execution_role,
        extra_policies=(everything(),),
        resource_policy=state.trust(state.execution_role),
        context={"aws:SourceAccount": state.account, "aws:SourceArn": state.arn("sagemaker", "*"), **context},
    )


def _other_sts_action(action: str, state: AwsState) -> Request:
    return replace(_assume_role("sagemaker.amazonaws.com", {}, state), action=action)


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


def _model(action: str, resource: str, context: Context, state: AwsState) -> Request:
    # The policy of a repository in another account allows everything here; the role still needs a permission.
    account = resource.split(":")[4] if action.startswith("ecr:") and resource != "*" else state.account
    public = None if account == state.account else document(Principal="*", Action="*", Resource="*")
    return state.request(
        state.execution_role, action, resource, account=account, resource_policy=public, context=context
    )


_LOGS: list[tuple[str, str, str, Context, bool]] = [
    (EXECUTION, "logs:PutLogEvents", f"{LOG_GROUP}:log-stream:a", {}, True),
    (EXECUTION, "logs:CreateLogStream", f"{LOG_GROUP}:log-stream:a", {}, True),
    (EXECUTION, "logs:PutLogEvents", f"{LOG_GROUP}-2:log-stream:a", {}, False),
    (EXECUTION, "logs:GetLogEvents", f"{LOG_GROUP}:log-stream:a", {}, False),
    (EXECUTION, "cloudwatch:DeleteAlarms", "arn:aws:cloudwatch:us-west-2:111122223333:alarm:a", {}, False),
    (EXECUTION, "cloudwatch:GetMetricData", "*", {}, False),
]

# The managed alarms that roll back updates.
_ALARM = "arn:aws:cloudwatch:us-west-2:111122223333:alarm:acme-dev-kmeans"
_ALARMS: list[tuple[str, str, str, Context, bool]] = [
    (EXECUTION, "cloudwatch:DescribeAlarms", f"{_ALARM}/rollback-errors", {}, True),
    (EXECUTION, "cloudwatch:DescribeAlarms", f"{_ALARM}/rollback-latency", {}, True),
    (EXECUTION, "cloudwatch:DescribeAlarms", f"{_ALARM}/errors", {}, False),
    (EXECUTION, "cloudwatch:DescribeAlarms", f"{_ALARM}-2/rollback-errors", {}, False),
    (EXECUTION, "cloudwatch:SetAlarmState", f"{_ALARM}/rollback-errors", {}, False),
    (EXECUTION, "cloudwatch:PutMetricAlarm", f"{_ALARM}/rollback-errors", {}, False),
]

# With a policy that allows everything, the boundary still limits the role.
_AS_ADMINISTRATOR: list[tuple[str, str, Context, bool]] = [
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
    ("cloudwatch:DescribeAlarms", f"{_ALARM}/rollback-errors", {}, True),
    ("cloudwatch:DescribeAlarms", "arn:aws:cloudwatch:eu-west-1:111122223333:alarm:a", {}, False),
    ("cloudwatch:DescribeAlarms", f"arn:aws:cloudwatch:us-west-2:{FOREIGN}:alarm:a", {}, False),
    ("cloudwatch:SetAlarmState", f"{_ALARM}/rollback-errors", {}, False),
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


def _as_administrator(action: str, resource: str, context: Context, state: AwsState) -> Request:
    return state.request(state.execution_role, action, resource, extra_policies=(everything(),), context=context)


def cases_in(scenario: str) -> list[Case]:
    """Return the cases of a scenario with the policies of the plain one."""
    return [
        *cases(_assume_role, _ASSUME_ROLE, scenario=scenario),
        *cases(
            _other_sts_action,
            [(action, False) for action in ("sts:TagSession", "sts:SetSourceIdentity")],
            scenario=scenario,
        ),
        *cases(_model, _MODEL, scenario=scenario),
        *cases(by_identity_policies, _LOGS, scenario=scenario),
        *cases(by_identity_policies, _ALARMS, scenario=scenario),
        *cases(partial(within_boundary, by_identity_policies), _ALARMS, ", within the boundary", scenario=scenario),
        *cases(partial(within_boundary, _model), _MODEL, ", within the boundary", scenario=scenario),
        *cases(partial(within_boundary, by_identity_policies), _LOGS, ", within the boundary", scenario=scenario),
        *cases(
            partial(within_boundary, _as_administrator),
            _AS_ADMINISTRATOR,
            ", as an administrator within the boundary",
            scenario=scenario,
        ),
    ]


CASES = cases_in("plain")
