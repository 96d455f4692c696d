"""The catalog of metrics, and that synthesized stacks name no other metric, dimension, statistic or unit."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

import pytest

from protected_endpoints.aws.metrics import METRICS, Mode, find_metric, find_published
from tests.examples import ROOT

_SNAPSHOTS = sorted((ROOT / "tests" / "snapshots").glob("*/*.json"))
_MISSPELLED = ("Invocations4XXErrors", "Invocations5XXErrors", "InvocationsProcesssed")


@dataclass(frozen=True)
class Use:
    """A metric as a stack names it; `unit` is empty where the stack leaves it to CloudWatch."""

    address: str
    namespace: str
    name: str
    dimensions: frozenset[str]
    statistic: str
    period: int = 60
    unit: str = ""

    @property
    def problems(self) -> list[str]:
        """Return what the catalog does not have."""
        published = find_published(self.namespace, self.name, self.dimensions)
        if not published:
            return [f"{self.address}: no {self.namespace} {self.name} with {sorted(self.dimensions)}"]
        return [
            f"{self.address}: {self.name}: {value}"
            for value, is_valid in {
                f"statistic {self.statistic}": all(metric.allows(self.statistic) for metric in published),
                f"unit {self.unit}": self.unit in ("", *(metric.unit for metric in published)),
                f"period {self.period}": all(self.period >= metric.resolution for metric in published),
            }.items()
            if not is_valid
        ]


def alarm_uses(address: str, alarm: dict[str, Any]) -> Iterator[Use]:
    """Yield the metric of an alarm, or those of its expression."""
    metrics = [query["metric"] for query in alarm.get("metric_query", []) if "metric" in query] or [alarm]
    for metric in metrics:
        statistic = metric.get("stat") or metric.get("statistic") or metric["extended_statistic"]
        yield Use(
            address,
            metric["namespace"],
            metric["metric_name"],
            frozenset(metric["dimensions"]),
            statistic,
            metric["period"],
            metric.get("unit", ""),
        )


def policy_uses(address: str, policy: dict[str, Any]) -> Iterator[Use]:
    """Yield the metric that a scaling policy tracks by its name, unless it is one of the user in another namespace."""
    tracking = policy.get("target_tracking_scaling_policy_configuration", {})
    metric = tracking.get("customized_metric_specification")
    if metric and "sagemaker" in metric["namespace"].lower():
        dimensions = frozenset(dimension["name"] for dimension in metric["dimensions"])
        unit = metric.get("unit", "")
        yield Use(address, metric["namespace"], metric["metric_name"], dimensions, metric["statistic"], unit=unit)


def dashboard_uses(address: str, dashboard: dict[str, Any]) -> Iterator[Use]:
    """Yield the metrics of the graphs of a dashboard; a row without a name is an expression."""
    for widget in json.loads(dashboard["dashboard_body"])["widgets"]:
        properties = widget["properties"]
        for row in properties.get("metrics", []):
            names = [cell for cell in row if isinstance(cell, str)]
            options = {"period": 60, **properties, **next((cell for cell in row if isinstance(cell, dict)), {})}
            if names:
                namespace, name, *dimensions = names
                yield Use(address, namespace, name, frozenset(dimensions[::2]), options["stat"], options["period"])


_TYPES = {
    "aws_cloudwatch_metric_alarm": alarm_uses,
    "aws_appautoscaling_policy": policy_uses,
    "aws_cloudwatch_dashboard": dashboard_uses,
}


@cache
def _uses() -> tuple[Use, ...]:
    found: list[Use] = []
    for file in _SNAPSHOTS:
        resources = json.loads(file.read_text(encoding="utf-8"))["resource"]
        for type_, uses in _TYPES.items():
            for name, resource in resources.get(type_, {}).items():
                found += uses(f"{file.parent.name}/{file.stem}: {type_}.{name}", resource)
    return tuple(found)


def test_stacks_name_metrics_of_the_catalog_only() -> None:
    assert [problem for use in _uses() for problem in use.problems] == []
    assert len(_uses()) > 100


def test_every_metric_of_a_default_alarm_is_in_some_stack() -> None:
    assert {use.name for use in _uses()} >= {
        "Invocation5XXErrors",
        "ModelLatency",
        "CPUUtilization",
        "CPUUtilizationNormalized",
        "ApproximateAgeOfOldestRequest",
        "ServerlessConcurrentExecutionsUtilization",
        "ServerlessProvisionedConcurrencySpilloverInvocations",
        "NoCapacityInvocationFailures",
    }


_ALARM = {
    "namespace": "AWS/SageMaker",
    "metric_name": "Invocation5XXErrors",
    "dimensions": {"EndpointName": "a", "VariantName": "b"},
    "statistic": "Average",
    "period": 60,
}


@pytest.mark.parametrize(
    "changes",
    [
        {"namespace": "/aws/sagemaker/Endpoints"},
        {"metric_name": "Invocations5XXErrors"},
        {"dimensions": {"EndpointName": "a"}},
        {"dimensions": {"EndpointName": "a", "VariantName": "b", "InstanceId": "c"}},
        {"statistic": "Maximum"},
        {"statistic": None, "extended_statistic": "p99"},
        {"unit": "Count"},
        {"period": 10},
    ],
)
def test_another_metric_is_noticed(changes: dict[str, Any]) -> None:
    (use,) = alarm_uses("a", _ALARM)
    assert use.problems == []
    (use,) = alarm_uses("a", {**_ALARM, **changes})
    assert use.problems != []


def test_metrics_of_expressions_policies_and_dashboards_are_found() -> None:
    wrong = {"namespace": "AWS/SageMaker", "metric_name": "Latency", "stat": "Sum", "period": 60, "dimensions": {}}
    expression = {"metric_query": [{"id": "all", "expression": "MAX([m0])"}, {"id": "m0", "metric": wrong}]}
    tracked = {"namespace": "AWS/SageMaker", "metric_name": "Latency", "statistic": "Sum", "dimensions": []}
    policy = {"target_tracking_scaling_policy_configuration": {"customized_metric_specification": tracked}}
    row = ["AWS/SageMaker", "Latency", "EndpointName", "a", {"stat": "Sum"}]
    body = {"widgets": [{"properties": {"metrics": [[{"expression": "m0"}], row]}}]}
    uses = (
        *alarm_uses("a", expression),
        *policy_uses("a", policy),
        *dashboard_uses("a", {"dashboard_body": json.dumps(body)}),
    )
    assert [len(use.problems) for use in uses] == [1, 1, 1]


def test_a_name_and_a_mode_have_one_metric() -> None:
    keys = [(metric.name, mode) for metric in METRICS for mode in metric.modes]
    assert len(keys) == len({*keys})


def test_misspelled_names_are_not_in_the_catalog() -> None:
    assert {metric.name for metric in METRICS}.isdisjoint(_MISSPELLED)


@pytest.mark.parametrize(
    ("statistic", "is_valid"),
    [
        ("p99", True),
        ("p99.9", True),
        ("p0", True),
        ("p100", True),
        ("p101", False),
        ("Average", True),
        ("Median", False),
    ],
)
def test_percentiles_of_a_latency(statistic: str, is_valid: bool) -> None:
    latency = find_metric("ModelLatency", ["real-time"])
    assert latency
    assert latency.allows(statistic) == is_valid


def test_asynchronous_inference_has_no_invocations() -> None:
    modes: tuple[Mode, ...] = ("asynchronous", "instances")
    names = ("Invocations", "InvocationsPerInstance", "OverheadLatency")
    assert [find_metric(name, modes) for name in names] == [None, None, None]
