"""Rules that look across the endpoints of a file."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from modules.problems import Path, Problem
from modules.s3_location import S3Location

if TYPE_CHECKING:
    from modules.config import Deployment

Finding = tuple["Deployment", Problem]


def alarms_are_of_one_endpoint(deployments: Iterable[Deployment]) -> Iterator[Finding]:
    """An alarm that goes off for one endpoint would roll back the update of another (rule 85)."""
    owners: dict[tuple[str, str], str] = {}
    for deployment in deployments:
        config = deployment.endpoint.deployment_config
        alarms = config.auto_rollback_configuration.alarms if config and config.auto_rollback_configuration else ()
        for index, each in enumerate(alarms):
            name = deployment.endpoint.name
            owner = owners.setdefault((deployment.environment.name, each.alarm_name), name)
            if owner != name:
                keys = ("deployment_config", "auto_rollback_configuration", "alarms", index, "alarm_name")
                yield (
                    deployment,
                    Problem(
                        deployment.path(*keys),
                        f"rolls back updates of endpoint {owner} as well",
                        "name an alarm of this endpoint alone",
                        got=each.alarm_name,
                    ),
                )


def buckets_are_in_one_region(deployments: Iterable[Deployment]) -> Iterator[Finding]:
    """A bucket is in one region, and SageMaker reads and writes in its own (rules 15 and 66)."""
    first: dict[tuple[str, str], str] = {}
    for deployment in deployments:
        region = deployment.environment.region
        for path, uri in (*_read(deployment), *_written(deployment)):
            bucket = S3Location.of(uri).bucket
            known = first.setdefault((deployment.names.partition, bucket), region)
            if known != region:
                yield (
                    deployment,
                    Problem(
                        path,
                        f"bucket {bucket} is used in {known} as well, and a bucket is in one region",
                        f"name a bucket of {region}, for one environment under "
                        f"environments.{deployment.environment.name}",
                        got=uri,
                    ),
                )


def places_are_written_by_one_endpoint(deployments: Iterable[Deployment]) -> Iterator[Finding]:
    """What two endpoints write under one prefix cannot be told apart, nor read by different people (rule 70)."""
    owners: dict[str, str] = {}
    for deployment in deployments:
        stack = deployment.names.stack
        for path, uri in _written(deployment):
            owner = owners.setdefault(S3Location.of(uri).uri, stack)
            if owner != stack:
                yield (
                    deployment,
                    Problem(path, f"{owner} writes under the same prefix", "give each its own prefix", got=uri),
                )


RULES = (alarms_are_of_one_endpoint, buckets_are_in_one_region, places_are_written_by_one_endpoint)


def _read(deployment: Deployment) -> Iterator[tuple[Path, str]]:
    """Yield the places that containers load from, with where they were written."""
    for place, container in deployment.endpoint.placed_containers():
        if container.model_data_url:
            yield deployment.path(*place, "model_data_url"), container.model_data_url
        if source := container.model_data_source:
            path = deployment.path(*place, "model_data_source", "s3_data_source", "s3_uri")
            yield path, source.s3_data_source.s3_uri
        for index, each in enumerate(container.additional_model_data_source):
            path = deployment.path(*place, "additional_model_data_source", index, "s3_data_source", "s3_uri")
            yield path, each.s3_data_source.s3_uri


def _written(deployment: Deployment) -> Iterator[tuple[Path, str]]:
    """Yield the places of people's own that an endpoint writes to, with where they were written."""
    endpoint = deployment.endpoint
    if deployment.capture and endpoint.data_capture.destination_s3_uri:
        yield deployment.path("data_capture", "destination_s3_uri"), endpoint.data_capture.destination_s3_uri
    if settings := endpoint.async_inference_config:
        for key in ("s3_output_path", "s3_failure_path"):
            if uri := getattr(settings.output_config, key):
                yield deployment.path("async_inference_config", "output_config", key), uri
    for place, variant in endpoint.placed_variants():
        if variant.core_dump_config:
            path = deployment.path(*place, "core_dump_config", "destination_s3_uri")
            yield path, variant.core_dump_config.destination_s3_uri
