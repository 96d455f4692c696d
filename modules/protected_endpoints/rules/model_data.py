"""Rules about the location and the format of model data."""

from collections.abc import Iterator

from protected_endpoints.config.container import S3DataSource
from protected_endpoints.deployment import Deployment
from protected_endpoints.deployment.s3_location import S3Location
from protected_endpoints.errors import KeyPath, Problem
from protected_endpoints.rules.helpers import REMOVE_ONE, duplicates
from protected_endpoints.rules.registry import endpoint_rule


@endpoint_rule("model-data-url-form")
def model_data_url_form(deployment: Deployment) -> Iterator[Problem]:
    """A single model is an archive, and the models of mode MultiModel share a prefix (rule 15; ModelDataUrl)."""
    for keys, container in deployment.endpoint.iter_containers_with_path():
        url, multi_model = container.model_data_url, container.mode == "MultiModel"
        if url and not _is_bucket(url) and url.endswith("/") != multi_model:
            yield Problem(
                deployment.path(*keys, "model_data_url"),
                'must be a prefix that ends with "/" in mode MultiModel'
                if multi_model
                else "must be a .tar.gz object unless mode is MultiModel",
                'use a prefix, or remove mode = "MultiModel"'
                if multi_model
                else "use an object, or set model_data_source for the files of one model under the prefix, or "
                'mode = "MultiModel" for many models',
                value=url,
            )


@endpoint_rule("multi-model-without-prefix")
def multi_model_without_prefix(deployment: Deployment) -> Iterator[Problem]:
    """A container in mode MultiModel loads each requested model from a prefix (rule 15; multi-model-endpoints)."""
    for keys, container in deployment.endpoint.iter_containers_with_path():
        data = container.model_data_url or container.model_data_source or container.model_package_name
        if container.mode == "MultiModel" and not data:
            yield Problem(
                deployment.path(*keys, "model_data_url"),
                "required with mode MultiModel",
                'for example, add model_data_url = "s3://my-bucket/models/"',
            )


@endpoint_rule("model-data-conflict")
def model_data_conflict(deployment: Deployment) -> Iterator[Problem]:
    """CreateModel accepts one source of model data (rule 16; ContainerDefinition, ModelDataSource)."""
    for keys, container in deployment.endpoint.iter_containers_with_path():
        if container.model_data_url and container.model_data_source:
            yield Problem(deployment.path(*keys, "model_data_source"), "conflicts with model_data_url", REMOVE_ONE)


@endpoint_rule("multi-model-data-source")
def multi_model_data_source(deployment: Deployment) -> Iterator[Problem]:
    """CreateModel rejects ModelDataSource in mode MultiModel (rule 18; ContainerDefinition, ModelDataSource)."""
    for keys, container in deployment.endpoint.iter_containers_with_path():
        if container.model_data_source and container.mode == "MultiModel":
            yield Problem(
                deployment.path(*keys, "model_data_source"),
                "cannot be combined with mode MultiModel",
                "set model_data_url to the prefix of the models instead",
            )


@endpoint_rule("data-source-type-mismatch")
def data_source_type_mismatch(deployment: Deployment) -> Iterator[Problem]:
    """The URI of an S3Prefix ends with a slash, that of an S3Object does not (rule 17; S3ModelDataSource)."""
    for path, source in data_sources(deployment):
        is_prefix = source.s3_data_type == "S3Prefix"
        if source.s3_uri.endswith("/") != is_prefix:
            yield Problem(
                (*path, "s3_uri"),
                f'must {"" if is_prefix else "not "}end with "/" for s3_data_type {source.s3_data_type}',
                'add "/" at the end' if is_prefix else 'use the URI of an object, or set s3_data_type = "S3Prefix"',
                value=source.s3_uri,
            )
        if is_prefix and source.compression_type == "Gzip":
            yield Problem(
                (*path, "compression_type"),
                "cannot be combined with s3_data_type S3Prefix",
                'remove it, or use an object with s3_data_type = "S3Object"',
                value="Gzip",
            )


@endpoint_rule("eula-not-accepted")
def eula_not_accepted(deployment: Deployment) -> Iterator[Problem]:
    """SageMaker does not deploy a model whose license is declined (rule 19; ModelAccessConfig, AcceptEula)."""
    for path, source in data_sources(deployment):
        if source.model_access_config and not source.model_access_config.accept_eula:
            yield Problem(
                (*path, "model_access_config", "accept_eula"),
                "must be true, because SageMaker does not deploy a model whose license is declined",
                "set it to true, or remove model_access_config if the model has no license",
                value=False,
            )


@endpoint_rule("channel-name-duplicate")
def channel_name_duplicate(deployment: Deployment) -> Iterator[Problem]:
    """Each channel is a separate folder in the container (rule 20; AdditionalModelDataSource, ChannelName)."""
    for keys, container in deployment.endpoint.iter_containers_with_path():
        channels = (
            (deployment.path(*keys, "additional_model_data_source", index, "channel_name"), source.channel_name)
            for index, source in enumerate(container.additional_model_data_source)
        )
        yield from duplicates(channels, "rename one")


@endpoint_rule("model-data-key-unused")
def model_data_key_unused(deployment: Deployment) -> Iterator[Problem]:
    """A key without model data decrypts nothing, and the data of a package is known from `model_package_data` only."""
    for keys, container in deployment.endpoint.iter_containers_with_path():
        data = container.model_data_url or container.model_data_source or container.model_package_data
        additional = any(not source.model_data_kms_key_arn for source in container.additional_model_data_source)
        if container.model_data_kms_key_arn and not data and not additional:
            yield Problem(
                deployment.path(*keys, "model_data_kms_key_arn"),
                "has no effect without model data",
                "remove it, or set model_data_url, model_data_source or model_package_data",
                value=container.model_data_kms_key_arn,
            )


def _is_bucket(url: str) -> bool:
    """Return whether a URL is a bucket without a slash, which `bucket-root-not-an-object` reports."""
    return S3Location.parse(url).is_root and not url.endswith("/")


def data_sources(deployment: Deployment) -> Iterator[tuple[KeyPath, S3DataSource]]:
    """Yield every `s3_data_source` with its key path."""
    for keys, container in deployment.endpoint.iter_containers_with_path():
        if source := container.model_data_source:
            yield deployment.path(*keys, "model_data_source", "s3_data_source"), source.s3_data_source
        for index, additional in enumerate(container.additional_model_data_source):
            path = deployment.path(*keys, "additional_model_data_source", index, "s3_data_source")
            yield path, additional.s3_data_source
