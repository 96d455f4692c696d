"""The deployment of updates: as configured, or the default, a canary with automatic rollback where it is supported."""

from protected_endpoints.aws.arn import Arn
from protected_endpoints.aws.marketplace import marketplace_region
from protected_endpoints.config.deployment_config import (
    Alarm,
    AutoRollbackConfiguration,
    BlueGreenUpdatePolicy,
    CapacitySize,
    DeploymentConfig,
    TrafficRoutingConfiguration,
)
from protected_endpoints.config.endpoint import Endpoint
from protected_endpoints.deployment.endpoint_names import EndpointNames

ERRORS, LATENCY = "rollback_errors", "rollback_latency"  # the managed alarms, by the keys of their names

# An alarm needs two periods of 60 s, its metrics arrive up to two minutes late, and the first period of a new set of
# instances is not complete. Ten minutes are twice that: an alarm can also fire about instances that fail after a while.
_BAKING_TIME = 600
# The previous instances are kept for five more minutes. With both waits before it and the start of new instances, an
# update takes less than the 60 minutes that Terraform waits.
_TERMINATION_WAIT = 300
# A canary is at most half of the instances of a variant (TrafficRoutingConfig).
_CANARY_MINIMUM = 2


def managed_rollback_alarms(endpoint: Endpoint, names: EndpointNames) -> dict[str, str]:
    """Return the names of the managed rollback alarms by key. They never change: `deployment_config` names them.

    Asynchronous requests may take an hour, so that their latency says nothing about a new version.
    """
    keys = (ERRORS,) if endpoint.async_inference_config else (ERRORS, LATENCY)
    return {key: names.alarm(key) for key in keys}


def default_rollout(endpoint: Endpoint, names: EndpointNames) -> DeploymentConfig | None:
    """Return the default `deployment_config`: a blue/green update that the managed alarms roll back.

    It is a canary of one instance where every variant has two or more instances, and all at once otherwise. An endpoint
    that SageMaker updates without deployment guardrails has none (deployment-guardrails-exclusions).
    """
    if not _supports_guardrails(endpoint):
        return None
    variants = (*endpoint.production_variants, *endpoint.shadow_variants)
    has_canary = all(variant.instance_count >= _CANARY_MINIMUM for variant in variants)
    return DeploymentConfig(
        blue_green_update_policy=BlueGreenUpdatePolicy(
            traffic_routing_configuration=TrafficRoutingConfiguration(
                type="CANARY" if has_canary else "ALL_AT_ONCE",
                wait_interval_in_seconds=_BAKING_TIME,
                # A number of instances, because AWS does not document how it rounds a percentage.
                canary_size=CapacitySize(type="INSTANCE_COUNT", value=1) if has_canary else None,
            ),
            termination_wait_in_seconds=_TERMINATION_WAIT,
        ),
        auto_rollback_configuration=AutoRollbackConfiguration(
            alarms=tuple(Alarm(alarm_name=name) for name in managed_rollback_alarms(endpoint, names).values())
        ),
    )


def _supports_guardrails(endpoint: Endpoint) -> bool:
    """Return whether deployment guardrails apply: instances, no Inf1, no Marketplace package, and not components.

    Instances of inference components have no models: an update of the endpoint does not change what they serve.
    """
    variants = [variant for _, variant in endpoint.iter_variants_with_path()]
    has_inf1 = any((variant.instance_type or "").startswith("ml.inf1.") for variant in variants)
    packages = [container.model_package_name for _, container in endpoint.iter_containers_with_path()]
    is_of_marketplace = any(marketplace_region(Arn.parse(arn).account_id) for arn in packages if arn)
    return not (endpoint.is_serverless or endpoint.uses_inference_components or has_inf1 or is_of_marketplace)
