"""What one stack is made of, judged by the rules."""

from dataclasses import dataclass
from functools import cached_property

from protected_endpoints.config.endpoint import Endpoint
from protected_endpoints.config.environment import Environment, Project
from protected_endpoints.config.inference import NotificationConfig
from protected_endpoints.deployment import data_flows
from protected_endpoints.deployment.data_flows import ModelData, ReadableOutput
from protected_endpoints.deployment.names import Names
from protected_endpoints.deployment.s3_location import S3Location
from protected_endpoints.errors import KeyPath


@dataclass(frozen=True)
class Deployment:
    """One endpoint in one environment: the input of one stack. `rules.check` says whether it can be deployed."""

    project: Project
    environment: Environment
    endpoint: Endpoint

    def path(self, *keys: str | int) -> KeyPath:
        """Return where a key of the endpoint stands in the file."""
        return ("endpoints", self.endpoint.name, *keys)

    @cached_property
    def names(self) -> Names:
        """Return every physical name of the stack."""
        return Names(
            project=self.project.name,
            environment=self.environment.name,
            endpoint=self.endpoint.name,
            account_id=self.environment.account_id,
            region=self.environment.region,
        )

    @property
    def capture_location(self) -> S3Location | None:
        """Return where requests and responses are recorded, or None where they are not."""
        settings = self.endpoint.data_capture
        if not settings.enable_capture or self.endpoint.is_serverless:
            return None
        return (
            S3Location.of(settings.destination_s3_uri)
            if settings.destination_s3_uri
            else self.names.managed_capture_location
        )

    @property
    def model_data(self) -> tuple[ModelData, ...]:
        """Return what the containers load, each place once."""
        return data_flows.model_data(self.endpoint)

    @property
    def model_data_by_key(self) -> dict[str, list[ModelData]]:
        """Return what the containers load, by the existing key that it may be under; a made key encrypts none of it."""
        found: dict[str, list[ModelData]] = {}
        for key, loaded in dict.fromkeys(data_flows.loaded_under(self.endpoint)):
            if key:
                found.setdefault(key, []).append(loaded)
        return found

    @property
    def input_locations(self) -> tuple[S3Location, ...]:
        """Return where callers put what is to be answered asynchronously."""
        return data_flows.input_locations(self.endpoint)

    @property
    def images(self) -> tuple[str, ...]:
        """Return the images of ECR that are run, also those of model packages."""
        containers = [container for _, container in self.endpoint.iter_containers_with_path()]
        private = [each for each in containers if each.image_config and each.image_config.is_private]
        named = [
            image for each in containers if each not in private for image in (each.image, each.model_package_image)
        ]
        return tuple(dict.fromkeys(each for each in named if each))

    @property
    def model_packages(self) -> tuple[str, ...]:
        """Return the model packages of the registry that are served."""
        packages = [container.model_package_name for _, container in self.endpoint.iter_containers_with_path()]
        return tuple(dict.fromkeys(each for each in packages if each))

    @property
    def credentials_providers(self) -> tuple[str, ...]:
        """Return the Lambda functions that know the credentials of private registries."""
        configs = [container.image_config for _, container in self.endpoint.iter_containers_with_path()]
        auths = [each.repository_auth_config for each in configs if each]
        return tuple(dict.fromkeys(each.repository_credentials_provider_arn for each in auths if each))

    @property
    def notification_topics(self) -> tuple[str, ...]:
        """Return the SNS topics that hear of asynchronous answers."""
        told = self._notifications
        return tuple(dict.fromkeys(each for each in (told.success_topic, told.error_topic) if each)) if told else ()

    @property
    def requests_key(self) -> str | None:
        """Return the key that asynchronous requests are under, if one is named."""
        settings = self.endpoint.async_inference_config
        return settings.input_kms_key_id if settings else None

    @property
    def topics_key(self) -> str | None:
        """Return the key that topics are under, if one is named."""
        return self._notifications.kms_key_id if self._notifications else None

    @property
    def _notifications(self) -> NotificationConfig | None:
        settings = self.endpoint.async_inference_config
        return settings.output_config.notification_config if settings else None

    @property
    def readable(self) -> tuple[ReadableOutput, ...]:
        """Return what of all that is written somebody may read."""
        capture, asynchronous = self.capture_location, self.endpoint.async_inference_config
        found = []
        if capture:
            found.append(ReadableOutput("capture", self.endpoint.data_capture.readers, (capture,), None))
        if asynchronous:
            output = asynchronous.output_config
            found.append(
                ReadableOutput("answers", output.readers, data_flows.answers(self.endpoint), output.kms_key_id)
            )
        return tuple(each for each in found if each.readers)

    @property
    def alarms(self) -> tuple[str, ...]:
        """Return the names of the alarms that end an update."""
        config = self.endpoint.deployment_config
        watched = config.auto_rollback_configuration if config else None
        return tuple(each.alarm_name for each in watched.alarms) if watched else ()

    @property
    def write_locations_by_sid(self) -> dict[str, tuple[S3Location, ...]]:
        """Return where the endpoint writes, by the id of the statement that allows it."""
        kinds = {
            "WriteCapturedData": (self.capture_location,) if self.capture_location else (),
            "WriteAnswers": data_flows.answers(self.endpoint),
            "WriteCoreDumps": data_flows.core_dumps(self.endpoint),
        }
        return {sid: places for sid, places in kinds.items() if places}

    @property
    def write_locations_by_key(self) -> dict[str | None, list[S3Location]]:
        """Return where the endpoint writes, by the key that encrypts it; None is the endpoint's own."""
        found: dict[str | None, list[S3Location]] = {None: [self.capture_location]} if self.capture_location else {}
        for key, place in data_flows.written_under(self.endpoint):
            found.setdefault(key, []).append(place)
        return found

    @property
    def caller_arns(self) -> list[str]:
        """Return the roles that may invoke the endpoint, the ones that are made for others included."""
        return [
            each.role_arn or self.names.iam_arn(f"role/{self.names.caller_role(each.invoker_name)}")
            for each in self.endpoint.invokers
        ]

    @property
    def deployer_arns(self) -> list[str]:
        """Return the roles that deploy, the one that is made for workflows included; none means whoever IAM lets."""
        made = [self.names.iam_arn(f"role/{self.names.deployer}")] if self.environment.github_actions else []
        return sorted({*self.environment.deployers, *made})

    @property
    def tags(self) -> dict[str, str]:
        """Return the tags of every resource of the stack."""
        return {
            **self.project.tags,
            "project": self.project.name,
            "environment": self.environment.name,
            "endpoint": self.endpoint.name,
        }
