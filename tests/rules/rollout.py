"""How an update is rolled out."""

from typing import Any

from tests.loading.support import Table
from tests.rules.pair import NO_HOSTING, Pair, variant

_AT = "endpoints.kmeans.deployment_config"
_ROUTING = f"{_AT}.blue_green_update_policy.traffic_routing_configuration"


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


PAIRS = [
    Pair(
        "update-policy-conflict",
        passes=_rolling(),
        fails={"deployment_config": {**_rolling()["deployment_config"], **_blue_green()["deployment_config"]}},
        messages=(f"{_AT}.rolling_update_policy: stands beside blue_green_update_policy; leave one of the two out",),
    ),
    Pair(
        "update-policy-conflict",  # alarms alone say when to go back, not how to go
        passes=_alarms("a"),
        fails={"deployment_config": {"auto_rollback_configuration": {"alarms": [{"alarm_name": "a"}]}}},
        messages=(
            f"{_AT}.blue_green_update_policy: required where rolling_update_policy is not there, and missing; add "
            'traffic_routing_configuration = { type = "ALL_AT_ONCE", wait_interval_in_seconds = 300 } in it, for '
            "example",
        ),
    ),
    Pair(
        "traffic-routing-size",
        passes=_blue_green("CANARY", canary_size=_size(10)),
        fails=_blue_green("CANARY", linear_step_size=_size(10)),
        messages=(
            f"{_ROUTING}.canary_size: required with type CANARY, and missing; "
            'add canary_size = { type = "CAPACITY_PERCENT", value = 10 }, for example',
            f'{_ROUTING}.linear_step_size: has no effect with type CANARY; leave it out, or write type = "LINEAR"',
        ),
    ),
    Pair(
        "capacity-percent-range",
        passes=_blue_green("CANARY", canary_size=_size(50)),
        fails=_blue_green("CANARY", canary_size=_size(51)),
        messages=(f"{_ROUTING}.canary_size.value: not from 1 to 50 percent, got 51; write for example 10",),
    ),
    Pair(
        "capacity-percent-range",
        passes=_blue_green("LINEAR", linear_step_size=_size(10)),
        fails=_blue_green("LINEAR", linear_step_size=_size(9)),
        messages=(f"{_ROUTING}.linear_step_size.value: not from 10 to 50 percent, got 9; write for example 10",),
    ),
    Pair(
        "capacity-percent-range",
        passes=_rolling(_size(5), rollback_maximum_batch_size=_size(100)),
        fails=_rolling(_size(4), rollback_maximum_batch_size=_size(101)),
        messages=(
            f"{_AT}.rolling_update_policy.maximum_batch_size.value: not from 5 to 50 percent, got 4; "
            "write for example 10",
            f"{_AT}.rolling_update_policy.rollback_maximum_batch_size.value: not from 1 to 100 percent, got 101; "
            "write for example 10",
        ),
    ),
    Pair(
        "capacity-count-range",
        passes=_blue_green("CANARY", canary_size=_size(2, "INSTANCE_COUNT")),
        fails=_blue_green("CANARY", canary_size=_size(3, "INSTANCE_COUNT")),
        messages=(f"{_ROUTING}.canary_size.value: more than 50 percent of the 4 instances, got 3; write 2 or fewer",),
    ),
    Pair(
        "capacity-count-range",  # of one instance there is no part
        passes=_rolling(_size(1, "INSTANCE_COUNT")) | {"initial_instance_count": 2},
        fails=_rolling(_size(1, "INSTANCE_COUNT")) | {"initial_instance_count": 1},
        messages=(
            f"{_AT}.rolling_update_policy.maximum_batch_size.value: more than 50 percent of the 1 instances, got 1; "
            "keep two instances or more",
        ),
    ),
    Pair(
        "update-timeout-too-short",
        passes=_blue_green(policy={"maximum_execution_timeout_in_seconds": 601, "termination_wait_in_seconds": 300}),
        fails=_blue_green(policy={"maximum_execution_timeout_in_seconds": 600, "termination_wait_in_seconds": 300}),
        messages=(
            f"{_AT}.blue_green_update_policy.maximum_execution_timeout_in_seconds: the waits alone take 600 seconds, "
            "got 600; raise it, or wait less",
        ),
    ),
    Pair(
        "update-timeout-too-short",  # ten steps of ten percent
        passes=_rolling(_size(10), maximum_execution_timeout_in_seconds=3001),
        fails=_rolling(_size(10), maximum_execution_timeout_in_seconds=3000),
        messages=(
            f"{_AT}.rolling_update_policy.maximum_execution_timeout_in_seconds: the waits alone take 3000 seconds, "
            "got 3000; raise it, or wait less",
        ),
    ),
    Pair(
        "terraform-timeout",
        passes=_blue_green("LINEAR", linear_step_size=_size(10)),
        fails=_blue_green("LINEAR", linear_step_size=_size(10), wait_interval_in_seconds=361),
        messages=(
            f"{_AT}.blue_green_update_policy: may take 3610 seconds, and Terraform gives up waiting after 3600; "
            "wait less, or take more at a time",
        ),
    ),
    Pair(
        "alarm-duplicate",
        passes=_alarms("a", "b"),
        fails=_alarms("a", "b", "a"),
        messages=(
            f'{_AT}.auto_rollback_configuration.alarms[2].alarm_name: named twice, got "a"; rename one of the two',
        ),
    ),
    Pair(
        "rolling-update-multiple-variants",
        passes=_rolling(),
        fails=_rolling() | NO_HOSTING | {"variants": [variant(), variant("two")]},
        messages=(
            f"{_AT}.rolling_update_policy: takes one variant, and there are 2; write blue_green_update_policy instead",
        ),
    ),
    Pair(
        "guardrails-on-inf1",
        passes=_rolling() | {"instance_type": "ml.inf2.xlarge"},
        fails=_rolling() | {"instance_type": "ml.inf1.xlarge"},
        messages=(
            "endpoints.kmeans.instance_type: deployment_config is not offered on Inf1 instances, "
            'got "ml.inf1.xlarge"; choose another type, such as ml.inf2.xlarge',
        ),
    ),
]
