"""Rules about serverless inference, which leaves out much of what instances have."""

from collections.abc import Iterator

from protected_endpoints.config.variant import Variant
from protected_endpoints.deployment import Deployment
from protected_endpoints.errors import UNSET, KeyPath, Problem
from protected_endpoints.rules.helpers import each_written
from protected_endpoints.rules.registry import endpoint_rule

_OF_INSTANCES = (
    "instance_type",
    "initial_instance_count",
    "volume_size_in_gb",
    "inference_ami_version",
    "enable_ssm_access",
    "routing_config",
    "core_dump_config",
    "managed_instance_scaling",
)


@endpoint_rule("serverless-instance-setting")
def serverless_instance_setting(deployment: Deployment) -> Iterator[Problem]:
    """CreateEndpointConfig refuses what only instances have (rules 41 and 60; ProductionVariantServerlessConfig)."""
    for place, variant in _serverless(deployment):
        yield from each_written(
            deployment.path(*place),
            variant,
            _OF_INSTANCES,
            "is for instances, and serverless_config has none",
            "leave one of the two out",
        )


@endpoint_rule("serverless-multiple-variants")
def serverless_multiple_variants(deployment: Deployment) -> Iterator[Problem]:
    """A serverless endpoint has exactly one variant (rule 60; serverless-endpoints)."""
    endpoint = deployment.endpoint
    if len(endpoint.production_variants) > 1:
        for place, variant in _serverless(deployment):
            if place[0] == "variants":
                yield Problem(
                    deployment.path(*place, "serverless_config"),
                    f"serverless has one variant only, and there are {len(endpoint.production_variants)}",
                    "make it an endpoint of its own",
                    value=variant.variant_name,
                )


@endpoint_rule("provisioned-concurrency-too-high")
def provisioned_concurrency_too_high(deployment: Deployment) -> Iterator[Problem]:
    """ProvisionedConcurrency is at most MaxConcurrency (rule 59; ProductionVariantServerlessConfig)."""
    for place, variant in _serverless(deployment):
        config = variant.serverless_config
        if config and config.provisioned_concurrency and config.provisioned_concurrency > config.max_concurrency:
            yield Problem(
                deployment.path(*place, "serverless_config", "provisioned_concurrency"),
                f"above max_concurrency, which is {config.max_concurrency}",
                f"write {config.max_concurrency} or fewer",
                value=config.provisioned_concurrency,
            )


@endpoint_rule("serverless-async-or-shadow")
def serverless_async_or_shadow(deployment: Deployment) -> Iterator[Problem]:
    """No asynchronous inference and no shadows are to be had (rules 61, 75 and 77; serverless-endpoints)."""
    if deployment.endpoint.is_serverless:
        yield from each_written(
            deployment.path(),
            deployment.endpoint,
            ("async_inference_config", "shadow_variants"),
            "is not to be had with serverless_config",
            "leave one of the two out",
        )


@endpoint_rule("shadow-serverless")
def shadow_serverless(deployment: Deployment) -> Iterator[Problem]:
    """A shadow variant runs on instances (rule 77; shadow-tests, exclusions)."""
    for place, variant in _serverless(deployment):
        if place and place[0] == "shadow_variants":
            yield Problem(
                deployment.path(*place, "serverless_config"),
                "a shadow cannot be serverless",
                "write instance_type instead",
                value=variant.variant_name,
            )


@endpoint_rule("serverless-container-unsupported")
def serverless_container_unsupported(deployment: Deployment) -> Iterator[Problem]:
    """No pipelines, many models, sources of model data or private registries (rules 18 and 61)."""
    if not deployment.endpoint.is_serverless:
        return
    for place, model in deployment.endpoint.iter_models_with_path():
        if model.container:
            yield _refused(deployment.path(*place, "container"), "several containers", "write one container")
    for place, container in deployment.endpoint.iter_containers_with_path():
        if container.mode == "MultiModel":
            yield _refused(deployment.path(*place, "mode"), "container of many models", "leave it out", "MultiModel")
        if container.model_data_source:
            yield _refused(
                deployment.path(*place, "model_data_source"),
                "model data that is not one archive",
                "write model_data_url instead",
            )
        if container.image_config and container.image_config.is_private:
            yield _refused(
                deployment.path(*place, "image_config", "repository_access_mode"),
                "private registries",
                "take the image from ECR",
                "Vpc",
            )


@endpoint_rule("serverless-isolation-reason-missing")
def serverless_isolation_reason_missing(deployment: Deployment) -> Iterator[Problem]:
    """It has neither network isolation nor a VPC, so that somebody has to want this (rule 61)."""
    endpoint = deployment.endpoint
    if endpoint.is_serverless and endpoint.network_isolation_enabled:
        yield Problem(
            deployment.path("relax", "network_isolation"),
            "required with serverless_config, which has neither network isolation nor a VPC, and missing",
            "add the reason why the container may have both network and credentials, or write instance_type instead",
        )


@endpoint_rule("serverless-data-capture")
def serverless_data_capture(deployment: Deployment) -> Iterator[Problem]:
    """Data capture is not to be had; it is off there unless somebody asks for it (rules 61 and 69)."""
    capture = deployment.endpoint.data_capture
    if deployment.endpoint.is_serverless and capture.enable_capture and "enable_capture" in capture.model_fields_set:
        yield Problem(
            deployment.path("data_capture", "enable_capture"),
            "serverless endpoints record no requests",
            "leave it out, or write instance_type instead of serverless_config",
            value=True,
        )


@endpoint_rule("serverless-rollout-unsupported")
def serverless_rollout_unsupported(deployment: Deployment) -> Iterator[Problem]:
    """Canary, linear and rolling updates need instances (rules 61 and 88; deployment-guardrails-exclusions)."""
    config = deployment.endpoint.deployment_config
    if not config or not deployment.endpoint.is_serverless:
        return
    blue_green = config.blue_green_update_policy
    if blue_green and blue_green.traffic_routing_configuration.type != "ALL_AT_ONCE":
        keys = ("deployment_config", "blue_green_update_policy", "traffic_routing_configuration", "type")
        routing = blue_green.traffic_routing_configuration.type
        yield _refused(deployment.path(*keys), "steps of an update", 'write "ALL_AT_ONCE"', routing)
    if config.rolling_update_policy:
        path = deployment.path("deployment_config", "rolling_update_policy")
        yield _refused(path, "steps of an update", "leave it out")


def _serverless(deployment: Deployment) -> Iterator[tuple[KeyPath, Variant]]:
    for place, variant in deployment.endpoint.iter_variants_with_path():
        if variant.serverless_config:
            yield place, variant


def _refused(path: KeyPath, what: str, fix: str, got: object = UNSET) -> Problem:
    return Problem(path, f"serverless endpoints have no {what}", fix, value=got)
