"""A value out of bounds for each rule that a single field enforces.

`config.types` and the tables of `config` enforce these; `rules` enforces what depends on several fields.
"""

from dataclasses import dataclass
from typing import Any

from tests.loading.support import Table
from tests.rules.pair import IMAGE, NETWORK, NO_HOSTING, NO_MODEL, REASON, containers, variant, variants

_LONG = "a" * 64
_SCALING: Table = {"min_capacity": 1, "max_capacity": 2, "target_value": 70}
_STEPS: Table = {
    "metric_name": "ModelLatency",
    "statistic": "Average",
    "threshold": 50000,
    "comparison_operator": "GreaterThanThreshold",
    "step_adjustments": [{"metric_interval_lower_bound": 0, "scaling_adjustment": 1}],
}
_SOURCE = {"s3_uri": "s3://my-bucket/a/", "s3_data_type": "S3Prefix"}


@dataclass(frozen=True)
class Bound:
    """A value that one field rejects, with the number of its rule in docs/rules.md.

    `key` is the key path below the endpoint or, with `in_environment`, below the environment. The tables change those
    of the example.
    """

    number: int
    key: str
    endpoint: Table
    in_environment: Table | None = None

    @property
    def path(self) -> str:
        return f"environments.dev.{self.key}" if self.in_environment else f"endpoints.kmeans.{self.key}"


def _key(number: int, key: str, value: Any, *tables: str) -> Bound:
    """Return a bound for a key in nested tables, listed from the outermost to the innermost."""
    endpoint: Table = {key: value}
    for table in reversed(tables):
        endpoint = {table: endpoint}
    return Bound(number, ".".join((*tables, key)), endpoint)


def _in_table(number: int, table: str, values: Table, key: str) -> Bound:
    return Bound(number, f"{table}.{key}", {table: values})


def _scaling(number: int, key: str, value: float) -> Bound:
    return _in_table(number, "scaling", {**_SCALING, key: value}, key)


def _variant(number: int, key: str, **changes: Any) -> Bound:
    none = NO_MODEL if "model" in changes else {}
    return Bound(number, f"variants[0].{key}", {**none, **variants({**variant(), **changes})})


def _serverless(number: int, key: str, **changes: Any) -> Bound:
    config = {"memory_size_in_mb": 1024, "max_concurrency": 5, **changes}
    relaxed = {"relax": {"network_isolation": REASON}}
    return Bound(number, f"serverless_config.{key}", {**NO_HOSTING, **relaxed, "serverless_config": config})


def _rollout(number: int, key: str, *, size: Table | None = None, **changes: Any) -> Bound:
    routing = {"type": "CANARY", "wait_interval_in_seconds": 60, "canary_size": size or _TEN_PERCENT}
    policy = {"traffic_routing_configuration": routing, **changes}
    return _in_table(
        number, "deployment_config", {"blue_green_update_policy": policy}, f"blue_green_update_policy.{key}"
    )


def _async(number: int, key: str, *, client: Table | None = None, **output: Any) -> Bound:
    config: Table = {"output_config": {"s3_output_path": "s3://my-bucket/answers", **output}}
    if client:
        config["client_config"] = client
    return _in_table(number, "async_inference_config", config, key)


_TOPIC = "arn:aws:sns:us-west-2:111122223333:answers"
_TEN_PERCENT = {"type": "CAPACITY_PERCENT", "value": 10}

BOUNDS = [
    _variant(2, "variant_name", variant_name="one_"),
    _key(5, "container_hostname", "a_b"),
    Bound(6, "invokers[0]", {"invokers": ["arn:aws:iam::111122223333:user/alice"]}),
    _key(7, "key_arn", "alias/mine", "kms"),
    _key(9, "destination_s3_uri", "https://my-bucket/x", "data_capture"),
    _async(
        10,
        "output_config.notification_config.success_topic",
        notification_config={"success_topic": "answers"},
    ),
    Bound(12, "container", {**NO_MODEL, "container": [{"image": IMAGE}] * 16}),
    _key(13, "image", "kmeans:1"),
    _key(15, "model_data_url", "s3://my-bucket/model.zip"),
    Bound(
        17,
        "model_data_source.s3_data_source.s3_data_type",
        {"model_data_url": None, "model_data_source": {"s3_data_source": {**_SOURCE, "s3_data_type": "Folder"}}},
    ),
    _key(20, "additional_model_data_source", [{"channel_name": "a b", "s3_data_source": _SOURCE}]),
    _key(21, "1A", "x", "environment"),
    Bound(23, "model_package_name", {**NO_MODEL, "model_package_name": "fraud/7"}),
    _key(24, "inference_specification_name", "a_b"),
    _key(25, "mode", "ManyModels"),
    Bound(26, "inference_execution_config.mode", containers({}, {}, inference_execution_config={"mode": "Parallel"})),
    _key(27, "repository_access_mode", "Public", "image_config"),
    Bound(28, "network.subnet_ids", {}, {"network": {**NETWORK, "subnet_ids": []}}),
    Bound(32, "variants", variants(*(variant(f"v{number}") for number in range(11)))),
    _variant(
        36,
        "managed_instance_scaling.max_instance_count",
        model=None,
        managed_instance_scaling={"max_instance_count": 0},
    ),
    _key(37, "initial_instance_count", 0),
    _key(38, "instance_type", "ml.m5.huge"),
    _variant(40, "initial_variant_weight", initial_variant_weight=0.5),
    _key(41, "volume_size_in_gb", 513),
    _key(42, "container_startup_health_check_timeout_in_seconds", 59),
    _key(43, "accelerator_type", "ml.eia2.medium"),
    _key(44, "inference_ami_version", "al2"),
    _key(45, "routing_strategy", "KV_AWARE", "routing_config"),
    _in_table(48, "core_dump_config", {"destination_s3_uri": "s3://my-bucket/dumps"}, "kms_key_id"),
    _key(52, "explainer_config", {}),
    _key(57, "rotation_period_in_days", 89, "kms"),
    _serverless(58, "memory_size_in_mb", memory_size_in_mb=1000),
    _serverless(59, "max_concurrency", max_concurrency=201),
    _key(65, "initial_sampling_percentage", 101, "data_capture"),
    _key(66, "destination_s3_uri", f"s3://my-bucket/{_LONG * 8}", "data_capture"),
    _key(67, "capture_mode", "InputAndOutput", "data_capture"),
    _in_table(
        68,
        "data_capture",
        {"capture_content_type_header": {"json_content_types": ["application/vnd.api+json"]}},
        "capture_content_type_header.json_content_types[0]",
    ),
    _async(
        71,
        "client_config.max_concurrent_invocations_per_instance",
        client={"max_concurrent_invocations_per_instance": 1001},
    ),
    _async(72, "output_config.s3_output_path", s3_output_path="my-bucket/answers"),
    _async(
        73,
        "output_config.notification_config.include_inference_response_in[0]",
        notification_config={"success_topic": _TOPIC, "include_inference_response_in": ["BOTH"]},
    ),
    _rollout(81, "traffic_routing_configuration.canary_size.value", size={"type": "INSTANCE_COUNT", "value": 0}),
    _rollout(83, "maximum_execution_timeout_in_seconds", maximum_execution_timeout_in_seconds=599),
    Bound(
        85,
        "deployment_config.auto_rollback_configuration.alarms",
        {
            "deployment_config": {
                "blue_green_update_policy": {
                    "traffic_routing_configuration": {"type": "ALL_AT_ONCE", "wait_interval_in_seconds": 60}
                },
                "auto_rollback_configuration": {"alarms": [{"alarm_name": " "}]},
            }
        },
    ),
    _scaling(91, "min_capacity", -1),
    _scaling(91, "max_capacity", 0),
    _scaling(92, "target_value", 0),
    Bound(
        93,
        "scaling.step_scaling_policies[0].name",
        {"scaling": {**_SCALING, "step_scaling_policies": [{**_STEPS, "name": "a policy"}]}},
    ),
    _key(99, "period", 30, "alarms", "errors"),
]
