"""Rules about the image of a container and the size of its environment."""

import re
from collections.abc import Iterator

from protected_endpoints.deployment import Deployment
from protected_endpoints.errors import Problem
from protected_endpoints.rules.helpers import override_table
from protected_endpoints.rules.registry import endpoint_rule

_MAX_VARIABLES = 100
_MAX_BYTES = 32 * 1024
_ECR = re.compile(r"[0-9]{12}\.dkr\.ecr(-fips)?\.")
_PRIVATE_REGISTRY = 'image_config = { repository_access_mode = "Vpc" }'
_TO_ARTIFACT = "move configuration to the model artifact"


@endpoint_rule("image-not-in-region")
def image_not_in_region(deployment: Deployment) -> Iterator[Problem]:
    """SageMaker pulls images from ECR in the endpoint's region, or from any registry through the VPC (rule 13)."""
    registry = f"{deployment.environment.region}.{deployment.names.dns_suffix}"
    pattern = re.compile(rf"[0-9]{{12}}\.dkr\.ecr(-fips)?\.{re.escape(registry)}")
    for keys, container in deployment.endpoint.iter_containers_with_path():
        images = {"image": container.image, "model_package_image": container.model_package_image}
        if container.image_config and container.image_config.is_private:
            del images["image"]
        for key, image in images.items():
            if image and not pattern.fullmatch(image.split("/")[0]):
                yield Problem(
                    deployment.path(*keys, key),
                    f"must be in Amazon ECR in the region of the endpoint (ACCOUNT.dkr.ecr.{registry})",
                    _how_to_pull(deployment, key, image),
                    value=image,
                )


def _how_to_pull(deployment: Deployment, key: str, image: str) -> str:
    """Return how an image that SageMaker cannot pull gets into the registry, or from where it is pulled instead."""
    steps = [
        "use an image in that region" if _ECR.match(image) else "push a copy of it to a repository in that region",
        f"set one for this environment in {override_table(deployment)}",
    ]
    if key == "image" and not deployment.endpoint.is_serverless:
        steps.append(f"add {_PRIVATE_REGISTRY} for a registry in the VPC")
    return f"{', '.join(steps[:-1])}, or {steps[-1]}"


@endpoint_rule("image-tag-mutable")
def image_tag_mutable(deployment: Deployment) -> Iterator[Problem]:
    """An instance that starts later pulls the image that has the tag `latest` at that time (rule 13)."""
    for keys, container in deployment.endpoint.iter_containers_with_path():
        if (container.image or "").endswith(":latest") and not deployment.endpoint.relax.image_tag:
            yield Problem(
                deployment.path(*keys, "image"),
                'tag "latest" is mutable: instances may run different images',
                "use a digest or a version tag, or give a reason in relax.image_tag",
                value=container.image,
            )


@endpoint_rule("environment-too-large")
def environment_too_large(deployment: Deployment) -> Iterator[Problem]:
    """CreateModel accepts 100 variables in a container and 32 KB in all containers of a model (rule 21)."""
    for model_keys, model in deployment.endpoint.iter_models_with_path():
        size = 0
        for keys, container in model.iter_containers():
            environment = container.environment
            size += sum(len(f"{name}{value}".encode()) for name, value in environment.items())
            if len(environment) > _MAX_VARIABLES:
                yield Problem(
                    deployment.path(*model_keys, *keys, "environment"),
                    f"{len(environment)} variables exceed the limit of {_MAX_VARIABLES}",
                    _TO_ARTIFACT,
                )
        if size > _MAX_BYTES:
            yield Problem(
                deployment.path(*model_keys, "container" if model.container else "environment"),
                f"names and values take {size} bytes and exceed the limit of {_MAX_BYTES}",
                _TO_ARTIFACT,
            )
