"""Serverless inference."""

from tests.loading.support import Table
from tests.rules.pair import NETWORK, NO_HOSTING, REASON, Pair, containers, variant

_CONFIG = {"memory_size_in_mb": 2048, "max_concurrency": 10}
_RELAXED = {"network_isolation": REASON}
_AT_ONCE = {"type": "ALL_AT_ONCE", "wait_interval_in_seconds": 60}
_CANARY = {
    "type": "CANARY",
    "wait_interval_in_seconds": 60,
    "canary_size": {"type": "CAPACITY_PERCENT", "value": 10},
}
_ROLLING = {"maximum_batch_size": {"type": "CAPACITY_PERCENT", "value": 50}, "wait_interval_in_seconds": 60}
_ASYNC = {"input_locations": ["s3://my-bucket/requests"], "output_config": {"s3_output_path": "s3://my-bucket/answers"}}


def _serverless(config: Table | None = None, **changes: object) -> Table:
    return {**NO_HOSTING, "serverless_config": {**_CONFIG, **(config or {})}, "relax": _RELAXED, **changes}


def _variant(name: str = "one") -> Table:
    return variant(name, instance_type=None, serverless_config=_CONFIG)


PAIRS = [
    Pair(
        "serverless-instance-setting",
        passes=_serverless(),
        fails=_serverless(instance_type="ml.m5.xlarge", volume_size_in_gb=64),
        messages=tuple(
            f"endpoints.kmeans.{key}: cannot be combined with serverless_config, got {value}; remove one of them"
            for key, value in (("instance_type", '"ml.m5.xlarge"'), ("volume_size_in_gb", 64))
        ),
    ),
    Pair(
        "serverless-multiple-variants",
        passes={**NO_HOSTING, "variants": [_variant()], "relax": _RELAXED},
        fails={**NO_HOSTING, "variants": [_variant(), variant("two")], "relax": _RELAXED},
        messages=(
            "endpoints.kmeans.variants[0].serverless_config: a serverless endpoint has exactly one variant, but "
            "2 are configured; move this variant to a separate endpoint",
        ),
    ),
    Pair(
        "provisioned-concurrency-too-high",
        passes=_serverless({"provisioned_concurrency": 10}),
        fails=_serverless({"provisioned_concurrency": 11}),
        messages=(
            "endpoints.kmeans.serverless_config.provisioned_concurrency: must not exceed max_concurrency (10), "
            "got 11; set it to 10 or less",
        ),
    ),
    Pair(
        "serverless-async-or-shadow",
        passes=_serverless(),
        fails=_serverless(async_inference_config=_ASYNC, shadow_variants=[variant("two")]),
        messages=tuple(
            f"endpoints.kmeans.{key}: cannot be combined with serverless_config; remove one of them"
            for key in ("async_inference_config", "shadow_variants")
        ),
    ),
    Pair(
        "shadow-serverless",
        passes={"shadow_variants": [variant("two")]},
        fails={"shadow_variants": [_variant("two")]},
        messages=(
            "endpoints.kmeans.shadow_variants[0].serverless_config: a shadow variant cannot be serverless; set "
            "instance_type instead",
        ),
    ),
    Pair(
        "serverless-container-unsupported",
        passes=_serverless(),
        fails=_serverless(**containers({}, {})),
        messages=(
            "endpoints.kmeans.container: serverless endpoints do not support multiple containers; use a "
            "single container",
        ),
    ),
    Pair(
        "serverless-container-unsupported",
        passes=_serverless(mode="SingleModel", image_config={"repository_access_mode": "Platform"}),
        fails=_serverless(
            mode="MultiModel",
            image_config={"repository_access_mode": "Vpc"},
            model_data_source={"s3_data_source": {"s3_uri": "s3://my-bucket/m/", "s3_data_type": "S3Prefix"}},
            in_environment={"network": NETWORK},
        ),
        messages=(
            'endpoints.kmeans.mode: serverless endpoints do not support mode MultiModel, got "MultiModel"; remove it',
            "endpoints.kmeans.model_data_source: serverless endpoints do not support model_data_source; set "
            "model_data_url instead",
            "endpoints.kmeans.image_config.repository_access_mode: serverless endpoints do not support private "
            'registries, got "Vpc"; use an image in ECR',
        ),
    ),
    Pair(
        "serverless-isolation-reason-missing",
        passes=_serverless(),
        fails=_serverless(relax={}),
        messages=(
            "endpoints.kmeans.relax.network_isolation: required with serverless_config, which supports neither "
            "network isolation nor a VPC; give the reason why the container may have network access and "
            "credentials, or set instance_type instead",
        ),
    ),
    Pair(
        "serverless-data-capture",
        passes=_serverless(data_capture={"initial_sampling_percentage": 100}),
        fails=_serverless(data_capture={"enable_capture": True}),
        messages=(
            "endpoints.kmeans.data_capture.enable_capture: serverless endpoints do not support data capture, got "
            "true; remove it, or set instance_type instead of serverless_config",
        ),
    ),
    Pair(
        "serverless-rollout-unsupported",
        passes=_serverless(deployment_config={"blue_green_update_policy": {"traffic_routing_configuration": _AT_ONCE}}),
        fails=_serverless(deployment_config={"blue_green_update_policy": {"traffic_routing_configuration": _CANARY}}),
        messages=(
            "endpoints.kmeans.deployment_config.blue_green_update_policy.traffic_routing_configuration.type: "
            'serverless endpoints do not support canary updates, got "CANARY"; set it to "ALL_AT_ONCE"',
        ),
    ),
    Pair(
        "serverless-rollout-unsupported",
        passes=_serverless(),
        fails=_serverless(deployment_config={"rolling_update_policy": _ROLLING}),
        messages=(
            "endpoints.kmeans.deployment_config.rolling_update_policy: serverless endpoints do not support "
            "rolling updates; remove it",
        ),
    ),
]
