"""What a container is made of, under the argument names of Terraform's `aws_sagemaker_model`."""

from collections.abc import Iterator
from typing import Annotated, Literal

from pydantic import Field

from protected_endpoints.config.table import ConfigTable
from protected_endpoints.config.types import (
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
    """Acceptance of the licence of a model."""

    accept_eula: bool
    """Whether you accept the licence that the model comes with; SageMaker takes nothing but true."""


class S3DataSource(ConfigTable):
    """Model data in S3 that is not one compressed archive."""

    s3_uri: S3ObjectOrPrefixUri
    """A prefix that ends with a slash (S3Prefix), or one object (S3Object)."""
    s3_data_type: Literal["S3Prefix", "S3Object"]
    """Whether `s3_uri` is a prefix or an object."""
    compression_type: Literal["None", "Gzip"] = "None"
    """How the object is compressed."""
    model_access_config: ModelAccessConfig | None = None
    """Acceptance of the licence, for models that have one."""


class ModelDataSource(ConfigTable):
    """Where model data comes from that is not one compressed archive."""

    s3_data_source: S3DataSource
    """The place in S3."""


class AdditionalModelDataSource(ConfigTable):
    """More model data, such as adapters. Needs the AWS provider 6."""

    channel_name: ChannelName
    """Name of the folder below /opt/ml/additional-model-data-sources."""
    s3_data_source: S3DataSource
    """The place in S3."""
    model_data_kms_key_arn: KeyArn | None = None
    """Existing key that encrypts it; the container's `model_data_kms_key_arn` if left out."""


class RepositoryAuthConfig(ConfigTable):
    """Credentials of a private registry."""

    repository_credentials_provider_arn: LambdaArn
    """Lambda function that returns the registry's user name and password."""


class ImageConfig(ConfigTable):
    """Where the image comes from: ECR, or a private registry in the model's VPC."""

    repository_access_mode: Literal["Platform", "Vpc"]
    """`Platform` for ECR, `Vpc` for a private registry that is reached through the VPC."""
    repository_auth_config: RepositoryAuthConfig | None = None
    """Credentials, if the private registry asks for some."""

    @property
    def is_private(self) -> bool:
        """Return whether the image comes from a private registry."""
        return self.repository_access_mode == "Vpc"


class MultiModelConfig(ConfigTable):
    """How a container keeps several models."""

    model_cache_setting: Literal["Enabled", "Disabled"] = "Enabled"
    """Whether models stay in memory after they were used."""


class Container(ConfigTable):
    """A container: an image with its model data, or a model package."""

    image: Image | None = None
    """Container image, in an ECR repository of the endpoint's region; a digest is better than a tag."""
    model_package_name: ModelPackageArn | None = None
    """Versioned model package of the registry, instead of `image`."""
    model_package_image: Image | None = None
    """The image that the package names, so that the execution role may pull it."""
    model_package_data: Annotated[tuple[S3ObjectOrPrefixUri, ...], Field(strict=False, min_length=1)] = ()
    """The model data that the package names, so that the execution role may read it."""
    model_data_url: ModelDataUrl | None = None
    """The model artefact, or the prefix of all models where `mode` is MultiModel; left out if the image holds it."""
    model_data_source: ModelDataSource | None = None
    """Model data that is not one compressed archive, instead of `model_data_url`."""
    additional_model_data_source: Annotated[
        tuple[AdditionalModelDataSource, ...], Field(strict=False, min_length=1, max_length=5)
    ] = ()
    """More model data, such as adapters."""
    model_data_kms_key_arn: KeyArn | None = None
    """Existing key that encrypts the model data, for the execution role to decrypt it; `kms.key_arn` if left out."""
    environment: dict[EnvVarName, EnvVarValue] = {}
    """Environment of the container. Stands in clear in plan and state: not for secrets."""
    container_hostname: Hostname | None = None
    """Name by which callers ask for the container, where there are several."""
    image_config: ImageConfig | None = None
    """Where the image comes from, if not from ECR."""
    inference_specification_name: ResourceName | None = None
    """Inference specification of the model package."""
    mode: Literal["SingleModel", "MultiModel"] | None = None
    """Whether the container serves one model, as by default, or many that callers ask for by name."""
    multi_model_config: MultiModelConfig | None = None
    """How a container with `mode` MultiModel keeps its models."""


class InferenceExecutionConfig(ConfigTable):
    """How several containers work together."""

    mode: Literal["Serial", "Direct"]
    """One after the other (an inference pipeline), or each by its hostname."""


class Model(Container):
    """A model: one container, or several under `container`."""

    container: Annotated[tuple[Container, ...], Field(strict=False, min_length=1, max_length=15)] = ()
    """Several containers, instead of the keys of one."""
    inference_execution_config: InferenceExecutionConfig | None = None
    """How several containers work together; one after the other if left out."""

    def iter_containers(self) -> Iterator[tuple[KeyPath, Container]]:
        """Yield the containers with the keys below which they stand; there is one where `container` is not used."""
        if not self.container:
            yield (), self
        for index, each in enumerate(self.container):
            yield ("container", index), each
