"""Plans for the rules of `serving`."""

from typing import Any

from tests.review.cases.shapes import (
    CONFIGURATION,
    ENDPOINT,
    ENDPOINT_UPDATED,
    LOGS,
    MODEL,
    Cases,
    new,
    updated,
    updating,
)
from tests.review.fragments import DEPLOYED, NEW_FIRST, OLD_FIRST, Json, change, configuration

_ANOTHER = "aws_sagemaker_endpoint.Another"
_SHADOW = {"variant_name": "S", "instance_type": "ml.m5.xlarge", "initial_instance_count": 1}


def _weighted(*weights: float) -> Json:
    (variant,) = DEPLOYED[CONFIGURATION]["production_variants"]
    named = [{"variant_name": f"V{number}", "initial_variant_weight": weight} for number, weight in enumerate(weights)]
    return {"production_variants": [{**variant, **changes} for changes in named]}


def _conditions(status: str, of: str = ENDPOINT) -> list[Json]:
    """Return the status of the conditions of a resource in the form of a plan."""
    return [
        {
            "address": {"to_display": of},
            "instances": [{"address": {"to_display": of}, "status": status}],
            "status": status,
        }
    ]


def _updated_to_unknown(status: str, of: str = _ANOTHER) -> dict[str, Any]:
    """Return an endpoint that is updated to a configuration with an unknown name, and a condition."""
    unknown = {"after_unknown": {"endpoint_config_name": True}}
    updated_ = change(_ANOTHER, {"name": "e", "endpoint_config_name": "a"}, {"name": "e"}, ("update",), **unknown)
    return {"others": [updated_], "checks": _conditions(status, of)}


_RENAMED = {"name": "acme-dev-kmeans-v2"}

CASES: Cases = [
    # The same name under another address, as for a model with the same content that gets a name in endpoints.toml.
    (
        "name-collision",
        {
            "changed": {MODEL: "delete"},
            "others": [change("aws_sagemaker_model.Model-one", None, DEPLOYED[MODEL], ("create",))],
        },
        {
            "changed": {MODEL: "delete"},
            "others": [change("aws_sagemaker_model.Model-one", None, {**DEPLOYED[MODEL], "name": "b"}, ("create",))],
        },
    ),
    ("endpoint-down", {"changed": {ENDPOINT: (NEW_FIRST, _RENAMED)}}, {"changed": {ENDPOINT: (NEW_FIRST, {})}}),
    ("endpoint-down", {"changed": {ENDPOINT: (OLD_FIRST, {"name": "b"})}}, {"changed": ENDPOINT_UPDATED}),
    ("endpoint-down", {"changed": {ENDPOINT: "delete"}}, {"changed": {LOGS: "delete"}}),
    (
        "stale-serving",
        {"changed": {CONFIGURATION: (OLD_FIRST, {"kms_key_arn": "x"})}},
        {"changed": {**updated({"name": "acme-dev-kmeans-2"})}},
    ),
    (
        "stale-serving",
        {"changed": {MODEL: (NEW_FIRST, {"enable_network_isolation": False})}},
        {"changed": {MODEL: new({"name": "new"}), **updated(configuration(model_name="new"))}},
    ),
    (
        "serving-destroyed-first",
        {"changed": {CONFIGURATION: (OLD_FIRST, {"name": "b"}), **ENDPOINT_UPDATED}},
        {"changed": updated({"name": "b"})},
    ),
    (
        "serving-destroyed-first",
        {"changed": {CONFIGURATION: "delete"}},
        {"changed": {CONFIGURATION: "delete", ENDPOINT: {"endpoint_config_name": "another"}}},
    ),
    (
        "serving-destroyed-first",
        {"changed": {MODEL: "delete"}},
        {"changed": {MODEL: "delete", **updated(configuration(model_name="another"))}},
    ),
    (
        "name-collision",
        {"changed": {MODEL: new({"enable_network_isolation": False})}},
        {"changed": {MODEL: new({"name": "new"})}},
    ),
    (
        "name-collision",
        {
            "changed": {MODEL: (NEW_FIRST, {"name": "a"})},
            "others": [{**change(MODEL, {"name": "a"}, None, ("delete",)), "deposed": "0123"}],
        },
        {
            "changed": {MODEL: (NEW_FIRST, {"name": "a"})},
            "others": [{**change(MODEL, {"name": "b"}, None, ("delete",)), "deposed": "0123"}],
        },
    ),
    (
        "single-instance",
        {"changed": updated(configuration(initial_instance_count=1))},
        {"changed": updated({**configuration(), "shadow_production_variants": [_SHADOW]})},
    ),
    (
        "single-instance",
        {"changed": updated(configuration(initial_instance_count=1))},
        {"changed": updated(configuration(initial_instance_count=3))},
    ),
    (
        "capacity-changed",
        {"changed": updated(configuration(initial_instance_count=4))},
        {"changed": updated(configuration())},
    ),
    (
        "traffic-changed",
        updating("aws_sagemaker_endpoint_configuration.C", _weighted(9, 1), _weighted(1, 1)),
        updating("aws_sagemaker_endpoint_configuration.C", _weighted(9, 1), _weighted(18, 2)),
    ),
    ("rollback-unseen", {"changed": ENDPOINT_UPDATED}, {"changed": {ENDPOINT: {"tags": {"a": "b"}}}}),
    # If the name is known, the plan already evaluates the condition.
    ("rollback-unseen", {"changed": ENDPOINT_UPDATED}, {"changed": ENDPOINT_UPDATED, "checks": _conditions("pass")}),
    ("rollback-unseen", _updated_to_unknown("pass"), _updated_to_unknown("unknown")),
    ("rollback-unseen", _updated_to_unknown("unknown", of=ENDPOINT), _updated_to_unknown("unknown")),
]
