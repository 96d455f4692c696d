"""Which protections of an endpoint are on, which are off, and why."""

from collections.abc import Iterator
from dataclasses import dataclass

from protected_endpoints.aws.jumpstart import JumpStartBucket
from protected_endpoints.config import Invoker
from protected_endpoints.deployment import Deployment
from protected_endpoints.errors import to_toml


@dataclass(frozen=True)
class Protection:
    """A protection of an endpoint, with the setting or the reason behind its status."""

    name: str
    is_on: bool
    detail: str


# The protection that each key of `relax` switches off, and its detail while it is on.
PROTECTION_BY_RELAX_KEY = {
    "network_isolation": ("network isolation", "the container has no network access and no AWS credentials"),
    "image_tag": ("immutable image", "referenced by digest, or by a tag other than latest"),
    "model_data_account": ("model data of this account", "buckets of other accounts are rejected"),
    "bearer_tokens": ("no bearer tokens", "each request is signed by the invoker"),
    "secret_like_environment": ("no secrets in the environment", "no variable looks like a secret"),
    "prevent_destroy": ("prevent_destroy", "Terraform refuses to destroy the key and the bucket"),
    "ssm_access": ("no shell access", "SSM access to the container is disabled"),
}


def protections(deployment: Deployment) -> Iterator[Protection]:
    """Yield every protection of an endpoint, access control first."""
    yield from _access(deployment)
    yield from _relaxable(deployment)
    yield from _data(deployment)
    yield from _operation(deployment)


def _access(deployment: Deployment) -> Iterator[Protection]:
    invokers = "; ".join(map(_invoker, deployment.endpoint.invokers)) or "none; add roles to invokers"
    yield Protection("invokers only", is_on=True, detail=invokers)
    yield Protection("TLS", is_on=True, detail="requests without TLS are denied, also for captured data")
    environment = deployment.environment
    if network := environment.network:
        kind = "managed" if network.private_endpoints else "existing"
        detail = f"requests must come from {network.vpc_id}, through {kind} VPC endpoints"
        yield Protection("private network", is_on=True, detail=detail)
    else:
        detail = f"environment {environment.name} has no network; signed requests over TLS are accepted from anywhere"
        yield Protection("private network", is_on=False, detail=detail)
    existing = deployment.endpoint.execution_role_arn
    detail = (
        f"existing role {existing}, with the policies and the boundary of its owner; to print what it needs: "
        f"protected-endpoints policy role {deployment.names.stack}"
        if existing
        else _boundary(deployment)
    )
    yield Protection("bounded execution role", is_on=not existing, detail=detail)


def _boundary(deployment: Deployment) -> str:
    """Return the permissions boundary of the execution role, and who cannot change that of the state stack."""
    existing, arn = deployment.environment.permissions_boundary_arn, deployment.environment_boundary_arn
    if existing:
        return existing
    return f"{arn}, which deployers cannot change" if arn else "a managed permissions boundary"


def _invoker(invoker: Invoker) -> str:
    conditions = invoker.model_dump(exclude_defaults=True, exclude={"role_arn", "principals", "name"})
    principal = invoker.role_arn or f"{invoker.invoker_name}, assumed by {', '.join(invoker.principals)}"
    texts = ", ".join(f"{key} {to_toml(value)}" for key, value in conditions.items())
    return f"{principal} ({texts})" if texts else principal


def _relaxable(deployment: Deployment) -> Iterator[Protection]:
    reasons = deployment.endpoint.relax.reasons
    for key, (name, default_detail) in PROTECTION_BY_RELAX_KEY.items():
        relaxed = [f"relax.{path}: {to_toml(reason)}" for path, reason in reasons.items() if path.split(".")[0] == key]
        detail = ", ".join(relaxed) or default_detail
        if key == "model_data_account" and not relaxed:
            detail += _owners(deployment)
        if key == "network_isolation" and not relaxed and deployment.endpoint.uses_inference_components:
            detail += ", if it applies to inference components, which AWS does not document"
        yield Protection(name, is_on=not relaxed, detail=detail)


def _owners(deployment: Deployment) -> str:
    """Return the exceptions from the rule that buckets of model data belong to this account."""
    accounts = sorted({flow.account_id for flow in deployment.model_data if flow.account_id})
    buckets = {flow.location.bucket for flow in deployment.model_data}
    jumpstart = sorted(bucket for bucket in buckets if JumpStartBucket.parse(bucket))
    exceptions = [f"account {account} owns its model data" for account in accounts]
    exceptions += [f"{bucket} is a bucket of JumpStart, of which policies check the name only" for bucket in jumpstart]
    return f", except: {'; '.join(exceptions)}" if exceptions else ""


def _data(deployment: Deployment) -> Iterator[Protection]:
    endpoint, names = deployment.endpoint, deployment.names
    kms, settings = endpoint.kms, endpoint.data_capture
    if kms.key_arn:
        key = f"existing key {kms.key_arn}, with the key policy of its owner"
    else:
        admins = ", ".join(kms.admins) or "any identity that IAM allows"
        key = (
            f"managed key {names.key_alias}, rotated every {kms.rotation_period_in_days} days; administrators: {admins}"
        )
    yield Protection("encryption with one key", is_on=True, detail=key)
    for key_arn, sources in deployment.model_data_by_key.items():
        data = ", ".join(source.location.uri for source in sources)
        detail = f"the execution role can decrypt {data} with {key_arn}, only through S3"
        yield Protection("encrypted model data", is_on=True, detail=detail)
    if capture := deployment.capture_location:
        retention = "" if settings.destination_s3_uri else f", for {settings.retention_days} days"
        data = {"All": "requests and responses", "Input": "requests", "Output": "responses"}[settings.capture_mode]
        detail = f"{settings.initial_sampling_percentage} % of {data} to {capture.uri}{retention}"
    elif endpoint.is_serverless:
        detail = "not supported with serverless_config"
    else:
        detail = "data_capture.enable_capture = false"
    yield Protection("data capture", is_on=capture is not None, detail=detail)
    for output in deployment.readable_outputs:
        yield Protection(f"readers of {output.kind.name}", is_on=True, detail=", ".join(output.readers))
    groups = ", ".join([names.log_group, *deployment.component_log_groups.values()])
    logs = f"{groups}, for {endpoint.logs.retention_in_days} days"
    yield Protection("encrypted logs", is_on=True, detail=logs)


def _operation(deployment: Deployment) -> Iterator[Protection]:
    yield Protection("rollback detection", is_on=True, detail="the apply fails if SageMaker rolls an update back")
    alarms = deployment.rollback_alarms
    detail = ", ".join(alarms) or "only health checks cause a rollback"
    yield Protection("rollback on alarms", is_on=bool(alarms), detail=detail)
    account = f"credentials of accounts other than {deployment.environment.account_id} are refused"
    yield Protection("account check", is_on=True, detail=account)
