"""Rules about how an update is rolled out."""

from collections.abc import Iterator

from protected_endpoints.config.inference import BlueGreenUpdatePolicy, CapacitySize, RollingUpdatePolicy
from protected_endpoints.deployment import Deployment
from protected_endpoints.errors import KeyPath, Problem
from protected_endpoints.rules.async_inference import on_inferentia_1
from protected_endpoints.rules.helpers import twice
from protected_endpoints.rules.registry import endpoint_rule

_LONGEST_WAIT = 3600
_BLUE_GREEN = ("deployment_config", "blue_green_update_policy")
_ROUTING = (*_BLUE_GREEN, "traffic_routing_configuration")
_ROLLING = ("deployment_config", "rolling_update_policy")
_ALARMS = ("deployment_config", "auto_rollback_configuration", "alarms")
# What each type of routing needs, and the bounds of a part of the capacity in percent.
_SIZES = {"CANARY": "canary_size", "LINEAR": "linear_step_size"}
_PERCENT: dict[KeyPath, tuple[int, int]] = {
    (*_ROUTING, "canary_size"): (1, 50),
    (*_ROUTING, "linear_step_size"): (10, 50),
    (*_ROLLING, "maximum_batch_size"): (5, 50),
    (*_ROLLING, "rollback_maximum_batch_size"): (1, 100),
}


@endpoint_rule("update-policy-conflict")
def update_policy_conflict(deployment: Deployment) -> Iterator[Problem]:
    """An update is one of blue/green and rolling (rule 79; DeploymentConfig, and the provider's ExactlyOneOf)."""
    config = deployment.endpoint.deployment_config
    if config and config.blue_green_update_policy and config.rolling_update_policy:
        yield Problem(
            deployment.path(*_ROLLING),
            "stands beside blue_green_update_policy",
            "leave one of the two out",
        )
    elif config and not config.blue_green_update_policy and not config.rolling_update_policy:
        yield Problem(
            deployment.path(*_BLUE_GREEN),
            "required where rolling_update_policy is not there, and missing",
            'add traffic_routing_configuration = { type = "ALL_AT_ONCE", wait_interval_in_seconds = 300 } in it, for '
            "example",
        )


@endpoint_rule("traffic-routing-size")
def traffic_routing_size(deployment: Deployment) -> Iterator[Problem]:
    """A canary has one size, linear steps another, all at once none (rule 80; TrafficRoutingConfig)."""
    for policy in _blue_green(deployment):
        routing = policy.traffic_routing_configuration
        for kind, key in _SIZES.items():
            size, wanted = getattr(routing, key), routing.type == kind
            if wanted and size is None:
                yield Problem(
                    deployment.path(*_ROUTING, key),
                    f"required with type {kind}, and missing",
                    f'add {key} = {{ type = "CAPACITY_PERCENT", value = 10 }}, for example',
                )
            elif size is not None and not wanted:
                yield Problem(
                    deployment.path(*_ROUTING, key),
                    f"has no effect with type {routing.type}",
                    f'leave it out, or write type = "{kind}"',
                )


@endpoint_rule("capacity-percent-range")
def capacity_percent_range(deployment: Deployment) -> Iterator[Problem]:
    """Each kind of part has bounds in percent (rules 80 to 82; TrafficRoutingConfig, RollingUpdatePolicy)."""
    for place, size in _parts(deployment):
        least, most = _PERCENT[place]
        if size.type == "CAPACITY_PERCENT" and not least <= size.value <= most:
            yield Problem(
                deployment.path(*place, "value"),
                f"not from {least} to {most} percent",
                f"write for example {max(least, min(most, 10))}",
                value=size.value,
            )


@endpoint_rule("capacity-count-range")
def capacity_count_range(deployment: Deployment) -> Iterator[Problem]:
    """A part is at most so many percent of the instances, counted or not (rules 80 to 82; CapacitySize)."""
    for place, size in _parts(deployment):
        count = sum(each.instance_count for each in deployment.endpoint.production_variants)
        most = count * _PERCENT[place][1] // 100
        if count and size.type == "INSTANCE_COUNT" and size.value > most:
            yield Problem(
                deployment.path(*place, "value"),
                f"more than {_PERCENT[place][1]} percent of the {count} instances",
                f"write {most} or fewer" if most else "keep two instances or more",
                value=size.value,
            )


@endpoint_rule("update-timeout-too-short")
def update_timeout_too_short(deployment: Deployment) -> Iterator[Problem]:
    """An update that cannot end in time is rolled back (rule 83; MaximumExecutionTimeoutInSeconds)."""
    for place, most, waits in _timed(deployment):
        if most is not None and most <= waits:
            yield Problem(
                deployment.path(*place, "maximum_execution_timeout_in_seconds"),
                f"the waits alone take {waits} seconds",
                "raise it, or wait less",
                value=most,
            )


@endpoint_rule("terraform-timeout", "warning")
def terraform_timeout(deployment: Deployment) -> Iterator[Problem]:
    """The provider stops to wait for an endpoint after 60 minutes (rule 84; aws_sagemaker_endpoint)."""
    for place, most, waits in _timed(deployment):
        longest = max(waits, most or 0)
        if longest > _LONGEST_WAIT:
            yield Problem(
                deployment.path(*place),
                f"may take {longest} seconds, and Terraform gives up waiting after {_LONGEST_WAIT}",
                "wait less, or take more at a time",
            )


@endpoint_rule("alarm-duplicate")
def alarm_duplicate(deployment: Deployment) -> Iterator[Problem]:
    """An alarm counts once (rule 85; AutoRollbackConfig, Alarms)."""
    config = deployment.endpoint.deployment_config
    alarms = config.auto_rollback_configuration.alarms if config and config.auto_rollback_configuration else ()
    yield from twice(
        (deployment.path(*_ALARMS, index, "alarm_name"), each.alarm_name) for index, each in enumerate(alarms)
    )


@endpoint_rule("rolling-update-multiple-variants")
def rolling_update_multiple_variants(deployment: Deployment) -> Iterator[Problem]:
    """A rolling update takes one variant (rule 88; deployment-guardrails-exclusions)."""
    count = len(deployment.endpoint.production_variants)
    for _ in _rolling(deployment):
        if count > 1:
            yield Problem(
                deployment.path(*_ROLLING),
                f"takes one variant, and there are {count}",
                "write blue_green_update_policy instead",
            )


@endpoint_rule("guardrails-on-inf1")
def guardrails_on_inf1(deployment: Deployment) -> Iterator[Problem]:
    """Deployment guardrails are not offered on Inf1 instances (rule 88; deployment-guardrails-exclusions)."""
    if deployment.endpoint.deployment_config:
        yield from on_inferentia_1(deployment, "deployment_config is")


def _blue_green(deployment: Deployment) -> Iterator[BlueGreenUpdatePolicy]:
    config = deployment.endpoint.deployment_config
    if config and config.blue_green_update_policy:
        yield config.blue_green_update_policy


def _rolling(deployment: Deployment) -> Iterator[RollingUpdatePolicy]:
    config = deployment.endpoint.deployment_config
    if config and config.rolling_update_policy:
        yield config.rolling_update_policy


def _parts(deployment: Deployment) -> Iterator[tuple[KeyPath, CapacitySize]]:
    tables = [(_ROUTING, policy.traffic_routing_configuration) for policy in _blue_green(deployment)]
    for base, table in (*tables, *((_ROLLING, policy) for policy in _rolling(deployment))):
        for place in _PERCENT:
            if place[:-1] == base and (size := getattr(table, str(place[-1]))):
                yield place, size


def _timed(deployment: Deployment) -> Iterator[tuple[KeyPath, int | None, int]]:
    """Yield each policy with its longest time and the waits that are sure: one of a part, and of the old instances."""
    for blue_green in _blue_green(deployment):
        routing = blue_green.traffic_routing_configuration
        waits = routing.wait_interval_in_seconds * _steps(routing.type, routing.linear_step_size)
        yield (
            _BLUE_GREEN,
            blue_green.maximum_execution_timeout_in_seconds,
            waits + (blue_green.termination_wait_in_seconds or 0),
        )
    for rolling in _rolling(deployment):
        steps = _steps("LINEAR", rolling.maximum_batch_size)
        yield _ROLLING, rolling.maximum_execution_timeout_in_seconds, rolling.wait_interval_in_seconds * steps


def _steps(kind: str, size: CapacitySize | None) -> int:
    """Return how many waits are sure; how many steps a count of instances makes depends on how many there are."""
    return -(-100 // size.value) if kind == "LINEAR" and size and size.type == "CAPACITY_PERCENT" else 1
