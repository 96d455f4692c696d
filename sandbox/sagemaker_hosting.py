"""The SageMaker API for models, endpoint configurations, endpoints and endpoint updates.

moto adds attributes, drops others and does not support UpdateEndpoint, so the sandbox implements these calls. It
validates requests with the service model of botocore and stores them unchanged. If a model never passes its health
check (`sandbox/health.py`), a new endpoint fails and an update is rolled back, which SageMaker reports as a success.
"""

import struct
import time
from collections.abc import Callable

from sandbox.api_model import check_request
from sandbox.authorization import ACCOUNT_ID, identity_policies, is_allowed
from sandbox.fleets import Fleets
from sandbox.health import CREATING, ROLLING_BACK, Containers, Progress, is_healthy
from sandbox.sagemaker_records import ApiError, Record, Records, ResourceNotFound, Tags
from sandbox.scalable_targets import ScalableTargets

_VARIANTS = ("ProductionVariants", "ShadowProductionVariants")


class Hosting:
    """The SageMaker resources of one account in one region."""

    def __init__(self, region: str) -> None:
        self.region = region
        tags = Tags()
        self.models = Records("Model", "model", region=region, tags=tags)
        self.configurations = Records("EndpointConfig", "endpoint configuration", region=region, tags=tags)
        self.endpoints = Records("Endpoint", "endpoint", region=region, tags=tags)
        # Deleting the endpoint leaves them behind, as in AWS.
        self.inference_components = Records("InferenceComponent", "inference component", region=region, tags=tags)
        self.fleets, self.scalable_targets = Fleets(), ScalableTargets()
        self._endpoint_policies: dict[str, str] = {}
        self._progress = Progress()
        self._actions: dict[str, Callable[[Record], Record]] = {
            "CreateModel": self.models.create,
            "DescribeModel": self.models.describe,
            "DeleteModel": self.models.delete,
            "CreateEndpointConfig": self._create_configuration,
            "DescribeEndpointConfig": self.configurations.describe,
            "DeleteEndpointConfig": self.configurations.delete,
            "ListEndpointConfigs": self._list_configurations,
            "CreateEndpoint": self._create_endpoint,
            "UpdateEndpoint": self._update_endpoint,
            "UpdateEndpointWeightsAndCapacities": self._update_weights_and_capacities,
            "DescribeEndpoint": self._describe_endpoint,
            "DeleteEndpoint": self._delete_endpoint,
            "PutEndpointPolicy": self._put_endpoint_policy,
            "GetEndpointPolicy": self._get_endpoint_policy,
            "DeleteEndpointPolicy": self._delete_endpoint_policy,
            "AddTags": tags.add,
            "ListTags": tags.list,
            "DeleteTags": tags.delete,
        }

    def supports(self, action: str) -> bool:
        """Return whether this class implements an action."""
        return action in self._actions

    def call(self, action: str, request: Record) -> Record:
        """Return the response of the API.

        Raises:
            ApiError: the API would return an error.

        """
        check_request("sagemaker", action, request)
        return self._actions[action](request)

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
        return self.configurations.create(stored)

    def _create_endpoint(self, request: Record) -> Record:
        configuration = self.configurations.find(request["EndpointConfigName"])
        self._check_access_of(configuration)
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
        response = self.endpoints.create({**stored, **_rollout(request), **status})
        self.fleets.start(request["EndpointName"], configuration)
        self._progress.begin(request["EndpointName"], containers, CREATING)
        return response

    def _describe_endpoint(self, request: Record) -> Record:
        endpoint = self.endpoints.find(request["EndpointName"])
        pending = self._progress.next(request["EndpointName"])
        described = {**endpoint, "ProductionVariants": self.fleets.summaries(request["EndpointName"])}
        return {**described, "EndpointStatus": pending} if pending else described

    def _list_configurations(self, request: Record) -> Record:
        keys = ("EndpointConfigName", "EndpointConfigArn", "CreationTime")
        names = [name for name in self.configurations if request.get("NameContains", "") in name]
        return {"EndpointConfigs": [{key: self.configurations[name][key] for key in keys} for name in names]}

    def _update_endpoint(self, request: Record) -> Record:
        endpoint = self._stable_endpoint(request["EndpointName"])
        configuration = self.configurations.find(request["EndpointConfigName"])
        if endpoint["EndpointConfigName"] == request["EndpointConfigName"]:
            raise ApiError("Cannot update an endpoint to the endpoint configuration that it already uses.")
        self._check_scalable_targets(request["EndpointName"], configuration)
        self._check_access_of(configuration)
        containers = self._containers_of(configuration)
        if is_healthy(containers):
            endpoint["EndpointConfigName"] = request["EndpointConfigName"]
            self._replace_fleet(request["EndpointName"], configuration)
        self._progress.begin(request["EndpointName"], containers, ROLLING_BACK)
        endpoint.update(_rollout(request))
        endpoint["LastModifiedTime"] = time.time()
        return {"EndpointArn": endpoint["EndpointArn"]}

    def _replace_fleet(self, endpoint: str, configuration: Record) -> None:
        """Start with the initial values, and let Application Auto Scaling move them into the bounds of its targets."""
        self.fleets.start(endpoint, configuration)
        for target in self.scalable_targets.of_endpoint(endpoint):
            variant = target[0].rsplit("/", 1)[1]
            capacity = self.scalable_targets.bounded(target, self.fleets.capacity(endpoint, variant))
            self.fleets.scale(endpoint, variant, capacity)

    def _update_weights_and_capacities(self, request: Record) -> Record:
        endpoint = self._stable_endpoint(request["EndpointName"])
        self.fleets.update(request["EndpointName"], request["DesiredWeightsAndCapacities"])
        return {"EndpointArn": endpoint["EndpointArn"]}

    def _check_scalable_targets(self, endpoint: str, configuration: Record) -> None:
        """Refuse another instance type, and the removal, of a variant that is a scalable target.

        Source: SageMaker developer guide, "Update endpoints that use auto scaling".
        """
        before, after = self.production_variants(endpoint), _by_name(configuration)
        scaled = [resource_id.rsplit("/", 1)[1] for resource_id, _ in self.scalable_targets.of_endpoint(endpoint)]
        changed = [
            name
            for name in scaled
            if name not in after or before[name].get("InstanceType") != after[name].get("InstanceType")
        ]
        if changed:
            raise ApiError(
                f"The variant(s) {changed} must be deregistered as scalable targets with AWS Auto Scaling before they "
                "can be removed or have their instance type updated."
            )

    def production_variants(self, endpoint: str) -> dict[str, Record]:
        """Return the production variants of an endpoint by name, as its endpoint configuration describes them."""
        configuration = self.endpoints.find(endpoint)["EndpointConfigName"]
        return _by_name(self.configurations.find(configuration))

    def _delete_endpoint(self, request: Record) -> Record:
        self._stable_endpoint(request["EndpointName"])
        self._endpoint_policies.pop(request["EndpointName"], None)
        for target in self.scalable_targets.of_endpoint(request["EndpointName"]):
            self.scalable_targets.remove(target)  # "without notifying you", if the caller is permitted to (server.py)
        self.fleets.stop(request["EndpointName"])
        return self.endpoints.delete(request)

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
            return self.endpoints.find(request["EndpointName"])
        except ApiError as error:
            raise ResourceNotFound(str(error)) from error

    def _stable_endpoint(self, name: str) -> Record:
        endpoint = self.endpoints.find(name)
        if self._progress.is_in_progress(name):
            raise ApiError(f'Cannot update in-progress endpoint "{endpoint["EndpointArn"]}".')
        return endpoint

    def _models_of(self, configuration: Record) -> list[Record]:
        variants = [variant for kind in _VARIANTS for variant in configuration.get(kind, [])]
        return [self.models.find(variant["ModelName"]) for variant in variants if "ModelName" in variant]

    def _containers_of(self, configuration: Record) -> Containers:
        return [container for model in self._models_of(configuration) for container in containers_of_model(model)]

    def _check_access_of(self, configuration: Record) -> None:
        for model in self._models_of(configuration):
            self.check_access(model)

    def check_access(self, model: Record) -> None:
        """Check that the execution role can read the model data, as SageMaker does before it starts a container."""
        account = {"aws:ResourceAccount": ACCOUNT_ID}
        role = model["ExecutionRoleArn"].rsplit("/", 1)[1]
        for url in (url for container in containers_of_model(model) for url in _model_data(container)):
            # For a prefix, check access to an arbitrary object with this prefix.
            resource = f"arn:aws:s3:::{url.removeprefix('s3://')}{'any' if url.endswith('/') else ''}"
            if not is_allowed(identity_policies(role), "s3:GetObject", resource, account):
                message = f"Could not access model data at {url}. Please ensure that the role {role} can read it."
                raise ApiError(message)


def _by_name(configuration: Record) -> dict[str, Record]:
    return {variant["VariantName"]: variant for variant in configuration["ProductionVariants"]}


def _with_weight(variant: Record) -> Record:
    return {**variant, "InitialVariantWeight": _float32(variant.get("InitialVariantWeight", 1.0))}


def _rollout(request: Record) -> Record:
    return {"LastDeploymentConfig": request["DeploymentConfig"]} if "DeploymentConfig" in request else {}


def containers_of_model(model: Record) -> list[Record]:
    """Return the containers of a model."""
    return [model["PrimaryContainer"]] if "PrimaryContainer" in model else [*model["Containers"]]


def _model_data(container: Record) -> list[str]:
    source = container.get("ModelDataSource", {}).get("S3DataSource", {})
    return [url for url in (container.get("ModelDataUrl"), source.get("S3Uri")) if url]


def _float32(value: float) -> float:
    """Return a weight with single precision, as the API stores it."""
    return float(struct.unpack("f", struct.pack("f", value))[0])
