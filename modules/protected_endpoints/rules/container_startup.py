"""Rules about what containers load by themselves when they start: from a hub, from S3 and from elsewhere."""

from collections.abc import Iterator, Sequence

from protected_endpoints.config.container import Container
from protected_endpoints.deployment import Deployment
from protected_endpoints.deployment.container_downloads import (
    ADDITIONAL_MODEL_VARIABLES,
    MODEL_VARIABLES,
    Download,
    Source,
    find_downloads,
)
from protected_endpoints.deployment.container_image import can_start_offline, has_no_model, loads_from_hub_only
from protected_endpoints.deployment.container_network import Access, ContainerNetwork, container_network
from protected_endpoints.deployment.container_s3 import S3Access, missing_access
from protected_endpoints.errors import UNSET, KeyPath, Problem
from protected_endpoints.rules.registry import endpoint_rule
from protected_endpoints.secret_scan import looks_secret

_GUIDE = "docs/models.md"
_MODEL_FOLDER = "/opt/ml/model"
_ADDITIONAL_FOLDER = "/opt/ml/additional-model-data-sources/NAME"
_HUB_ID = "HF_MODEL_ID"
_MODEL_FILE = {"LLAMA_ARG_HF_REPO": "LLAMA_ARG_MODEL", "SM_LLAMA_CPP_HF_REPO": "SM_LLAMA_CPP_MODEL"}
_SOURCE_CODE = "SAGEMAKER_SUBMIT_DIRECTORY"
_RELAX = "set relax.network_isolation to the reason why the container may open connections"
_EGRESS = '{ cidr_ipv4 = "0.0.0.0/0", port = 443, reason = "downloads from the model hub" }'
_IN_IMAGE = ', or set HF_HUB_OFFLINE = "1" if the image contains the model'
_BLOCKED = {
    Access.ISOLATED: "network isolation blocks its connections",
    Access.NO_EGRESS: "the security group of the model has no egress to it",
}


@endpoint_rule("hub-model-not-reachable")
def hub_model_not_reachable(deployment: Deployment) -> Iterator[Problem]:
    """A container cannot download a model under network isolation, nor without egress (rule 30)."""
    for path, container, download in _downloads(deployment, Source.HUB):
        network = container_network(deployment, container.environment, download.source)
        if network.is_blocked:
            yield Problem(
                path,
                f"the container downloads this model when it starts, but {_BLOCKED[network.access]}",
                f"{_use_model_data(deployment, download, container)} ({_GUIDE}), {_open_network(deployment, network)}"
                f"{_IN_IMAGE if download.stops_offline and can_start_offline(container) else ''}",
                value=_value(container, download),
            )


@endpoint_rule("hub-id-is-a-path")
def hub_id_is_a_path(deployment: Deployment) -> Iterator[Problem]:
    """The Hugging Face Inference Toolkit looks HF_MODEL_ID up in the hub (sagemaker-huggingface-inference-toolkit)."""
    for keys, container in deployment.endpoint.iter_containers_with_path():
        value = container.environment.get(_HUB_ID, "")
        if value.startswith(("/", ".")) and loads_from_hub_only(container):
            yield Problem(
                deployment.path(*keys, "environment", _HUB_ID),
                "this image looks the value up in the Hugging Face hub, and does not start with a path",
                "remove it: the image then loads the model data",
                value=value,
            )


@endpoint_rule("model-folder-empty")
def model_folder_empty(deployment: Deployment) -> Iterator[Problem]:
    """SageMaker fills /opt/ml/model with the model data, and the images of AWS contain no models (CreateModel)."""
    for keys, container in deployment.endpoint.iter_containers_with_path():
        for variable in sorted(MODEL_VARIABLES & container.environment.keys()):
            value = container.environment[variable]
            is_folder = f"{value}/".startswith(f"{_MODEL_FOLDER}/")
            if is_folder and has_no_model(container) and not loads_from_hub_only(container):
                yield Problem(
                    deployment.path(*keys, "environment", variable),
                    "the container finds no model in this folder, because it has no model data",
                    'add model_data_source.s3_data_source = { s3_uri = "s3://my-bucket/my-model/", s3_data_type = '
                    f'"S3Prefix" }} with the location of the model ({_GUIDE})',
                    value=value,
                )


@endpoint_rule("image-without-model", "warning")
def image_without_model(deployment: Deployment) -> Iterator[Problem]:
    """The images of AWS contain no models, so without model data or a variable that names one they serve nothing."""
    for keys, container in deployment.endpoint.iter_containers_with_path():
        names_model = any(find_downloads(container.environment)) or MODEL_VARIABLES & container.environment.keys()
        if has_no_model(container) and not names_model:
            yield Problem(
                deployment.path(*keys, "image"),
                "the images of AWS contain no model, and neither model data nor a variable names one",
                "add model_data_url or model_data_source, or give a reason in acknowledge.image-without-model",
                value=container.image,
            )


@endpoint_rule("s3-variable-not-readable")
def s3_variable_not_readable(deployment: Deployment) -> Iterator[Problem]:
    """A container reads S3 with the execution role, which network isolation hides (rule 30)."""
    for path, container, download in _downloads(deployment, Source.S3):
        missing = missing_access(deployment, download.references)
        tables = ", ".join(_permission(access, download) for access in missing)
        permissions = _add("permissions", tables, deployment.endpoint.permissions)
        use_model_data = f"{_use_model_data(deployment, download, container)} ({_GUIDE})"
        network = container_network(deployment, container.environment, download.source)
        if network.access is Access.ISOLATED:
            yield Problem(
                path,
                f"the container reads S3 by itself, but {_BLOCKED[Access.ISOLATED]}",
                f"{use_model_data}, or {_RELAX}{f' and {permissions}' if missing else ''}",
                value=_value(container, download),
            )
        elif missing:
            yield Problem(
                path,
                "the container reads S3 by itself, but the execution role has no permission for it",
                f"{permissions}, or {use_model_data}",
                value=_value(container, download),
            )


@endpoint_rule("environment-may-need-network", "warning")
def environment_may_need_network(deployment: Deployment) -> Iterator[Problem]:
    """A variable with a URL or with what looks like the ID of a model may make the container connect (rule 30)."""
    for path, container, download in _downloads(deployment, Source.UNCERTAIN):
        network = container_network(deployment, container.environment, download.source)
        if network.is_blocked:
            yield Problem(
                path,
                f"the container may connect to it, but {_BLOCKED[network.access]}",
                f"copy what it loads to the model data ({_GUIDE}), {_open_network(deployment, network)}, "
                "or give a reason in acknowledge.environment-may-need-network if the container does not connect",
                value=_value(container, download),
            )


def _downloads(deployment: Deployment, source: Source) -> Iterator[tuple[KeyPath, Container, Download]]:
    """Yield the downloads from a source with the key paths of their variables."""
    for keys, container in deployment.endpoint.iter_containers_with_path():
        for download in find_downloads(container.environment, can_start_offline=can_start_offline(container)):
            if download.source is source:
                yield deployment.path(*keys, "environment", download.variable), container, download


def _use_model_data(deployment: Deployment, download: Download, container: Container) -> str:
    """Return how SageMaker loads the same data instead of the container."""
    variable = download.variable
    # Serverless inference loads an archive only (rule serverless-container-unsupported).
    key = "the archive in model_data_url" if deployment.endpoint.is_serverless else "model_data_source"
    if variable == _HUB_ID and loads_from_hub_only(container):
        return f"copy the model to S3 as {key} and remove {variable}"
    if variable == _SOURCE_CODE:
        return f'add the source code to the model archive in code/ and set {variable} = "{_MODEL_FOLDER}/code"'
    if variable in _MODEL_FILE:
        file = f"{_MODEL_FOLDER}/FILE.gguf"
        return f'copy the file to S3 as {key}, and set {_MODEL_FILE[variable]} = "{file}" instead of {variable}'
    if variable in ADDITIONAL_MODEL_VARIABLES:
        return f"copy the model to S3 as additional_model_data_source and use its folder {_ADDITIONAL_FOLDER}"
    if variable in MODEL_VARIABLES or download.source is Source.HUB:
        return f'copy the model to S3 as {key} and set {variable} = "{_MODEL_FOLDER}"'
    return f"add the data to the model data, which SageMaker loads to {_MODEL_FOLDER}"


def _permission(access: S3Access, download: Download) -> str:
    """Return a permission as an inline table of TOML, to be pasted into the list of permissions."""
    prefixes = ", ".join(f'"{prefix}"' for prefix in access.prefixes)
    operators = [
        *([f'StringEquals = {{ "aws:ResourceAccount" = ["{access.account_id}"] }}'] if access.account_id else []),
        *([f'StringLike = {{ "s3:prefix" = [{prefixes}] }}'] if prefixes else []),
    ]
    conditions = f"conditions = {{ {', '.join(operators)} }}, " if operators else ""
    return (
        f'{{ actions = ["{access.action}"], resources = ["{access.resource}"], {conditions}'
        f'reason = "the container reads {download.variable}" }}'
    )


def _open_network(deployment: Deployment, network: ContainerNetwork) -> str:
    """Return how the container gets access to the network."""
    egress = _add("egress", _EGRESS, deployment.endpoint.egress)
    if network.access is Access.NO_EGRESS:
        return f"or {egress}"
    return f"or {_RELAX} and {egress}" if deployment.environment.network else f"or {_RELAX}"


def _add(key: str, tables: str, existing: Sequence[object]) -> str:
    """Return how inline tables are added to a list of the endpoint that may not exist yet."""
    return f"add {tables} to {key}" if existing else f"add {key} = [{tables}]"


def _value(container: Container, download: Download) -> object:
    """Return the value for the message, without URLs, which may contain secrets."""
    value = container.environment[download.variable]
    is_shown = download.references and not looks_secret(download.variable, value)
    return value if is_shown else UNSET
