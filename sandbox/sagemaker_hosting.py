"""SageMaker's hosting as the API behaves: models, endpoint configurations, endpoints and what an update does.

moto invents attributes, drops others and has no UpdateEndpoint, so the sandbox answers these calls itself. Requests
are checked against botocore's service model and kept as they came. A model that never passes its health check
(`sandbox/health.py`) lets a new endpoint fail and an updated one be rolled back, which SageMaker reports as a success.
"""

import struct
import time
from collections.abc import Callable
from typing import Any

from botocore.session import Session
from botocore.validate import validate_parameters

from sandbox.authorization import ACCOUNT_ID, allowed, identity_policies
from sandbox.health import CREATING, ROLLING_BACK, Containers, Progress, is_healthy

Record = dict[str, Any]
_SERVICE = Session().get_service_model("sagemaker")
_VARIANTS = ("ProductionVariants", "ShadowProductionVariants")


class Refused(Exception):
    """Raised for what the API answers with a ValidationException."""

    kind = "ValidationException"


class Missing(Refused):
    """Raised for what newer parts of the API answer with ResourceNotFound."""

    kind = "ResourceNotFound"


class Hosting:
    """Keeps what one account has in one region."""

    def __init__(self, region: str) -> None:
        self._region = region
        self.models: dict[str, Record] = {}
        self.configurations: dict[str, Record] = {}
        self.endpoints: dict[str, Record] = {}
        self._tags: dict[str, dict[str, str]] = {}
        self._endpoint_policies: dict[str, str] = {}
        self._progress = Progress()
        self._actions: dict[str, Callable[[Record], Record]] = {
            "CreateModel": self._create_model,
            "DescribeModel": lambda r: _found(self.models, r["ModelName"], "model"),
            "DeleteModel": lambda r: _dropped(self.models, r["ModelName"], "model"),
            "CreateEndpointConfig": self._create_configuration,
            "DescribeEndpointConfig": lambda r: self._configuration(r["EndpointConfigName"]),
            "DeleteEndpointConfig": lambda r: _dropped(
                self.configurations, r["EndpointConfigName"], "endpoint configuration"
            ),
            "ListEndpointConfigs": self._list_configurations,
            "CreateEndpoint": self._create_endpoint,
            "UpdateEndpoint": self._update_endpoint,
            "DescribeEndpoint": self._describe_endpoint,
            "DeleteEndpoint": self._delete_endpoint,
            "PutEndpointPolicy": self._put_endpoint_policy,
            "GetEndpointPolicy": self._get_endpoint_policy,
            "DeleteEndpointPolicy": self._delete_endpoint_policy,
            "AddTags": self._add_tags,
            "ListTags": lambda r: {"Tags": _pairs(self._tags.get(r["ResourceArn"], {}))},
            "DeleteTags": self._delete_tags,
        }

    def answers(self, action: str) -> bool:
        """Return whether the call is one of hosting's."""
        return action in self._actions

    def call(self, action: str, request: Record) -> Record:
        """Return the API's answer; raises `Refused` where it would refuse."""
        shape = _SERVICE.operation_model(action).input_shape
        try:
            validate_parameters(request, shape)
        except Exception as error:
            raise Refused(str(error)) from error
        return self._actions[action](request)

    def _create_model(self, request: Record) -> Record:
        arn = self._add(self.models, request, "ModelName", "model", "ModelArn")
        return {"ModelArn": arn}

    def _create_configuration(self, request: Record) -> Record:
        kept = {kind: [_weighed(variant) for variant in request[kind]] for kind in _VARIANTS if kind in request}
        names = [variant.get("ModelName") for variants in kept.values() for variant in variants]
        if not all(names) and "ExecutionRoleArn" not in request:
            raise Refused("ExecutionRoleArn is required where inference components bring the models.")
        if len(kept) == len(_VARIANTS) and len(names) != len(_VARIANTS):
            raise Refused("With a shadow variant there is one production variant and one shadow variant.")
        stored = {**request, **kept}
        self._models_of(stored)
        arn = self._add(
            self.configurations, stored, "EndpointConfigName", "endpoint configuration", "EndpointConfigArn"
        )
        return {"EndpointConfigArn": arn}

    def _create_endpoint(self, request: Record) -> Record:
        configuration = self._configuration(request["EndpointConfigName"])
        self._check_access(configuration)
        containers = self._containers_of(configuration)
        running = (
            {"EndpointStatus": "InService"}
            if is_healthy(containers)
            else {
                "EndpointStatus": "Failed",
                "FailureReason": "The primary container did not pass the ping health check.",
            }
        )
        stored = {key: value for key, value in request.items() if key != "DeploymentConfig"}
        arn = self._add(
            self.endpoints, {**stored, **_rollout(request), **running}, "EndpointName", "endpoint", "EndpointArn"
        )
        self._progress.begin(request["EndpointName"], containers, CREATING)
        return {"EndpointArn": arn}

    def _describe_endpoint(self, request: Record) -> Record:
        endpoint = self._endpoint(request["EndpointName"])
        status = self._progress.next(request["EndpointName"])
        return {**endpoint, "EndpointStatus": status} if status else endpoint

    def _list_configurations(self, request: Record) -> Record:
        shown = ("EndpointConfigName", "EndpointConfigArn", "CreationTime")
        names = [name for name in self.configurations if request.get("NameContains", "") in name]
        return {"EndpointConfigs": [{key: self.configurations[name][key] for key in shown} for name in names]}

    def _update_endpoint(self, request: Record) -> Record:
        endpoint = self._settled_endpoint(request["EndpointName"])
        configuration = self._configuration(request["EndpointConfigName"])
        if endpoint["EndpointConfigName"] == request["EndpointConfigName"]:
            raise Refused("Cannot update in-service endpoint with the endpoint configuration that it already has.")
        self._check_access(configuration)
        containers = self._containers_of(configuration)
        if is_healthy(containers):
            endpoint["EndpointConfigName"] = request["EndpointConfigName"]
        self._progress.begin(request["EndpointName"], containers, ROLLING_BACK)
        endpoint.update(_rollout(request))
        endpoint["LastModifiedTime"] = time.time()
        return {"EndpointArn": endpoint["EndpointArn"]}

    def _delete_endpoint(self, request: Record) -> Record:
        self._settled_endpoint(request["EndpointName"])
        self._endpoint_policies.pop(request["EndpointName"], None)
        return _dropped(self.endpoints, request["EndpointName"], "endpoint")

    def _put_endpoint_policy(self, request: Record) -> Record:
        endpoint = self._endpoint_with_policy(request)
        if endpoint["EndpointStatus"] == "Failed":
            raise Refused("Cannot attach a policy to an endpoint whose status is Failed.")
        self._endpoint_policies[request["EndpointName"]] = request["ResourcePolicy"]
        return {"EndpointArn": endpoint["EndpointArn"]}

    def _get_endpoint_policy(self, request: Record) -> Record:
        arn, name = self._endpoint_with_policy(request)["EndpointArn"], request["EndpointName"]
        if name not in self._endpoint_policies:
            raise Refused(f'Endpoint "{name}" has no resource policy.')
        return {"EndpointName": name, "EndpointArn": arn, "ResourcePolicy": self._endpoint_policies[name]}

    def _delete_endpoint_policy(self, request: Record) -> Record:
        self._endpoint_with_policy(request)
        self._endpoint_policies.pop(request["EndpointName"], None)
        return {}

    def _endpoint_with_policy(self, request: Record) -> Record:
        try:
            return self._endpoint(request["EndpointName"])
        except Refused as refusal:
            raise Missing(str(refusal)) from refusal

    def _endpoint(self, name: str) -> Record:
        return _found(self.endpoints, name, "endpoint")

    def _settled_endpoint(self, name: str) -> Record:
        endpoint = self._endpoint(name)
        if self._progress.is_under_way(name):
            raise Refused(f'Cannot update in-progress endpoint "{endpoint["EndpointArn"]}".')
        return endpoint

    def _configuration(self, name: str) -> Record:
        return _found(self.configurations, name, "endpoint configuration")

    def _models_of(self, configuration: Record) -> list[Record]:
        variants = [variant for kind in _VARIANTS for variant in configuration.get(kind, [])]
        return [_found(self.models, each["ModelName"], "model") for each in variants if "ModelName" in each]

    def _containers_of(self, configuration: Record) -> Containers:
        return [container for model in self._models_of(configuration) for container in _containers(model)]

    def _check_access(self, configuration: Record) -> None:
        """Let the execution role read its artefacts, as SageMaker does before it starts an instance."""
        account = {"aws:ResourceAccount": ACCOUNT_ID}
        for model in self._models_of(configuration):
            role = model["ExecutionRoleArn"].rsplit("/", 1)[1]
            for url in (url for container in _containers(model) for url in _model_data(container)):
                # Below a prefix it is any object.
                resource = f"arn:aws:s3:::{url.removeprefix('s3://')}{'any' if url.endswith('/') else ''}"
                if not allowed(identity_policies(role), "s3:GetObject", resource, account):
                    message = f"Could not access model data at {url}. Please ensure that the role {role} can read it."
                    raise Refused(message)

    def _add(self, kept: dict[str, Record], request: Record, key: str, kind: str, arn_key: str) -> str:
        name = request[key]
        if name in kept:
            raise Refused(f'Cannot create already existing {kind} "{name}".')
        arn = f"arn:aws:sagemaker:{self._region}:{ACCOUNT_ID}:{kind.replace(' configuration', '-config')}/{name}"
        now = time.time()
        stored = {k: v for k, v in request.items() if k != "Tags"}
        kept[name] = {**stored, arn_key: arn, "CreationTime": now, "LastModifiedTime": now}
        self._tags[arn] = {each["Key"]: each["Value"] for each in request.get("Tags", [])}
        return arn

    def _add_tags(self, request: Record) -> Record:
        tags = self._tags.setdefault(request["ResourceArn"], {})
        tags.update({each["Key"]: each["Value"] for each in request["Tags"]})
        return {"Tags": _pairs(tags)}

    def _delete_tags(self, request: Record) -> Record:
        for key in request["TagKeys"]:
            self._tags.get(request["ResourceArn"], {}).pop(key, None)
        return {}


def _weighed(variant: Record) -> Record:
    return {**variant, "InitialVariantWeight": _float32(variant.get("InitialVariantWeight", 1.0))}


def _rollout(request: Record) -> Record:
    return {"LastDeploymentConfig": request["DeploymentConfig"]} if "DeploymentConfig" in request else {}


def _containers(model: Record) -> list[Record]:
    return [model["PrimaryContainer"]] if "PrimaryContainer" in model else [*model["Containers"]]


def _model_data(container: Record) -> list[str]:
    source = container.get("ModelDataSource", {}).get("S3DataSource", {})
    return [url for url in (container.get("ModelDataUrl"), source.get("S3Uri")) if url]


def _found(kept: dict[str, Record], name: str, kind: str) -> Record:
    if name not in kept:
        raise Refused(f'Could not find {kind} "{name}".')
    return kept[name]


def _dropped(kept: dict[str, Record], name: str, kind: str) -> Record:
    _found(kept, name, kind)
    del kept[name]
    return {}


def _pairs(tags: dict[str, str]) -> list[Record]:
    return [{"Key": key, "Value": value} for key, value in tags.items()]


def _float32(value: float) -> float:
    """Return a weight as the API keeps it."""
    return float(struct.unpack("f", struct.pack("f", value))[0])
