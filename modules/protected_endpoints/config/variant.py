"""What runs a model, under the argument names of Terraform's `aws_sagemaker_endpoint_configuration`."""

from typing import Annotated, Literal

from pydantic import BeforeValidator, Field

from protected_endpoints.config.table import ConfigTable, strict_int
from protected_endpoints.config.types import InferenceAmiVersion, InstanceType, KeyArn, ResourceName, S3Prefix, Slug

_INSTANCES = 2
Memory = Annotated[Literal[1024, 2048, 3072, 4096, 5120, 6144], BeforeValidator(strict_int)]


class ServerlessConfig(ConfigTable):
    """Serverless inference: no instances, billed by use."""

    memory_size_in_mb: Memory
    """Memory of each worker."""
    max_concurrency: Annotated[int, Field(ge=1, le=200, examples=[10])]
    """How many requests may run at a time."""
    provisioned_concurrency: Annotated[int, Field(ge=1, le=200, examples=[1])] | None = None
    """How many workers are kept warm."""


class RoutingConfig(ConfigTable):
    """How requests are spread over instances."""

    routing_strategy: Literal["LEAST_OUTSTANDING_REQUESTS", "RANDOM"]
    """To the instance with the fewest requests, or to any."""


class CoreDumpConfig(ConfigTable):
    """Where a crashed container leaves its memory, which holds what customers sent."""

    destination_s3_uri: S3Prefix
    """An existing place in a bucket of this account and region."""
    kms_key_id: KeyArn
    """A key of yours that encrypts it; nobody can read with the endpoint's."""


class ManagedInstanceScaling(ConfigTable):
    """How SageMaker scales the instances of inference components."""

    status: Literal["ENABLED", "DISABLED"] = "ENABLED"
    """Whether it scales."""
    min_instance_count: Annotated[int, Field(ge=0, le=1000, examples=[1])] | None = None
    """The fewest instances."""
    max_instance_count: Annotated[int, Field(ge=1, le=1000, examples=[4])] | None = None
    """The most instances."""


class Hosting(ConfigTable):
    """What a model runs on."""

    instance_type: InstanceType | None = None
    """Kind of instance that the container runs on."""
    initial_instance_count: Annotated[int, Field(ge=1, le=1000, examples=[2])] | None = None
    """How many instances, 2 if left out; two and more are spread over availability zones."""
    serverless_config: ServerlessConfig | None = None
    """Serverless inference, instead of `instance_type`."""
    volume_size_in_gb: Annotated[int, Field(ge=1, le=512, examples=[64])] | None = None
    """Size of each instance's volume."""
    model_data_download_timeout_in_seconds: Annotated[int, Field(ge=60, le=3600, examples=[600])] | None = None
    """How long the model data may take to arrive."""
    container_startup_health_check_timeout_in_seconds: Annotated[int, Field(ge=60, le=3600, examples=[600])] | None = (
        None
    )
    """How long the container may take until it passes its health check."""
    inference_ami_version: InferenceAmiVersion | None = None
    """Image of the instances, for newer drivers."""
    enable_ssm_access: bool | None = None
    """Whether people get a shell in the container through SSM; needs a reason in `relax.ssm_access`."""
    routing_config: RoutingConfig | None = None
    """How requests are spread over instances."""
    core_dump_config: CoreDumpConfig | None = None
    """Where a crashed container leaves its memory."""
    managed_instance_scaling: ManagedInstanceScaling | None = None
    """How SageMaker scales the instances of inference components."""

    @property
    def instance_count(self) -> int:
        """Return how many instances there are in the beginning."""
        return (self.initial_instance_count or _INSTANCES) if self.instance_type else 0


class Variant(Hosting):
    """One of several ways to serve: a model on instances of its own, with a share of the requests."""

    variant_name: ResourceName
    """Name of the variant, by which metrics and callers tell it apart."""
    model: Slug | None = None
    """One of the endpoint's `models`; left out where inference components bring them."""
    initial_variant_weight: Annotated[int, Field(ge=0, le=1000000, examples=[1])] | None = None
    """Share of the requests, relative to the other variants; a whole number, because AWS keeps no other exactly."""
