"""Models and their containers, with the argument names of Terraform's `aws_sagemaker_model`."""

from collections.abc import Iterator
from typing import Annotated, Literal

from pydantic import Field

from protected_endpoints.config.table import ConfigTable
from protected_endpoints.config.types import (
    AccountId,
    ChannelName,
    EnvVarName,
    EnvVarValue,
    Hostname,
    Image,
    KeyArn,
    LambdaArn,
    ModelDataUrl,
    ModelPackageArn,
    ResourceName,
    S3ObjectOrPrefixUri,
)
from protected_endpoints.errors import KeyPath


class ModelAccessConfig(ConfigTable):
    """Acceptance of the end-user license agreement (EULA) of a model."""

    accept_eula: bool
    """Whether you accept the license agreement of the model. SageMaker requires `true`."""


class S3DataSource(ConfigTable):
    """Model data in S3 that is not a single .tar.gz object."""

    s3_uri: S3ObjectOrPrefixUri
    """S3 URI of an object, or of a prefix that ends with a slash."""
    s3_data_type: Literal["S3Prefix", "S3Object"]
    """`S3Prefix` if `s3_uri` is a prefix, `S3Object` if it is an object."""
    compression_type: Literal["None", "Gzip"] = "None"
    """Compression of the model data."""
    model_access_config: ModelAccessConfig | None = None
    """Acceptance of the license agreement of a model that requires one."""


class ModelDataSource(ConfigTable):
    """Source of model data that is not a single .tar.gz object."""

    s3_data_source: S3DataSource
    """Location in S3."""


class AdditionalModelDataSource(ConfigTable):
    """Additional model data, such as adapters. Requires AWS provider >= 6."""

    channel_name: ChannelName
    """Name of the folder in the container, below `/opt/ml/additional-model-data-sources`."""
    s3_data_source: S3DataSource
    """Location in S3."""
    model_data_kms_key_arn: KeyArn | None = None
    """ARN of the existing key that encrypts the data. Default: `model_data_kms_key_arn` of the container."""


class RepositoryAuthConfig(ConfigTable):
    """Credentials of a private registry."""

    repository_credentials_provider_arn: LambdaArn
    """ARN of the Lambda function that returns credentials of the registry."""


class ImageConfig(ConfigTable):
    """Registry of the image: Amazon ECR, or a private registry in the VPC."""

    repository_access_mode: Literal["Platform", "Vpc"]
    """`Platform` for Amazon ECR, `Vpc` for a private registry in the VPC."""
    repository_auth_config: RepositoryAuthConfig | None = None
    """Credentials of a private registry that requires authentication."""

    @property
    def is_private(self) -> bool:
        """Return whether the image is in a private registry."""
        return self.repository_access_mode == "Vpc"


class MultiModelConfig(ConfigTable):
    """Model cache of a multi-model container."""

    model_cache_setting: Literal["Enabled", "Disabled"] = "Enabled"
    """Whether models stay in memory after an invocation."""


class Container(ConfigTable):
    """A container: an image with model data, or a model package (ContainerDefinition)."""

    image: Image | None = None
    """Image in an Amazon ECR repository of the endpoint's region. Prefer a digest: tags are mutable."""
    model_package_name: ModelPackageArn | None = None
    """ARN of a versioned model package, instead of `image`."""
    model_package_image: Image | None = None
    """Image of the model package, which the execution role is allowed to pull."""
    model_package_data: Annotated[tuple[S3ObjectOrPrefixUri, ...], Field(strict=False, min_length=1)] = ()
    """S3 URIs of the model data of the package, which the execution role is allowed to read."""
    model_data_url: ModelDataUrl | None = None
    """S3 URI of the model artifact, or of the prefix of all models with `mode` MultiModel. Optional."""
    model_data_source: ModelDataSource | None = None
    """Model data that is not a single .tar.gz object, instead of `model_data_url`."""
    additional_model_data_source: Annotated[
        tuple[AdditionalModelDataSource, ...], Field(strict=False, min_length=1, max_length=5)
    ] = ()
    """Additional model data, such as adapters."""
    model_data_kms_key_arn: KeyArn | None = None
    """ARN of the existing key that encrypts the model data, for the execution role. Default: `kms.key_arn`."""
    model_data_account_id: AccountId | None = None
    """ID of the account that owns the buckets of the model data. Default: the account of the environment."""
    environment: dict[EnvVarName, EnvVarValue] = {}
    """Environment variables of the container. Not for secrets: plan and state contain them in plaintext."""
    container_hostname: Hostname | None = None
    """Name that requests use to select the container with direct invocation of several containers."""
    image_config: ImageConfig | None = None
    """Registry of the image. Default: Amazon ECR."""
    inference_specification_name: ResourceName | None = None
    """Name of the inference specification in the model package."""
    mode: Literal["SingleModel", "MultiModel"] | None = None
    """`MultiModel` serves the models that requests select by name. Default: `SingleModel`."""
    multi_model_config: MultiModelConfig | None = None
    """Model cache of a container with `mode` MultiModel."""


class InferenceExecutionConfig(ConfigTable):
    """Invocation of the containers of a model."""

    mode: Literal["Serial", "Direct"]
    """`Serial` runs the containers in order as an inference pipeline, `Direct` the one that a request selects."""


class Model(Container):
    """A model: the keys of one container, or several containers under `container`."""

    container: Annotated[tuple[Container, ...], Field(strict=False, min_length=1, max_length=15)] = ()
    """Two to 15 containers, instead of the keys of one container."""
    inference_execution_config: InferenceExecutionConfig | None = None
    """Invocation of several containers. Default: `Serial`."""

    def iter_containers(self) -> Iterator[tuple[KeyPath, Container]]:
        """Yield the containers with their key paths in the model; the model itself if `container` is empty."""
        if not self.container:
            yield (), self
        for index, container in enumerate(self.container):
            yield ("container", index), container
