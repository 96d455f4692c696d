"""Rules about serverless inference, which supports fewer features than instances."""

from collections.abc import Iterator

from protected_endpoints.config.variant import Variant
from protected_endpoints.deployment import Deployment
from protected_endpoints.errors import UNSET, KeyPath, Problem
from protected_endpoints.rules.helpers import REMOVE_ONE, refuse_keys
from protected_endpoints.rules.registry import endpoint_rule

_INSTANCE_KEYS = (
    "instance_type",
    "initial_instance_count",
    "volume_size_in_gb",
    "inference_ami_version",
    "enable_ssm_access",
    "routing_config",
    "core_dump_config",
    "managed_instance_scaling",
)
_WITH_SERVERLESS = "cannot be combined with serverless_config"


@endpoint_rule("serverless-instance-setting")
def serverless_instance_setting(deployment: Deployment) -> Iterator[Problem]:
    """CreateEndpointConfig rejects instance settings (rules 41 and 60; ProductionVariantServerlessConfig)."""
    for keys, variant in _serverless_variants(deployment):
        yield from refuse_keys(deployment.path(*keys), variant, _INSTANCE_KEYS, _WITH_SERVERLESS, REMOVE_ONE)


@endpoint_rule("serverless-multiple-variants")
def serverless_multiple_variants(deployment: Deployment) -> Iterator[Problem]:
    """A serverless endpoint has exactly one variant (rule 60; serverless-endpoints)."""
    count = len(deployment.endpoint.production_variants)
    for keys, _ in _serverless_variants(deployment):
        if count > 1 and keys[0] == "variants":
            yield Problem(
                deployment.path(*keys, "serverless_config"),
                f"a serverless endpoint has exactly one variant, but {count} are configured",
                "move this variant to a separate endpoint",
            )


@endpoint_rule("provisioned-concurrency-too-high")
def provisioned_concurrency_too_high(deployment: Deployment) -> Iterator[Problem]:
    """ProvisionedConcurrency must not exceed MaxConcurrency (rule 59; ProductionVariantServerlessConfig)."""
    for keys, variant in _serverless_variants(deployment):
        config = variant.serverless_config
        if config and config.provisioned_concurrency and config.provisioned_concurrency > config.max_concurrency:
            yield Problem(
                deployment.path(*keys, "serverless_config", "provisioned_concurrency"),
                f"must not exceed max_concurrency ({config.max_concurrency})",
                f"set it to {config.max_concurrency} or less",
                value=config.provisioned_concurrency,
            )


@endpoint_rule("serverless-async-or-shadow")
def serverless_async_or_shadow(deployment: Deployment) -> Iterator[Problem]:
    """Serverless inference is neither asynchronous nor used with shadow variants (rules 61, 75 and 77)."""
    if deployment.endpoint.is_serverless:
        keys = ("async_inference_config", "shadow_variants")
        yield from refuse_keys(deployment.path(), deployment.endpoint, keys, _WITH_SERVERLESS, REMOVE_ONE)


@endpoint_rule("shadow-serverless")
def shadow_serverless(deployment: Deployment) -> Iterator[Problem]:
    """A shadow variant runs on instances (rule 77; shadow-tests, exclusions)."""
    for keys, _ in _serverless_variants(deployment):
        if keys and keys[0] == "shadow_variants":
            yield Problem(
                deployment.path(*keys, "serverless_config"),
                "a shadow variant cannot be serverless",
                "set instance_type instead",
            )


@endpoint_rule("serverless-container-unsupported")
def serverless_container_unsupported(deployment: Deployment) -> Iterator[Problem]:
    """Serverless inference runs one container with one model archive and an image in ECR (rules 18 and 61)."""
    if not deployment.endpoint.is_serverless:
        return
    for keys, model in deployment.endpoint.iter_models_with_path():
        if model.container:
            yield _unsupported(deployment.path(*keys, "container"), "multiple containers", "use a single container")
    for keys, container in deployment.endpoint.iter_containers_with_path():
        if container.mode == "MultiModel":
            yield _unsupported(deployment.path(*keys, "mode"), "mode MultiModel", "remove it", "MultiModel")
        if container.model_data_source:
            path = deployment.path(*keys, "model_data_source")
            yield _unsupported(path, "model_data_source", "set model_data_url instead")
        if container.image_config and container.image_config.is_private:
            path = deployment.path(*keys, "image_config", "repository_access_mode")
            yield _unsupported(path, "private registries", "use an image in ECR", "Vpc")


@endpoint_rule("serverless-isolation-reason-missing")
def serverless_isolation_reason_missing(deployment: Deployment) -> Iterator[Problem]:
    """Serverless inference supports neither network isolation nor a VPC, which requires a reason (rule 61)."""
    endpoint = deployment.endpoint
    if endpoint.is_serverless and endpoint.network_isolation_enabled:
        yield Problem(
            deployment.path("relax", "network_isolation"),
            "required with serverless_config, which supports neither network isolation nor a VPC",
            "give the reason why the container may have network access and credentials, or set instance_type instead",
        )


@endpoint_rule("serverless-data-capture")
def serverless_data_capture(deployment: Deployment) -> Iterator[Problem]:
    """Serverless inference does not support data capture (rules 61 and 69)."""
    capture = deployment.endpoint.data_capture
    if deployment.endpoint.is_serverless and capture.enable_capture and "enable_capture" in capture.model_fields_set:
        path = deployment.path("data_capture", "enable_capture")
        yield _unsupported(path, "data capture", "remove it, or set instance_type instead of serverless_config", True)


@endpoint_rule("serverless-rollout-unsupported")
def serverless_rollout_unsupported(deployment: Deployment) -> Iterator[Problem]:
    """Canary, linear and rolling updates require instances (rules 61 and 88; deployment-guardrails-exclusions)."""
    config = deployment.endpoint.deployment_config
    if not config or not deployment.endpoint.is_serverless:
        return
    blue_green = config.blue_green_update_policy
    if blue_green and (routing := blue_green.traffic_routing_configuration).type != "ALL_AT_ONCE":
        keys = ("deployment_config", "blue_green_update_policy", "traffic_routing_configuration", "type")
        kind = routing.type.lower()
        yield _unsupported(deployment.path(*keys), f"{kind} updates", 'set it to "ALL_AT_ONCE"', routing.type)
    if config.rolling_update_policy:
        path = deployment.path("deployment_config", "rolling_update_policy")
        yield _unsupported(path, "rolling updates", "remove it")


def _serverless_variants(deployment: Deployment) -> Iterator[tuple[KeyPath, Variant]]:
    for keys, variant in deployment.endpoint.iter_variants_with_path():
        if variant.serverless_config:
            yield keys, variant


def _unsupported(path: KeyPath, feature: str, suggestion: str, value: object = UNSET) -> Problem:
    return Problem(path, f"serverless endpoints do not support {feature}", suggestion, value=value)
