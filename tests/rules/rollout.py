"""Deployment guardrails: how an update is rolled out and rolled back."""

from typing import Any

from tests.loading.support import Table
from tests.rules.pair import NO_HOSTING, Pair, variant

_CONFIG = "endpoints.kmeans.deployment_config"
_ROUTING = f"{_CONFIG}.blue_green_update_policy.traffic_routing_configuration"


def _size(value: int, kind: str = "CAPACITY_PERCENT") -> Table:
    return {"type": kind, "value": value}


def _blue_green(kind: str = "ALL_AT_ONCE", policy: Table | None = None, **routing: Any) -> Table:
    config = {"type": kind, "wait_interval_in_seconds": 300, **routing}
    return {
        "initial_instance_count": 4,
        "deployment_config": {"blue_green_update_policy": {"traffic_routing_configuration": config, **(policy or {})}},
    }


def _rolling(batch: Table | None = None, **changes: Any) -> Table:
    policy = {"maximum_batch_size": batch or _size(50), "wait_interval_in_seconds": 300, **changes}
    return {"initial_instance_count": 4, "deployment_config": {"rolling_update_policy": policy}}


def _alarms(*names: str) -> Table:
    alarms = {"auto_rollback_configuration": {"alarms": [{"alarm_name": name} for name in names]}}
    return {"deployment_config": {**_blue_green()["deployment_config"], **alarms}}


def _canary_of_one(*counts: int) -> Table:
    """Return variants with these numbers of instances, and a canary of one instance."""
    variants = [{**variant(f"v{count}-{index}"), "initial_instance_count": count} for index, count in enumerate(counts)]
    return _blue_green("CANARY", canary_size=_size(1, "INSTANCE_COUNT")) | NO_HOSTING | {"variants": variants}


PAIRS = [
    Pair(
        "update-policy-conflict",
        passes=_rolling(),
        fails={"deployment_config": {**_rolling()["deployment_config"], **_blue_green()["deployment_config"]}},
        messages=(f"{_CONFIG}.rolling_update_policy: conflicts with blue_green_update_policy; remove one of them",),
    ),
    Pair(
        "update-policy-conflict",  # alarms alone define no update policy
        passes=_alarms("a"),
        fails={"deployment_config": {"auto_rollback_configuration": {"alarms": [{"alarm_name": "a"}]}}},
        messages=(
            f"{_CONFIG}.blue_green_update_policy: required unless rolling_update_policy is set; for example, add it "
            'with traffic_routing_configuration = { type = "ALL_AT_ONCE", wait_interval_in_seconds = 300 }',
        ),
    ),
    Pair(
        "traffic-routing-size",
        passes=_blue_green("CANARY", canary_size=_size(10)),
        fails=_blue_green("CANARY", linear_step_size=_size(10)),
        messages=(
            f"{_ROUTING}.canary_size: required with type CANARY; for example, add canary_size = {{ type = "
            '"CAPACITY_PERCENT", value = 10 }',
            f'{_ROUTING}.linear_step_size: has no effect with type CANARY; remove it, or set type = "LINEAR"',
        ),
    ),
    Pair(
        "capacity-percent-range",
        passes=_blue_green("CANARY", canary_size=_size(50)),
        fails=_blue_green("CANARY", canary_size=_size(51)),
        messages=(
            f"{_ROUTING}.canary_size.value: must be between 1 and 50 percent, got 51; for example, set it to 10",
        ),
    ),
    Pair(
        "capacity-percent-range",
        passes=_blue_green("LINEAR", linear_step_size=_size(10)),
        fails=_blue_green("LINEAR", linear_step_size=_size(9)),
        messages=(
            f"{_ROUTING}.linear_step_size.value: must be between 10 and 50 percent, got 9; for example, set it to 10",
        ),
    ),
    Pair(
        "capacity-percent-range",
        passes=_rolling(_size(5), rollback_maximum_batch_size=_size(100)),
        fails=_rolling(_size(4), rollback_maximum_batch_size=_size(101)),
        messages=(
            f"{_CONFIG}.rolling_update_policy.maximum_batch_size.value: must be between 5 and 50 percent, got 4; for "
            "example, set it to 10",
            f"{_CONFIG}.rolling_update_policy.rollback_maximum_batch_size.value: must be between 1 and 100 percent, "
            "got 101; for example, set it to 10",
        ),
    ),
    Pair(
        "capacity-count-range",
        passes=_blue_green("CANARY", canary_size=_size(2, "INSTANCE_COUNT")),
        fails=_blue_green("CANARY", canary_size=_size(3, "INSTANCE_COUNT")),
        messages=(
            f"{_ROUTING}.canary_size.value: must not exceed 50 percent of the initial instance count (4), "
            "got 3; set it to 2 or less",
        ),
    ),
    Pair(
        "capacity-count-range",  # 50 percent of one instance is none
        passes=_rolling(_size(1, "INSTANCE_COUNT")) | {"initial_instance_count": 2},
        fails=_rolling(_size(1, "INSTANCE_COUNT")) | {"initial_instance_count": 1},
        messages=(
            f"{_CONFIG}.rolling_update_policy.maximum_batch_size.value: must not exceed 50 percent of the initial "
            "instance count (1), got 1; use two or more instances",
        ),
    ),
    Pair(
        "update-timeout-too-short",
        passes=_blue_green(policy={"maximum_execution_timeout_in_seconds": 601, "termination_wait_in_seconds": 300}),
        fails=_blue_green(policy={"maximum_execution_timeout_in_seconds": 600, "termination_wait_in_seconds": 300}),
        messages=(
            f"{_CONFIG}.blue_green_update_policy.maximum_execution_timeout_in_seconds: wait intervals alone add up to "
            "600 s, got 600; raise the timeout or shorten the waits",
        ),
    ),
    Pair(
        "update-timeout-too-short",  # ten batches of ten percent
        passes=_rolling(_size(10), maximum_execution_timeout_in_seconds=3001),
        fails=_rolling(_size(10), maximum_execution_timeout_in_seconds=3000),
        messages=(
            f"{_CONFIG}.rolling_update_policy.maximum_execution_timeout_in_seconds: wait intervals alone add up to "
            "3000 s, got 3000; raise the timeout or shorten the waits",
        ),
    ),
    Pair(
        "terraform-timeout",
        passes=_blue_green("LINEAR", linear_step_size=_size(10)),
        fails=_blue_green("LINEAR", linear_step_size=_size(10), wait_interval_in_seconds=361),
        messages=(
            f"{_CONFIG}.blue_green_update_policy: the update may take 3610 s, but Terraform stops waiting after 3600 "
            "s; shorten the waits or use larger steps",
        ),
    ),
    Pair(
        "alarm-duplicate",
        passes=_alarms("a", "b"),
        fails=_alarms("a", "b", "a"),
        messages=(f'{_CONFIG}.auto_rollback_configuration.alarms[2].alarm_name: duplicate entry, got "a"; remove it',),
    ),
    Pair(
        "rollback-alarm-unknown",
        passes=_alarms("acme-dev-kmeans/rollback-errors", "acme-dev-kmeans/errors", "a/b"),
        fails=_alarms("acme-dev-kmeans/rollback-error"),
        messages=(
            f"{_CONFIG}.auto_rollback_configuration.alarms[0].alarm_name: no alarm of the endpoint has this name, got "
            '"acme-dev-kmeans/rollback-error"; use acme-dev-kmeans/rollback-errors or acme-dev-kmeans/rollback-latency',
        ),
    ),
    Pair(
        "capacity-count-range",  # a size is a part of each variant
        passes=_canary_of_one(2, 2),
        fails=_canary_of_one(4, 1),
        messages=(
            f"{_ROUTING}.canary_size.value: must not exceed 50 percent of the initial instance count (1), got 1; use "
            "two or more instances",
        ),
    ),
    Pair(
        "rolling-update-multiple-variants",
        passes=_rolling(),
        fails=_rolling() | NO_HOSTING | {"variants": [variant(), variant("two")]},
        messages=(
            f"{_CONFIG}.rolling_update_policy: a rolling update supports one variant, but 2 are configured; use "
            "blue_green_update_policy instead",
        ),
    ),
    Pair(
        "guardrails-on-inf1",
        passes=_rolling() | {"instance_type": "ml.inf2.xlarge"},
        fails=_rolling() | {"instance_type": "ml.inf1.xlarge"},
        messages=(
            "endpoints.kmeans.instance_type: Inf1 instances do not support deployment_config, got "
            '"ml.inf1.xlarge"; choose another type, such as ml.inf2.xlarge',
        ),
    ),
]
