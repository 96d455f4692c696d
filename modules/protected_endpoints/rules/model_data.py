"""Rules about model data: where it is, and in which form."""

from collections.abc import Iterator

from protected_endpoints.config.container import S3DataSource
from protected_endpoints.deployment import Deployment
from protected_endpoints.errors import KeyPath, Problem
from protected_endpoints.rules.helpers import twice
from protected_endpoints.rules.registry import endpoint_rule


@endpoint_rule("model-data-url-form")
def model_data_url_form(deployment: Deployment) -> Iterator[Problem]:
    """One model is one archive, many are a prefix (rule 15; ContainerDefinition, ModelDataUrl)."""
    for place, container in deployment.endpoint.iter_containers_with_path():
        url, many = container.model_data_url, container.mode == "MultiModel"
        if url and url.endswith("/") != many:
            yield Problem(
                deployment.path(*place, "model_data_url"),
                "not a prefix that ends with a slash, which mode MultiModel takes"
                if many
                else "not one .tar.gz file, which a container of one model takes",
                'write a prefix, or leave mode = "MultiModel" out'
                if many
                else 'name the file, or add mode = "MultiModel" to serve all below the prefix',
                value=url,
            )


@endpoint_rule("multi-model-without-prefix")
def multi_model_without_prefix(deployment: Deployment) -> Iterator[Problem]:
    """A container in mode MultiModel loads what callers ask for from a prefix (rule 15; multi-model-endpoints)."""
    for place, container in deployment.endpoint.iter_containers_with_path():
        somewhere = container.model_data_url or container.model_data_source or container.model_package_name
        if container.mode == "MultiModel" and not somewhere:
            yield Problem(
                deployment.path(*place, "model_data_url"),
                "required with mode MultiModel, and missing",
                'add model_data_url = "s3://my-bucket/models/", for example',
            )


@endpoint_rule("model-data-conflict")
def model_data_conflict(deployment: Deployment) -> Iterator[Problem]:
    """CreateModel takes one of the two (rule 16; ContainerDefinition, ModelDataSource)."""
    for place, container in deployment.endpoint.iter_containers_with_path():
        if container.model_data_url and container.model_data_source:
            yield Problem(
                deployment.path(*place, "model_data_source"),
                "stands beside model_data_url",
                "leave one of the two out",
            )


@endpoint_rule("multi-model-data-source")
def multi_model_data_source(deployment: Deployment) -> Iterator[Problem]:
    """CreateModel refuses ModelDataSource with mode MultiModel (rule 18; ContainerDefinition, ModelDataSource)."""
    for place, container in deployment.endpoint.iter_containers_with_path():
        if container.model_data_source and container.mode == "MultiModel":
            yield Problem(
                deployment.path(*place, "model_data_source"),
                "cannot hold many models",
                "write model_data_url with their prefix instead",
            )


@endpoint_rule("data-source-type-mismatch")
def data_source_type_mismatch(deployment: Deployment) -> Iterator[Problem]:
    """A prefix ends with a slash and is not compressed, an object does not (rule 17; S3ModelDataSource)."""
    for path, source in _sources(deployment):
        is_prefix = source.s3_data_type == "S3Prefix"
        if source.s3_uri.endswith("/") != is_prefix:
            yield Problem(
                (*path, "s3_uri"),
                f"{'does not end' if is_prefix else 'ends'} with a slash, and s3_data_type is {source.s3_data_type}",
                "write the prefix with a slash at its end" if is_prefix else 'name the object, or write "S3Prefix"',
                value=source.s3_uri,
            )
        if is_prefix and source.compression_type == "Gzip":
            yield Problem(
                (*path, "compression_type"),
                "a prefix cannot be compressed",
                'leave it out, or name one object with s3_data_type = "S3Object"',
                value="Gzip",
            )


@endpoint_rule("eula-not-accepted")
def eula_not_accepted(deployment: Deployment) -> Iterator[Problem]:
    """SageMaker deploys no model whose licence is refused (rule 19; ModelAccessConfig, AcceptEula)."""
    for path, source in _sources(deployment):
        if source.model_access_config and not source.model_access_config.accept_eula:
            yield Problem(
                (*path, "model_access_config", "accept_eula"),
                "SageMaker deploys nothing without it",
                "write true, or leave model_access_config out if the model has no licence",
                value=False,
            )


@endpoint_rule("channel-name-duplicate")
def channel_name_duplicate(deployment: Deployment) -> Iterator[Problem]:
    """Each channel is a folder of its own in the container (rule 20; AdditionalModelDataSource, ChannelName)."""
    for place, container in deployment.endpoint.iter_containers_with_path():
        yield from twice(
            (deployment.path(*place, "additional_model_data_source", index, "channel_name"), each.channel_name)
            for index, each in enumerate(container.additional_model_data_source)
        )


@endpoint_rule("model-data-key-unused")
def model_data_key_unused(deployment: Deployment) -> Iterator[Problem]:
    """Without model data there is nothing to decrypt; that of a package is what model_package_data names."""
    for place, container in deployment.endpoint.iter_containers_with_path():
        own = container.model_data_url or container.model_data_source or container.model_package_data
        has_some = own or any(not each.model_data_kms_key_arn for each in container.additional_model_data_source)
        if container.model_data_kms_key_arn and not has_some:
            yield Problem(
                deployment.path(*place, "model_data_kms_key_arn"),
                "has no effect without model data",
                "remove it, or name the data: model_data_url, model_data_source, or model_package_data of a package",
                value=container.model_data_kms_key_arn,
            )


def _sources(deployment: Deployment) -> Iterator[tuple[KeyPath, S3DataSource]]:
    for place, container in deployment.endpoint.iter_containers_with_path():
        if source := container.model_data_source:
            yield deployment.path(*place, "model_data_source", "s3_data_source"), source.s3_data_source
        for index, each in enumerate(container.additional_model_data_source):
            path = deployment.path(*place, "additional_model_data_source", index, "s3_data_source")
            yield path, each.s3_data_source
