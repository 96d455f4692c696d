"""Rules about images that AWS provides: registry, purpose, platform, processors, accelerator and driver."""

from collections.abc import Iterator

from protected_endpoints.aws.images import AwsImage, unlisted_repository
from protected_endpoints.aws.instance_types import (
    CUDA_13_AMI,
    Accelerator,
    Architecture,
    accelerator_of,
    architecture_of,
    has_cuda_13_driver,
    oldest_cuda_version,
)
from protected_endpoints.config import Variant
from protected_endpoints.deployment import Deployment
from protected_endpoints.errors import UNSET, KeyPath, Problem
from protected_endpoints.rules.helpers import variants_of_model
from protected_endpoints.rules.registry import endpoint_rule

_CUDA_13 = 13
_BUILT_FOR: dict[Accelerator, str] = {
    "gpu": "GPUs",
    "neuron": "Inferentia and Trainium",
    "none": "instances without accelerators",
}
_INSTEAD: dict[Accelerator, str] = {
    "gpu": "choose an instance type with a GPU, such as ml.g5.xlarge, or an image that is built for this type",
    "neuron": "choose an instance type such as ml.inf2.xlarge, or an image that is built for this type",
    "none": "choose the image with gpu or neuronx in its name, or an instance type without accelerators",
}


_OTHER_ARCHITECTURE: dict[Architecture, str] = {
    "arm64": "choose an instance type with x86_64 processors, such as ml.c6i.xlarge, or the image for arm64",
    "x86_64": "choose an instance type with Graviton processors, such as ml.c7g.xlarge, or the image for x86_64",
}


@endpoint_rule("image-registry-account", "warning")
def image_registry_account(deployment: Deployment) -> Iterator[Problem]:
    """The account of AWS's registry depends on the region (SageMaker Python SDK, image_uri_config)."""
    for path, image, _ in _aws_images(deployment):
        account = image.account_in_region
        if image.is_in_registry_of_aws and account not in (None, image.account_id):
            yield Problem(
                path,
                f"AWS provides {image.repository} in {image.region} from account {account}",
                f'use "{image.from_account(str(account))}"',
                value=image.text,
            )


@endpoint_rule("image-not-for-inference", "warning")
def image_not_for_inference(deployment: Deployment) -> Iterator[Problem]:
    """An image for training or processing does not answer requests, and an unknown repository may not exist (AWS)."""
    for keys, container in deployment.endpoint.iter_containers_with_path():
        for key in ("image", "model_package_image"):
            image: str | None = getattr(container, key)
            repository = unlisted_repository(image or "")
            if repository:
                is_for_training = "training" in repository.split("-")
                yield Problem(
                    deployment.path(*keys, key),
                    f"{repository} is an image for training, which does not answer requests"
                    if is_for_training
                    else f"{repository} is not one of the inference images that AWS lists",
                    f"use the image for inference, such as {repository.replace('training', 'inference')}"
                    if is_for_training
                    else "compare the name with AWS's list of images, or give a reason in "
                    "acknowledge.image-not-for-inference",
                    value=image,
                )


@endpoint_rule("image-for-ec2", "warning")
def image_for_ec2(deployment: Deployment) -> Iterator[Problem]:
    """Deep Learning Containers for EC2, ECS and EKS do not answer the requests of SageMaker (available images)."""
    for path, image, _ in _aws_images(deployment):
        if image.is_for_ec2:
            yield Problem(
                path,
                "is built for EC2, ECS and EKS, and does not start on SageMaker",
                "use the image for SageMaker, whose tag ends with sagemaker or without ec2",
                value=image.text,
            )


@endpoint_rule("image-accelerator-mismatch", "warning")
def image_accelerator_mismatch(deployment: Deployment) -> Iterator[Problem]:
    """An image for one accelerator does not start, or leaves it unused, on another instance type (its name or tag)."""
    for path, image, variants in _aws_images(deployment):
        for _, variant in variants:
            if image.accelerator and _accelerator(variant) not in (None, image.accelerator):
                yield Problem(
                    path,
                    f"is built for {_BUILT_FOR[image.accelerator]}, but variant {variant.variant_name} runs on "
                    f"{variant.instance_type or 'serverless inference'}",
                    _INSTEAD[image.accelerator],
                    value=image.text,
                )


@endpoint_rule("image-architecture-mismatch", "warning")
def image_architecture_mismatch(deployment: Deployment) -> Iterator[Problem]:
    """An image for one architecture ends with "exec format error" on another one (sagemaker-python-sdk issue 3679)."""
    for path, image, variants in _aws_images(deployment):
        for _, variant in variants:
            # Serverless inference runs on x86_64.
            architecture = architecture_of(variant.instance_type) if variant.instance_type else "x86_64"
            if image.architecture not in (None, architecture):
                yield Problem(
                    path,
                    f"is built for {image.architecture} processors, but variant {variant.variant_name} runs on "
                    f"{architecture} ({variant.instance_type or 'serverless inference'})",
                    _OTHER_ARCHITECTURE[architecture],
                    value=image.text,
                )


@endpoint_rule("image-cuda-driver", "warning")
def image_cuda_driver(deployment: Deployment) -> Iterator[Problem]:
    """An image for CUDA 13 crashes without logs on an older driver (SageMaker guide, inference-gpu-drivers)."""
    for _, image, variants in _aws_images(deployment):
        for keys, variant in variants:
            type_, ami = variant.instance_type, variant.inference_ami_version
            is_cuda_13 = image.cuda_version is not None and image.cuda_version[0] == _CUDA_13
            if is_cuda_13 and type_ and not has_cuda_13_driver(type_, ami):
                yield Problem(
                    deployment.path(*keys, "inference_ami_version"),
                    "the image is built for CUDA 13, but "
                    f"{type_} has an older driver {'with it' if ami else 'by default'}",
                    f'set inference_ami_version = "{CUDA_13_AMI}", or choose an image for CUDA 12',
                    value=ami or UNSET,
                )


@endpoint_rule("image-cuda-too-old", "warning")
def image_cuda_too_old(deployment: Deployment) -> Iterator[Problem]:
    """An image for an older CUDA has no code for newer GPUs (NVIDIA, Blackwell compatibility guide)."""
    for path, image, variants in _aws_images(deployment):
        for _, variant in variants:
            oldest = oldest_cuda_version(variant.instance_type) if variant.instance_type else None
            if oldest and image.cuda_version and image.cuda_version < oldest:
                yield Problem(
                    path,
                    f"is built for CUDA {_version(image.cuda_version)}, which does not know the GPUs of "
                    f"{variant.instance_type}",
                    f"use an image for CUDA {_version(oldest)} or newer",
                    value=image.text,
                )


def _version(version: tuple[int, int]) -> str:
    return f"{version[0]}.{version[1]}"


def _aws_images(deployment: Deployment) -> Iterator[tuple[KeyPath, AwsImage, list[tuple[KeyPath, Variant]]]]:
    """Yield every image that AWS provides with its key path, and the variants that run it with theirs."""
    endpoint = deployment.endpoint
    for name, (model_keys, model) in zip(endpoint.models_by_name, endpoint.iter_models_with_path(), strict=True):
        variants = variants_of_model(endpoint, name)
        for keys, container in model.iter_containers():
            for key in ("image", "model_package_image"):
                if image := AwsImage.parse(getattr(container, key) or ""):
                    yield deployment.path(*model_keys, *keys, key), image, variants


def _accelerator(variant: Variant) -> Accelerator | None:
    """Return the accelerator of the instances, or None if it is not known."""
    if variant.serverless_config:
        return "none"
    return accelerator_of(variant.instance_type) if variant.instance_type else None
