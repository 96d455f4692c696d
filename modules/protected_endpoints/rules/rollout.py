"""Rules about deployment guardrails: how SageMaker rolls out an update and rolls it back."""

from collections.abc import Iterator

from protected_endpoints.config.deployment_config import BlueGreenUpdatePolicy, CapacitySize, RollingUpdatePolicy
from protected_endpoints.deployment import Deployment
from protected_endpoints.deployment.rollout import managed_rollback_alarms
from protected_endpoints.errors import KeyPath, Problem
from protected_endpoints.rules.helpers import REMOVE_ONE, duplicates, indexed_alarms, not_on_inf1
from protected_endpoints.rules.registry import endpoint_rule

_TERRAFORM_TIMEOUT = 3600  # seconds
_BLUE_GREEN = ("deployment_config", "blue_green_update_policy")
_ROUTING = (*_BLUE_GREEN, "traffic_routing_configuration")
_ROLLING = ("deployment_config", "rolling_update_policy")
# The size that each type of traffic routing requires.
_SIZE_KEYS = {"CANARY": "canary_size", "LINEAR": "linear_step_size"}
# The allowed range of each size, in percent of the capacity.
_PERCENT: dict[KeyPath, tuple[int, int]] = {
    (*_ROUTING, "canary_size"): (1, 50),
    (*_ROUTING, "linear_step_size"): (10, 50),
    (*_ROLLING, "maximum_batch_size"): (5, 50),
    (*_ROLLING, "rollback_maximum_batch_size"): (1, 100),
}


@endpoint_rule("update-policy-conflict")
def update_policy_conflict(deployment: Deployment) -> Iterator[Problem]:
    """An update is either blue/green or rolling (rule 79; DeploymentConfig, and the provider's ExactlyOneOf)."""
    config = deployment.endpoint.deployment_config
    if config and config.blue_green_update_policy and config.rolling_update_policy:
        yield Problem(deployment.path(*_ROLLING), "conflicts with blue_green_update_policy", REMOVE_ONE)
    elif config and not config.blue_green_update_policy and not config.rolling_update_policy:
        yield Problem(
            deployment.path(*_BLUE_GREEN),
            "required unless rolling_update_policy is set",
            "for example, add it with "
            'traffic_routing_configuration = { type = "ALL_AT_ONCE", wait_interval_in_seconds = 300 }',
        )


@endpoint_rule("traffic-routing-size")
def traffic_routing_size(deployment: Deployment) -> Iterator[Problem]:
    """Canary and linear updates require a size each, and other updates have none (rule 80; TrafficRoutingConfig)."""
    for policy in _blue_green(deployment):
        routing = policy.traffic_routing_configuration
        for kind, key in _SIZE_KEYS.items():
            size, is_required = getattr(routing, key), routing.type == kind
            if is_required and size is None:
                yield Problem(
                    deployment.path(*_ROUTING, key),
                    f"required with type {kind}",
                    f'for example, add {key} = {{ type = "CAPACITY_PERCENT", value = 10 }}',
                )
            elif size is not None and not is_required:
                yield Problem(
                    deployment.path(*_ROUTING, key),
                    f"has no effect with type {routing.type}",
                    f'remove it, or set type = "{kind}"',
                )


@endpoint_rule("capacity-percent-range")
def capacity_percent_range(deployment: Deployment) -> Iterator[Problem]:
    """Each size has a range in percent of the capacity (rules 80 to 82; TrafficRoutingConfig, RollingUpdatePolicy)."""
    for keys, size in _sizes(deployment):
        minimum, maximum = _PERCENT[keys]
        if size.type == "CAPACITY_PERCENT" and not minimum <= size.value <= maximum:
            yield Problem(
                deployment.path(*keys, "value"),
                f"must be between {minimum} and {maximum} percent",
                f"for example, set it to {max(minimum, min(maximum, 10))}",
                value=size.value,
            )


@endpoint_rule("capacity-count-range")
def capacity_count_range(deployment: Deployment) -> Iterator[Problem]:
    """The maximum of a size in percent of a variant also applies to one in instances (rules 80 to 82; CapacitySize)."""
    smallest = min(variant.instance_count for variant in deployment.endpoint.production_variants)
    for keys, size in _sizes(deployment):
        percent = _PERCENT[keys][1]
        maximum = smallest * percent // 100
        if smallest and size.type == "INSTANCE_COUNT" and size.value > maximum:
            yield Problem(
                deployment.path(*keys, "value"),
                f"must not exceed {percent} percent of the initial instance count ({smallest})",
                f"set it to {maximum} or less" if maximum else "use two or more instances",
                value=size.value,
            )


@endpoint_rule("update-timeout-too-short")
def update_timeout_too_short(deployment: Deployment) -> Iterator[Problem]:
    """SageMaker rolls back an update that does not end in time (rule 83; MaximumExecutionTimeoutInSeconds)."""
    for keys, timeout, waits in _timed_policies(deployment):
        if timeout is not None and timeout <= waits:
            yield Problem(
                deployment.path(*keys, "maximum_execution_timeout_in_seconds"),
                f"wait intervals alone add up to {waits} s",
                "raise the timeout or shorten the waits",
                value=timeout,
            )


@endpoint_rule("terraform-timeout", "warning")
def terraform_timeout(deployment: Deployment) -> Iterator[Problem]:
    """The AWS provider waits 60 minutes for an endpoint (rule 84; aws_sagemaker_endpoint)."""
    for keys, timeout, waits in _timed_policies(deployment):
        duration = max(waits, timeout or 0)
        if duration > _TERRAFORM_TIMEOUT:
            yield Problem(
                deployment.path(*keys),
                f"the update may take {duration} s, but Terraform stops waiting after {_TERRAFORM_TIMEOUT} s",
                "shorten the waits or use larger steps",
            )


@endpoint_rule("alarm-duplicate")
def alarm_duplicate(deployment: Deployment) -> Iterator[Problem]:
    """An alarm has one entry in the rollback configuration (rule 85; AutoRollbackConfig, Alarms)."""
    yield from duplicates(indexed_alarms(deployment))


@endpoint_rule("rollback-alarm-unknown")
def rollback_alarm_unknown(deployment: Deployment) -> Iterator[Problem]:
    """The names of managed alarms contain a slash, and an alarm that does not exist rolls nothing back (rule 85)."""
    if deployment.endpoint.deployment_config is None:
        return
    managed = [*managed_rollback_alarms(deployment.endpoint, deployment.names).values()]
    existing = {*managed, *(alarm.name for alarm in deployment.metric_alarms)}
    for path, name in indexed_alarms(deployment):
        if name.startswith(f"{deployment.names.base_name}/") and name not in existing:
            yield Problem(path, "no alarm of the endpoint has this name", f"use {' or '.join(managed)}", value=name)


@endpoint_rule("rolling-update-multiple-variants")
def rolling_update_multiple_variants(deployment: Deployment) -> Iterator[Problem]:
    """A rolling update supports one variant (rule 88; deployment-guardrails-exclusions)."""
    count = len(deployment.endpoint.production_variants)
    for _ in _rolling(deployment):
        if count > 1:
            yield Problem(
                deployment.path(*_ROLLING),
                f"a rolling update supports one variant, but {count} are configured",
                "use blue_green_update_policy instead",
            )


@endpoint_rule("guardrails-on-inf1")
def guardrails_on_inf1(deployment: Deployment) -> Iterator[Problem]:
    """Deployment guardrails are not supported on Inf1 instances (rule 88; deployment-guardrails-exclusions)."""
    if deployment.endpoint.deployment_config:
        yield from not_on_inf1(deployment, "deployment_config")


def _blue_green(deployment: Deployment) -> Iterator[BlueGreenUpdatePolicy]:
    config = deployment.endpoint.deployment_config
    if config and config.blue_green_update_policy:
        yield config.blue_green_update_policy


def _rolling(deployment: Deployment) -> Iterator[RollingUpdatePolicy]:
    config = deployment.endpoint.deployment_config
    if config and config.rolling_update_policy:
        yield config.rolling_update_policy


def _sizes(deployment: Deployment) -> Iterator[tuple[KeyPath, CapacitySize]]:
    """Yield each configured size with the keys of `_PERCENT`."""
    tables = [(_ROUTING, policy.traffic_routing_configuration) for policy in _blue_green(deployment)]
    for parent, table in (*tables, *((_ROLLING, policy) for policy in _rolling(deployment))):
        for keys in _PERCENT:
            if keys[:-1] == parent and (size := getattr(table, str(keys[-1]))):
                yield keys, size


def _timed_policies(deployment: Deployment) -> Iterator[tuple[KeyPath, int | None, int]]:
    """Yield each update policy with its timeout and the sum of the waits that are known before the update.

    All values are in seconds.
    """
    for blue_green in _blue_green(deployment):
        routing = blue_green.traffic_routing_configuration
        steps = _known_steps(routing.linear_step_size if routing.type == "LINEAR" else None)
        waits = routing.wait_interval_in_seconds * steps + (blue_green.termination_wait_in_seconds or 0)
        yield _BLUE_GREEN, blue_green.maximum_execution_timeout_in_seconds, waits
    for rolling in _rolling(deployment):
        waits = rolling.wait_interval_in_seconds * _known_steps(rolling.maximum_batch_size)
        yield _ROLLING, rolling.maximum_execution_timeout_in_seconds, waits


def _known_steps(size: CapacitySize | None) -> int:
    """Return the number of steps of a size in percent; a size in instances has at least one step."""
    return -(-100 // size.value) if size and size.type == "CAPACITY_PERCENT" else 1
