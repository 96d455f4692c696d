"""Which protections of an endpoint are on, which are off, and why."""

from collections.abc import Iterator
from dataclasses import dataclass

from protected_endpoints.config import Invoker
from protected_endpoints.deployment import Deployment
from protected_endpoints.errors import to_toml


@dataclass(frozen=True)
class Protection:
    """Define a protection as people know it."""

    name: str
    is_on: bool
    why: str


# What each line of `relax` switches off, and what holds while it does not.
OF_RELAX = {
    "network_isolation": ("network isolation", "the container has neither network nor AWS credentials"),
    "image_tag": ("fixed image", "named by its digest, or by a tag other than latest"),
    "model_data_account": ("model data of this account", "a bucket of another account is refused"),
    "bearer_tokens": ("no bearer tokens", "each call is signed by the caller itself"),
    "secret_like_environment": ("no secrets in the environment", "nothing there looks like one"),
    "prevent_destroy": ("key and bucket stay", "Terraform refuses to destroy them"),
    "ssm_access": ("no shell in the container", "SSM is off"),
}


def protections(deployment: Deployment) -> Iterator[Protection]:
    """Yield every protection of an endpoint, those first that say who gets in."""
    yield from _access(deployment)
    yield from _of_relax(deployment)
    yield from _data(deployment)
    yield from _operation(deployment)


def _access(deployment: Deployment) -> Iterator[Protection]:
    invokers = deployment.endpoint.invokers
    callers = "; ".join(map(_caller, invokers)) or "nobody, until invokers names somebody"
    yield Protection("named callers", is_on=True, why=callers)
    yield Protection("TLS", is_on=True, why="calls and captured data without it are denied")
    environment = deployment.environment
    if network := environment.network:
        made = "private endpoints are made" if network.private_endpoints else "private endpoints are there already"
        yield Protection("private network", is_on=True, why=f"calls come from {network.vpc_id}, where {made}")
    else:
        why = f"environment {environment.name} has no network, so calls come from anywhere, signed and over TLS"
        yield Protection("private network", is_on=False, why=why)
    boundary = environment.permissions_boundary_arn or "one is made that fits it"
    yield Protection("bounded execution role", is_on=True, why=boundary)


def _caller(invoker: Invoker) -> str:
    conditions = invoker.model_dump(exclude_defaults=True, exclude={"role_arn", "principals", "name"})
    who = invoker.role_arn or f"{invoker.invoker_name}, assumed by {', '.join(invoker.principals)}"
    told = ", ".join(f"{key} {to_toml(value)}" for key, value in conditions.items())
    return f"{who} ({told})" if told else who


def _of_relax(deployment: Deployment) -> Iterator[Protection]:
    reasons = deployment.endpoint.relax.reasons
    for key, (name, holds) in OF_RELAX.items():
        reason = reasons.get(key)
        yield Protection(name, is_on=reason is None, why=f"relax.{key}: {to_toml(reason)}" if reason else holds)


def _data(deployment: Deployment) -> Iterator[Protection]:
    endpoint, names = deployment.endpoint, deployment.names
    kms, settings = endpoint.kms, endpoint.data_capture
    if kms.key_arn:
        key = f"{kms.key_arn}, whose policy is its owner's"
    else:
        admins = ", ".join(kms.admins) or "whoever IAM lets do it"
        key = f"{names.key_alias} is made, rotates every {kms.rotation_period_in_days} days; administered by {admins}"
    yield Protection("encryption under one key", is_on=True, why=key)
    for key_arn, loaded in deployment.model_data_by_key.items():
        data = ", ".join(dict.fromkeys(each.location.uri for each in loaded))
        why = f"the execution role may decrypt {data} with {key_arn}, through S3 alone"
        yield Protection("model data under your key", is_on=True, why=why)
    if capture := deployment.capture_location:
        kept = "" if settings.destination_s3_uri else f", for {settings.retention_days} days"
        recorded = {"All": "requests and responses", "Input": "requests", "Output": "responses"}[settings.capture_mode]
        why = f"{settings.initial_sampling_percentage} % of {recorded} to {capture.uri}{kept}"
    else:
        why = "none with serverless_config" if endpoint.is_serverless else "data_capture.enable_capture = false"
    yield Protection("record of requests", is_on=capture is not None, why=why)
    for output in deployment.readable_outputs:
        yield Protection(f"named readers of {output.kind.name}", is_on=True, why=", ".join(output.readers))
    yield Protection("encrypted logs", is_on=True, why=f"{names.log_group}, for {endpoint.logs.retention_in_days} days")


def _operation(deployment: Deployment) -> Iterator[Protection]:
    yield Protection("no silent rollback", is_on=True, why="the apply fails where SageMaker rolled an update back")
    alarms = deployment.alarms
    why = ", ".join(alarms) or "deployment_config names no alarms, so health checks alone"
    yield Protection("rollback by alarms", is_on=bool(alarms), why=why)
    account = f"credentials of another account than {deployment.environment.account_id} are refused"
    yield Protection("the account", is_on=True, why=account)
