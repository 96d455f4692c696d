"""Rules about the container: its image and its environment."""

import re
from collections.abc import Iterator

from protected_endpoints.deployment import Deployment
from protected_endpoints.errors import Problem
from protected_endpoints.rules.registry import endpoint_rule
from protected_endpoints.secret_scan import looks_secret

_MOST_VARIABLES = 100
_MOST_BYTES = 32 * 1024


@endpoint_rule("image-not-in-region")
def image_not_in_region(deployment: Deployment) -> Iterator[Problem]:
    """SageMaker pulls from an ECR registry of the endpoint's region, or through the VPC from any (rule 13)."""
    region = deployment.environment.region
    expected = f"{region}.{deployment.names.dns_suffix}"
    of_region = re.compile(rf"[0-9]{{12}}\.dkr\.ecr(-fips)?\.{re.escape(expected)}")
    for place, container in deployment.endpoint.iter_containers_with_path():
        images = {"image": container.image, "model_package_image": container.model_package_image}
        if container.image_config and container.image_config.is_private:
            del images["image"]
        for key, image in images.items():
            if image and not of_region.fullmatch(image.split("/")[0]):
                yield Problem(
                    deployment.path(*place, key),
                    f"SageMaker pulls from ECR of its own region, ACCOUNT.dkr.ecr.{expected}",
                    f"name the image there, for one environment under environments.{deployment.environment.name} (for "
                    "a registry in the VPC, add image_config)",
                    value=image,
                )


@endpoint_rule("image-tag-mutable")
def image_tag_mutable(deployment: Deployment) -> Iterator[Problem]:
    """An instance that starts later pulls what `latest` names by then (rule 13)."""
    for place, container in deployment.endpoint.iter_containers_with_path():
        if (container.image or "").endswith(":latest") and not deployment.endpoint.relax.image_tag:
            yield Problem(
                deployment.path(*place, "image"),
                'the tag "latest" moves, so that two instances may run different images',
                "use the image's digest or a version tag, or give a reason in relax.image_tag",
                value=container.image,
            )


@endpoint_rule("environment-too-large")
def environment_too_large(deployment: Deployment) -> Iterator[Problem]:
    """CreateModel takes 100 variables a container, with 32 KB in all containers (rule 21)."""
    for keys, model in deployment.endpoint.iter_models_with_path():
        size = 0
        for place, container in model.iter_containers():
            environment = container.environment
            size += sum(len(f"{name}{value}".encode()) for name, value in environment.items())
            if len(environment) > _MOST_VARIABLES:
                yield Problem(
                    deployment.path(*keys, *place, "environment"),
                    f"{len(environment)} variables",
                    f"keep {_MOST_VARIABLES} or fewer, the rest belongs into the artefact",
                )
        if size > _MOST_BYTES:
            yield Problem(
                deployment.path(*keys, "container" if model.container else "environment"),
                f"{size} bytes of names and values",
                f"keep {_MOST_BYTES} or fewer, the rest belongs into the artefact",
            )


@endpoint_rule("environment-secret")
def environment_secret(deployment: Deployment) -> Iterator[Problem]:
    """The environment stands in clear in plan, state and DescribeModel (rule 22); the value is never shown."""
    if deployment.endpoint.relax.secret_like_environment:
        return
    for place, container in deployment.endpoint.iter_containers_with_path():
        for name, value in container.environment.items():
            if looks_secret(name, value):
                yield Problem(
                    deployment.path(*place, "environment", name),
                    "looks like a secret, and the environment stands in clear in plan and state",
                    "keep it in AWS Secrets Manager and use it outside of the container, in the caller for example (an "
                    "isolated container cannot use it anyway), or give a reason in relax.secret_like_environment",
                )
