"""Each key accepts numbers within its bounds and the values and lists that it knows, and no other type."""

import pytest
from pydantic import BaseModel, ValidationError

from protected_endpoints import config
from protected_endpoints.config import variant
from protected_endpoints.loading.schema import file_schema

_ALARMS = (
    config.RateAlarm,
    config.PercentAlarm,
    config.DurationAlarm,
    config.LatencyAlarm,
    config.AgeAlarm,
    config.CountAlarm,
)
# Every number of the file, with its bounds.
NUMBERS: list[tuple[type[BaseModel], str, int, int | None]] = [
    (config.DataCapture, "initial_sampling_percentage", 0, 100),
    (config.DataCapture, "retention_days", 1, 3650),
    (config.Audit, "retention_in_days", 1, 3650),
    (config.Kms, "rotation_period_in_days", 90, 2560),
    (config.Kms, "deletion_window_in_days", 7, 30),
    (config.Endpoint, "revision", 0, None),
    (config.Hosting, "initial_instance_count", 1, 1000),
    (config.Hosting, "volume_size_in_gb", 1, 512),
    (config.Hosting, "model_data_download_timeout_in_seconds", 60, 3600),
    (config.Hosting, "container_startup_health_check_timeout_in_seconds", 60, 3600),
    (config.Variant, "initial_variant_weight", 0, 1000000),
    (variant.ServerlessConfig, "max_concurrency", 1, 200),
    (variant.ServerlessConfig, "provisioned_concurrency", 1, 200),
    (variant.ManagedInstanceScaling, "min_instance_count", 0, 1000),
    (variant.ManagedInstanceScaling, "max_instance_count", 1, 1000),
    (config.ClientConfig, "max_concurrent_invocations_per_instance", 1, 1000),
    (config.CapacitySize, "value", 1, 1000),
    (config.TrafficRoutingConfiguration, "wait_interval_in_seconds", 0, 3600),
    (config.BlueGreenUpdatePolicy, "maximum_execution_timeout_in_seconds", 600, 14400),
    (config.BlueGreenUpdatePolicy, "termination_wait_in_seconds", 0, 3600),
    (config.RollingUpdatePolicy, "wait_interval_in_seconds", 0, 3600),
    (config.RollingUpdatePolicy, "maximum_execution_timeout_in_seconds", 600, 14400),
    (config.Egress, "port", 1, 65535),
    (config.ComputeResourceRequirements, "min_memory_required_in_mb", 128, None),
    (config.ComputeResourceRequirements, "max_memory_required_in_mb", 128, None),
    (config.StartupParameters, "model_data_download_timeout_in_seconds", 60, 3600),
    (config.StartupParameters, "container_startup_health_check_timeout_in_seconds", 60, 3600),
    (config.InferenceComponent, "copy_count", 1, None),
    (config.Scaling, "min_capacity", 0, 1000),
    (config.Scaling, "max_capacity", 1, 1000),
    (config.Scaling, "scale_in_cooldown", 0, 86400),
    (config.Scaling, "scale_out_cooldown", 0, 86400),
    (config.ScheduledAction, "min_capacity", 0, 1000),
    (config.ScheduledAction, "max_capacity", 0, 1000),
    (config.StepScalingPolicy, "period", 60, 86400),
    (config.StepScalingPolicy, "evaluation_periods", 1, 1440),
    (config.StepScalingPolicy, "min_adjustment_magnitude", 1, 1000),
    (config.StepScalingPolicy, "cooldown", 0, 86400),
    (config.StepAdjustment, "scaling_adjustment", -1000, 1000),
    *((table, "period", 60, 86400) for table in _ALARMS),
    *((table, key, 1, 1440) for table in _ALARMS for key in ("evaluation_periods", "datapoints_to_alarm")),
]
_EACH_NUMBER = pytest.mark.parametrize(("model", "key", "least", "most"), NUMBERS, ids=str)


def _accepts(model: type[BaseModel], key: str, value: object) -> bool:
    """Return whether a key accepts a value, even if the table lacks required keys."""
    try:
        model.model_validate({key: value})
    except ValidationError as error:
        return key not in {detail["loc"][0] for detail in error.errors()}
    return True


@_EACH_NUMBER
def test_a_number_is_accepted_up_to_its_bounds_and_not_beyond(
    model: type[BaseModel], key: str, least: int, most: int | None
) -> None:
    assert _accepts(model, key, least)
    assert not _accepts(model, key, least - 1)
    assert _accepts(model, key, 2**31 if most is None else most)
    assert most is None or not _accepts(model, key, most + 1)


@_EACH_NUMBER
def test_a_value_of_another_type_than_an_integer_is_rejected(
    model: type[BaseModel], key: str, least: int, most: int | None
) -> None:
    assert [value for value in (True, float(least), str(least), [least]) if _accepts(model, key, value)] == []


def test_the_bounds_of_every_number_are_tested() -> None:
    numbers = {
        (definition, key)
        for definition, table in file_schema()["$defs"].items()
        for key, node in table.get("properties", {}).items()
        if node.get("type") == "integer" and "enum" not in node
    }
    tested = {(model.__name__, key) for model, key, _, _ in NUMBERS}
    # Keys of Hosting are keys of Endpoint and Variant, and an override has the keys of Endpoint.
    shared = {(name, key) for name in ("Endpoint", "Variant") for owner, key in tested if owner == "Hosting"}
    expected = {key for key in tested if key[0] != "Hosting"} | shared
    assert numbers == expected | {("EndpointOverride", key) for name, key in expected if name == "Endpoint"}


@pytest.mark.parametrize("days", [1, 30, 365, 3653])
def test_a_retention_of_cloudwatch_logs_is_accepted(days: int) -> None:
    assert _accepts(config.Logs, "retention_in_days", days)


@pytest.mark.parametrize("days", [0, 2, 31, 364, 3654, -1, True, 1.0, 30.0, "30", None])
def test_any_other_retention_is_rejected(days: object) -> None:
    assert not _accepts(config.Logs, "retention_in_days", days)


@pytest.mark.parametrize("mode", ["all", "Both", "", True, ["Input"]])
def test_an_unknown_capture_mode_is_rejected(mode: object) -> None:
    assert not _accepts(config.DataCapture, "capture_mode", mode)


@pytest.mark.parametrize("value", [1, 0, "true", "yes", None])
def test_a_boolean_is_true_or_false(value: object) -> None:
    assert _accepts(config.DataCapture, "enable_capture", False)
    assert not _accepts(config.DataCapture, "enable_capture", value)


@pytest.mark.parametrize(
    "value", ["arn:aws:iam::111122223333:role/a", {}, 1, [1], [True], [None], [["arn:aws:iam::111122223333:role/a"]]]
)
@pytest.mark.parametrize(
    ("model", "key"),
    [
        (config.Endpoint, "invokers"),
        (config.DataCapture, "readers"),
        (config.Kms, "admins"),
        (config.Environment, "deployers"),
        (config.State, "readers"),
    ],
)
def test_a_list_of_roles_is_a_list_of_strings(model: type[BaseModel], key: str, value: object) -> None:
    assert _accepts(model, key, ["arn:aws:iam::111122223333:role/a"])
    assert not _accepts(model, key, value)


def test_an_invoker_is_a_table_or_a_string_with_its_role_arn() -> None:
    role = "arn:aws:iam::111122223333:role/a"
    assert _accepts(config.Endpoint, "invokers", [{"role_arn": role}])
    assert config.Invoker.model_validate(role) == config.Invoker(role_arn=role)
    assert not _accepts(config.DataCapture, "readers", [{"role_arn": role}])


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("principals", ["arn:aws:iam::111122223333:root"]),
        ("target_models", ["a/*"]),
        ("source_vpc_endpoints", ["vpce-0a1b2c3d"]),
    ],
)
def test_an_empty_list_of_conditions_is_rejected_because_it_would_allow_any(key: str, value: list[str]) -> None:
    assert _accepts(config.Invoker, key, value)
    assert not _accepts(config.Invoker, key, [])


def test_a_network_has_one_to_sixteen_subnets() -> None:
    subnets = [f"subnet-{index:08x}" for index in range(17)]
    assert _accepts(config.Network, "subnet_ids", subnets[:1])
    assert _accepts(config.Network, "subnet_ids", subnets[:16])
    assert not _accepts(config.Network, "subnet_ids", subnets)
    assert not _accepts(config.Network, "subnet_ids", [])


@pytest.mark.parametrize(
    ("key", "least", "most"),
    [
        ("errors", 0.0001, 1),
        ("throttled", 0.0001, 1),
        ("cpu", 1, 100),
        ("latency", 1, 3_600_000_000),
        ("overhead", 1, 3_600_000_000),
        ("backlog_age", 1, 21600),
        ("failures", 1, 1_000_000_000),
    ],
)
def test_a_threshold_is_in_the_range_of_its_metric(key: str, least: float, most: float) -> None:
    within = [value for value in (least, most) if _accepts(config.Alarms, key, {"threshold": value})]
    assert within == [least, most]
    assert [value for value in (0, least / 2, most * 2) if _accepts(config.Alarms, key, {"threshold": value})] == []


@pytest.mark.parametrize("value", [0, 1, "true", []])
def test_an_alarm_is_a_boolean_or_a_table(value: object) -> None:
    forms: list[object] = [True, False, {}, config.RateAlarm()]
    assert [form for form in forms if _accepts(config.Alarms, "errors", form)] == forms
    assert not _accepts(config.Alarms, "errors", value)
