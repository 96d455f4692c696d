"""What an endpoint reads from S3 and writes to it, whatever the way in which it serves."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from protected_endpoints.config.container import Container, S3DataSource
from protected_endpoints.config.endpoint import Endpoint
from protected_endpoints.deployment.s3_location import S3Location


@dataclass(frozen=True)
class ModelData:
    """Define an object, or a prefix with all that is below it, that a container loads."""

    place: S3Location
    is_prefix: bool


@dataclass(frozen=True)
class ReadableOutput:
    """Define what an endpoint writes for named roles to read, and the key it is under; None is the endpoint's own."""

    kind: Literal["capture", "answers"]
    readers: tuple[str, ...]
    places: tuple[S3Location, ...]
    key_arn: str | None


def model_data(endpoint: Endpoint) -> tuple[ModelData, ...]:
    """Return what the containers of an endpoint load, each place once."""
    return tuple(dict.fromkeys(loaded for _, loaded in loaded_under(endpoint)))


def loaded_under(endpoint: Endpoint) -> Iterator[tuple[str | None, ModelData]]:
    """Yield the existing key that model data may be under with each of what is loaded; None if none is named.

    Of a model package that is what `model_package_data` names: what the package names itself is not known from the
    file, and the execution role could not read it.
    """
    for _, container in endpoint.iter_containers_with_path():
        for key, loaded in _loaded(container):
            yield key or endpoint.kms.key_arn, loaded


def input_locations(endpoint: Endpoint) -> tuple[S3Location, ...]:
    """Return where callers put what is to be answered asynchronously."""
    settings = endpoint.async_inference_config
    return tuple(dict.fromkeys(S3Location.of(each) for each in settings.input_locations)) if settings else ()


def answers(endpoint: Endpoint) -> tuple[S3Location, ...]:
    """Return where asynchronous answers and failures go."""
    settings = endpoint.async_inference_config
    paths = (settings.output_config.s3_output_path, settings.output_config.s3_failure_path) if settings else ()
    return tuple(dict.fromkeys(S3Location.of(each) for each in paths if each))


def core_dumps(endpoint: Endpoint) -> tuple[S3Location, ...]:
    """Return where crashed containers leave their memory."""
    settings = [
        variant.core_dump_config for _, variant in endpoint.iter_variants_with_path() if variant.core_dump_config
    ]
    return tuple(dict.fromkeys(S3Location.of(each.destination_s3_uri) for each in settings))


def written_under(endpoint: Endpoint) -> Iterator[tuple[str | None, S3Location]]:
    """Yield each key that encrypts answers or core dumps with where they go; None is the endpoint's own key."""
    if settings := endpoint.async_inference_config:
        for place in answers(endpoint):
            yield settings.output_config.kms_key_id, place
    for _, variant in endpoint.iter_variants_with_path():
        if dump := variant.core_dump_config:
            yield dump.kms_key_id, S3Location.of(dump.destination_s3_uri)


def _loaded(container: Container) -> Iterator[tuple[str | None, ModelData]]:
    key = container.model_data_kms_key_arn
    if source := container.model_data_source:
        yield key, _of(source.s3_data_source)
    for each in container.additional_model_data_source:
        yield each.model_data_kms_key_arn or key, _of(each.s3_data_source)
    for url in (container.model_data_url, *container.model_package_data):
        if url:
            yield key, ModelData(S3Location.of(url), is_prefix=url.endswith("/"))


def _of(source: S3DataSource) -> ModelData:
    return ModelData(S3Location.of(source.s3_uri), is_prefix=source.s3_data_type == "S3Prefix")
