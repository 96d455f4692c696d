"""Rules that compare the endpoints of a file.

Every endpoint is deployed once in each of its environments, so that a problem names its environment as well.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from protected_endpoints.aws.arn import Arn
from protected_endpoints.deployment import Deployment
from protected_endpoints.deployment.data_flows import REQUESTS, DataFlow
from protected_endpoints.errors import KeyPath, Problem
from protected_endpoints.policies.packing import MAX_POLICIES_PER_ROLE
from protected_endpoints.rules.helpers import indexed_alarms, override_table
from protected_endpoints.rules.registry import cross_endpoint_rule

_MAX_QUOTA = 25  # managed policies on a role, the highest value that Service Quotas grants


@cross_endpoint_rule("alarm-shared", "warning")
def alarm_shared(deployments: Sequence[Deployment]) -> Iterator[Problem]:
    """An alarm about one endpoint would roll back the update of another (rule 85)."""
    configured = [(deployment, *item) for deployment in deployments for item in indexed_alarms(deployment)]
    # The names of managed alarms begin with the base name of their endpoint and a slash.
    base_names = {alarm.partition("/")[0] for _, _, alarm in configured}
    owners = {
        (deployment.environment.name, alarm): deployment.endpoint.name
        for deployment in deployments
        if deployment.names.base_name in base_names
        for alarm in (*deployment.managed_rollback_alarms.values(), *(one.name for one in deployment.metric_alarms))
    }
    for deployment, path, alarm in configured:
        name, environment = deployment.endpoint.name, deployment.environment.name
        owner = owners.setdefault((environment, alarm), name)
        if owner != name:
            yield Problem(
                path,
                f"endpoint {owner} uses the same alarm, which would roll back updates of both",
                "use an alarm for this endpoint only",
                value=alarm,
                environment=environment,
            )


@cross_endpoint_rule("endpoint-name-shared")
def endpoint_name_shared(deployments: Sequence[Deployment]) -> Iterator[Problem]:
    """SageMaker compares the names of an account's endpoints in a region without case (rule 3; CreateEndpoint)."""
    owners: dict[tuple[str, str, str], str] = {}
    # Default names first: an endpoint with `endpoint_name` is the one that can choose another.
    for deployment in sorted(deployments, key=lambda member: member.endpoint.endpoint_name is not None):
        names, environment = deployment.names, deployment.environment
        place = environment.account_id, environment.region
        owner = owners.setdefault((*place, names.endpoint_name.lower()), names.stack)
        if owner != names.stack and deployment.endpoint.endpoint_name:
            yield Problem(
                deployment.path("endpoint_name"),
                f"stack {owner} has an endpoint with this name in account {place[0]} and region {place[1]}",
                f"choose another name, or set one for this environment in {override_table(deployment)}",
                value=names.endpoint_name,
                environment=environment.name,
            )


@cross_endpoint_rule("bucket-multiple-regions", "warning")
def bucket_multiple_regions(deployments: Sequence[Deployment]) -> Iterator[Problem]:
    """A bucket is in one region, and SageMaker reads and writes in its own region (rules 15 and 66)."""
    regions: dict[tuple[str, str], str] = {}
    for deployment in deployments:
        region, environment = deployment.environment.region, deployment.environment.name
        for path, flow in _configured_for_sagemaker(deployment):
            bucket = flow.location.bucket
            first_region = regions.setdefault((deployment.names.partition, bucket), region)
            if first_region != region:
                yield Problem(
                    path,
                    f"bucket {bucket} is also used in {first_region}, but a bucket is in one region",
                    f"use a bucket in {region} for environment {environment}, in {override_table(deployment)}",
                    value=flow.uri,
                    environment=environment,
                )


@cross_endpoint_rule("output-prefix-shared", "warning")
def output_prefix_shared(deployments: Sequence[Deployment]) -> Iterator[Problem]:
    """Data of two endpoints under one prefix cannot be distinguished or have different readers (rule 70)."""
    owners: dict[str, str] = {}
    for deployment in deployments:
        stack = deployment.names.stack
        for flow in deployment.written_data:
            if not flow.path:
                continue
            owner = owners.setdefault(flow.location.uri, stack)
            if owner != stack:
                yield Problem(
                    deployment.path(*flow.path),
                    f"stack {owner} writes under the same prefix",
                    "use a different prefix for each endpoint",
                    value=flow.uri,
                    environment=deployment.environment.name,
                )


@cross_endpoint_rule("inference-component-name-shared")
def inference_component_name_shared(deployments: Sequence[Deployment]) -> Iterator[Problem]:
    """Names of inference components are unique in an account and region (rule 35; CreateInferenceComponent)."""
    owners: dict[str, str] = {}  # the components b-c of endpoint a and c of endpoint a-b have one name
    for deployment in deployments:
        for name in deployment.endpoint.inference_components:
            arn, stack = deployment.names.inference_component_arn(name), deployment.names.stack
            owner = owners.setdefault(arn, stack)
            if owner != stack:
                yield Problem(
                    deployment.path("inference_components", name),
                    f"stack {owner} has a component of the same name in AWS",
                    "rename one of the two",
                    value=deployment.names.inference_component(name),
                    environment=deployment.environment.name,
                )


@cross_endpoint_rule("role-policy-count", strict=False)
def role_policy_count(deployments: Sequence[Deployment]) -> Iterator[Problem]:
    """A role has at most 10 managed policies, or up to 25 after a quota increase (IAM quota L-0DA4ABF3)."""
    attachments: dict[tuple[str, str, str], list[tuple[Deployment, KeyPath, str]]] = {}
    for deployment in deployments:
        for path, role_arn in _attachments(deployment):
            role = Arn.parse(role_arn)
            # Role names are unique in an account, whatever their path and case.
            key = role.partition, role.account_id, role.name.lower()
            attachments.setdefault(key, []).append((deployment, path, role_arn))
    for attached in attachments.values():
        message = f"this file attaches {len(attached)} managed policies to the role, but IAM allows"
        suggestion = "use several roles, or let invokers assume a managed role for each endpoint (principals)"
        for number, (deployment, path, role_arn) in enumerate(
            attached[MAX_POLICIES_PER_ROLE:], MAX_POLICIES_PER_ROLE + 1
        ):
            problem = (
                Problem(path, f"{message} at most {_MAX_QUOTA}", suggestion, value=role_arn)
                if number > _MAX_QUOTA
                else Problem(
                    path,
                    f"{message} {MAX_POLICIES_PER_ROLE} by default",
                    f"request an increase of IAM quota L-0DA4ABF3 (at most {_MAX_QUOTA}), or {suggestion}",
                    value=role_arn,
                    severity="warning",
                )
            )
            yield replace(problem, environment=deployment.environment.name)


def _attachments(deployment: Deployment) -> Iterator[tuple[KeyPath, str]]:
    """Yield the existing roles that a stack attaches a policy to, with their key paths."""
    for index, invoker in enumerate(deployment.endpoint.invokers):
        if invoker.role_arn:
            yield deployment.path("invokers", index), invoker.role_arn
    for output in deployment.readable_outputs:
        for index, reader in enumerate(output.readers):
            yield deployment.path(*output.readers_path, index), reader


def _configured_for_sagemaker(deployment: Deployment) -> Iterator[tuple[KeyPath, DataFlow]]:
    """Yield the data flows in buckets that SageMaker uses and the file names, with their key paths.

    These exclude managed buckets, the data of model packages, and requests, whose location invokers send.
    """
    for kind, flows in deployment.data_flows.items():
        for flow in flows:
            if kind is not REQUESTS and flow.path and "model_package_data" not in flow.path:
                yield deployment.path(*flow.path), flow
