"""The limits of scaling, and what can be scaled."""

from typing import Any

from tests.loading.support import Table
from tests.rules.pair import NO_HOSTING, REASON, Pair, component, components, variant, variants

ASYNC: Table = {
    "async_inference_config": {"output_config": {"s3_output_path": "s3://my-answers/kmeans"}},
    "data_capture": {"enable_capture": False},
}
_PATH = "endpoints.kmeans.scaling"
_SHARED = {"min_instance_count": 1, "max_instance_count": 2}


def scaling(minimum: int = 2, maximum: int = 4, **changes: Any) -> Table:
    """Return the table of a variant that scales by its invocations."""
    return {"min_capacity": minimum, "max_capacity": maximum, "target_value": 70, **changes}


def scaled(minimum: int = 2, maximum: int = 4, **changes: object) -> Table:
    """Return the example with scaling, with changes of its table, and the default number of instances."""
    return {"initial_instance_count": None, "scaling": scaling(minimum, maximum, **changes)}


def action(name: str = "night", **changes: object) -> Table:
    """Return a scheduled action at night."""
    return {"name": name, "schedule": "cron(0 20 * * ? *)", "min_capacity": 2, **changes}


def provisioned(concurrency: int | None = 2, **changes: object) -> Table:
    """Return the example with provisioned concurrency that scales."""
    config = {"memory_size_in_mb": 1024, "max_concurrency": 10, "provisioned_concurrency": concurrency}
    table = scaling(2, 4, target_value=0.7, **changes)
    return {**NO_HOSTING, "relax": {"network_isolation": REASON}, "serverless_config": config, "scaling": table}


def _shared(managed: Table | None, **changes: Any) -> Table:
    scaled_component = component(scaling=scaling(**changes))
    return components({"one": scaled_component}, managed_instance_scaling=managed, initial_instance_count=1)


PAIRS = [
    Pair(
        "scaling-bounds",
        passes=scaled(2, 2),
        fails=scaled(5, 4),
        messages=(f"{_PATH}.min_capacity: must not exceed max_capacity (4), got 5; set it to 4 or less",),
    ),
    Pair(
        "scaling-bounds",
        passes=scaled() | {"initial_instance_count": 4},
        fails=scaled() | {"initial_instance_count": 5},
        messages=(
            "endpoints.kmeans.initial_instance_count: must not exceed max_capacity of scaling (4), got 5; set it to 4 "
            "or less",
        ),
    ),
    Pair(
        "scaling-bounds",
        passes=provisioned(),
        fails=provisioned(1),
        messages=(
            "endpoints.kmeans.serverless_config.provisioned_concurrency: must not be less than min_capacity of scaling "
            "(2), because an update sets it, got 1; set it to 2 or more",
        ),
    ),
    Pair(
        "scaling-bounds",
        passes=components({"one": component(scaling=scaling(2, 4))}),
        fails=components({"one": component(scaling=scaling(2, 4), copy_count=5)}),
        messages=(
            "endpoints.kmeans.inference_components.one.copy_count: must not exceed max_capacity of scaling (4), got 5; "
            "set it to 4 or less",
        ),
    ),
    Pair(
        "scaling-above-max-concurrency",
        passes=provisioned(scheduled_actions=[action(max_capacity=10)]),
        fails=provisioned(max_capacity=11, scheduled_actions=[action(max_capacity=12)]),
        messages=(
            f"{_PATH}.max_capacity: must not exceed max_concurrency of serverless_config (10), got 11; set it to 10 or "
            "less",
            f"{_PATH}.scheduled_actions[0].max_capacity: must not exceed max_concurrency of serverless_config (10), "
            "got 12; set it to 10 or less",
        ),
    ),
    Pair(
        "scaling-to-zero",
        passes=scaled(0, 1, target_value=5, scheduled_actions=[action(min_capacity=0, max_capacity=1)]) | ASYNC,
        fails=scaled(0, 1, scheduled_actions=[action(min_capacity=0, max_capacity=0)]),
        messages=tuple(
            f"{_PATH}.{key}: instances of a real-time endpoint cannot be scaled to zero, got 0; set it to 1 or more, "
            "or use async_inference_config or inference components, which can"
            for key in ("min_capacity", "scheduled_actions[0].min_capacity", "scheduled_actions[0].max_capacity")
        ),
    ),
    Pair(
        "scaling-to-zero",
        passes=provisioned(),
        fails=provisioned(scheduled_actions=[action(min_capacity=0)]),
        messages=(
            f"{_PATH}.scheduled_actions[0].min_capacity: provisioned concurrency cannot be scaled to zero, got 0; set "
            "it to 1 or more, or use async_inference_config or inference components, which can",
        ),
    ),
    Pair(
        "scaling-without-provisioned-concurrency",
        passes=provisioned(),
        fails=provisioned(None),
        messages=(
            "endpoints.kmeans.serverless_config.provisioned_concurrency: required with scaling, which changes it; "
            "without it, serverless inference scales by itself; add provisioned_concurrency = 2, or remove scaling",
        ),
    ),
    Pair(
        "scaling-burstable-instances",
        passes=scaled() | {"instance_type": "ml.m5.large"},
        fails=scaled() | {"instance_type": "ml.t2.large"},
        messages=(
            "endpoints.kmeans.instance_type: scaling does not support burstable instances, got "
            '"ml.t2.large"; choose another type, such as ml.m5.large, or remove scaling',
        ),
    ),
    Pair(
        "scaling-shadow-variant",
        passes=variants(variant(scaling=scaling())) | {"shadow_variants": [variant("shadow")]},
        fails=variants(variant()) | {"shadow_variants": [variant("shadow", scaling=scaling())]},
        messages=(
            "endpoints.kmeans.shadow_variants[0].scaling: AWS does not document scaling of shadow variants; remove it, "
            "and set initial_instance_count for the highest load",
        ),
    ),
    Pair(
        "scaling-shared-instances",
        passes=_shared(_SHARED),
        fails=components({"one": component()}, scaling=scaling(0, 3), initial_instance_count=1),
        messages=(
            f"{_PATH}: the instances of inference components are scaled by managed_instance_scaling; set "
            "managed_instance_scaling = { min_instance_count = 0, max_instance_count = 3 } instead, and scaling in an "
            "inference component for its copies",
        ),
    ),
    Pair(
        "scaling-shared-instances",
        passes=_shared(_SHARED),
        fails=components(
            {"one": component()}, managed_instance_scaling=_SHARED, scaling=scaling(1, 2), initial_instance_count=1
        ),
        messages=(
            f"{_PATH}: the instances of inference components are scaled by managed_instance_scaling; remove it, and "
            "set scaling in an inference component to scale its copies",
        ),
    ),
    Pair(
        "scaling-keeps-instances",
        passes=_shared({"min_instance_count": 0, "max_instance_count": 2}, minimum=0),
        fails=_shared(_SHARED, minimum=0),
        messages=(
            "endpoints.kmeans.inference_components.one.scaling: instances of variant AllTraffic keep running without "
            "copies, unless their own minimum is 0; set managed_instance_scaling.min_instance_count = 0 in the variant "
            "to delete them",
        ),
    ),
    Pair(
        "scaling-reset",
        passes=scaled(2, 5, scheduled_actions=[action(min_capacity=3)]),
        fails=scaled(2, 5),
        messages=(
            "endpoints.kmeans.scaling: each update of the endpoint resets up to 5 instances to 2; deploy at low "
            "load, or set min_capacity and initial_instance_count to the present number for the deployment",
        ),
    ),
    Pair(
        "scaling-reset",
        passes=provisioned(),
        fails=provisioned(max_capacity=8),
        messages=(
            "endpoints.kmeans.scaling: each update of the endpoint resets up to 8 provisioned invocations to 2; "
            "deploy at low load, or set min_capacity and provisioned_concurrency to the present number for the "
            "deployment",
        ),
    ),
]
