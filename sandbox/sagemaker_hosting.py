"""The SageMaker API for models, endpoint configurations, endpoints and endpoint updates.

moto adds attributes, drops others and does not support UpdateEndpoint, so the sandbox implements these calls. It
validates requests with the service model of botocore and stores them unchanged. If a model never passes its health
check (`sandbox/health.py`), a new endpoint fails and an update is rolled back, which SageMaker reports as a success.
"""

import struct
import time
from collections.abc import Callable
from typing import Any

from botocore.session import Session
from botocore.validate import validate_parameters

from sandbox.authorization import ACCOUNT_ID, identity_policies, is_allowed
from sandbox.health import CREATING, ROLLING_BACK, Containers, Progress, is_healthy

Record = dict[str, Any]
_SERVICE = Session().get_service_model("sagemaker")
_VARIANTS = ("ProductionVariants", "ShadowProductionVariants")


class ApiError(Exception):
    """Raised for requests for which the API returns a ValidationException."""

    code = "ValidationException"


class ResourceNotFound(ApiError):
    """Raised for requests for which newer actions of the API return ResourceNotFound."""

    code = "ResourceNotFound"


class Hosting:
    """The SageMaker resources of one account in one region."""

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
            "DescribeModel": lambda r: _get(self.models, r["ModelName"], "model"),
            "DeleteModel": lambda r: _delete(self.models, r["ModelName"], "model"),
            "CreateEndpointConfig": self._create_configuration,
            "DescribeEndpointConfig": lambda r: self._configuration(r["EndpointConfigName"]),
            "DeleteEndpointConfig": lambda r: _delete(
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
            "ListTags": lambda r: {"Tags": _tag_list(self._tags.get(r["ResourceArn"], {}))},
            "DeleteTags": self._delete_tags,
        }

    def supports(self, action: str) -> bool:
        """Return whether this class implements an action."""
        return action in self._actions

    def call(self, action: str, request: Record) -> Record:
        """Return the response of the API.

        Raises:
            ApiError: the API would return an error.

        """
        shape = _SERVICE.operation_model(action).input_shape
        try:
            validate_parameters(request, shape)
        except Exception as error:
            raise ApiError(str(error)) from error
        return self._actions[action](request)

    def _create_model(self, request: Record) -> Record:
        arn = self._add(self.models, request, "ModelName", "model", "ModelArn")
        return {"ModelArn": arn}

    def _create_configuration(self, request: Record) -> Record:
        variants_by_key = {
            key: [_with_weight(variant) for variant in request[key]] for key in _VARIANTS if key in request
        }
        names = [variant.get("ModelName") for variants in variants_by_key.values() for variant in variants]
        if not all(names) and "ExecutionRoleArn" not in request:
            raise ApiError("ExecutionRoleArn is required for a variant without ModelName.")
        if len(variants_by_key) == len(_VARIANTS) and len(names) != len(_VARIANTS):
            raise ApiError("A shadow variant requires exactly one production variant and one shadow variant.")
        stored = {**request, **variants_by_key}
        self._models_of(stored)
        arn = self._add(
            self.configurations, stored, "EndpointConfigName", "endpoint configuration", "EndpointConfigArn"
        )
        return {"EndpointConfigArn": arn}

    def _create_endpoint(self, request: Record) -> Record:
        configuration = self._configuration(request["EndpointConfigName"])
        self._check_access(configuration)
        containers = self._containers_of(configuration)
        status = (
            {"EndpointStatus": "InService"}
            if is_healthy(containers)
            else {
                "EndpointStatus": "Failed",
                "FailureReason": "The primary container did not pass the ping health check.",
            }
        )
        stored = {key: value for key, value in request.items() if key != "DeploymentConfig"}
        arn = self._add(
            self.endpoints, {**stored, **_rollout(request), **status}, "EndpointName", "endpoint", "EndpointArn"
        )
        self._progress.begin(request["EndpointName"], containers, CREATING)
        return {"EndpointArn": arn}

    def _describe_endpoint(self, request: Record) -> Record:
        endpoint = self._endpoint(request["EndpointName"])
        pending = self._progress.next(request["EndpointName"])
        return {**endpoint, "EndpointStatus": pending} if pending else endpoint

    def _list_configurations(self, request: Record) -> Record:
        keys = ("EndpointConfigName", "EndpointConfigArn", "CreationTime")
        names = [name for name in self.configurations if request.get("NameContains", "") in name]
        return {"EndpointConfigs": [{key: self.configurations[name][key] for key in keys} for name in names]}

    def _update_endpoint(self, request: Record) -> Record:
        endpoint = self._stable_endpoint(request["EndpointName"])
        configuration = self._configuration(request["EndpointConfigName"])
        if endpoint["EndpointConfigName"] == request["EndpointConfigName"]:
            raise ApiError("Cannot update an endpoint to the endpoint configuration that it already uses.")
        self._check_access(configuration)
        containers = self._containers_of(configuration)
        if is_healthy(containers):
            endpoint["EndpointConfigName"] = request["EndpointConfigName"]
        self._progress.begin(request["EndpointName"], containers, ROLLING_BACK)
        endpoint.update(_rollout(request))
        endpoint["LastModifiedTime"] = time.time()
        return {"EndpointArn": endpoint["EndpointArn"]}

    def _delete_endpoint(self, request: Record) -> Record:
        self._stable_endpoint(request["EndpointName"])
        self._endpoint_policies.pop(request["EndpointName"], None)
        return _delete(self.endpoints, request["EndpointName"], "endpoint")

    def _put_endpoint_policy(self, request: Record) -> Record:
        endpoint = self._endpoint_with_policy(request)
        if endpoint["EndpointStatus"] == "Failed":
            raise ApiError("Cannot attach a policy to an endpoint whose status is Failed.")
        self._endpoint_policies[request["EndpointName"]] = request["ResourcePolicy"]
        return {"EndpointArn": endpoint["EndpointArn"]}

    def _get_endpoint_policy(self, request: Record) -> Record:
        arn, name = self._endpoint_with_policy(request)["EndpointArn"], request["EndpointName"]
        if name not in self._endpoint_policies:
            raise ApiError(f'Endpoint "{name}" has no resource policy.')
        return {"EndpointName": name, "EndpointArn": arn, "ResourcePolicy": self._endpoint_policies[name]}

    def _delete_endpoint_policy(self, request: Record) -> Record:
        self._endpoint_with_policy(request)
        self._endpoint_policies.pop(request["EndpointName"], None)
        return {}

    def _endpoint_with_policy(self, request: Record) -> Record:
        try:
            return self._endpoint(request["EndpointName"])
        except ApiError as error:
            raise ResourceNotFound(str(error)) from error

    def _endpoint(self, name: str) -> Record:
        return _get(self.endpoints, name, "endpoint")

    def _stable_endpoint(self, name: str) -> Record:
        endpoint = self._endpoint(name)
        if self._progress.is_in_progress(name):
            raise ApiError(f'Cannot update in-progress endpoint "{endpoint["EndpointArn"]}".')
        return endpoint

    def _configuration(self, name: str) -> Record:
        return _get(self.configurations, name, "endpoint configuration")

    def _models_of(self, configuration: Record) -> list[Record]:
        variants = [variant for kind in _VARIANTS for variant in configuration.get(kind, [])]
        return [_get(self.models, variant["ModelName"], "model") for variant in variants if "ModelName" in variant]

    def _containers_of(self, configuration: Record) -> Containers:
        return [container for model in self._models_of(configuration) for container in _containers(model)]

    def _check_access(self, configuration: Record) -> None:
        """Check that the execution role can read the model data, as SageMaker does before it starts an instance."""
        account = {"aws:ResourceAccount": ACCOUNT_ID}
        for model in self._models_of(configuration):
            role = model["ExecutionRoleArn"].rsplit("/", 1)[1]
            for url in (url for container in _containers(model) for url in _model_data(container)):
                # For a prefix, check access to an arbitrary object with this prefix.
                resource = f"arn:aws:s3:::{url.removeprefix('s3://')}{'any' if url.endswith('/') else ''}"
                if not is_allowed(identity_policies(role), "s3:GetObject", resource, account):
                    message = f"Could not access model data at {url}. Please ensure that the role {role} can read it."
                    raise ApiError(message)

    def _add(self, records: dict[str, Record], request: Record, key: str, kind: str, arn_key: str) -> str:
        name = request[key]
        if name in records:
            raise ApiError(f'Cannot create already existing {kind} "{name}".')
        arn = f"arn:aws:sagemaker:{self._region}:{ACCOUNT_ID}:{kind.replace(' configuration', '-config')}/{name}"
        now = time.time()
        stored = {k: v for k, v in request.items() if k != "Tags"}
        records[name] = {**stored, arn_key: arn, "CreationTime": now, "LastModifiedTime": now}
        self._tags[arn] = {tag["Key"]: tag["Value"] for tag in request.get("Tags", [])}
        return arn

    def _add_tags(self, request: Record) -> Record:
        tags = self._tags.setdefault(request["ResourceArn"], {})
        tags.update({tag["Key"]: tag["Value"] for tag in request["Tags"]})
        return {"Tags": _tag_list(tags)}

    def _delete_tags(self, request: Record) -> Record:
        for key in request["TagKeys"]:
            self._tags.get(request["ResourceArn"], {}).pop(key, None)
        return {}


def _with_weight(variant: Record) -> Record:
    return {**variant, "InitialVariantWeight": _float32(variant.get("InitialVariantWeight", 1.0))}


def _rollout(request: Record) -> Record:
    return {"LastDeploymentConfig": request["DeploymentConfig"]} if "DeploymentConfig" in request else {}


def _containers(model: Record) -> list[Record]:
    return [model["PrimaryContainer"]] if "PrimaryContainer" in model else [*model["Containers"]]


def _model_data(container: Record) -> list[str]:
    source = container.get("ModelDataSource", {}).get("S3DataSource", {})
    return [url for url in (container.get("ModelDataUrl"), source.get("S3Uri")) if url]


def _get(records: dict[str, Record], name: str, kind: str) -> Record:
    if name not in records:
        raise ApiError(f'Could not find {kind} "{name}".')
    return records[name]


def _delete(records: dict[str, Record], name: str, kind: str) -> Record:
    _get(records, name, kind)
    del records[name]
    return {}


def _tag_list(tags: dict[str, str]) -> list[Record]:
    return [{"Key": key, "Value": value} for key, value in tags.items()]


def _float32(value: float) -> float:
    """Return a weight with single precision, as the API stores it."""
    return float(struct.unpack("f", struct.pack("f", value))[0])
