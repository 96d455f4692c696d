"""The resources of a recorded call, as the ARNs that IAM compares with policies."""

from collections.abc import Callable
from typing import Any

from sandbox.call_log import Call
from sandbox.required_permissions import bucket_and_key

Sent = dict[str, Any]
_SERVING = {"EndpointName": "endpoint", "EndpointConfigName": "endpoint-config", "ModelName": "model"}
_IN_NETWORK = {
    "VpcId": "vpc",
    "GroupId": "security-group",
    "SecurityGroupId": "security-group",
    "SubnetId": "subnet",
    "RouteTableId": "route-table",
    "VpcEndpointId": "vpc-endpoint",
}
_BY_ID = {"sg": "security-group", "vpce": "vpc-endpoint"}
_CREATED_TYPE = "TagSpecification.1.ResourceType"


class Resources:
    """The resources of calls, some of which are known from parameters of earlier calls only."""

    def __init__(self, account_id: str, region: str) -> None:
        self._account_id, self._region = account_id, region
        self._of_alias: dict[str, str] = {}
        self._of_configuration: dict[str, str] = {}
        self._by_service: dict[str, Callable[[str, Call], list[str]]] = {
            "ec2": self._ec2,
            "iam": self._iam,
            "kms": self._kms,
            "logs": self._logs,
            "s3": self._s3,
            "sagemaker": self._sagemaker,
        }

    def of(self, action: str, call: Call) -> list[str]:
        """Return the ARNs for one of the actions of a call, or `*` for an action without resource-level permissions."""
        service, name = action.split(":")
        return self._by_service[service](name, call) if service in self._by_service else ["*"]

    def remember(self, call: Call) -> None:
        """Remember the KMS key of an alias or an endpoint configuration."""
        if call.action == "CreateAlias":
            self._of_alias[call.parameters["AliasName"]] = call.parameters["TargetKeyId"]
        if call.action == "CreateEndpointConfig":
            self._of_configuration[call.parameters["EndpointConfigName"]] = call.parameters["KmsKeyId"]

    def _sagemaker(self, _: str, call: Call) -> list[str]:
        named = [
            self._arn("sagemaker", f"{_SERVING[key]}/{name}")
            for key, name in call.parameters.items()
            if key in _SERVING
        ]
        return [call.parameters["ResourceArn"]] if "ResourceArn" in call.parameters else named

    def _iam(self, name: str, call: Call) -> list[str]:
        sent = call.parameters
        if name == "PassRole":
            return [sent["ExecutionRoleArn"]]
        if role := sent.get("RoleName"):
            return [f"arn:aws:iam::{self._account_id}:role/{role}"]
        return [sent.get("PolicyArn") or f"arn:aws:iam::{self._account_id}:policy/{sent['PolicyName']}"]

    def _kms(self, name: str, call: Call) -> list[str]:
        sent = call.parameters
        if name in ("CreateKey", "ListAliases"):
            return ["*"]
        if name == "CreateGrant":
            return [self._of_configuration[sent["EndpointConfigName"]]]
        if alias := sent.get("AliasName"):
            return [self._arn("kms", alias), self._arn("kms", f"key/{self._of_alias[alias]}")]
        key = sent.get("KeyId", "new").rsplit("/", 1)[-1]  # a new key has no id yet
        return [self._arn("kms", f"key/{key}")]

    def _logs(self, name: str, call: Call) -> list[str]:
        sent = call.parameters
        if name == "DescribeLogGroups":
            return ["*"]
        return [sent.get("resourceArn") or self._arn("logs", f"log-group:{sent['logGroupName']}")]

    def _s3(self, name: str, call: Call) -> list[str]:
        bucket, key = bucket_and_key(call)
        of_object = name.endswith(("Object", "ObjectVersion"))
        return [f"arn:aws:s3:::{bucket}/{key or 'any'}" if of_object else f"arn:aws:s3:::{bucket}"]

    def _ec2(self, name: str, call: Call) -> list[str]:
        sent = call.parameters
        if name == "GetManagedPrefixListEntries":
            return [f"arn:aws:ec2:{self._region}:aws:prefix-list/{sent['PrefixListId']}"]
        if name.startswith("Describe") and name != "DescribeVpcAttribute":
            return ["*"]
        created = [f"{sent[_CREATED_TYPE]}/new"] if _CREATED_TYPE in sent else []
        if name == "CreateTags" and created:
            return [self._arn("ec2", name) for name in created]
        named = [(key.partition(".")[0].removeprefix("Add"), value) for key, value in sent.items()]
        found = [f"{_IN_NETWORK[kind]}/{value}" for kind, value in named if kind in _IN_NETWORK]
        tagged = [f"{_BY_ID[value.split('-')[0]]}/{value}" for kind, value in named if kind == "ResourceId"]
        return [self._arn("ec2", name) for name in (*created, *found, *tagged)]

    def _arn(self, service: str, resource: str) -> str:
        return f"arn:aws:{service}:{self._region}:{self._account_id}:{resource}"
