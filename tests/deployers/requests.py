"""The requests that IAM evaluates for a recorded call: actions, resources and context.

A call contains neither the tags of resources whose id AWS chooses nor the boundary of a role, so they are read
from earlier calls and from the account.
"""

import re
from collections.abc import Iterator
from typing import Any

from sandbox.call_log import Call
from sandbox.emulator import Emulator
from sandbox.required_permissions import required_permissions
from tests.attacks.simulator import Request
from tests.deployers.resources import Resources

Context = dict[str, Any]
Tags = dict[str, str]
_ROLE_ACTIONS = (
    "iam:CreateRole",
    "iam:PutRolePolicy",
    "iam:PutRolePermissionsBoundary",
    "iam:AttachRolePolicy",
    "iam:UpdateAssumeRolePolicy",
)
_POLICY_ACTIONS = ("iam:AttachRolePolicy", "iam:DetachRolePolicy")
# Actions that create a resource, which has no tags yet. The excluded ones act on an existing resource.
_CREATE = re.compile(r"\w+:Create(?!Grant|Alias|VpcEndpoint|Tags)")
_SCALING = "sagemaker.application-autoscaling.amazonaws.com"
_OF_NAMESPACE = {
    f"application-autoscaling:{name}"
    for name in (
        "DeleteScalingPolicy",
        "DeleteScheduledAction",
        "DeregisterScalableTarget",
        "PutScalingPolicy",
        "PutScheduledAction",
        "RegisterScalableTarget",
    )
}
_TAG = re.compile(r"\w+:(\w*Tag\w*|Create(Key|SecurityGroup|VpcEndpoint))$")


class Account:
    """The state of an account with which IAM evaluates the requests of a principal."""

    def __init__(self, account_id: str, region: str, principal: str) -> None:
        self._account_id, self._region, self._principal = account_id, region, principal
        self.tags: dict[str, Tags] = {}
        self._resources = Resources(account_id, region)
        self._boundaries: dict[str, str] = {}

    def read_tags(self, aws: Emulator) -> None:
        """Read the tags of roles, KMS keys and EC2 resources; the tags of deleted resources remain."""
        kms, ec2, iam = aws.client("kms"), aws.client("ec2"), aws.client("iam")
        for key in kms.list_keys()["Keys"]:
            tags = kms.list_resource_tags(KeyId=key["KeyId"])["Tags"]
            self.tags[key["KeyId"]] = {tag["TagKey"]: tag["TagValue"] for tag in tags}
        for role in iam.list_roles()["Roles"]:
            tags = iam.list_role_tags(RoleName=role["RoleName"])["Tags"]
            self.tags[role["RoleName"]] = {tag["Key"]: tag["Value"] for tag in tags}
        scaling = aws.client("application-autoscaling")
        for target in scaling.describe_scalable_targets(ServiceNamespace="sagemaker")["ScalableTargets"]:
            arn = target["ScalableTargetARN"]
            tags = scaling.list_tags_for_resource(ResourceARN=arn)["Tags"]
            self.tags[arn.rsplit("/", 1)[-1]] = self.tags[target["ResourceId"]] = tags
        for tag in ec2.describe_tags()["Tags"]:
            self.tags.setdefault(tag["ResourceId"], {})[tag["Key"]] = tag["Value"]

    def remember(self, call: Call) -> None:
        """Remember the parameters of a call of somebody else for later calls."""
        self._resources.remember(call)

    def requests_for(self, call: Call) -> Iterator[Request]:
        """Yield the requests that IAM evaluates for a call, and remember its parameters for later calls."""
        self._resources.remember(call)
        if boundary := call.parameters.get("PermissionsBoundary"):
            self._boundaries[call.parameters["RoleName"]] = boundary
        for action in required_permissions(call):
            for resource in self._resources.of(action, call):
                context = {
                    "aws:SecureTransport": "true",
                    "aws:PrincipalArn": self._principal,
                    "aws:PrincipalAccount": self._account_id,
                    "aws:PrincipalIsAWSService": "false",
                    **({"s3:TlsVersion": "1.2"} if action.startswith("s3:") else {}),
                    **self._tags(action, resource, call),
                    **self._iam_context(action, call),
                    **self._service_context(action, resource, call),
                }
                yield Request(self._principal, action, resource, self._account_id, context)

    def _tags(self, action: str, resource: str, call: Call) -> Context:
        name = resource.rsplit("/", 1)[-1]
        if name == "*" and ":scalable-target/" in resource:
            name = call.parameters["ResourceId"]
        is_new = _CREATE.match(action) or (":key/" in resource and not self._aliases(action, resource, call))
        existing = {} if is_new else self.tags.get(name, {})
        requested = _tags_of(call.parameters) if _TAG.match(action) and not name.startswith("vpc-") else {}
        keys = [*requested, *call.parameters.get("TagKeys", [])] if action.startswith("kms:") else []
        return {
            **({"aws:TagKeys": keys} if keys else {}),
            **{f"aws:ResourceTag/{key}": value for key, value in existing.items()},
            **{f"aws:RequestTag/{key}": value for key, value in requested.items()},
        }

    def _aliases(self, action: str, resource: str, call: Call) -> list[str]:
        """Return the aliases of a KMS key. A key without one is new, and KMS does not evaluate its tags yet."""
        aliases = self._resources.aliases_of(resource.rsplit("/", 1)[-1])
        return [alias for alias in aliases if action != "kms:CreateAlias" or alias != call.parameters["AliasName"]]

    def _iam_context(self, action: str, call: Call) -> Context:
        boundary = self._boundaries.get(call.parameters.get("RoleName", "")) if action in _ROLE_ACTIONS else None
        return {
            **({"iam:PassedToService": "sagemaker.amazonaws.com"} if action == "iam:PassRole" else {}),
            **({"iam:AWSServiceName": _SCALING} if action == "iam:CreateServiceLinkedRole" else {}),
            **({"iam:PermissionsBoundary": boundary} if boundary else {}),
            **({"iam:PolicyARN": call.parameters["PolicyArn"]} if action in _POLICY_ACTIONS else {}),
        }

    def _service_context(self, action: str, resource: str, call: Call) -> Context:
        parameters = call.parameters
        context: Context = {}
        if ":key/" in resource and (aliases := self._aliases(action, resource, call)):
            context["kms:ResourceAliases"] = aliases
        if action in _OF_NAMESPACE:
            context["application-autoscaling:service-namespace"] = parameters["ServiceNamespace"]
        match action:
            case "cloudwatch:PutMetricAlarm" if call.action == "PutMetricAlarm":
                if actions := [*_alarm_actions(parameters)]:
                    context["cloudwatch:AlarmActions"] = actions
            case "sagemaker:CreateModel":
                context["sagemaker:NetworkIsolation"] = str(parameters.get("EnableNetworkIsolation", False)).lower()
                if network := parameters.get("VpcConfig"):
                    context["sagemaker:VpcSubnets"] = network["Subnets"]
            case "sagemaker:CreateEndpointConfig":
                context["sagemaker:VolumeKmsKeyArn"] = parameters["KmsKeyId"]
            case "kms:CreateGrant":
                context["kms:GrantIsForAWSResource"] = "true"
                context["kms:ViaService"] = f"sagemaker.{self._region}.amazonaws.com"
                context["kms:CallerAccount"] = self._account_id
            case "ec2:CreateTags" if call.action != "CreateTags":
                context["ec2:CreateAction"] = call.action
            case "ec2:CreateVpcEndpoint" if resource.endswith("vpc-endpoint/new"):
                context["ec2:VpceServiceName"] = parameters["ServiceName"]
            case "route53:AssociateVPCWithHostedZone":
                context["route53:VPCs"] = [f"VPCId={parameters['VpcId']},VPCRegion={self._region}"]
        return context


def _alarm_actions(parameters: dict[str, Any]) -> Iterator[str]:
    """Yield the actions of an alarm for every state, in the format of any protocol."""
    for key, value in parameters.items():
        if key.partition(".")[0] in ("AlarmActions", "OKActions"):
            yield from value if isinstance(value, list) else [value]


def _tags_of(parameters: dict[str, Any]) -> Tags:
    """Return the tags in the parameters of a call, in the format of any protocol."""
    tags = parameters.get("Tags", parameters.get("tags"))
    if isinstance(tags, dict):
        return dict(tags)
    if isinstance(tags, list):
        return {tag.get("Key", tag.get("TagKey")): tag.get("Value", tag.get("TagValue")) for tag in tags}
    keys = [name for name in parameters if re.fullmatch(r"(Tags\.member|Tag|TagSpecification\.1\.Tag)\.\d+\.Key", name)]
    return {parameters[name]: parameters.get(name.removesuffix("Key") + "Value", "") for name in keys}
