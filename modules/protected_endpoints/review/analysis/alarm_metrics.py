"""The metrics whose largest value an alarm compares with its threshold: one, or those of several variants."""

import json
from collections.abc import Callable, Mapping

from protected_endpoints.review.plan.plan import Change
from protected_endpoints.review.plan.values import Json, as_dict, as_list, first_block, identifier

# The dimension by which an alarm sees the new fleet of an update alone: each update changes it.
FLEET = "EndpointConfigName"
# What these arguments say, the metrics do.
ARGUMENTS = {
    "dimensions",
    "evaluate_low_sample_count_percentiles",
    "extended_statistic",
    "metric_name",
    "metric_query",
    "namespace",
    "period",
    "statistic",
    "unit",
}
_VARIANT = "VariantName"
_METRIC = ("dimensions", "metric_name", "namespace", "period", "stat", "unit")


def follows_variants(alarm: Change, fleets: Mapping[str, object], variants_of: Callable[[str], set[str]]) -> bool:
    """Return whether an alarm evaluates the same metric of other variants: of all that there are after the plan.

    `variants_of` returns the names of the variants of an endpoint after the plan, and none if they are unknown.
    """
    before, after = _metrics(alarm.before), _metrics(alarm.after)
    if not before or not after:
        return False
    for metric in before:
        metric["dimensions"] = {**metric["dimensions"], **_fleet(metric["dimensions"], fleets)}
    old, variants = ({str(metric["dimensions"].get(_VARIANT)) for metric in side} for side in (before, after))
    return (
        old != variants
        and {*map(_of_any_variant, after)} == {*map(_of_any_variant, before)}
        and len({*map(_of_any_variant, after)}) == 1
        and variants == variants_of(str(after[0]["dimensions"].get("EndpointName")))
    )


def _metrics(alarm: Json | None) -> list[Json]:
    """Return the metrics of an alarm, and none if it evaluates them in another way."""
    attributes = as_dict(alarm)
    queries = [*map(as_dict, as_list(attributes.get("metric_query")))]
    if not queries:
        statistic = attributes.get("statistic") or attributes.get("extended_statistic")
        return _known([_metric({**attributes, "stat": statistic})])
    expressions = [query for query in queries if query.get("expression")]
    metrics = [query for query in queries if not query.get("expression")]
    ids = ", ".join(sorted(str(query.get("id")) for query in metrics))
    is_largest = [query.get("expression") for query in expressions] == [f"MAX([{ids}])"]
    is_plain = not any(query.get("account_id") or query.get("return_data") for query in metrics)
    return _known([_metric(first_block(query.get("metric"))) for query in metrics]) if is_largest and is_plain else []


def _metric(metric: Json) -> Json:
    return {key: metric.get(key) or None for key in _METRIC}


def _known(metrics: list[Json]) -> list[Json]:
    """Return the metrics if each of them is known to be of a variant."""
    return metrics if all(_VARIANT in as_dict(metric["dimensions"]) for metric in metrics) else []


def _fleet(dimensions: Json, fleets: Mapping[str, object]) -> Json:
    """Return the dimension of the fleet as it is after the plan."""
    name = dimensions.get(FLEET)
    return {FLEET: fleets.get(str(name), name)} if FLEET in dimensions else {}


def _of_any_variant(metric: Json) -> str:
    dimensions = {key: value for key, value in metric["dimensions"].items() if key != _VARIANT}
    return json.dumps({**metric, "dimensions": dimensions}, sort_keys=True, default=identifier)
