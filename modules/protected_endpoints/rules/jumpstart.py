"""Rules about model data in the buckets of SageMaker JumpStart, which AWS owns."""

from collections.abc import Iterator

from protected_endpoints.aws.jumpstart import JumpStartBucket
from protected_endpoints.deployment import Deployment
from protected_endpoints.deployment.s3_location import S3Location
from protected_endpoints.errors import KeyPath, Problem
from protected_endpoints.rules.model_data import data_sources
from protected_endpoints.rules.registry import endpoint_rule


@endpoint_rule("jumpstart-bucket-not-in-region")
def jumpstart_bucket_not_in_region(deployment: Deployment) -> Iterator[Problem]:
    """Model data is in a bucket of the endpoint's region (rule 15; ContainerDefinition, ModelDataUrl)."""
    region = deployment.environment.region
    for flow in deployment.model_data:
        bucket = flow.location.bucket
        jumpstart = JumpStartBucket.parse(bucket)
        if not jumpstart or jumpstart.region == region or not flow.path:
            continue
        name = jumpstart.in_region(region)
        yield Problem(
            deployment.path(*flow.path),
            f"this bucket of JumpStart is in {jumpstart.region}, but SageMaker loads model data in {region}",
            f'use "{flow.uri.replace(bucket, name, 1)}"' if name else f"copy the model data to a bucket in {region}",
            value=flow.uri,
        )


@endpoint_rule("jumpstart-license-not-accepted")
def jumpstart_license_not_accepted(deployment: Deployment) -> Iterator[Problem]:
    """A gated model of JumpStart requires the acceptance of its license (rule 19; ModelAccessConfig, AcceptEula)."""
    for path, source in data_sources(deployment):
        if _is_gated(source.s3_uri) and not source.model_access_config:
            yield _license(path, source.s3_uri, "if you accept it, add model_access_config = { accept_eula = true }")
    for keys, container in deployment.endpoint.iter_containers_with_path():
        if (url := container.model_data_url) and _is_gated(url):
            yield _license(
                deployment.path(*keys, "model_data_url"),
                url,
                "if you accept it, set model_data_source instead, with model_access_config = { accept_eula = true }",
            )


def _is_gated(uri: str) -> bool:
    bucket = JumpStartBucket.parse(S3Location.parse(uri).bucket)
    return bucket is not None and bucket.is_gated


def _license(path: KeyPath, uri: str, suggestion: str) -> Problem:
    return Problem(
        path, "models in this bucket of JumpStart have a license that must be accepted", suggestion, value=uri
    )
