"""What several rules share: unused keys, duplicates, the account and the region of an ARN, alarms, numbers."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace

from pydantic import BaseModel

from protected_endpoints.aws.arn import Arn
from protected_endpoints.aws.provider_versions import DEFAULT_CONSTRAINT
from protected_endpoints.config import Endpoint, Variant
from protected_endpoints.config.environment import Environment
from protected_endpoints.config.types.token import is_unknown
from protected_endpoints.deployment import Deployment
from protected_endpoints.errors import UNSET, KeyPath, Problem

REMOVE_ONE = "remove one of them"
_EMPTY: tuple[object, ...] = (None, (), {})


def environment_path(environment: Environment, *keys: str | int) -> KeyPath:
    """Return the key path of a key in the table of an environment."""
    return ("environments", environment.name, *keys)


def set_keys(table: BaseModel, keys: Iterable[str]) -> list[str]:
    """Return the keys whose values are not None, false or empty."""
    values = {key: getattr(table, key) for key in keys}
    return [key for key, value in values.items() if value not in _EMPTY and value is not False]


def refuse_keys(
    path: KeyPath, table: BaseModel, keys: Iterable[str], message: str, suggestion: str
) -> Iterator[Problem]:
    """Yield the same problem for each of the keys that has a value; the values of tables are not shown."""
    for key in set_keys(table, keys):
        value = getattr(table, key)
        yield Problem((*path, key), message, suggestion, value=value if isinstance(value, str | int) else UNSET)


def variants_of_model(endpoint: Endpoint, model: str) -> list[tuple[KeyPath, Variant]]:
    """Return the variants that run a model, themselves or for an inference component, with their key paths."""

    def runs(variant: Variant) -> bool:
        return variant.model == model or any(
            model in (name, component.model) and component.variant_name in (None, variant.variant_name)
            for name, component in endpoint.inference_components.items()
        )

    return [(keys, variant) for keys, variant in endpoint.iter_variants_with_path() if runs(variant)]


def indexed(path: KeyPath, values: Iterable[str]) -> Iterator[tuple[KeyPath, str]]:
    """Yield each value of a list with its key path."""
    for index, value in enumerate(values):
        yield (*path, index), value


def indexed_alarms(deployment: Deployment) -> Iterator[tuple[KeyPath, str]]:
    """Yield the names of the rollback alarms of `deployment_config` with their key paths."""
    for index, name in enumerate(() if deployment.uses_default_rollout else deployment.rollback_alarms):
        keys = ("deployment_config", "auto_rollback_configuration", "alarms", index, "alarm_name")
        yield deployment.path(*keys), name


def duplicates(
    entries: Iterable[tuple[KeyPath, str]], suggestion: str = "remove it", *, identity: Callable[[str], str] = str
) -> Iterator[Problem]:
    """Yield a problem for each entry whose value has the same identity as an earlier one."""
    identities: set[str] = set()
    for path, value in entries:
        if identity(value) in identities:
            yield Problem(path, "duplicate entry", suggestion, value=value)
        identities.add(identity(value))


def plain_number(number: float | None) -> float | None:
    """Return a number without a decimal point that the file does not need: 70 for 70.0."""
    return int(number) if number is not None and number.is_integer() else number


def role_identity(role: str) -> str:
    """Return the name of a role as IAM compares it, without path and case; accepts a name or an ARN."""
    return (Arn.parse(role).name if role.startswith("arn:") else role).lower()


def not_in_account(deployment: Deployment, path: KeyPath, arn: str | None, kind: str) -> Iterator[Problem]:
    """Yield a problem if an ARN is not in the account of the deployment, or is global and in another partition."""
    if not arn:
        return
    account_id, parsed = deployment.environment.account_id, Arn.parse(arn)
    is_in_partition = bool(parsed.region) or parsed.partition == deployment.names.partition
    if parsed.account_id != account_id:
        suggestion = f"use a {kind} in that account{_override(deployment, path)}"
        yield Problem(path, f"the {kind} is not in account {account_id}", suggestion, value=arn)
    elif not is_in_partition:
        partition = deployment.names.partition
        suggestion = f'write "{replace(parsed, partition=partition)}"{_override(deployment, path)}'
        yield Problem(path, f"the {kind} is not in partition {partition}", suggestion, value=arn)


def not_in_region(deployment: Deployment, path: KeyPath, arn: str | None, kind: str) -> Iterator[Problem]:
    """Yield a problem if an ARN is not in the region and partition of the deployment, unless it is unknown."""
    if not arn or is_unknown(arn):
        return
    region, parsed = deployment.environment.region, Arn.parse(arn)
    if (parsed.partition, parsed.region) != (deployment.names.partition, region):
        suggestion = f"use a {kind} in that region{_override(deployment, path)}"
        yield Problem(path, f"the {kind} is not in region {region}", suggestion, value=arn)


def roles_not_in_account(deployment: Deployment, path: KeyPath, roles: Iterable[str]) -> Iterator[Problem]:
    """Yield a problem for each role of a list that is not in the account and partition of the deployment."""
    for role_path, role in indexed(path, roles):
        yield from not_in_account(deployment, role_path, role, "role")


def not_attachable(path: KeyPath, arn: str) -> Iterator[Problem]:
    """Yield a problem for a service-linked role or a role of IAM Identity Center."""
    if Arn.parse(arn).resource.startswith(("role/aws-service-role/", "role/aws-reserved/")):
        yield Problem(
            path,
            "IAM does not allow attaching policies to service-linked roles and IAM Identity Center roles",
            "use a role that the same identities can assume",
            value=arn,
        )


def not_on_inf1(deployment: Deployment, feature: str) -> Iterator[Problem]:
    """Yield a problem for each variant on Inf1 instances, which do not support newer features."""
    for keys, variant in deployment.endpoint.iter_variants_with_path():
        if (variant.instance_type or "").startswith("ml.inf1."):
            yield Problem(
                deployment.path(*keys, "instance_type"),
                f"Inf1 instances do not support {feature}",
                "choose another type, such as ml.inf2.xlarge",
                value=variant.instance_type,
            )


def provider_6_required(
    deployment: Deployment, path: KeyPath, subject: str = "", *, alternative: str = "", value: object = UNSET
) -> Problem:
    """Return the problem of a feature of AWS provider 6 in a project that also allows version 5."""
    constraint = deployment.project.aws_provider_version
    return Problem(
        path,
        f"{subject or 'requires'} AWS provider >= 6, but aws_provider_version {constraint} allows 5",
        f'set aws_provider_version = "{DEFAULT_CONSTRAINT}" in [project]{alternative}',
        value=value,
    )


def override_table(deployment: Deployment) -> str:
    """Return the table that overrides keys of an endpoint for this environment.

    It does not name the endpoint, because the loader replaces an invalid name by an example.
    """
    return f"environments.{deployment.environment.name} of this endpoint"


def _override(deployment: Deployment, path: KeyPath) -> str:
    """Return where an endpoint's key can be overridden for this environment."""
    return f", or set one for this environment in {override_table(deployment)}" if path[0] == "endpoints" else ""
