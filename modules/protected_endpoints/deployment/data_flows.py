"""The S3 data of an endpoint: what it reads and writes, where, under which key, and who may read it.

`SOURCES` is the only list of it. The policies of execution roles, keys, VPC endpoints, readers and deployers follow
from it, and so do the rules across endpoints. A new kind of data is one `FlowKind` and one function in `SOURCES`. Add
its KMS key to `rules.encryption` and its readers to `rules.account_access`, if `endpoints.toml` has them.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Literal

from protected_endpoints.aws.jumpstart import JumpStartBucket
from protected_endpoints.config.container import Container, S3DataSource
from protected_endpoints.config.endpoint import Endpoint
from protected_endpoints.deployment.endpoint_names import EndpointNames
from protected_endpoints.deployment.s3_location import S3Location
from protected_endpoints.errors import KeyPath


@dataclass(frozen=True)
class FlowKind:
    """One kind of S3 data, with the names that policies use for it. They are physical names, so they never change."""

    name: str
    """Part of the names of the read policy and of its construct."""
    title: str
    """Part of the Sids in key policies, and of those for the keys of data that the endpoint reads."""
    sid: str
    """Sid of the statement that allows the action in S3."""
    action: Literal["s3:GetObject", "s3:PutObject"]
    """Action of the execution role on the objects."""
    can_have_readers: bool = False
    """Whether `endpoints.toml` has a list of readers for it."""

    @property
    def is_written(self) -> bool:
        return self.action == "s3:PutObject"


MODEL_DATA = FlowKind("model-data", "ModelData", "ReadArtefacts", "s3:GetObject")
REQUESTS = FlowKind("requests", "Requests", "ReadRequests", "s3:GetObject")
CAPTURE = FlowKind("capture", "Capture", "WriteCapturedData", "s3:PutObject", can_have_readers=True)
RESPONSES = FlowKind("answers", "Answers", "WriteAnswers", "s3:PutObject", can_have_readers=True)
CORE_DUMPS = FlowKind("core-dumps", "CoreDumps", "WriteCoreDumps", "s3:PutObject")


@dataclass(frozen=True)
class DataFlow:
    """One S3 location of an endpoint's data: a single object, or every object below a prefix."""

    uri: str
    """The S3 URI, as it is in `endpoints.toml`."""
    path: KeyPath | None
    """Key path of the URI in the endpoint; None for a managed bucket, which has no key."""
    key_arn: str | None = None
    """ARN of the existing KMS key of the data.

    None is the endpoint's key for data that the endpoint writes, and no key for data that it reads."""
    is_prefix: bool = True
    """Whether the URI is a prefix."""
    readers: tuple[str, ...] = ()
    """ARNs of the roles that may read the data."""
    readers_path: KeyPath = ()
    """Key path of the list of readers in the endpoint."""
    account_id: str | None = None
    """ID of the account that owns the bucket. None is the account of the environment."""
    has_account_condition: bool = True
    """Whether policies require the account of the bucket. They do not for a bucket of JumpStart, whose account is
    unknown, and with `relax.model_data_account`."""

    @property
    def location(self) -> S3Location:
        return S3Location.parse(self.uri)


@dataclass(frozen=True)
class ReadableOutput:
    """Data of one kind that an endpoint writes and that roles may read."""

    kind: FlowKind
    flows: tuple[DataFlow, ...]
    """The locations of the data, at least one. All of them have the same key and the same readers."""

    @property
    def locations(self) -> list[S3Location]:
        """Return the distinct locations."""
        return [*dict.fromkeys(flow.location for flow in self.flows)]

    @property
    def readers(self) -> tuple[str, ...]:
        return self.flows[0].readers

    @property
    def readers_path(self) -> KeyPath:
        return self.flows[0].readers_path

    @property
    def key_arn(self) -> str | None:
        return self.flows[0].key_arn


def resolve(endpoint: Endpoint, names: EndpointNames) -> dict[FlowKind, tuple[DataFlow, ...]]:
    """Return the data flows of an endpoint by kind, without the kinds that it does not have."""
    flows = {kind: tuple(source(endpoint, names)) for kind, source in SOURCES.items()}
    return {kind: locations for kind, locations in flows.items() if locations}


def by_key(flows: Iterable[DataFlow]) -> dict[str | None, list[DataFlow]]:
    """Return data flows by their KMS key."""
    grouped: dict[str | None, list[DataFlow]] = {}
    for flow in flows:
        grouped.setdefault(flow.key_arn, []).append(flow)
    return grouped


def by_existing_key(flows: Iterable[DataFlow]) -> dict[str, list[DataFlow]]:
    """Return the data flows that have an existing KMS key, by its ARN."""
    return {key: encrypted for key, encrypted in by_key(flows).items() if key}


def _model_data(endpoint: Endpoint, names: EndpointNames) -> Iterator[DataFlow]:
    """Yield the data that containers load, with the key of the container or else the existing key of the endpoint.

    A model package defines its data in AWS, where synth does not read it, so `model_package_data` lists it.
    """
    for path, container in endpoint.iter_containers_with_path():
        for flow in _container_data(container, path, container.model_data_kms_key_arn or endpoint.kms.key_arn):
            yield _with_owner(flow, container, endpoint, names)
    for name, component in endpoint.inference_components.items():
        if url := component.artifact_url:
            key_arn = component.model_data_kms_key_arn or endpoint.kms.key_arn
            flow = DataFlow(url, ("inference_components", name, "artifact_url"), key_arn, is_prefix=False)
            yield _with_owner(flow, component, endpoint, names)


def _with_owner(flow: DataFlow, container: Container, endpoint: Endpoint, names: EndpointNames) -> DataFlow:
    """Return model data with the owner of its bucket: the configured account, JumpStart, or any with a relaxation."""
    jumpstart = JumpStartBucket.parse(flow.location.bucket)
    if jumpstart and jumpstart.region == names.region:
        return replace(flow, has_account_condition=False)
    if account_id := container.model_data_account_id:
        return replace(flow, account_id=account_id)
    return replace(flow, has_account_condition=endpoint.relax.model_data_account is None)


def _container_data(container: Container, path: KeyPath, key_arn: str | None) -> Iterator[DataFlow]:
    if source := container.model_data_source:
        yield _data_source(source.s3_data_source, (*path, "model_data_source"), key_arn)
    for index, additional in enumerate(container.additional_model_data_source):
        keys = (*path, "additional_model_data_source", index)
        yield _data_source(additional.s3_data_source, keys, additional.model_data_kms_key_arn or key_arn)
    if url := container.model_data_url:
        yield DataFlow(url, (*path, "model_data_url"), key_arn, is_prefix=url.endswith("/"))
    for index, url in enumerate(container.model_package_data):
        yield DataFlow(url, (*path, "model_package_data", index), key_arn, is_prefix=url.endswith("/"))


def _data_source(source: S3DataSource, path: KeyPath, key_arn: str | None) -> DataFlow:
    keys = (*path, "s3_data_source", "s3_uri")
    return DataFlow(source.s3_uri, keys, key_arn, is_prefix=source.s3_data_type == "S3Prefix")


def _requests(endpoint: Endpoint, _: EndpointNames) -> Iterator[DataFlow]:
    """Yield the locations to which invokers upload asynchronous requests."""
    if settings := endpoint.async_inference_config:
        for index, uri in enumerate(settings.input_locations):
            yield DataFlow(uri, ("async_inference_config", "input_locations", index), settings.input_kms_key_id)


def _capture(endpoint: Endpoint, names: EndpointNames) -> Iterator[DataFlow]:
    """Yield the location of captured requests and responses. Serverless inference has no data capture."""
    settings = endpoint.data_capture
    if not settings.enable_capture or endpoint.is_serverless:
        return
    uri = settings.destination_s3_uri
    yield DataFlow(
        uri or names.managed_capture_location.uri,
        ("data_capture", "destination_s3_uri") if uri else None,
        readers=settings.readers,
        readers_path=("data_capture", "readers"),
    )


def _responses(endpoint: Endpoint, _: EndpointNames) -> Iterator[DataFlow]:
    """Yield the locations of asynchronous responses and failure responses."""
    if not endpoint.async_inference_config:
        return
    settings, path = endpoint.async_inference_config.output_config, ("async_inference_config", "output_config")
    for key, uri in (("s3_output_path", settings.s3_output_path), ("s3_failure_path", settings.s3_failure_path)):
        if uri:
            yield DataFlow(
                uri, (*path, key), settings.kms_key_id, readers=settings.readers, readers_path=(*path, "readers")
            )


def _core_dumps(endpoint: Endpoint, _: EndpointNames) -> Iterator[DataFlow]:
    """Yield the locations of core dumps, one for each variant that has them."""
    for path, variant in endpoint.iter_variants_with_path():
        if settings := variant.core_dump_config:
            keys = (*path, "core_dump_config", "destination_s3_uri")
            yield DataFlow(settings.destination_s3_uri, keys, settings.kms_key_id)


SOURCES: dict[FlowKind, Callable[[Endpoint, EndpointNames], Iterator[DataFlow]]] = {
    MODEL_DATA: _model_data,
    REQUESTS: _requests,
    CAPTURE: _capture,
    RESPONSES: _responses,
    CORE_DUMPS: _core_dumps,
}
