"""The permissions boundary of a bootstrapped environment: what a role can do whose policies a deployer writes."""

import json
from dataclasses import replace
from typing import Any

import pytest

from protected_endpoints.policies import Document
from protected_endpoints.policies.operators.environment_boundary import environment_boundary
from protected_endpoints.policies.operators.environment_scope import EnvironmentScope
from tests.attacks.aws_state import AwsState
from tests.attacks.cases import CASES, SCENARIOS, Case
from tests.attacks.cases.case import FEATURE_GROUP, FOREIGN, SUBNETS, VPC, everything
from tests.attacks.simulator import Request, Simulator
from tests.attacks.test_mutations import likely_first, weakened
from tests.support import deployment

_ACCOUNT, _REGION = "111122223333", "us-west-2"
_ROLE = f"arn:aws:iam::{_ACCOUNT}:role/acme-dev-kmeans-exec-de91fccc"
_EC2 = f"arn:aws:ec2:{_REGION}:{_ACCOUNT}"
_KEY = f"arn:aws:kms:{_REGION}:{_ACCOUNT}:key/1234abcd"
_LOGS = f"arn:aws:logs:{_REGION}:{_ACCOUNT}:log-group:/aws/sagemaker"
_ENDPOINT = f"arn:aws:sagemaker:{_REGION}:{_ACCOUNT}:endpoint"
_REGISTRY = f"arn:aws:lambda:{_REGION}:{_ACCOUNT}:function:registry"
_ALARM = f"arn:aws:cloudwatch:{_REGION}:{_ACCOUNT}:alarm"
_ALL_AT_ONCE = {"type": "ALL_AT_ONCE", "wait_interval_in_seconds": 300}
_ROLLOUT = {
    "blue_green_update_policy": {"traffic_routing_configuration": _ALL_AT_ONCE},
    "auto_rollback_configuration": {"alarms": [{"alarm_name": "kmeans-5xx"}]},
}
_TOPIC = f"arn:aws:sns:{_REGION}:{_ACCOUNT}:kmeans-failures"
_STATE = {"bucket": "acme-tfstate-dev", "create_bucket": True}
_IN_ENVIRONMENT = {"state": _STATE, "deployers": [f"arn:aws:iam::{_ACCOUNT}:role/platform"]}
_OWN, _OTHER = {"aws:ResourceAccount": _ACCOUNT}, {"aws:ResourceAccount": FOREIGN}
_IN_VPC = {"ec2:Vpc": f"{_EC2}:vpc/{VPC}"}
_IN_SUBNET = {"ec2:Subnet": f"{_EC2}:subnet/{SUBNETS[0]}"}
_THROUGH_S3 = {"kms:ViaService": f"s3.{_REGION}.amazonaws.com"}
_GRANT = {"kms:ViaService": f"sagemaker.{_REGION}.amazonaws.com", "kms:GrantIsForAWSResource": "true"}
_PUT = "logs:PutLogEvents"

# What a role can do that has a policy which allows everything: action, resource, context, expected answer.
_ROWS: list[tuple[str, str, dict[str, Any], bool]] = [
    ("ecr:GetAuthorizationToken", "*", {}, True),
    ("ecr:BatchGetImage", f"arn:aws:ecr:{_REGION}:{_ACCOUNT}:repository/kmeans", {}, True),
    ("ecr:BatchGetImage", f"arn:aws:ecr:eu-west-1:{_ACCOUNT}:repository/kmeans", {}, False),
    ("ecr:PutImage", f"arn:aws:ecr:{_REGION}:{_ACCOUNT}:repository/kmeans", {}, False),
    ("ecr:DescribeRegistry", "*", {}, False),
    (_PUT, f"{_LOGS}/Endpoints/acme-dev-kmeans:log-stream:a", {}, True),
    (_PUT, f"{_LOGS}/InferenceComponents/acme-dev-kmeans-a:log-stream:a", {}, True),
    (_PUT, f"{_LOGS}/Endpoints/acme-prod-kmeans:log-stream:a", {}, False),
    ("logs:GetLogEvents", f"{_LOGS}/Endpoints/acme-dev-kmeans:log-stream:a", {}, False),
    ("cloudwatch:PutMetricData", "*", {"cloudwatch:namespace": "AWS/SageMaker"}, True),
    ("cloudwatch:PutMetricData", "*", {"cloudwatch:namespace": "Billing"}, False),
    ("cloudwatch:DescribeAlarms", f"{_ALARM}:acme-dev-kmeans/rollback-errors", {}, True),
    ("cloudwatch:DescribeAlarms", f"{_ALARM}:kmeans-5xx", {}, True),
    ("cloudwatch:DescribeAlarms", f"{_ALARM}:payroll", {}, False),
    ("cloudwatch:DescribeAlarms", f"{_ALARM}:acme-prod-kmeans/rollback-errors", {}, False),
    ("cloudwatch:DescribeAlarms", f"{_ALARM}:kmeans-5xx".replace(_REGION, "eu-west-1"), {}, False),
    ("cloudwatch:DeleteAlarms", f"{_ALARM}:acme-dev-kmeans/rollback-errors", {}, False),
    ("s3:GetObject", "arn:aws:s3:::my-bucket/model.tar.gz", _OWN, True),
    ("s3:GetObject", "arn:aws:s3:::my-bucket/model.tar.gz", _OTHER, False),
    ("s3:GetObject", "arn:aws:s3:::payroll/a", _OWN, False),
    ("s3:PutObjectAcl", "arn:aws:s3:::my-bucket/model.tar.gz", _OWN, False),
    ("s3:ListBucket", "arn:aws:s3:::my-bucket", _OWN, True),
    ("s3:ListBucket", "arn:aws:s3:::my-bucket", _OTHER, False),
    ("s3:ListBucket", "arn:aws:s3:::payroll", _OWN, False),
    ("s3:DeleteBucket", "arn:aws:s3:::my-bucket", _OWN, False),
    ("s3:PutObject", "arn:aws:s3:::acme-dev-kmeans-capture-de91fccc/a", _OWN, True),
    ("s3:PutObject", "arn:aws:s3:::acme-dev-kmeans-capture-de91fccc/a", _OTHER, False),
    ("s3:PutObject", "arn:aws:s3:::acme-prod-kmeans-capture-de91fccc/a", _OWN, False),
    ("s3:PutObject", "arn:aws:s3:::lambda-code/a.zip", _OWN, False),
    ("s3:DeleteObject", "arn:aws:s3:::acme-dev-kmeans-capture-de91fccc/a", _OWN, False),
    ("kms:Decrypt", _KEY, _THROUGH_S3, True),
    ("kms:Decrypt", _KEY, {"kms:ViaService": f"sns.{_REGION}.amazonaws.com"}, True),
    ("kms:Decrypt", _KEY, {"kms:ViaService": f"secretsmanager.{_REGION}.amazonaws.com"}, False),
    ("kms:Decrypt", _KEY, {}, False),
    ("kms:Decrypt", _KEY.replace(_REGION, "eu-west-1"), _THROUGH_S3, False),
    ("kms:ScheduleKeyDeletion", _KEY, _THROUGH_S3, False),
    ("kms:CreateGrant", _KEY, _GRANT, True),
    ("kms:CreateGrant", _KEY, {**_GRANT, "kms:GrantIsForAWSResource": "false"}, False),
    ("kms:CreateGrant", _KEY, {**_GRANT, "kms:ViaService": f"ec2.{_REGION}.amazonaws.com"}, False),
    ("kms:CreateGrant", _KEY.replace(_REGION, "eu-west-1"), _GRANT, False),
    ("kms:RevokeGrant", _KEY, _GRANT, False),
    ("kms:DescribeKey", _KEY, {}, True),
    ("kms:DescribeKey", _KEY.replace(_REGION, "eu-west-1"), {}, False),
    ("kms:PutKeyPolicy", _KEY, {}, False),
    ("ec2:CreateNetworkInterface", f"{_EC2}:subnet/{SUBNETS[0]}", {}, True),
    ("ec2:CreateNetworkInterface", f"{_EC2}:subnet/subnet-other", {}, False),
    ("ec2:CreateNetworkInterface", f"{_EC2}:security-group/sg-1", _IN_VPC, True),
    ("ec2:CreateNetworkInterface", f"{_EC2}:security-group/sg-1", {"ec2:Vpc": f"{_EC2}:vpc/vpc-other"}, False),
    ("ec2:DeleteSubnet", f"{_EC2}:subnet/{SUBNETS[0]}", {}, False),
    ("ec2:DeleteSecurityGroup", f"{_EC2}:security-group/sg-1", _IN_VPC, False),
    ("ec2:CreateNetworkInterface", _EC2.replace(_REGION, "eu-west-1") + ":security-group/sg-1", _IN_VPC, False),
    ("ec2:DeleteNetworkInterface", f"{_EC2}:network-interface/eni-1", _IN_SUBNET, True),
    ("ec2:DeleteNetworkInterface", f"{_EC2}:network-interface/eni-1", {}, False),
    (
        "ec2:DeleteNetworkInterface",
        f"{_EC2}:network-interface/eni-1",
        {"ec2:Subnet": f"{_EC2}:subnet/subnet-other"},
        False,
    ),
    ("ec2:DeleteNetworkInterface", f"{_EC2}:network-interface/eni-1".replace("us-", "eu-"), _IN_SUBNET, False),
    ("ec2:AttachNetworkInterface", f"{_EC2}:network-interface/eni-1", _IN_SUBNET, False),
    ("ec2:DescribeSubnets", "*", {"ec2:Region": _REGION}, True),
    ("ec2:DescribeSubnets", "*", {"ec2:Region": "eu-west-1"}, False),
    ("ec2:DescribeInstances", "*", {"ec2:Region": _REGION}, False),
    ("ec2:RunInstances", f"{_EC2}:instance/*", {}, False),
    ("sns:Publish", _TOPIC, {}, True),
    ("sns:Publish", f"{_TOPIC}-2", {}, False),
    ("sns:AddPermission", _TOPIC, {}, False),
    ("lambda:InvokeFunction", _REGISTRY, {}, True),
    ("lambda:InvokeFunction", f"{_REGISTRY}-2", {}, False),
    ("lambda:UpdateFunctionCode", _REGISTRY, {}, False),
    ("sagemaker:GetRecord", FEATURE_GROUP, _OWN, True),
    ("sagemaker:GetRecord", FEATURE_GROUP, _OTHER, False),
    ("sagemaker:GetRecord", f"{FEATURE_GROUP}-2", _OWN, False),
    ("sagemaker:PutRecord", FEATURE_GROUP, _OWN, False),
    ("sagemaker:InvokeEndpoint", f"{_ENDPOINT}/acme-dev-kmeans", {}, True),
    ("sagemaker:InvokeEndpoint", f"{_ENDPOINT}/acme-prod-kmeans", {}, False),
    ("sagemaker:InvokeEndpoint", f"{_ENDPOINT}/acme-dev-kmeans", {"aws:SecureTransport": "false"}, False),
    ("sagemaker:DeleteEndpoint", f"{_ENDPOINT}/acme-dev-kmeans", {}, False),
    ("sagemaker:CallWithBearerToken", "*", {}, True),
    ("sagemaker:ListEndpoints", "*", {}, False),
    ("sagemaker:CreateModel", f"arn:aws:sagemaker:{_REGION}:{_ACCOUNT}:model/acme-dev-a", {}, False),
    # The bucket of the states is also one of data.
    ("s3:PutObject", "arn:aws:s3:::acme-tfstate-dev/captured/a", _OWN, True),
    ("s3:PutObject", "arn:aws:s3:::acme-tfstate-dev/acme/dev-state.tfstate", _OWN, False),
    ("s3:PutObject", "arn:aws:s3:::acme-tfstate-dev/acme/dev-state.tfstate.tflock", _OWN, False),
    ("s3:PutObject", "arn:aws:s3:::acme-tfstate-dev/acme/prod-fraud.tfstate", _OWN, False),
    # Everything by which a role gets more permissions.
    ("iam:CreatePolicyVersion", f"arn:aws:iam::{_ACCOUNT}:policy/acme-dev-boundary", {}, False),
    ("iam:DeleteRolePermissionsBoundary", _ROLE, {}, False),
    ("iam:PutRolePolicy", _ROLE, {}, False),
    ("iam:AttachRolePolicy", _ROLE, {}, False),
    ("iam:CreateRole", _ROLE, {}, False),
    ("iam:PassRole", f"arn:aws:iam::{_ACCOUNT}:role/admin", {}, False),
    ("iam:CreateAccessKey", f"arn:aws:iam::{_ACCOUNT}:user/admin", {}, False),
    ("sts:AssumeRole", f"arn:aws:iam::{_ACCOUNT}:role/admin", {}, False),
    *(
        (f"ssm:{action}", f"arn:aws:ssm:{_REGION}:{_ACCOUNT}:parameter/acme/dev/kmeans/{attribute}", {}, True)
        for action in ("GetParameter", "GetParameters")
        for attribute in ("name", "arn")
    ),
    ("ssm:GetParameter", f"arn:aws:ssm:{_REGION}:{_ACCOUNT}:parameter/acme/dev/kmeans/password", {}, False),
    ("ssm:GetParameter", f"arn:aws:ssm:{_REGION}:{_ACCOUNT}:parameter/acme/prod/kmeans/name", {}, False),
    ("ssm:PutParameter", f"arn:aws:ssm:{_REGION}:{_ACCOUNT}:parameter/acme/dev/kmeans/name", {}, False),
    ("ssm:SendCommand", f"{_EC2}:instance/i-1", {}, False),
    ("cloudformation:CreateStack", f"arn:aws:cloudformation:{_REGION}:{_ACCOUNT}:stack/a/b", {}, False),
    ("secretsmanager:GetSecretValue", f"arn:aws:secretsmanager:{_REGION}:{_ACCOUNT}:secret:a", {}, False),
]


def _scope() -> EnvironmentScope:
    """Return an environment whose endpoints have everything that the boundary can include."""
    network = {"vpc_id": VPC, "subnet_ids": SUBNETS, "route_table_ids": ["rtb-0a1b2c3d4e5f60718"]}
    environment = {**_IN_ENVIRONMENT, "network": network}
    partner = {"name": "partner", "principals": [f"arn:aws:iam::{FOREIGN}:role/gateway"], "external_id": "acme-7f3a"}
    asynchronous = {**SCENARIOS["asynchronous"]["async_inference_config"]}
    output = {**asynchronous["output_config"], "s3_output_path": "s3://acme-tfstate-dev/captured"}
    changes: list[dict[str, Any]] = [
        {
            "name": "kmeans",
            "invokers": [partner],
            "relax": {"bearer_tokens": "a client that cannot sign"},
            "create_ssm_parameters": True,
        },
        {
            "name": "prefix",
            "model_data_url": "s3://my-bucket/models/",
            "mode": "MultiModel",
            "deployment_config": _ROLLOUT,
        },
        {
            "name": "topics",
            **SCENARIOS["asynchronous"],
            "async_inference_config": {**asynchronous, "output_config": output},
        },
        {"name": "registry", "image_config": SCENARIOS["private-registry"]["image_config"]},
        {
            "name": "features",
            "relax": SCENARIOS["permissions"]["relax"],
            "permissions": SCENARIOS["permissions"]["permissions"][:1],
        },
        # The same permission again, which the boundary includes once.
        {
            "name": "features-2",
            "relax": SCENARIOS["permissions"]["relax"],
            "permissions": SCENARIOS["permissions"]["permissions"][:1],
        },
    ]
    return EnvironmentScope([deployment(in_environment=environment, **change) for change in changes])


def _allows(simulator: Simulator, boundary: Document, row: tuple[str, str, dict[str, Any], bool]) -> bool:
    action, resource, context, _ = row
    policy = None
    if action.startswith("kms:"):
        root = {"AWS": f"arn:aws:iam::{_ACCOUNT}:root"}
        statement = {"Effect": "Allow", "Principal": root, "Action": "kms:*", "Resource": "*"}
        policy = {"Version": "2012-10-17", "Statement": [statement]}
    request = Request(
        _ROLE,
        action,
        resource,
        _ACCOUNT,
        {"aws:SecureTransport": "true", **context},
        identity=[everything()],
        resource_policy=policy,
        boundary=[boundary],
    )
    return simulator.allows(request)


@pytest.mark.parametrize("row", _ROWS, ids=lambda row: f"{row[0]} {row[1]} {row[2]}")
def test_a_role_whose_policies_a_deployer_writes_stays_within_the_environment(
    simulator: Simulator, row: tuple[str, str, dict[str, Any], bool]
) -> None:
    assert _allows(simulator, environment_boundary(_scope()), row) is row[3]


def test_a_case_fails_for_every_weakened_boundary(simulator: Simulator) -> None:
    boundary, survivors, tried = environment_boundary(_scope()), set(), 0
    for name, statement, weak in weakened(boundary):
        tried += 1
        likely = likely_first(statement, _ROWS, lambda row: row[0])
        if all(_allows(simulator, weak, row) is row[3] for row in likely):
            survivors.add(name)
    assert survivors == {"PublishEndpointMetrics, Action cloudwatch:*"}  # only PutMetricData has the namespace
    assert tried > 60


@pytest.mark.parametrize(
    "case", [case for case in CASES if case.allowed and case.scenario != "existing-role"], ids=lambda case: case.name
)
def test_what_a_managed_role_may_do_is_within_the_boundary(
    simulator: Simulator, states: dict[str, AwsState], case: Case
) -> None:
    state = states[case.scenario]
    request = case.request(state)
    roles = {role["name"] for role in state.stack["resource"].get("aws_iam_role", {}).values()}
    if request.principal.rsplit("/", 1)[-1] not in roles or everything() in request.identity:
        return  # another principal, or one with policies that this project does not write
    boundary = environment_boundary(EnvironmentScope([state.deployment]))
    assert simulator.allows(replace(request, boundary=[boundary]))


def test_roles_of_a_bootstrapped_environment_have_its_boundary_and_none_of_their_own() -> None:
    state = AwsState.of(deployment(in_environment=_IN_ENVIRONMENT, invokers=SCENARIOS["invokers"]["invokers"]))
    boundary = f"arn:aws:iam::{_ACCOUNT}:policy/acme-dev-boundary"
    roles = state.stack["resource"]["aws_iam_role"].values()
    assert {role["permissions_boundary"] for role in roles} == {boundary}
    policies = [policy["name"] for policy in state.stack["resource"]["aws_iam_policy"].values()]
    assert [name for name in policies if "boundary" in name] == ["acme-dev-boundary"]


def test_an_existing_boundary_stays_the_boundary() -> None:
    existing = f"arn:aws:iam::{_ACCOUNT}:policy/ml-boundary"
    state = AwsState.of(deployment(in_environment={**_IN_ENVIRONMENT, "permissions_boundary_arn": existing}))
    assert {role["permissions_boundary"] for role in state.stack["resource"]["aws_iam_role"].values()} == {existing}
    assert "acme-dev-boundary" not in json.dumps(state.stack)
