"""Rules about the container: its image and its environment."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from modules.credentials import looks_secret
from modules.problems import Problem

if TYPE_CHECKING:
    from modules.config import Deployment

_MOST_VARIABLES = 100
_MOST_BYTES = 32 * 1024


def image_is_in_the_region(deployment: Deployment) -> Iterator[Problem]:
    """SageMaker pulls from an ECR registry of the endpoint's region only (rule 13)."""
    image, region = deployment.endpoint.image, deployment.environment.region
    registry = image.split("/")[0]
    expected = f"{region}.{deployment.names.dns_suffix}"
    if registry.split(".ecr.")[-1].split(".ecr-fips.")[-1] != expected:
        yield Problem(
            deployment.path("image"),
            f"SageMaker pulls images of its own region, {region}, from a registry that ends with .{expected}",
            f"name the image of that region, for one environment under environments.{deployment.environment.name}",
            got=image,
        )


def image_tag_does_not_move(deployment: Deployment) -> Iterator[Problem]:
    """An instance that starts later pulls what `latest` names by then (rule 13)."""
    if deployment.endpoint.image.endswith(":latest") and not deployment.endpoint.relax.image_tag:
        yield Problem(
            deployment.path("image"),
            'the tag "latest" moves, so that two instances may run different images',
            "use the image's digest or a version tag, or give a reason in relax.image_tag",
            got=deployment.endpoint.image,
        )


def environment_is_small_enough(deployment: Deployment) -> Iterator[Problem]:
    """CreateModel takes 100 variables with 32 KB in all (rule 21)."""
    environment = deployment.endpoint.environment
    size = sum(len(f"{name}{value}".encode()) for name, value in environment.items())
    if len(environment) > _MOST_VARIABLES:
        yield Problem(
            deployment.path("environment"),
            f"{len(environment)} variables",
            f"keep {_MOST_VARIABLES} or fewer, the rest belongs into the artefact",
        )
    if size > _MOST_BYTES:
        yield Problem(
            deployment.path("environment"),
            f"{size} bytes of names and values",
            f"keep {_MOST_BYTES} or fewer, the rest belongs into the artefact",
        )


def environment_holds_no_secret(deployment: Deployment) -> Iterator[Problem]:
    """The environment stands in clear in plan, state and DescribeModel (rule 22); the value is never shown."""
    if deployment.endpoint.relax.secret_like_environment:
        return
    for name, value in deployment.endpoint.environment.items():
        if looks_secret(name, value):
            yield Problem(
                deployment.path("environment", name),
                "looks like a secret, and the environment stands in clear in plan and state",
                "keep it in AWS Secrets Manager and use it outside of the container, in the caller for example (an "
                "isolated container cannot use it anyway), or give a reason in relax.secret_like_environment",
            )
