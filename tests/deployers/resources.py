"""The resources of a recorded call, as the ARNs that IAM compares with policies."""

from collections.abc import Callable
from typing import Any

from sandbox.call_log import Call
from sandbox.required_permissions import bucket_and_key

Parameters = dict[str, Any]
_SERVING = {"EndpointName": "endpoint", "EndpointConfigName": "endpoint-config", "ModelName": "model"}
_NETWORK_TYPES = {
    "VpcId": "vpc",
    "GroupId": "security-group",
    "SecurityGroupId": "security-group",
    "SubnetId": "subnet",
    "RouteTableId": "route-table",
    "VpcEndpointId": "vpc-endpoint",
}
_TYPES_BY_ID_PREFIX = {"sg": "security-group", "vpce": "vpc-endpoint"}
_SCALING_ROLE = (
    "aws-service-role/sagemaker.application-autoscaling.amazonaws.com/"
    "AWSServiceRoleForApplicationAutoScaling_SageMakerEndpoint"
)
_CREATED_TYPE = "TagSpecification.1.ResourceType"


class Resources:
    """The resources of calls, some of which are only in the parameters of earlier calls."""

    def __init__(self, account_id: str, region: str) -> None:
        self._account_id, self._region = account_id, region
        self._keys_by_alias: dict[str, str] = {}
        self._keys_by_configuration: dict[str, str] = {}
        self._by_service: dict[str, Callable[[str, Call], list[str]]] = {
            "application-autoscaling": self._scaling,
            "cloudtrail": self._cloudtrail,
            "cloudwatch": self._cloudwatch,
            "ec2": self._ec2,
            "iam": self._iam,
            "kms": self._kms,
            "logs": self._logs,
            "s3": self._s3,
            "sagemaker": self._sagemaker,
            "sns": self._sns,
            "ssm": self._ssm,
        }

    def of(self, action: str, call: Call) -> list[str]:
        """Return the ARNs for one of the actions of a call, or `*` for an action without resource-level permissions."""
        service, name = action.split(":")
        return self._by_service[service](name, call) if service in self._by_service else ["*"]

    def aliases_of(self, key: str) -> list[str]:
        """Return the aliases of a KMS key that earlier calls created."""
        return sorted(alias for alias, target in self._keys_by_alias.items() if target.endswith(key))

    def remember(self, call: Call) -> None:
        """Remember the KMS key of an alias or an endpoint configuration."""
        if call.action == "CreateAlias":
            self._keys_by_alias[call.parameters["AliasName"]] = call.parameters["TargetKeyId"]
        if call.action == "CreateEndpointConfig":
            self._keys_by_configuration[call.parameters["EndpointConfigName"]] = call.parameters["KmsKeyId"]

    def _scaling(self, name: str, call: Call) -> list[str]:
        if name.startswith("Describe"):
            return ["*"]
        target = self._arn("application-autoscaling", "scalable-target/*")
        return [call.parameters.get("ResourceARN", target)]

    def _cloudtrail(self, name: str, call: Call) -> list[str]:
        if name == "DescribeTrails":
            return ["*"]
        parameters = call.parameters
        trail = parameters.get("TrailName") or parameters.get("Name") or parameters["ResourceIdList"][0]
        return [trail if trail.startswith("arn:") else self._arn("cloudtrail", f"trail/{trail}")]

    def _cloudwatch(self, name: str, call: Call) -> list[str]:
        parameters = call.parameters
        if call.service == "application-autoscaling":  # what it checks for the caller
            alarm = "any" if name == "DescribeAlarms" else f"TargetTracking-{parameters['ResourceId']}-AlarmHigh-ID"
            return [self._arn("cloudwatch", f"alarm:{alarm}")]
        if arn := parameters.get("ResourceARN"):
            return [arn]
        kind, names = (
            ("dashboard/", _named(parameters, "Dashboard"))
            if "Dashboard" in name
            else (
                "alarm:",
                _named(parameters, "Alarm"),
            )
        )
        region = "" if kind == "dashboard/" else self._region
        return [f"arn:aws:cloudwatch:{region}:{self._account_id}:{kind}{value}" for value in names]

    def _sns(self, _: str, call: Call) -> list[str]:
        parameters = call.parameters
        existing = parameters.get("TopicArn") or parameters.get("ResourceArn")
        return [existing or self._arn("sns", parameters["Name"])]

    def _ssm(self, name: str, call: Call) -> list[str]:
        if name == "DescribeParameters":
            return ["*"]
        parameter = call.parameters.get("ResourceId") or call.parameters["Name"]
        return [self._arn("ssm", f"parameter{parameter}")]

    def _sagemaker(self, action: str, call: Call) -> list[str]:
        if call.service == "application-autoscaling":
            kind, name, *_ = call.parameters["ResourceId"].split("/")
            kind, name = ("endpoint-config", f"{name}-1") if action == "DescribeEndpointConfig" else (kind, name)
            return [self._arn("sagemaker", f"{kind}/{name}")]
        serving = [
            self._arn("sagemaker", f"{_SERVING[key]}/{name}")
            for key, name in call.parameters.items()
            if key in _SERVING
        ]
        return [call.parameters["ResourceArn"]] if "ResourceArn" in call.parameters else serving

    def _iam(self, name: str, call: Call) -> list[str]:
        parameters = call.parameters
        if name == "PassRole":
            return [parameters["ExecutionRoleArn"]]
        if name == "CreateServiceLinkedRole":
            return [f"arn:aws:iam::{self._account_id}:role/{_SCALING_ROLE}"]
        if role := parameters.get("RoleName"):
            return [f"arn:aws:iam::{self._account_id}:role/{role}"]
        return [parameters.get("PolicyArn") or f"arn:aws:iam::{self._account_id}:policy/{parameters['PolicyName']}"]

    def _kms(self, name: str, call: Call) -> list[str]:
        parameters = call.parameters
        if name in ("CreateKey", "ListAliases"):
            return ["*"]
        if name == "CreateGrant":
            return [self._keys_by_configuration[parameters["EndpointConfigName"]]]
        if alias := parameters.get("AliasName"):
            return [self._arn("kms", alias), self._arn("kms", f"key/{self._keys_by_alias[alias]}")]
        key = parameters.get("KeyId", "new").rsplit("/", 1)[-1]  # a new key has no id yet
        return [self._arn("kms", f"key/{key}")]

    def _logs(self, name: str, call: Call) -> list[str]:
        parameters = call.parameters
        if name == "DescribeLogGroups":
            return ["*"]
        return [parameters.get("resourceArn") or self._arn("logs", f"log-group:{parameters['logGroupName']}")]

    def _s3(self, name: str, call: Call) -> list[str]:
        bucket, key = bucket_and_key(call)
        of_object = name.endswith(("Object", "ObjectVersion"))
        return [f"arn:aws:s3:::{bucket}/{key or 'any'}" if of_object else f"arn:aws:s3:::{bucket}"]

    def _ec2(self, name: str, call: Call) -> list[str]:
        parameters = call.parameters
        if name == "GetManagedPrefixListEntries":
            return [f"arn:aws:ec2:{self._region}:aws:prefix-list/{parameters['PrefixListId']}"]
        if name.startswith("Describe") and name != "DescribeVpcAttribute":
            return ["*"]
        created = [f"{parameters[_CREATED_TYPE]}/new"] if _CREATED_TYPE in parameters else []
        if name == "CreateTags" and created:
            return [self._arn("ec2", name) for name in created]
        pairs = [(key.partition(".")[0].removeprefix("Add"), value) for key, value in parameters.items()]
        referenced = [f"{_NETWORK_TYPES[kind]}/{value}" for kind, value in pairs if kind in _NETWORK_TYPES]
        tagged = [
            f"{_TYPES_BY_ID_PREFIX[value.split('-')[0]]}/{value}" for kind, value in pairs if kind == "ResourceId"
        ]
        return [self._arn("ec2", name) for name in (*created, *referenced, *tagged)]

    def _arn(self, service: str, resource: str) -> str:
        return f"arn:aws:{service}:{self._region}:{self._account_id}:{resource}"


def _named(parameters: Parameters, kind: str) -> list[str]:
    """Return the names of alarms or dashboards, in the format of any protocol."""
    names = [value for key, value in parameters.items() if key.partition(".")[0] in (f"{kind}Name", f"{kind}Names")]
    return [name for value in names for name in (value if isinstance(value, list) else [value])]
