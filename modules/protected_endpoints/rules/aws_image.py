"""Rules about images that AWS provides: the registry of the region, the accelerator and the driver of the instances."""

from collections.abc import Iterator

from protected_endpoints.aws.images import AwsImage
from protected_endpoints.aws.instance_types import CUDA_13_AMI, Accelerator, accelerator_of, has_cuda_13_driver
from protected_endpoints.config import Container, Endpoint, Variant
from protected_endpoints.deployment import Deployment
from protected_endpoints.errors import UNSET, KeyPath, Problem
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


@endpoint_rule("image-registry-account", "warning")
def image_registry_account(deployment: Deployment) -> Iterator[Problem]:
    """The account of AWS's registry depends on the region (SageMaker Python SDK, image_uri_config)."""
    for path, text, _ in _images(deployment):
        image = AwsImage.parse(text)
        if not image or not image.is_in_registry_of_aws or image.account_in_region in (None, image.account_id):
            continue
        yield Problem(
            path,
            f"AWS provides {image.repository} in {image.region} from account {image.account_in_region}",
            f'use "{image.account_in_region}{text[len(image.account_id) :]}"',
            value=text,
        )


@endpoint_rule("image-accelerator-mismatch", "warning")
def image_accelerator_mismatch(deployment: Deployment) -> Iterator[Problem]:
    """An image for one accelerator does not start, or leaves it unused, on another instance type (its name or tag)."""
    for path, text, variants in _images(deployment):
        image = AwsImage.parse(text)
        if not image or image.accelerator is None:
            continue
        for variant in variants:
            if _accelerator(variant) not in (None, image.accelerator):
                yield Problem(
                    path,
                    f"is built for {_BUILT_FOR[image.accelerator]}, but variant {variant.variant_name} runs on "
                    f"{variant.instance_type or 'serverless inference'}",
                    _INSTEAD[image.accelerator],
                    value=text,
                )


@endpoint_rule("image-cuda-driver", "warning")
def image_cuda_driver(deployment: Deployment) -> Iterator[Problem]:
    """An image for CUDA 13 crashes without logs on an older driver (SageMaker guide, inference-gpu-drivers)."""
    endpoint = deployment.endpoint
    keys_of = {variant.variant_name: keys for keys, variant in endpoint.iter_variants_with_path()}
    for _, text, variants in _images(deployment):
        image = AwsImage.parse(text)
        for variant in variants if image and (image.cuda_version or 0) >= _CUDA_13 else ():
            type_, ami = variant.instance_type or "", variant.inference_ami_version
            if not type_ or accelerator_of(type_) != "gpu" or has_cuda_13_driver(type_, ami):
                continue
            yield Problem(
                deployment.path(*keys_of[variant.variant_name], "inference_ami_version"),
                f"the image is built for CUDA 13, but {type_} has an older driver {'with it' if ami else 'by default'}",
                f'set inference_ami_version = "{CUDA_13_AMI}", or choose an image for CUDA 12',
                value=ami or UNSET,
            )


def _images(deployment: Deployment) -> Iterator[tuple[KeyPath, str, list[Variant]]]:
    """Yield every image with its key path and the variants that run it."""
    endpoint = deployment.endpoint
    for name, (model_keys, model) in zip(endpoint.models_by_name, endpoint.iter_models_with_path(), strict=True):
        variants = [variant for _, variant in endpoint.iter_variants_with_path() if _runs(endpoint, variant, name)]
        for keys, container in model.iter_containers():
            for key, image in _images_of(container):
                yield deployment.path(*model_keys, *keys, key), image, variants


def _runs(endpoint: Endpoint, variant: Variant, model: str) -> bool:
    """Return whether a variant runs a model, itself or for an inference component."""
    return variant.model == model or any(
        model in (name, component.model) and component.variant_name in (None, variant.variant_name)
        for name, component in endpoint.inference_components.items()
    )


def _images_of(container: Container) -> Iterator[tuple[str, str]]:
    for key in ("image", "model_package_image"):
        if image := getattr(container, key):
            yield key, image


def _accelerator(variant: Variant) -> Accelerator | None:
    """Return the accelerator of the instances, or None if it is not known."""
    if variant.serverless_config:
        return "none"
    return accelerator_of(variant.instance_type) if variant.instance_type else None
