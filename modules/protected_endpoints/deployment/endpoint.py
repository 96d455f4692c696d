"""One endpoint in one environment, with every name and location that follows from its configuration."""

from dataclasses import dataclass
from functools import cached_property

from protected_endpoints.config.async_inference import NotificationConfig
from protected_endpoints.config.deployment_config import DeploymentConfig
from protected_endpoints.config.endpoint import Endpoint
from protected_endpoints.config.environment import Environment, Project
from protected_endpoints.deployment import data_flows, endpoint_alarms, rollout, scaling
from protected_endpoints.deployment.alarms import MetricAlarm
from protected_endpoints.deployment.data_flows import DataFlow, FlowKind, ReadableOutput
from protected_endpoints.deployment.endpoint_names import EndpointNames
from protected_endpoints.deployment.s3_location import S3Location
from protected_endpoints.deployment.scaling import ScalingTarget
from protected_endpoints.errors import KeyPath


@dataclass(frozen=True)
class Deployment:
    """One endpoint in one environment: the input of an `EndpointStack`.

    It is not validated when it is created. `rules.check` raises `ConfigurationError` for one that breaks a rule.
    """

    project: Project
    environment: Environment
    endpoint: Endpoint
    set_keys: tuple[str, ...] = ()
    """The keys of `endpoints.toml` whose values were set for this run, by `--set`, in alphabetical order."""

    def path(self, *keys: str | int) -> KeyPath:
        """Return the key path of a key of the endpoint in `endpoints.toml`."""
        return ("endpoints", self.endpoint.name, *keys)

    @cached_property
    def names(self) -> EndpointNames:
        """Return every physical name of the stack."""
        return EndpointNames(
            project=self.project.name,
            environment=self.environment.name,
            endpoint=self.endpoint.name,
            account_id=self.environment.account_id,
            region=self.environment.region,
            configured_endpoint_name=self.endpoint.endpoint_name,
        )

    @property
    def execution_role_arn(self) -> str:
        """Return the ARN of the execution role, existing or managed."""
        return self.endpoint.execution_role_arn or self.names.role_arn

    @cached_property
    def data_flows(self) -> dict[FlowKind, tuple[DataFlow, ...]]:
        """Return the S3 data that the endpoint reads and writes, by kind."""
        return data_flows.resolve(self.endpoint, self.names)

    @property
    def model_data(self) -> tuple[DataFlow, ...]:
        """Return the model data that containers load."""
        return self.data_flows.get(data_flows.MODEL_DATA, ())

    @property
    def model_data_by_key(self) -> dict[str, list[DataFlow]]:
        """Return the model data that may be encrypted with an existing key, by the ARN of the key."""
        return data_flows.by_existing_key(self.model_data)

    @property
    def read_data(self) -> dict[FlowKind, tuple[DataFlow, ...]]:
        """Return the S3 data that the endpoint reads, by kind."""
        return {kind: flows for kind, flows in self.data_flows.items() if not kind.is_written}

    @property
    def written_data(self) -> tuple[DataFlow, ...]:
        """Return the S3 data that the endpoint writes."""
        return tuple(flow for kind, flows in self.data_flows.items() if kind.is_written for flow in flows)

    @property
    def written_data_by_key(self) -> dict[str | None, list[DataFlow]]:
        """Return the S3 data that the endpoint writes, by the ARN of its key; None is the endpoint's key."""
        return data_flows.by_key(self.written_data)

    @property
    def readable_outputs(self) -> tuple[ReadableOutput, ...]:
        """Return the data that the endpoint writes and that roles may read."""
        return tuple(ReadableOutput(kind, flows) for kind, flows in self.data_flows.items() if flows[0].readers)

    @property
    def capture_location(self) -> S3Location | None:
        """Return the location of captured requests and responses, or None without data capture."""
        flows = self.data_flows.get(data_flows.CAPTURE)
        return flows[0].location if flows else None

    @property
    def images(self) -> tuple[str, ...]:
        """Return the ECR images that containers run, including those of model packages."""
        containers = [container for _, container in self.endpoint.iter_containers_with_path()]
        in_ecr = [
            container for container in containers if not (container.image_config and container.image_config.is_private)
        ]
        images = [image for container in in_ecr for image in (container.image, container.model_package_image)]
        return tuple(dict.fromkeys(image for image in images if image))

    @property
    def model_packages(self) -> tuple[str, ...]:
        """Return the ARNs of the model packages that containers run."""
        packages = [container.model_package_name for _, container in self.endpoint.iter_containers_with_path()]
        return tuple(dict.fromkeys(arn for arn in packages if arn))

    @property
    def credentials_providers(self) -> tuple[str, ...]:
        """Return the ARNs of the Lambda functions that return credentials of private registries."""
        configs = [container.image_config for _, container in self.endpoint.iter_containers_with_path()]
        auths = [config.repository_auth_config for config in configs if config]
        return tuple(dict.fromkeys(auth.repository_credentials_provider_arn for auth in auths if auth))

    @property
    def notification_topics(self) -> tuple[str, ...]:
        """Return the ARNs of the SNS topics that are notified of asynchronous responses and failures."""
        config = self._notification_config
        topics = (config.success_topic, config.error_topic) if config else ()
        return tuple(dict.fromkeys(arn for arn in topics if arn))

    @property
    def topics_key(self) -> str | None:
        """Return the ARN of the customer managed key of the SNS topics, if there is one."""
        return self._notification_config.kms_key_id if self._notification_config else None

    @property
    def _notification_config(self) -> NotificationConfig | None:
        settings = self.endpoint.async_inference_config
        return settings.output_config.notification_config if settings else None

    @property
    def inference_component_arns(self) -> list[str]:
        """Return the ARNs of the inference components, or a pattern for those that other tools create."""
        names = ["*"] if self.endpoint.has_external_components else self.endpoint.inference_components
        return [self.names.inference_component_arn(name) for name in names]

    @property
    def component_log_groups(self) -> dict[str, str]:
        """Return the names of the managed log groups of inference components, by component.

        An adapter has none: the container of its base serves it.
        """
        components = self.endpoint.inference_components.items()
        with_container = [name for name, component in components if not component.is_adapter]
        return {name: self.names.inference_component_log_group(name) for name in with_container}

    @property
    def component_log_group_arns(self) -> list[str]:
        """Return the ARNs of the log groups of inference components, or a pattern for those of other tools."""
        external = [self.names.inference_component_log_group("*")] * self.endpoint.has_external_components
        return [
            self.names.arn("logs", f"log-group:{name}") for name in (*self.component_log_groups.values(), *external)
        ]

    @property
    def uses_default_rollout(self) -> bool:
        """Return whether `deployment_config` is not configured. Terraform then ignores its changes.

        Adding alarms to an endpoint that exists would replace it, and so would removing them.
        """
        return self.endpoint.deployment_config is None

    @cached_property
    def rollout(self) -> DeploymentConfig | None:
        """Return the deployment of updates: as configured, or the default, or None where there is no default."""
        return self.endpoint.deployment_config or rollout.default_rollout(self.endpoint, self.names)

    @property
    def rollback_alarms(self) -> tuple[str, ...]:
        """Return the names of the CloudWatch alarms that roll back an update, managed and existing, in their order."""
        rollback = self.rollout.auto_rollback_configuration if self.rollout else None
        return tuple(alarm.alarm_name for alarm in rollback.alarms) if rollback else ()

    @cached_property
    def metric_alarms(self) -> tuple[MetricAlarm, ...]:
        """Return the CloudWatch alarms of the table `alarms`, in its order."""
        return endpoint_alarms.resolve(self.endpoint, self.names, self.alarm_topic_arn)

    @property
    def alarm_topic_arn(self) -> str | None:
        """Return the ARN of the SNS topic that alarms notify, existing or managed, or None without one."""
        shared = self.environment.alarms
        existing = self.endpoint.alarms.topic_arn or shared.topic_arn
        return existing or (self.names.alarm_topic_arn if shared.create_topic else None)

    @cached_property
    def scaling_targets(self) -> tuple[ScalingTarget, ...]:
        """Return the variants and inference components that are scaled, variants first."""
        return scaling.resolve(self.endpoint, self.names)

    @property
    def managed_rollback_alarms(self) -> dict[str, str]:
        """Return the names of the managed alarms among `rollback_alarms`, by their keys."""
        managed = rollout.managed_rollback_alarms(self.endpoint, self.names)
        return {key: name for key, name in managed.items() if name in self.rollback_alarms}

    @property
    def invoker_arns(self) -> list[str]:
        """Return the ARNs of the roles that may invoke the endpoint, existing and managed."""
        return [
            invoker.role_arn or self.names.iam_arn(f"role/{self.names.invoker_role(invoker.invoker_name)}")
            for invoker in self.endpoint.invokers
        ]

    @property
    def environment_boundary_arn(self) -> str | None:
        """Return the ARN of the permissions boundary that all managed roles of the environment have.

        It is the existing one, or the one that the state stack creates. Without either, each role has its own.
        """
        if existing := self.environment.permissions_boundary_arn:
            return existing
        return (
            self.names.iam_arn(f"policy/{self.names.environment_boundary}")
            if self.environment.has_state_stack
            else None
        )

    @property
    def deployer_arns(self) -> list[str]:
        """Return the ARNs of the deployer roles, existing and managed. Without any, IAM decides who deploys."""
        managed = [self.names.iam_arn(f"role/{self.names.deployer}")] if self.environment.github_actions else []
        return sorted({*self.environment.deployers, *managed})

    @property
    def tags(self) -> dict[str, str]:
        """Return the tags of every resource of the stack."""
        return {
            **self.project.tags,
            **self.endpoint.tags,
            "project": self.project.name,
            "environment": self.environment.name,
            "endpoint": self.endpoint.name,
        }
