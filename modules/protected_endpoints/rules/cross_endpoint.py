"""Rules that look across the endpoints of a file."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from protected_endpoints.deployment import Deployment
from protected_endpoints.deployment.s3_location import S3Location
from protected_endpoints.errors import KeyPath, Problem
from protected_endpoints.policies.packing import MAX_POLICIES_PER_ROLE
from protected_endpoints.rules.registry import cross_endpoint_rule

_MOST_EVER = 25  # managed policies on a role, whatever is requested of Service Quotas


@cross_endpoint_rule("alarm-shared", "warning")
def alarm_shared(deployments: Sequence[Deployment]) -> Iterator[Problem]:
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
                yield Problem(
                    deployment.path(*keys),
                    f"rolls back updates of endpoint {owner} as well",
                    "name an alarm of this endpoint alone",
                    value=each.alarm_name,
                    environment=deployment.environment.name,
                )


@cross_endpoint_rule("bucket-multiple-regions", "warning")
def bucket_multiple_regions(deployments: Sequence[Deployment]) -> Iterator[Problem]:
    """A bucket is in one region, and SageMaker reads and writes in its own (rules 15 and 66)."""
    first: dict[tuple[str, str], str] = {}
    for deployment in deployments:
        region = deployment.environment.region
        for path, uri in (*_read(deployment), *_written(deployment)):
            bucket = S3Location.of(uri).bucket
            known = first.setdefault((deployment.names.partition, bucket), region)
            if known != region:
                yield Problem(
                    path,
                    f"bucket {bucket} is used in {known} as well, and a bucket is in one region",
                    f"name a bucket of {region}, for one environment under environments.{deployment.environment.name}",
                    value=uri,
                    environment=deployment.environment.name,
                )


@cross_endpoint_rule("output-prefix-shared", "warning")
def output_prefix_shared(deployments: Sequence[Deployment]) -> Iterator[Problem]:
    """What two endpoints write under one prefix cannot be told apart, nor read by different people (rule 70)."""
    owners: dict[str, str] = {}
    for deployment in deployments:
        stack = deployment.names.stack
        for path, uri in _written(deployment):
            owner = owners.setdefault(S3Location.of(uri).uri, stack)
            if owner != stack:
                yield Problem(
                    path,
                    f"{owner} writes under the same prefix",
                    "give each its own prefix",
                    value=uri,
                    environment=deployment.environment.name,
                )


@cross_endpoint_rule("role-policy-count", strict=False)
def role_policy_count(deployments: Sequence[Deployment]) -> Iterator[Problem]:
    """A role has 10 managed policies, or up to 25 where AWS has raised that (IAM quota L-0DA4ABF3)."""
    attached: dict[tuple[str, str, str], list[tuple[Deployment, KeyPath, str]]] = {}
    for deployment in deployments:
        for path, role in _attached(deployment):
            _, partition, _, _, account, name = role.split(":", 5)
            # A role's name is unique in its account, whatever its path and its case.
            same = partition, account, name.rsplit("/", 1)[1].lower()
            attached.setdefault(same, []).append((deployment, path, role))
    for places in attached.values():
        wrong = f"this file attaches {len(places)} managed policies to the role, and IAM allows"
        other_roles = "use several roles, or let the caller assume a role of each endpoint (principals)"
        for number, (deployment, path, role) in enumerate(places[MAX_POLICIES_PER_ROLE:], MAX_POLICIES_PER_ROLE + 1):
            problem = (
                Problem(path, f"{wrong} {_MOST_EVER} at the most", other_roles, value=role)
                if number > _MOST_EVER
                else Problem(
                    path,
                    f"{wrong} {MAX_POLICIES_PER_ROLE} by default",
                    f"request an increase of IAM quota L-0DA4ABF3 ({_MOST_EVER} at the most), {other_roles}",
                    value=role,
                    severity="warning",
                )
            )
            yield replace(problem, environment=deployment.environment.name)


def _attached(deployment: Deployment) -> Iterator[tuple[KeyPath, str]]:
    """Yield the existing roles that a stack attaches a policy to, with where they were written."""
    endpoint = deployment.endpoint
    for index, caller in enumerate(endpoint.invokers):
        if caller.role_arn:
            yield deployment.path("invokers", index), caller.role_arn
    keys = {"capture": ("data_capture",), "answers": ("async_inference_config", "output_config")}
    for written in deployment.readable:
        for index, reader in enumerate(written.readers):
            yield deployment.path(*keys[written.kind], "readers", index), reader


def _read(deployment: Deployment) -> Iterator[tuple[KeyPath, str]]:
    """Yield the places that containers load from, with where they were written."""
    for place, container in deployment.endpoint.iter_containers_with_path():
        if container.model_data_url:
            yield deployment.path(*place, "model_data_url"), container.model_data_url
        if source := container.model_data_source:
            path = deployment.path(*place, "model_data_source", "s3_data_source", "s3_uri")
            yield path, source.s3_data_source.s3_uri
        for index, each in enumerate(container.additional_model_data_source):
            path = deployment.path(*place, "additional_model_data_source", index, "s3_data_source", "s3_uri")
            yield path, each.s3_data_source.s3_uri


def _written(deployment: Deployment) -> Iterator[tuple[KeyPath, str]]:
    """Yield the places of people's own that an endpoint writes to, with where they were written."""
    endpoint = deployment.endpoint
    if deployment.capture_location and endpoint.data_capture.destination_s3_uri:
        yield deployment.path("data_capture", "destination_s3_uri"), endpoint.data_capture.destination_s3_uri
    if settings := endpoint.async_inference_config:
        for key in ("s3_output_path", "s3_failure_path"):
            if uri := getattr(settings.output_config, key):
                yield deployment.path("async_inference_config", "output_config", key), uri
    for place, variant in endpoint.iter_variants_with_path():
        if variant.core_dump_config:
            path = deployment.path(*place, "core_dump_config", "destination_s3_uri")
            yield path, variant.core_dump_config.destination_s3_uri
