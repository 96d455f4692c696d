"""The tables of one model serving endpoint."""

from collections.abc import Iterator
from functools import cached_property
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field

from protected_endpoints.config.alarms import Alarms
from protected_endpoints.config.async_inference import AsyncInferenceConfig
from protected_endpoints.config.container import Container, Model
from protected_endpoints.config.deployment_config import DeploymentConfig
from protected_endpoints.config.egress import Egress
from protected_endpoints.config.inference_component import InferenceComponent
from protected_endpoints.config.invoker import Invoker
from protected_endpoints.config.permission import Permission
from protected_endpoints.config.table import ConfigTable, strict_int
from protected_endpoints.config.types import (
    ContentType,
    EnvVarName,
    KeyArn,
    Reason,
    ResourceName,
    RoleArn,
    RuleId,
    S3Prefix,
    SecurityGroupId,
    Slug,
    TagKey,
    TagValue,
)
from protected_endpoints.config.types.token import TOKEN
from protected_endpoints.config.variant import Hosting, Variant
from protected_endpoints.errors import KeyPath

DEFAULT_MODEL_NAME = "model"


# The values that CloudWatch Logs accepts (PutRetentionPolicy, retentionInDays).
RetentionInDays = Annotated[
    Literal[1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653],
    BeforeValidator(strict_int),
]


class CaptureContentTypeHeader(ConfigTable):
    """Content types that are captured as text. Others are captured as Base64 (CaptureContentTypeHeader)."""

    csv_content_types: Annotated[tuple[ContentType, ...], Field(strict=False, min_length=1, max_length=10)] = ()
    """Content types that are captured as CSV."""
    json_content_types: Annotated[tuple[ContentType, ...], Field(strict=False, min_length=1, max_length=10)] = ()
    """Content types that are captured as JSON."""


class DataCapture(ConfigTable):
    """Capture of requests and responses in S3 (DataCaptureConfig)."""

    enable_capture: bool = True
    """Whether requests and responses are captured."""
    initial_sampling_percentage: Annotated[int, Field(ge=0, le=100, examples=[100])] = 100
    """Percentage of requests that are captured, from 0 to 100."""
    capture_mode: Literal["All", "Input", "Output"] = "All"
    """`Input` captures requests, `Output` responses, `All` both."""
    destination_s3_uri: S3Prefix | None = None
    """S3 URI of a prefix in an existing bucket of this account and region. Default: a managed, protected bucket."""
    capture_content_type_header: CaptureContentTypeHeader | None = None
    """Content types that are captured as text instead of Base64."""
    retention_days: Annotated[int, Field(ge=1, le=3650, examples=[90])] = 90
    """Days after which the managed bucket deletes captured data, from 1 to 3650."""
    readers: Annotated[tuple[RoleArn, ...], Field(strict=False)] = ()
    """Roles of this account that may read captured data. Default: none."""
    eventbridge: bool = False
    """Whether the managed bucket sends an event to Amazon EventBridge for each object, for tools that analyze it."""


class Kms(ConfigTable):
    """The customer managed KMS key for storage volumes, captured data and logs."""

    key_arn: Annotated[KeyArn, TOKEN] | None = None
    """ARN of an existing key, whose key policy is not changed. Default: a managed key."""
    admins: Annotated[tuple[RoleArn, ...], Field(strict=False)] = ()
    """Roles that administer the managed key, in addition to deployers. Default: any identity IAM allows."""
    rotation_period_in_days: Annotated[int, Field(ge=90, le=2560, examples=[365])] = 365
    """Days between automatic rotations of the managed key, from 90 to 2560."""
    deletion_window_in_days: Annotated[int, Field(ge=7, le=30, examples=[30])] = 30
    """Days before a deleted managed key is destroyed, from 7 to 30. The deletion can be canceled until then."""


class Logs(ConfigTable):
    """The CloudWatch log group of the endpoint's containers."""

    retention_in_days: RetentionInDays = 365
    """Days after which log events are deleted: one of the values that CloudWatch Logs accepts."""


class Relax(ConfigTable):
    """Relaxations: each key disables one protection, its value is the reason."""

    network_isolation: Reason | None = None
    """Disable network isolation: containers may open connections and get credentials of the execution role."""
    image_tag: Reason | None = None
    """Allow the mutable image tag `latest`. Instances may then run different images."""
    model_data_account: Reason | None = None
    """Allow model data in a bucket of another account."""
    bearer_tokens: Reason | None = None
    """Allow invocations with a bearer token. Anyone who has the token can use it for up to 12 hours."""
    secret_like_environment: dict[EnvVarName, Reason] = {}
    """Allow these environment variables, whose names or values look like secrets, each with its reason."""
    prevent_destroy: Reason | None = None
    """Allow Terraform to destroy the managed key and the managed capture bucket with its objects."""
    ssm_access: Reason | None = None
    """Allow shell access to containers with `enable_ssm_access`."""

    @property
    def reasons(self) -> dict[str, str]:
        """Return the reasons of the relaxations that are set, by dotted key."""
        reasons = self.model_dump(exclude_none=True, exclude={"secret_like_environment"})
        variables = self.secret_like_environment.items()
        return {**reasons, **{f"secret_like_environment.{name}": reason for name, reason in variables}}


class Endpoint(Model, Hosting):
    """A SageMaker real-time, serverless or asynchronous endpoint, with one model and its hosting, or several."""

    name: Slug
    """Name of the endpoint, which names of its resources contain. In `endpoints.toml`, the key of the table."""
    endpoint_name: ResourceName | None = None
    """Name of the endpoint in AWS, such as that of an existing one. Default: `<project>-<environment>-<endpoint>`."""
    tags: dict[TagKey, TagValue] = {}
    """Tags of all resources of the endpoint, in addition to the tags of the project. They override those."""
    models: dict[Slug, Model] = {}
    """Several models by name, instead of the keys of one model. Requires `variants`."""
    variants: Annotated[tuple[Variant, ...], Field(strict=False, min_length=1, max_length=10)] = ()
    """Production variants, each with a share of the requests."""
    shadow_variants: Annotated[tuple[Variant, ...], Field(strict=False, min_length=1, max_length=10)] = ()
    """A shadow variant, which receives copies of requests. Its responses are not returned to invokers."""
    inference_components: dict[Slug, InferenceComponent] = {}
    """Inference components by name, which share the instances of the variants. Variants then have no `model`."""
    async_inference_config: AsyncInferenceConfig | None = None
    """Asynchronous inference: requests are queued, responses are written to S3."""
    deployment_config: DeploymentConfig | None = None
    """Deployment of updates, and alarms that roll them back."""
    invokers: Annotated[tuple[Invoker, ...], Field(strict=False)] = ()
    """Principals that may invoke the endpoint: ARNs of roles of this account, or tables. Default: none."""
    execution_role_arn: RoleArn | None = None
    """ARN of an existing execution role of this account, which is not changed. Default: a managed role."""
    permissions: Annotated[tuple[Permission, ...], Field(strict=False)] = ()
    """What the container may call in AWS with the execution role. Requires `relax.network_isolation`."""
    security_group_ids: Annotated[tuple[SecurityGroupId, ...], Field(strict=False, max_length=4)] = ()
    """Existing security groups of the model's network interfaces, in addition to the managed one."""
    egress: Annotated[tuple[Egress, ...], Field(strict=False)] = ()
    """Destinations that the container may connect to in the VPC. Requires `relax.network_isolation`."""
    revision: Annotated[int, Field(ge=0, examples=[1])] = 0
    """Number that is part of the names of models. Increase it to deploy unchanged content again after a rollback."""
    data_capture: DataCapture = DataCapture()
    """Capture of requests and responses in S3."""
    kms: Kms = Kms()
    """The KMS key of the endpoint."""
    logs: Logs = Logs()
    """The log group of the containers."""
    alarms: Alarms = Alarms()
    """CloudWatch alarms, on by default."""
    create_dashboard: bool = False
    """Whether a CloudWatch dashboard shows the endpoint's metrics and alarms. AWS bills dashboards monthly."""
    create_ssm_parameters: bool = False
    """Whether SSM parameters contain the name and the ARN of the endpoint, which invokers may read:
    `/<project>/<environment>/<endpoint>/name` and `.../arn`."""
    relax: Relax = Relax()
    """Relaxations of protections, with reasons."""
    acknowledge: dict[RuleId, Reason] = {}
    """Warnings about the endpoint that are accepted, by the ID of their rule, each with its reason."""

    @cached_property
    def models_by_name(self) -> dict[str, Model]:
        """Return the models by name.

        A single model has the name `model`, and a model with the keys of an inference component the component's name.
        """
        if self.models or self.uses_inference_components:
            return {**self.models, **self._inline_models}
        return {DEFAULT_MODEL_NAME: Model.model_construct(**_part(self, Model))}

    @cached_property
    def production_variants(self) -> tuple[Variant, ...]:
        """Return the production variants. A single one has the name `AllTraffic`, as in the AWS documentation."""
        if self.variants:
            return self.variants
        model = None if self.inference_components else DEFAULT_MODEL_NAME
        return (Variant.model_construct(variant_name="AllTraffic", model=model, **_part(self, Hosting)),)

    @property
    def uses_inference_components(self) -> bool:
        """Return whether inference components provide the models, managed or created outside of this project."""
        return bool(self.inference_components) or self.has_external_components

    @property
    def has_external_components(self) -> bool:
        """Return whether other tools create the inference components of the variants."""
        return (
            not self.inference_components
            and bool(self.variants)
            and not any(variant.model for variant in self.variants)
        )

    @property
    def is_serverless(self) -> bool:
        """Return whether the endpoint has no instances."""
        return any(variant.serverless_config for variant in self.production_variants)

    @property
    def is_multi_model(self) -> bool:
        """Return whether requests select a model by its name (ContainerDefinition, Mode)."""
        return any(container.mode == "MultiModel" for _, container in self.iter_containers_with_path())

    @property
    def has_direct_invocation(self) -> bool:
        """Return whether requests select a container by its host name (InferenceExecutionConfig, Mode)."""
        return any(
            config.mode == "Direct"
            for _, model in self.iter_models_with_path()
            if (config := model.inference_execution_config)
        )

    @property
    def network_isolation_enabled(self) -> bool:
        """Return whether containers have no network access and no AWS credentials."""
        return self.relax.network_isolation is None

    @cached_property
    def _inline_models(self) -> dict[str, Model]:
        """Return the models whose keys are in the table of an inference component, by the component's name."""
        components = self.inference_components.items()
        return {name: model for name, component in components if (model := component.inline_model)}

    def iter_models_with_path(self) -> Iterator[tuple[KeyPath, Model]]:
        """Yield every model with its key path in the endpoint."""
        for name, model in self.models_by_name.items():
            if name in self._inline_models:
                yield ("inference_components", name), model
            else:
                yield (("models", name) if self.models else ()), model

    def iter_containers_with_path(self) -> Iterator[tuple[KeyPath, Container]]:
        """Yield every container with its key path in the endpoint."""
        for keys, model in self.iter_models_with_path():
            for container_keys, container in model.iter_containers():
                yield (*keys, *container_keys), container

    def iter_variants_with_path(self) -> Iterator[tuple[KeyPath, Variant]]:
        """Yield every variant, including shadow variants, with its key path in the endpoint."""
        for index, variant in enumerate(self.production_variants):
            yield (("variants", index) if self.variants else ()), variant
        for index, variant in enumerate(self.shadow_variants):
            yield ("shadow_variants", index), variant


def _part(endpoint: Endpoint, table: type[ConfigTable]) -> dict[str, Any]:
    """Return the values of an endpoint for the keys of a table, which are validated already."""
    return {key: getattr(endpoint, key) for key in table.model_fields}
