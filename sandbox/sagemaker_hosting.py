"""The SageMaker API for models, endpoint configurations, endpoints and endpoint updates.

moto adds attributes, drops others and does not support UpdateEndpoint, so the sandbox implements these calls. It
validates requests with the service model of botocore and stores them unchanged. If a model never passes its health
check (`sandbox/health.py`), a new endpoint fails and an update is rolled back, which SageMaker reports as a success.
"""

import struct
import time
from collections.abc import Callable
from typing import Any

from moto.cloudwatch.models import cloudwatch_backends

from sandbox.api_model import check_request
from sandbox.authorization import ACCOUNT_ID, identity_policies, is_allowed
from sandbox.endpoint_policies import EndpointPolicies
from sandbox.fleets import Fleets
from sandbox.health import CREATING, ROLLING_BACK, Containers, Progress, is_healthy
from sandbox.metrics import Metrics
from sandbox.rollouts import Rollouts, alarm_names
from sandbox.sagemaker_records import ApiError, Record, Records, Tags
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
        self.fleets, self.scalable_targets = Fleets(), ScalableTargets(region)
        self.metrics = Metrics()
        self.backlogs: dict[str, list[Any]] = {}  # of asynchronous endpoints without instances
        self.cloudwatch = cloudwatch_backends[ACCOUNT_ID][region]
        self.rollouts = Rollouts(self.cloudwatch, self.metrics.end_minute)
        self._endpoint_policies = EndpointPolicies(self.endpoints)
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
            **self._endpoint_policies.actions,
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
        pending, configuration = self.rollouts.advance(request["EndpointName"])
        if configuration:
            self._take_over(endpoint, configuration)
        pending = pending or self._progress.next(request["EndpointName"])
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
        self.scalable_targets.check_update(
            request["EndpointName"], self.production_variants(request["EndpointName"]), _by_name(configuration)
        )
        self._check_access_of(configuration)
        deployment = request.get("DeploymentConfig", {})
        roles = {model["ExecutionRoleArn"].rsplit("/", 1)[1] for model in self._models_of(configuration)}
        self.rollouts.check_alarms(deployment, roles)
        containers = self._containers_of(configuration)
        if is_healthy(containers) and alarm_names(deployment):
            instances = min(variant["InitialInstanceCount"] for variant in configuration["ProductionVariants"])
            self.rollouts.begin(request["EndpointName"], request["EndpointConfigName"], deployment, instances)
        elif is_healthy(containers):
            self._take_over(endpoint, request["EndpointConfigName"])
        self._progress.begin(request["EndpointName"], containers, ROLLING_BACK)
        endpoint.update(_rollout(request))
        endpoint["LastModifiedTime"] = time.time()
        return {"EndpointArn": endpoint["EndpointArn"]}

    def _take_over(self, endpoint: Record, configuration: str) -> None:
        endpoint["EndpointConfigName"] = configuration
        self._replace_fleet(endpoint["EndpointName"], self.configurations.find(configuration))

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

    def production_variants(self, endpoint: str) -> dict[str, Record]:
        """Return the production variants of an endpoint by name, as its endpoint configuration describes them."""
        configuration = self.endpoints.find(endpoint)["EndpointConfigName"]
        return _by_name(self.configurations.find(configuration))

    def permissions_to_delete(self, endpoint: str) -> list[str]:
        """Return what a caller needs because deleting an endpoint deregisters its scalable targets.

        Source: SageMaker developer guide, "Delete endpoints configured for auto scaling".
        """
        is_scaled = self.scalable_targets.of_endpoint(endpoint)
        return ["application-autoscaling:DeregisterScalableTarget"] if is_scaled else []

    def _delete_endpoint(self, request: Record) -> Record:
        self._stable_endpoint(request["EndpointName"])
        self._endpoint_policies.remove(request["EndpointName"])
        for target in self.scalable_targets.of_endpoint(request["EndpointName"]):
            self.scalable_targets.remove(target)
        self.fleets.stop(request["EndpointName"])
        self.backlogs.pop(request["EndpointName"], None)
        return self.endpoints.delete(request)

    def _stable_endpoint(self, name: str) -> Record:
        endpoint = self.endpoints.find(name)
        if self._progress.is_in_progress(name) or self.rollouts.is_in_progress(name):
            raise ApiError(f'Cannot update in-progress endpoint "{endpoint["EndpointArn"]}".')
        return endpoint

    def _models_of(self, configuration: Record) -> list[Record]:
        variants = [variant for kind in _VARIANTS for variant in configuration.get(kind, [])]
        return [self.models.find(variant["ModelName"]) for variant in variants if "ModelName" in variant]

    def configuration_of(self, endpoint: str) -> Record:
        """Return the configuration of an endpoint that is invoked.

        Raises:
            ApiError: it does not exist.

        """
        if endpoint not in self.endpoints:
            raise ApiError(f"Endpoint {endpoint} of account {ACCOUNT_ID} not found.")
        return self.configurations[self.endpoints[endpoint]["EndpointConfigName"]]

    def containers_of_variant(self, configuration: str, name: str) -> Containers:
        """Return the containers of a variant, or none if inference components have the models."""
        model = _by_name(self.configurations.find(configuration))[name].get("ModelName")
        return containers_of_model(self.models.find(model)) if model else []

    def containers_of_component(self, name: str) -> Containers:
        """Return the containers of an inference component."""
        specification = self.inference_components.find(name)["Specification"]
        if "ModelName" in specification:
            return containers_of_model(self.models.find(specification["ModelName"]))
        return [specification.get("Container", {})]

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
