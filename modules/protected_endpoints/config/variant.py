"""The hosting of a model, with the argument names of Terraform's `aws_sagemaker_endpoint_configuration`."""

from typing import Annotated, Literal

from pydantic import BeforeValidator, Field

from protected_endpoints.config.scaling import Scaling
from protected_endpoints.config.table import ConfigTable, strict_int
from protected_endpoints.config.types import InferenceAmiVersion, InstanceType, KeyArn, ResourceName, S3Prefix, Slug

_DEFAULT_INSTANCES = 2
Memory = Annotated[Literal[1024, 2048, 3072, 4096, 5120, 6144], BeforeValidator(strict_int)]


class ServerlessConfig(ConfigTable):
    """Serverless inference: no instances, billed by use (ProductionVariantServerlessConfig)."""

    memory_size_in_mb: Memory
    """Memory of the endpoint in MB, from 1024 to 6144 in steps of 1024."""
    max_concurrency: Annotated[int, Field(ge=1, le=200, examples=[10])]
    """Maximum number of concurrent invocations, from 1 to 200."""
    provisioned_concurrency: Annotated[int, Field(ge=1, le=200, examples=[1])] | None = None
    """Number of invocations that are served without a cold start, from 1 to 200. Default: none."""


class RoutingConfig(ConfigTable):
    """Distribution of requests over instances."""

    routing_strategy: Literal["LEAST_OUTSTANDING_REQUESTS", "RANDOM"]
    """`LEAST_OUTSTANDING_REQUESTS` selects the instance with the fewest requests, `RANDOM` any instance."""


class CoreDumpConfig(ConfigTable):
    """Core dumps of containers that crash. They may contain data of requests (ProductionVariantCoreDumpConfig)."""

    destination_s3_uri: S3Prefix
    """S3 URI of a prefix in an existing bucket of this account and region."""
    kms_key_id: KeyArn
    """ARN of the existing key that encrypts core dumps. The endpoint's key allows no role to read them."""


class ManagedInstanceScaling(ConfigTable):
    """Scaling of the instances of inference components (ProductionVariantManagedInstanceScaling)."""

    status: Literal["ENABLED", "DISABLED"] = "ENABLED"
    """Whether SageMaker scales the number of instances."""
    min_instance_count: Annotated[int, Field(ge=0, le=1000, examples=[1])] | None = None
    """Minimum number of instances, from 0 to 1000."""
    max_instance_count: Annotated[int, Field(ge=1, le=1000, examples=[4])] | None = None
    """Maximum number of instances, from 1 to 1000."""


class Hosting(ConfigTable):
    """The instances, or the serverless capacity, of a variant (ProductionVariant)."""

    instance_type: InstanceType | None = None
    """ML instance type. Required unless `serverless_config` is set."""
    initial_instance_count: Annotated[int, Field(ge=1, le=1000, examples=[2])] | None = None
    """Number of instances after each update, from 1 to 1000. Default: `min_capacity` of `scaling`, or 2 without it."""
    serverless_config: ServerlessConfig | None = None
    """Serverless inference, instead of `instance_type`."""
    volume_size_in_gb: Annotated[int, Field(ge=1, le=512, examples=[64])] | None = None
    """Size of the storage volume of an instance in GB, from 1 to 512. Default: chosen by SageMaker."""
    model_data_download_timeout_in_seconds: Annotated[int, Field(ge=60, le=3600, examples=[600])] | None = None
    """Timeout for the download of model data in seconds, from 60 to 3600. Default: chosen by SageMaker."""
    container_startup_health_check_timeout_in_seconds: Annotated[int, Field(ge=60, le=3600, examples=[600])] | None = (
        None
    )
    """Timeout for the first successful health check in seconds, from 60 to 3600. Default: chosen by SageMaker."""
    inference_ami_version: InferenceAmiVersion | None = None
    """Preconfigured Amazon Machine Image, which determines driver versions. Default: chosen by SageMaker."""
    enable_ssm_access: bool | None = None
    """Whether containers can be accessed with SSM Session Manager. Requires `relax.ssm_access`."""
    routing_config: RoutingConfig | None = None
    """Distribution of requests over instances."""
    core_dump_config: CoreDumpConfig | None = None
    """Core dumps of containers that crash."""
    managed_instance_scaling: ManagedInstanceScaling | None = None
    """Scaling of the instances of inference components (ProductionVariantManagedInstanceScaling)."""
    scaling: Scaling | None = None
    """Scaling of the number of instances, or of `provisioned_concurrency`, with Application Auto Scaling."""

    @property
    def instance_count(self) -> int:
        """Return the initial number of instances; 0 for serverless inference."""
        if not self.instance_type:
            return 0
        default = max(self.scaling.min_capacity, 1) if self.scaling else _DEFAULT_INSTANCES
        return self.initial_instance_count or default


class Variant(Hosting):
    """A production or shadow variant: a model with its hosting and a share of the requests."""

    variant_name: ResourceName
    """Name of the variant, which metrics and `TargetVariant` of requests refer to."""
    model: Slug | None = None
    """Name of one of the endpoint's `models`. Omit it for inference components."""
    initial_variant_weight: Annotated[int, Field(ge=0, le=1000000, examples=[1])] | None = None
    """Share of the requests relative to other variants, from 0 to 1000000. Default: 1."""
