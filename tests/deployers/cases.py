"""Requests with the credentials of a deployer, and the expected answers of IAM.

`deployer` is a role with the printed policies only; `administrator` also has a policy that allows everything, so that
only the denials of the printed policies apply.
"""

from dataclasses import dataclass, field
from typing import Any

Context = dict[str, Any]

_ACCOUNT, _OTHER = "111122223333", "999988887777"
_KEY = f"arn:aws:kms:us-west-2:{_ACCOUNT}:key/1234abcd-12ab-34cd-56ef-1234567890ab"
_ROLES, _POLICIES = f"arn:aws:iam::{_ACCOUNT}:role", f"arn:aws:iam::{_ACCOUNT}:policy"
_EXECUTION = f"{_ROLES}/acme-dev-kmeans-exec-de91fccc"
_MANAGED_BOUNDARY, BOUNDARY = f"{_POLICIES}/acme-dev-kmeans-boundary-de91fccc", f"{_POLICIES}/ml-boundary"
_INVOKE, _ADMIN = f"{_POLICIES}/acme-dev-kmeans-invoke-de91fccc", "arn:aws:iam::aws:policy/AdministratorAccess"
SUBNETS = ["subnet-0a1b2c3d4e5f60718", "subnet-0a1b2c3d4e5f60719"]
_ISOLATED, _IN_VPC = {"sagemaker:NetworkIsolation": "true"}, {"sagemaker:VpcSubnets": SUBNETS}
_RESOURCE_TAGS = {
    "aws:ResourceTag/project": "acme",
    "aws:ResourceTag/environment": "dev",
    "aws:ResourceTag/endpoint": "kmeans",
}
_REQUEST_TAGS = {"aws:RequestTag/project": "acme", "aws:RequestTag/environment": "dev"}
_TO_SAGEMAKER = {"iam:PassedToService": "sagemaker.amazonaws.com"}
_GRANT = {
    "kms:GrantIsForAWSResource": "true",
    "kms:ViaService": "sagemaker.us-west-2.amazonaws.com",
    "kms:CallerAccount": _ACCOUNT,
}


@dataclass(frozen=True)
class Case:
    """One request of a deployer in a scenario."""

    scenario: str
    principal: str
    action: str
    resource: str
    allowed: bool
    context: Context = field(default_factory=dict)

    @property
    def name(self) -> str:
        context = (
            ", ".join(f"{key.partition(':')[2]}={value}" for key, value in self.context.items()) or "default context"
        )
        return f"{self.scenario}: {self.principal} {self.action} {self.resource} {context}"


def _cases(scenario: str, principal: str, rows: list[tuple[str, str, Context, bool]]) -> list[Case]:
    return [
        Case(scenario, principal, action, resource, allowed, context) for action, resource, context, allowed in rows
    ]


def _sagemaker(resource: str, *, account: str = _ACCOUNT, region: str = "us-west-2") -> str:
    return f"arn:aws:sagemaker:{region}:{account}:{resource}"


_MODEL, _CONFIGURATION = _sagemaker("model/acme-dev-kmeans-0123456789"), _sagemaker("endpoint-config/acme-dev-kmeans-1")
_VOLUME = "sagemaker:VolumeKmsKeyArn"

_SERVING: list[tuple[str, str, Context, bool]] = [
    ("sagemaker:CreateModel", _MODEL, _ISOLATED, True),
    ("sagemaker:CreateModel", _sagemaker("model/other-dev-kmeans-0123456789"), _ISOLATED, False),
    ("sagemaker:CreateModel", _sagemaker("model/acme-prod-kmeans-0123456789"), _ISOLATED, False),
    ("sagemaker:CreateModel", _MODEL.replace("us-west-2", "eu-west-1"), _ISOLATED, False),
    ("sagemaker:CreateEndpointConfig", _CONFIGURATION, {_VOLUME: _KEY}, True),
    ("sagemaker:UpdateEndpoint", _sagemaker("endpoint/acme-dev-kmeans"), {}, True),
    ("sagemaker:UpdateEndpoint", _sagemaker("endpoint/acme-prod-kmeans"), {}, False),
    ("sagemaker:DeleteEndpoint", _sagemaker("endpoint/other"), {}, False),
    ("sagemaker:InvokeEndpoint", _sagemaker("endpoint/acme-dev-kmeans"), {}, False),
    ("sagemaker:GetEndpointPolicy", _sagemaker("endpoint/acme-dev-kmeans"), {}, True),
    ("sagemaker:GetEndpointPolicy", _sagemaker("endpoint/acme-prod-kmeans"), {}, False),
    ("sagemaker:PutEndpointPolicy", _sagemaker("endpoint/acme-dev-kmeans"), {}, False),
    ("sagemaker:CallWithBearerToken", "*", {}, False),
    ("sagemaker:CreateNotebookInstance", _sagemaker("notebook-instance/acme-dev-a"), {}, False),
    ("sagemaker:CreateTrainingJob", _sagemaker("training-job/acme-dev-a"), {}, False),
]
_UNPROTECTED: list[tuple[str, str, Context, bool]] = [
    ("sagemaker:CreateModel", _MODEL, _ISOLATED, True),
    ("sagemaker:CreateModel", _MODEL, {"sagemaker:NetworkIsolation": "false"}, False),
    ("sagemaker:CreateModel", _MODEL, {}, False),
    ("sagemaker:CreateModel", _sagemaker("model/anything"), {}, False),
    ("sagemaker:CreateEndpointConfig", _CONFIGURATION, {_VOLUME: _KEY}, True),
    ("sagemaker:CreateEndpointConfig", _CONFIGURATION, {}, False),
    ("sagemaker:CreateEndpointConfig", _CONFIGURATION, {_VOLUME: _KEY.replace(_ACCOUNT, _OTHER)}, False),
    ("sagemaker:CreateEndpointConfig", _CONFIGURATION, {_VOLUME: _KEY.replace("us-west-2", "eu-west-1")}, False),
]
_ENDPOINT_POLICY: list[tuple[str, str, Context, bool]] = [
    ("sagemaker:UpdateEndpoint", _sagemaker("endpoint/acme-dev-kmeans"), {}, True),
    ("sagemaker:PutEndpointPolicy", _sagemaker("endpoint/acme-dev-kmeans"), {}, False),
    ("sagemaker:PutEndpointPolicy", _sagemaker("endpoint/anything"), {}, False),
]
_NETWORK: list[tuple[str, str, Context, bool]] = [
    ("sagemaker:CreateModel", _MODEL, {**_ISOLATED, **_IN_VPC}, True),
    ("sagemaker:CreateModel", _MODEL, {**_ISOLATED, "sagemaker:VpcSubnets": SUBNETS[:1]}, True),
    ("sagemaker:CreateModel", _MODEL, _ISOLATED, False),
    ("sagemaker:CreateModel", _MODEL, _IN_VPC, False),
    ("sagemaker:CreateModel", _MODEL, {**_ISOLATED, "sagemaker:VpcSubnets": [*SUBNETS, "subnet-0a1b"]}, False),
]
_ISOLATION_RELAXED: list[tuple[str, str, Context, bool]] = [
    ("sagemaker:CreateModel", _MODEL, {}, True),
    ("sagemaker:CreateModel", _sagemaker("model/acme-dev-other-0123456789"), {}, False),
    ("sagemaker:CreateModel", _sagemaker("model/acme-dev-kmeans-2-0123456789"), {}, False),
]
_SERVERLESS_NAME = _sagemaker(f"endpoint-config/acme-dev-kmeans-{'0' * 26}")
_SERVERLESS: list[tuple[str, str, Context, bool]] = [
    ("sagemaker:CreateModel", _MODEL, {}, True),
    ("sagemaker:CreateModel", _sagemaker("model/acme-dev-other-0123456789"), _ISOLATED, False),
    ("sagemaker:CreateEndpointConfig", _SERVERLESS_NAME, {}, True),
    ("sagemaker:CreateEndpointConfig", _SERVERLESS_NAME.replace("kmeans", "other"), {}, False),
    ("sagemaker:CreateEndpointConfig", _SERVERLESS_NAME.replace("kmeans", "kmeans-2"), {}, False),
]
_ALARM = f"arn:aws:cloudwatch:us-west-2:{_ACCOUNT}:alarm:kmeans-5xx"
_ALARMS: list[tuple[str, str, Context, bool]] = [
    ("cloudwatch:DescribeAlarms", _ALARM, {}, True),
    ("cloudwatch:DescribeAlarms", _ALARM.replace("kmeans", "other"), {}, False),
    ("cloudwatch:DeleteAlarms", _ALARM, {}, False),
]
_PACKAGE = _sagemaker("model-package/fraud/7")
_PACKAGES: list[tuple[str, str, Context, bool]] = [
    ("sagemaker:DescribeModelPackage", _PACKAGE, {}, True),
    ("sagemaker:DescribeModelPackage", _PACKAGE.replace("/7", "/8"), {}, False),
    ("sagemaker:DeleteModelPackage", _PACKAGE, {}, False),
]
_COMPONENT = _sagemaker("inference-component/acme-dev-kmeans-llama")
_GROUP = f"arn:aws:logs:us-west-2:{_ACCOUNT}:log-group:/aws/sagemaker/InferenceComponents/acme-dev-kmeans-llama"
_COMPONENTS: list[tuple[str, str, Context, bool]] = [
    ("sagemaker:CreateInferenceComponent", _COMPONENT, {}, True),
    ("sagemaker:CreateInferenceComponent", _sagemaker("endpoint/acme-dev-kmeans"), {}, True),
    ("sagemaker:CreateInferenceComponent", _sagemaker("endpoint/acme-prod-kmeans"), {}, False),
    ("sagemaker:CreateInferenceComponent", _COMPONENT.replace("dev", "prod"), {}, False),
    ("sagemaker:UpdateInferenceComponent", _COMPONENT, {}, True),
    ("sagemaker:UpdateInferenceComponent", _COMPONENT.replace("acme", "other"), {}, False),
    ("sagemaker:DeleteInferenceComponent", _COMPONENT, {}, True),
    ("sagemaker:DeleteInferenceComponent", _COMPONENT.replace("us-west-2", "eu-west-1"), {}, False),
    ("sagemaker:InvokeEndpoint", _COMPONENT, {}, False),
    ("cloudformation:CreateResource", "*", {}, True),
    ("cloudformation:CreateStack", f"arn:aws:cloudformation:us-west-2:{_ACCOUNT}:stack/a/b", {}, False),
    ("logs:CreateLogGroup", _GROUP, {}, True),
    ("logs:DeleteLogGroup", _GROUP.replace("dev", "prod"), {}, False),
]
# The ARN of an endpoint has its name in lower case.
_COMPONENTS_OF_ENDPOINT_NAME: list[tuple[str, str, Context, bool]] = [
    ("sagemaker:CreateInferenceComponent", _sagemaker("endpoint/churn-predictor"), {}, True),
    ("sagemaker:CreateInferenceComponent", _sagemaker("endpoint/churn-predictor-2"), {}, False),
]
_PASS_ROLE: list[tuple[str, str, Context, bool]] = [
    ("iam:PassRole", _EXECUTION, _TO_SAGEMAKER, True),
    ("iam:PassRole", _EXECUTION, {"iam:PassedToService": "lambda.amazonaws.com"}, False),
    ("iam:PassRole", _EXECUTION, {}, False),
    ("iam:PassRole", f"{_ROLES}/admin", _TO_SAGEMAKER, False),
    ("iam:PassRole", f"{_ROLES}/acme-dev-deployer", _TO_SAGEMAKER, False),
    ("iam:PassRole", f"{_ROLES}/acme-prod-kmeans-exec-de91fccc", _TO_SAGEMAKER, False),
    ("iam:PassRole", f"{_ROLES}/acme-dev-kmeans-exec-0123abcd", _TO_SAGEMAKER, False),
    ("sts:AssumeRole", _EXECUTION, {}, False),
]
_WITH_BOUNDARY = {"iam:PermissionsBoundary": _MANAGED_BOUNDARY}
_ROLE_ACTIONS: list[tuple[str, str, Context, bool]] = [
    ("iam:CreateRole", _EXECUTION, _WITH_BOUNDARY, True),
    ("iam:CreateRole", _EXECUTION, {}, False),
    ("iam:CreateRole", _EXECUTION, {"iam:PermissionsBoundary": _ADMIN}, False),
    ("iam:CreateRole", f"{_ROLES}/admin", _WITH_BOUNDARY, False),
    ("iam:PutRolePolicy", _EXECUTION, _WITH_BOUNDARY, True),
    ("iam:PutRolePolicy", _EXECUTION, {}, False),
    ("iam:PutRolePolicy", f"{_ROLES}/checkout-api", {}, False),
    ("iam:PutRolePolicy", f"{_ROLES}/acme-dev-deployer", {}, False),
    ("iam:DeleteRolePermissionsBoundary", _EXECUTION, _WITH_BOUNDARY, False),
    ("iam:UpdateAssumeRolePolicy", _EXECUTION, {}, True),
    ("iam:UpdateAssumeRolePolicy", f"{_ROLES}/checkout-api", {}, False),
    ("iam:UpdateAssumeRolePolicy", f"{_ROLES}/acme-dev-deployer", {}, False),
    ("iam:DeleteRole", f"{_ROLES}/acme-dev-ci-deployer", {}, False),
    ("iam:DeleteRole", _EXECUTION, _RESOURCE_TAGS, True),
    ("iam:AttachRolePolicy", f"{_ROLES}/checkout-api", {"iam:PolicyARN": _INVOKE}, True),
    ("iam:AttachRolePolicy", f"{_ROLES}/checkout-api", {"iam:PolicyARN": _ADMIN}, False),
    ("iam:AttachRolePolicy", f"{_ROLES}/checkout-api", {}, False),
    ("iam:AttachRolePolicy", f"{_ROLES}/stranger", {"iam:PolicyARN": _INVOKE}, False),
    ("iam:AttachRolePolicy", _EXECUTION, {"iam:PolicyARN": _ADMIN}, False),
    ("iam:DetachRolePolicy", f"{_ROLES}/stranger", {"iam:PolicyARN": _INVOKE}, True),
    ("iam:DetachRolePolicy", f"{_ROLES}/stranger", {"iam:PolicyARN": _ADMIN}, False),
    ("iam:CreatePolicy", _INVOKE, {}, True),
    ("iam:CreatePolicyVersion", f"{_POLICIES}/acme-dev-deployer", {}, False),
    ("iam:CreatePolicyVersion", f"{_POLICIES}/acme-dev-deployer-1", {}, False),
    ("iam:CreatePolicyVersion", BOUNDARY, {}, False),
    ("iam:DeletePolicy", f"{_POLICIES}/acme-prod-kmeans-invoke-de91fccc", {}, False),
    ("iam:CreateUser", f"arn:aws:iam::{_ACCOUNT}:user/a", {}, False),
    ("iam:CreateAccessKey", f"arn:aws:iam::{_ACCOUNT}:user/a", {}, False),
]
_PERMISSIONS_BOUNDARY: list[tuple[str, str, Context, bool]] = [
    ("iam:CreateRole", f"{_ROLES}/any", {"iam:PermissionsBoundary": BOUNDARY}, True),
    ("iam:CreateRole", f"{_ROLES}/any", {}, False),
    ("iam:CreateRole", _EXECUTION, _WITH_BOUNDARY, False),
    ("iam:PutRolePolicy", _EXECUTION, {"iam:PermissionsBoundary": BOUNDARY}, True),
    ("iam:PutRolePolicy", f"{_ROLES}/any", {}, False),
    ("iam:PutRolePermissionsBoundary", _EXECUTION, _WITH_BOUNDARY, False),
    ("iam:DeleteRolePermissionsBoundary", _EXECUTION, {"iam:PermissionsBoundary": BOUNDARY}, False),
    ("iam:AttachRolePolicy", _EXECUTION, {"iam:PolicyARN": _ADMIN}, False),
    ("iam:CreatePolicyVersion", BOUNDARY, {}, False),
    ("iam:SetDefaultPolicyVersion", BOUNDARY, {}, False),
    ("iam:DeletePolicy", BOUNDARY, {}, False),
]
_KEYS: list[tuple[str, str, Context, bool]] = [
    ("kms:CreateKey", "*", _REQUEST_TAGS, True),
    ("kms:CreateKey", "*", {}, False),
    ("kms:CreateKey", "*", {**_REQUEST_TAGS, "aws:RequestTag/environment": "prod"}, False),
    ("kms:TagResource", _KEY, _REQUEST_TAGS, True),
    ("kms:TagResource", _KEY, {**_REQUEST_TAGS, "aws:ResourceTag/project": "other"}, False),
    ("kms:TagResource", _KEY, {**_REQUEST_TAGS, **_RESOURCE_TAGS, "aws:ResourceTag/environment": "prod"}, False),
    ("kms:PutKeyPolicy", _KEY, _RESOURCE_TAGS, True),
    ("kms:PutKeyPolicy", _KEY, {}, False),
    ("kms:PutKeyPolicy", _KEY, {**_RESOURCE_TAGS, "aws:ResourceTag/project": "other"}, False),
    ("kms:ScheduleKeyDeletion", _KEY, _RESOURCE_TAGS, False),
    ("kms:ScheduleKeyDeletion", _KEY, {}, False),
    ("kms:DisableKey", _KEY, _RESOURCE_TAGS, False),
    ("kms:Decrypt", _KEY, _RESOURCE_TAGS, False),
    ("kms:CreateGrant", _KEY, {**_RESOURCE_TAGS, **_GRANT}, True),
    ("kms:CreateGrant", _KEY, {**_RESOURCE_TAGS, **_GRANT, "kms:GrantIsForAWSResource": "false"}, False),
    ("kms:CreateGrant", _KEY, {**_RESOURCE_TAGS, **_GRANT, "kms:ViaService": "ec2.us-west-2.amazonaws.com"}, False),
    ("kms:CreateGrant", _KEY, _GRANT, False),
    ("kms:CreateAlias", f"arn:aws:kms:us-west-2:{_ACCOUNT}:alias/other", {}, False),
]
_BUCKET = "arn:aws:s3:::acme-dev-kmeans-capture-de91fccc"
_DATA: list[tuple[str, str, Context, bool]] = [
    ("s3:CreateBucket", _BUCKET, {}, True),
    ("s3:GetObject", f"{_BUCKET}/data-capture/a", {}, False),
    ("s3:PutObject", f"{_BUCKET}/data-capture/a", {}, False),
    ("s3:DeleteBucket", _BUCKET, {}, False),
    ("s3:DeleteObject", f"{_BUCKET}/data-capture/a", {}, False),
    ("s3:PutBucketPolicy", "arn:aws:s3:::my-bucket", {}, False),
    ("s3:PutObject", "arn:aws:s3:::acme-tfstate/acme/dev-kmeans.tfstate", {}, True),
    ("s3:PutObject", "arn:aws:s3:::acme-tfstate/acme/prod-kmeans.tfstate", {}, False),
    ("s3:PutObject", "arn:aws:s3:::acme-tfstate/other/dev-kmeans.tfstate", {}, False),
    ("s3:DeleteObject", "arn:aws:s3:::acme-tfstate/acme/dev-kmeans.tfstate", {}, False),
    ("logs:DeleteLogGroup", f"arn:aws:logs:us-west-2:{_ACCOUNT}:log-group:/aws/lambda/other", {}, False),
    ("ec2:CreateSecurityGroup", f"arn:aws:ec2:us-west-2:{_ACCOUNT}:security-group/*", _REQUEST_TAGS, False),
]
_VPC = f"arn:aws:ec2:us-west-2:{_ACCOUNT}"
_IN_NETWORK: list[tuple[str, str, Context, bool]] = [
    ("ec2:DeleteSecurityGroup", f"{_VPC}:security-group/sg-0a1b", _RESOURCE_TAGS, True),
    ("ec2:DeleteSecurityGroup", f"{_VPC}:security-group/sg-0a1b", {}, False),
    ("ec2:AuthorizeSecurityGroupIngress", f"{_VPC}:security-group/sg-0a1b", {"aws:ResourceTag/project": "acme"}, False),
    ("ec2:CreateTags", f"{_VPC}:security-group/sg-0a1b", _REQUEST_TAGS, False),
    ("ec2:CreateTags", f"{_VPC}:instance/i-0a1b", {"ec2:CreateAction": "CreateSecurityGroup"}, False),
    ("ec2:CreateVpcEndpoint", f"{_VPC}:vpc/vpc-0a1b2c3d4e5f60719", {}, False),
    (
        "ec2:CreateVpcEndpoint",
        f"{_VPC}:vpc-endpoint/*",
        {**_REQUEST_TAGS, "ec2:VpceServiceName": "com.evil.service"},
        False,
    ),
    ("ec2:DeleteVpcEndpoints", f"{_VPC}:vpc-endpoint/vpce-0a1b", {"aws:ResourceTag/project": "other"}, False),
    ("ec2:RunInstances", f"{_VPC}:instance/*", {}, False),
]
_PREVENT_DESTROY_RELAXED: list[tuple[str, str, Context, bool]] = [
    ("kms:ScheduleKeyDeletion", _KEY, _RESOURCE_TAGS, True),
    ("kms:ScheduleKeyDeletion", _KEY, {**_RESOURCE_TAGS, "aws:ResourceTag/endpoint": "other"}, False),
    ("kms:ScheduleKeyDeletion", _KEY, {}, False),
    ("s3:DeleteBucket", _BUCKET, {}, True),
    ("s3:DeleteBucket", _BUCKET.replace("kmeans", "other"), {}, False),
    ("s3:DeleteObjectVersion", f"{_BUCKET}/data-capture/a", {}, True),
    ("s3:DeleteObjectVersion", "arn:aws:s3:::my-bucket/a", {}, False),
]

_INVOKER = f"{_ROLES}/acme-dev-kmeans-partner-986ccddc"
_INVOKERS: list[tuple[str, str, Context, bool]] = [
    ("iam:CreateRole", _INVOKER, {"iam:PermissionsBoundary": _INVOKE}, True),
    ("iam:CreateRole", _INVOKER, {}, False),
    ("iam:CreateRole", _INVOKER, {"iam:PermissionsBoundary": _ADMIN}, False),
    ("iam:CreateRole", _INVOKER.replace("partner", "other"), {"iam:PermissionsBoundary": _INVOKE}, False),
    ("iam:PutRolePolicy", _INVOKER, {"iam:PermissionsBoundary": _INVOKE}, False),
    ("iam:PassRole", _INVOKER, _TO_SAGEMAKER, False),
    ("iam:AttachRolePolicy", _INVOKER, {"iam:PolicyARN": _INVOKE}, True),
    ("iam:AttachRolePolicy", _INVOKER, {"iam:PolicyARN": _ADMIN}, False),
]
EXISTING_KEY = _KEY.replace(_ACCOUNT, _OTHER)
_EXISTING_KEY: list[tuple[str, str, Context, bool]] = [
    ("sagemaker:CreateEndpointConfig", _CONFIGURATION, {_VOLUME: EXISTING_KEY}, True),
    ("sagemaker:CreateEndpointConfig", _CONFIGURATION, {_VOLUME: _KEY}, True),
    ("sagemaker:CreateEndpointConfig", _CONFIGURATION, {_VOLUME: f"{EXISTING_KEY[:-1]}1"}, False),
]

EXISTING_ROLE = f"{_ROLES}/team/ml-models"
_EXISTING_ROLE: list[tuple[str, str, Context, bool]] = [
    ("iam:PassRole", EXISTING_ROLE, _TO_SAGEMAKER, True),
    ("iam:PassRole", EXISTING_ROLE, {"iam:PassedToService": "lambda.amazonaws.com"}, False),
    ("iam:PassRole", EXISTING_ROLE, {}, False),
    ("iam:PassRole", f"{EXISTING_ROLE}-2", _TO_SAGEMAKER, False),
    ("iam:PassRole", f"{_ROLES}/ml-models", _TO_SAGEMAKER, False),
    ("iam:PassRole", _EXECUTION, _TO_SAGEMAKER, True),  # of other endpoints, and of this one before and after
    ("iam:PutRolePolicy", EXISTING_ROLE, _WITH_BOUNDARY, False),
    ("iam:DeleteRolePolicy", EXISTING_ROLE, {}, False),
    ("iam:AttachRolePolicy", EXISTING_ROLE, {"iam:PolicyARN": _INVOKE}, False),
    ("iam:UpdateAssumeRolePolicy", EXISTING_ROLE, {}, False),
    ("iam:PutRolePermissionsBoundary", EXISTING_ROLE, _WITH_BOUNDARY, False),
    ("iam:DeleteRole", EXISTING_ROLE, _RESOURCE_TAGS, False),
]
_LOG_GROUPS = f"arn:aws:logs:us-west-2:{_ACCOUNT}:log-group:/aws/sagemaker/Endpoints"
_ENDPOINT_NAME: list[tuple[str, str, Context, bool]] = [
    ("sagemaker:CreateEndpoint", _sagemaker("endpoint/churn-predictor"), {}, True),  # in lower case, as IAM compares it
    ("sagemaker:DeleteEndpoint", _sagemaker("endpoint/churn-predictor"), {}, True),
    ("sagemaker:DescribeEndpoint", _sagemaker("endpoint/churn-predictor"), {}, True),
    ("sagemaker:DeleteEndpoint", _sagemaker("endpoint/churn-predictor-2"), {}, False),
    ("sagemaker:DeleteEndpoint", _sagemaker("endpoint/acme-dev-kmeans"), {}, True),  # the name before
    ("sagemaker:CreateModel", _sagemaker("model/churn-predictor"), _ISOLATED, False),
    ("logs:CreateLogGroup", f"{_LOG_GROUPS}/Churn-Predictor:log-stream:", {}, True),
    ("logs:DeleteLogGroup", f"{_LOG_GROUPS}/Churn-Predictor:*", {}, True),
    ("logs:TagResource", f"{_LOG_GROUPS}/Churn-Predictor", {}, True),
    ("logs:DeleteLogGroup", f"{_LOG_GROUPS}/Churn-Predictor-2:*", {}, False),
    ("logs:DeleteLogGroup", f"{_LOG_GROUPS}/other:*", {}, False),
]

CASES = [
    *_cases("plain", "deployer", [*_SERVING, *_PASS_ROLE, *_ROLE_ACTIONS, *_KEYS, *_DATA]),
    *_cases("plain", "administrator", [*_UNPROTECTED, *_ENDPOINT_POLICY]),
    *_cases("network", "administrator", _NETWORK),
    *_cases("network", "deployer", _IN_NETWORK),
    *_cases("permissions-boundary", "administrator", _PERMISSIONS_BOUNDARY),
    *_cases("isolation-relaxed", "administrator", _ISOLATION_RELAXED),
    *_cases("serverless", "administrator", _SERVERLESS),
    *_cases("packages", "deployer", _PACKAGES),
    *_cases("alarms", "deployer", _ALARMS),
    *_cases("invokers", "deployer", _INVOKERS),
    *_cases("existing-key", "administrator", _EXISTING_KEY),
    *_cases("existing-role", "deployer", _EXISTING_ROLE),
    *_cases("endpoint-name", "deployer", _ENDPOINT_NAME),
    *_cases("plain", "deployer", [("cloudformation:CreateResource", "*", {}, False)]),
    *_cases("inference-components", "deployer", _COMPONENTS),
    *_cases("components-of-endpoint-name", "deployer", _COMPONENTS_OF_ENDPOINT_NAME),
    *_cases("prevent-destroy-relaxed", "deployer", _PREVENT_DESTROY_RELAXED),
]
