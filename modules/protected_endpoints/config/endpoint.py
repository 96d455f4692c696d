"""One model serving endpoint, and what may be said about each part of it."""

from collections.abc import Iterator
from functools import cached_property
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field

from protected_endpoints.config.container import Container, Model
from protected_endpoints.config.inference import AsyncInferenceConfig, DeploymentConfig
from protected_endpoints.config.invoker import Invoker
from protected_endpoints.config.table import ConfigTable, strict_int
from protected_endpoints.config.types import ContentType, KeyArn, Reason, RoleArn, S3Prefix, Slug
from protected_endpoints.config.variant import Hosting, Variant
from protected_endpoints.errors import KeyPath

DEFAULT_MODEL_NAME = "model"


# What CloudWatch Logs accepts as a retention; PutRetentionPolicy lists them.
RetentionInDays = Annotated[
    Literal[1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653],
    BeforeValidator(strict_int),
]


class CaptureContentTypeHeader(ConfigTable):
    """Which content types are recorded as text."""

    csv_content_types: Annotated[tuple[ContentType, ...], Field(strict=False, min_length=1, max_length=10)] = ()
    """Those that are recorded as lines of values."""
    json_content_types: Annotated[tuple[ContentType, ...], Field(strict=False, min_length=1, max_length=10)] = ()
    """Those that are recorded as JSON."""


class DataCapture(ConfigTable):
    """What is recorded of requests and responses, and who may read it."""

    enable_capture: bool = True
    """Whether requests and responses are recorded."""
    initial_sampling_percentage: Annotated[int, Field(ge=0, le=100, examples=[100])] = 100
    """How many requests of a hundred are recorded."""
    capture_mode: Literal["All", "Input", "Output"] = "All"
    """Requests, responses, or both."""
    destination_s3_uri: S3Prefix | None = None
    """An existing place in a bucket of this account and region; a protected bucket is made if left out."""
    capture_content_type_header: CaptureContentTypeHeader | None = None
    """Which content types are recorded as text instead of encoded."""
    retention_days: Annotated[int, Field(ge=1, le=3650, examples=[90])] = 90
    """Days after which the made bucket deletes what was recorded."""
    readers: Annotated[tuple[RoleArn, ...], Field(strict=False)] = ()
    """Roles of this account that may read what was recorded; nobody if left out."""


class Kms(ConfigTable):
    """The customer managed key for volumes, captured data and logs."""

    key_arn: KeyArn | None = None
    """An existing key, whose policy you keep; a key is made if left out."""
    admins: Annotated[tuple[RoleArn, ...], Field(strict=False)] = ()
    """Roles of this account that administer the made key, beside the deployers; whoever IAM lets do it if left out."""
    rotation_period_in_days: Annotated[int, Field(ge=90, le=2560, examples=[365])] = 365
    """Days between rotations of the made key."""
    deletion_window_in_days: Annotated[int, Field(ge=7, le=30, examples=[30])] = 30
    """Days in which the deletion of the made key can be taken back."""


class Logs(ConfigTable):
    """The log group of the endpoint's containers."""

    retention_in_days: RetentionInDays = 365
    """Days after which log lines are deleted; one of the values that CloudWatch Logs knows."""


class Relax(ConfigTable):
    """Protections that are switched off by name, each with the reason in words."""

    network_isolation: Reason | None = None
    """The container may open connections and gets the execution role's credentials."""
    image_tag: Reason | None = None
    """The image may be tagged `latest`, so that a new instance may run another image than the old one."""
    model_data_account: Reason | None = None
    """The artefact may be in a bucket of another account."""
    bearer_tokens: Reason | None = None
    """Invokers may call with a bearer token, which whoever holds it can use for up to 12 hours."""
    secret_like_environment: Reason | None = None
    """A variable of the container may look like a secret by its name or value."""
    prevent_destroy: Reason | None = None
    """Terraform may destroy the key and the capture bucket with all that is in it."""
    ssm_access: Reason | None = None
    """People may get a shell in the container, with `enable_ssm_access`."""

    @property
    def reasons(self) -> dict[str, str]:
        """Return the protections that are switched off, each with its reason."""
        return self.model_dump(exclude_none=True)


class Endpoint(Model, Hosting):
    """One model serving endpoint, behind the runtime API: a model and what runs it, or several of both."""

    name: Slug
    models: dict[Slug, Model] = {}
    """Several models by name, instead of the keys of one; `variants` say what runs them."""
    variants: Annotated[tuple[Variant, ...], Field(strict=False, min_length=1, max_length=10)] = ()
    """Several ways to serve, each with a share of the requests."""
    shadow_variants: Annotated[tuple[Variant, ...], Field(strict=False, min_length=1, max_length=10)] = ()
    """A variant that gets copies of the requests of the one in `variants`, and whose answers nobody sees."""
    async_inference_config: AsyncInferenceConfig | None = None
    """Asynchronous inference: requests are queued, answers are written to S3."""
    deployment_config: DeploymentConfig | None = None
    """How an update is rolled out, and what rolls it back."""
    invokers: Annotated[tuple[Invoker, ...], Field(strict=False)] = ()
    """Who may invoke the endpoint: role ARNs of this account, or tables; nobody if left out."""
    revision: Annotated[int, Field(ge=0, examples=[1])] = 0
    """Raise it to deploy the same content under a new name, after SageMaker rolled a deployment back."""
    data_capture: DataCapture = DataCapture()
    """What is recorded of requests and responses."""
    kms: Kms = Kms()
    """The key that encrypts everything of the endpoint."""
    logs: Logs = Logs()
    """Logs of the container."""
    relax: Relax = Relax()
    """Protections that are switched off, with reasons."""

    @cached_property
    def models_by_name(self) -> dict[str, Model]:
        """Return the models by name; one alone is called `model`, and inference components bring theirs later."""
        if self.models or self.uses_inference_components:
            return self.models
        return {DEFAULT_MODEL_NAME: Model.model_construct(**_part(self, Model))}

    @cached_property
    def production_variants(self) -> tuple[Variant, ...]:
        """Return what serves; one alone is called AllTraffic, as AWS calls it."""
        if self.variants:
            return self.variants
        return (Variant.model_construct(variant_name="AllTraffic", model=DEFAULT_MODEL_NAME, **_part(self, Hosting)),)

    @property
    def uses_inference_components(self) -> bool:
        """Return whether inference components will bring the models."""
        return bool(self.variants) and not any(each.model for each in self.variants)

    @property
    def is_serverless(self) -> bool:
        """Return whether the endpoint has no instances."""
        return any(each.serverless_config for each in self.production_variants)

    @property
    def is_multi_model(self) -> bool:
        """Return whether a request names one of many models (ContainerDefinition, MultiModel)."""
        return any(container.mode == "MultiModel" for _, container in self.iter_containers_with_path())

    @property
    def has_direct_invocation(self) -> bool:
        """Return whether a request names one of several containers (InferenceExecutionConfig, Direct)."""
        return any(
            config.mode == "Direct"
            for _, model in self.iter_models_with_path()
            if (config := model.inference_execution_config)
        )

    @property
    def network_isolation_enabled(self) -> bool:
        """Return whether the containers have neither network nor credentials."""
        return self.relax.network_isolation is None

    def iter_models_with_path(self) -> Iterator[tuple[KeyPath, Model]]:
        """Yield every model with the keys below which it stands."""
        for name, model in self.models_by_name.items():
            yield (("models", name) if self.models else ()), model

    def iter_containers_with_path(self) -> Iterator[tuple[KeyPath, Container]]:
        """Yield every container with the keys below which it stands."""
        for keys, model in self.iter_models_with_path():
            for place, container in model.iter_containers():
                yield (*keys, *place), container

    def iter_variants_with_path(self) -> Iterator[tuple[KeyPath, Variant]]:
        """Yield every variant, shadows as well, with the keys below which it stands."""
        for index, variant in enumerate(self.production_variants):
            yield (("variants", index) if self.variants else ()), variant
        for index, variant in enumerate(self.shadow_variants):
            yield ("shadow_variants", index), variant


def _part(endpoint: Endpoint, table: type[ConfigTable]) -> dict[str, Any]:
    """Return the keys of an endpoint that are those of a table; they were checked as the endpoint's."""
    return {key: getattr(endpoint, key) for key in table.model_fields}
