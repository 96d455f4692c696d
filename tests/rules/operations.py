"""The topic of an environment's alarms, and dashboards."""

from typing import Any

from tests.loading.support import Table
from tests.rules.pair import NO_MODEL, Pair, component


def _alarms(**settings: Any) -> Table:
    return {"in_environment": {"alarms": settings}}


def _with_components(count: int) -> Table:
    components = {f"c{number}": component() for number in range(count)}
    return {**NO_MODEL, "create_dashboard": True, "inference_components": components}


PAIRS = [
    Pair(
        "operations-stack-name-conflict",
        passes={"name": "operations"},
        fails={"name": "operations", **_alarms(create_topic=True)},
        messages=(
            "endpoints.operations: the name is that of the operations stack of environment dev; rename the endpoint, "
            "or remove create_topic and create_dashboard from the environment",
        ),
    ),
    Pair(
        "dashboard-too-large",
        passes=_with_components(9),
        fails=_with_components(70),
        messages=(
            "endpoints.kmeans.create_dashboard: the dashboard would have 570 widgets and 919 metrics, but "
            "CloudWatch accepts 500 and 2500, got true; remove it, or split the inference components into several "
            "endpoints",
        ),
    ),
]
