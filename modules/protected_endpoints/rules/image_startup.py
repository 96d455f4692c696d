"""Rules about what images that AWS provides require to start: variables, packages and accelerators."""

from collections.abc import Iterator
from dataclasses import dataclass

from protected_endpoints.aws.images import AwsImage
from protected_endpoints.aws.instance_sizes import gpus, neuron_cores
from protected_endpoints.config import Container, Endpoint
from protected_endpoints.deployment import Deployment
from protected_endpoints.deployment.container_downloads import Source
from protected_endpoints.deployment.container_network import container_network
from protected_endpoints.errors import Problem
from protected_endpoints.rules.helpers import variants_of_model
from protected_endpoints.rules.registry import endpoint_rule

_HUB_MODEL = (
    "HF_MODEL_ID",
    'set it to "/opt/ml/model" with model_data_source, or to the ID of a model in the hub (docs/models.md)',
)
# The variable without which the entry point of an image ends at once, by the first part of its repository: those of
# text-generation-inference (sagemaker-entrypoint.sh), text-embeddings-inference and sagemaker-scikit-learn-container.
_REQUIRED = {
    "huggingface-pytorch-tgi-inference": _HUB_MODEL,
    "tei": _HUB_MODEL,
    "tei-cpu": _HUB_MODEL,
    "sagemaker-scikit-learn": (
        "SAGEMAKER_PROGRAM",
        'set it to the file in code/ of the model archive that defines model_fn, such as "inference.py", and '
        'SAGEMAKER_SUBMIT_DIRECTORY = "/opt/ml/model/code"',
    ),
}
# Model servers that AWS provides without the Docker label of a capability (their Dockerfiles).
_ONE_PORT = frozenset({"huggingface-vllm", "sglang", "tei", "tei-cpu", "vllm", "vllm-omni", "whisperx"})
_ONE_MODEL = _ONE_PORT | {"huggingface-pytorch-tgi-inference", "ray"}
# Variables with which TorchServe and TensorFlow's script mode install the packages of a requirements.txt.
_INSTALLS_PACKAGES = frozenset({"SAGEMAKER_REQUIREMENTS", "TS_INSTALL_PY_DEP_PER_MODEL"})
# Variables with the number of accelerators that a copy of the model is split over, and the repositories that read them.
_TGI = ("huggingface-pytorch-tgi-inference",)
_LMI = ("djl-inference",)
_VLLM = ("huggingface-vllm", "vllm", "vllm-omni")
_SGLANG = ("huggingface-sglang", "sglang")
_PARALLEL = {
    "NUM_SHARD": _TGI,
    "OPTION_TENSOR_PARALLEL_DEGREE": _LMI,
    "SM_NUM_GPUS": _TGI,
    "SM_SGLANG_TENSOR_PARALLEL_SIZE": _SGLANG,
    "SM_SGLANG_TP": _SGLANG,
    "SM_SGLANG_TP_SIZE": _SGLANG,
    "SM_VLLM_TENSOR_PARALLEL_SIZE": _VLLM,
    "TENSOR_PARALLEL_DEGREE": _LMI,
}


@dataclass(frozen=True)
class _Limit:
    """The accelerators that a container can use, and what limits them."""

    number: int
    noun: str
    cause: str
    suggestion: str


@endpoint_rule("image-variable-missing")
def image_variable_missing(deployment: Deployment) -> Iterator[Problem]:
    """The entry points of TGI, TEI and scikit-learn exit without their variable (their source code)."""
    for keys, container in deployment.endpoint.iter_containers_with_path():
        image = AwsImage.parse(container.image or "")
        if image is None or not image.is_in_registry_of_aws or image.repository not in _REQUIRED:
            continue
        variable, suggestion = _REQUIRED[image.repository]
        if not container.environment.get(variable):
            yield Problem(
                deployment.path(*keys, "environment", variable),
                f"required by {image.repository}, which does not start without it",
                suggestion,
            )


@endpoint_rule("image-capability-missing")
def image_capability_missing(deployment: Deployment) -> Iterator[Problem]:
    """CreateModel requires Docker labels for mode MultiModel and for several containers (ValidationException)."""
    for model_keys, model in deployment.endpoint.iter_models_with_path():
        for keys, container in model.iter_containers():
            image = AwsImage.parse(container.image or "")
            repository = image.repository if image and image.is_in_registry_of_aws else ""
            if container.mode == "MultiModel" and repository in _ONE_MODEL:
                yield Problem(
                    deployment.path(*model_keys, *keys, "mode"),
                    f"{repository} serves one model",
                    "remove it, or use an image such as djl-inference or sagemaker-tritonserver",
                    value=container.mode,
                )
            if model.container and repository in _ONE_PORT:
                yield Problem(
                    deployment.path(*model_keys, *keys, "image"),
                    f"{repository} cannot share an instance with other containers",
                    "serve it with an endpoint of its own, or use an image such as djl-inference",
                    value=container.image,
                )


@endpoint_rule("packages-not-reachable", "warning")
def packages_not_reachable(deployment: Deployment) -> Iterator[Problem]:
    """A container cannot install packages under network isolation, nor without egress (rule 30; TorchServe)."""
    for keys, container in deployment.endpoint.iter_containers_with_path():
        for variable in sorted(container.environment.keys() & _INSTALLS_PACKAGES):
            value = container.environment[variable]
            network = container_network(deployment, container.environment, Source.HUB)
            if value.lower() not in ("", "0", "false") and network.is_blocked:
                yield Problem(
                    deployment.path(*keys, "environment", variable),
                    f"the container installs Python packages when it starts, which is {network.access.value}",
                    "build an image that contains them and remove it, or set relax.network_isolation to the reason why "
                    "the container may open connections, with egress to port 443 in a VPC",
                    value=value,
                )


@endpoint_rule("image-accelerator-count")
def image_accelerator_count(deployment: Deployment) -> Iterator[Problem]:
    """A model server that splits a model over more accelerators than it finds ends at once (TGI, LMI, vLLM, SGLang)."""
    endpoint = deployment.endpoint
    for name, (model_keys, model) in zip(endpoint.models_by_name, endpoint.iter_models_with_path(), strict=True):
        for keys, container in model.iter_containers():
            for variable, number in _parallel(container):
                limit = next((limit for limit in _limits(endpoint, name) if number > limit.number), None)
                if limit:
                    yield Problem(
                        deployment.path(*model_keys, *keys, "environment", variable),
                        f"the container does not start on {number} {limit.noun}, because {limit.cause}",
                        f'set it to "{limit.number}", or {limit.suggestion}',
                        value=container.environment[variable],
                    )


def _parallel(container: Container) -> Iterator[tuple[str, int]]:
    """Yield the variables by which an image of AWS splits the model, with the number of parts.

    On Inferentia and Trainium, only LMI reads one of these.
    """
    for variable in sorted(container.environment.keys() & _PARALLEL.keys()):
        value, readers = container.environment[variable], _PARALLEL[variable]
        image = AwsImage.parse(container.image or "")
        is_read = image and image.repository in readers and (image.accelerator != "neuron" or readers is _LMI)
        if is_read and value.isascii() and value.isdigit():
            yield variable, int(value)


def _limits(endpoint: Endpoint, model: str) -> Iterator[_Limit]:
    """Yield what limits the accelerators of the containers of a model, as far as their number is known.

    An image for accelerators on an instance without them has a warning of its own.
    """
    for _, variant in variants_of_model(endpoint, model):
        type_ = variant.instance_type or ""
        if cores := neuron_cores(type_):
            yield _Limit(cores, "NeuronCores", f"{type_} has {cores}", "choose a larger instance type")
        elif number := type_ and gpus(type_):
            yield _Limit(number, "GPUs", f"{type_} has {number}", "choose an instance type with more")
            yield from _reserved(endpoint, model)


def _reserved(endpoint: Endpoint, model: str) -> Iterator[_Limit]:
    """Yield the GPUs that the inference components of a model reserve for a copy."""
    for name, component in endpoint.inference_components.items():
        requirements = component.compute_resource_requirements
        devices = requirements.number_of_accelerator_devices_required if requirements else None
        if model in (name, component.model) and devices:
            cause = f"a copy of inference component {name} reserves {int(devices)}"
            yield _Limit(int(devices), "GPUs", cause, "raise number_of_accelerator_devices_required")
