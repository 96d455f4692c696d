"""The bodies of dashboards: placement, what each inference option shows, thresholds, and the limits of CloudWatch."""

from itertools import combinations
from typing import Any

import pytest

from protected_endpoints.aws.metrics import METRICS, find_published
from protected_endpoints.deployment import Deployment, OperationsDeployment
from protected_endpoints.deployment.dashboard import endpoint_dashboard
from protected_endpoints.deployment.dashboard_graphs import COMPONENT_GRAPHS, SHARED_INSTANCE_GRAPHS, VARIANT_GRAPHS
from protected_endpoints.deployment.dashboard_widgets import MAX_METRICS, MAX_WIDGETS, Widget, count_metrics
from protected_endpoints.deployment.overview_dashboard import overview_dashboards
from tests.loading.support import deployment
from tests.rules.pair import NO_MODEL, component
from tests.stacks.synthesized import CONFIGURATIONS

_DEPLOYMENTS = [
    pytest.param(member, id=f"{name}-{member.names.stack}")
    for name, configuration in CONFIGURATIONS.items()
    for member in configuration.deployments
]
_for_every_endpoint = pytest.mark.parametrize("member", _DEPLOYMENTS)
_ASYNC = {"async_inference_config": {"output_config": {"s3_output_path": "s3://answers/one"}}}
_TWO_VARIANTS = {
    **NO_MODEL,
    "instance_type": None,
    "initial_instance_count": None,
    "models": {"one": {"image": "111122223333.dkr.ecr.us-west-2.amazonaws.com/one:1"}},
    "variants": [
        {"variant_name": "a", "model": "one", "instance_type": "ml.g5.xlarge", "initial_instance_count": 1},
        {"variant_name": "b", "model": "one", "instance_type": "ml.m5.2xlarge", "initial_instance_count": 1},
    ],
}


def _widgets(**changes: Any) -> list[Widget]:
    return endpoint_dashboard(deployment(**changes))["widgets"]


def _graph(widgets: list[Widget], title: str) -> dict[str, Any]:
    (graph,) = [widget["properties"] for widget in widgets if widget["properties"].get("title") == title]
    return dict(graph)


def _titles(widgets: list[Widget]) -> list[str]:
    return [str(widget["properties"].get("title")) for widget in widgets]


def _lines(graph: dict[str, Any]) -> list[str]:
    """Return the labels of the lines of a graph."""
    return [row[-1]["label"] for row in graph["metrics"] if "label" in row[-1]]


def _thresholds(graph: dict[str, Any]) -> dict[str, float]:
    lines = graph.get("annotations", {}).get("horizontal", [])
    return {line["label"]: line["value"] for line in lines}


def _bodies(member: Deployment) -> list[list[Widget]]:
    operations = OperationsDeployment(member.project, member.environment, (member,))
    return [endpoint_dashboard(member)["widgets"], *(body["widgets"] for body in overview_dashboards(operations))]


@_for_every_endpoint
def test_widgets_are_on_the_grid_and_do_not_overlap(member: Deployment) -> None:
    for widgets in _bodies(member):
        cells = [
            {(x, y) for x in range(item["x"], item["x"] + item["width"]) for y in range(item["y"], _end(item))}
            for item in widgets
        ]
        assert all(item["x"] + item["width"] <= 24 for item in widgets)
        assert all(one.isdisjoint(other) for one, other in combinations(cells, 2))


def _end(widget: Widget) -> int:
    return int(widget["y"] + widget["height"])


@_for_every_endpoint
def test_graphs_show_published_metrics_of_one_unit_with_valid_statistics(member: Deployment) -> None:
    for widget in (widget for widgets in _bodies(member) for widget in widgets if widget["type"] == "metric"):
        units = set()
        for namespace, name, *dimensions, options in (row for row in widget["properties"]["metrics"] if len(row) > 1):
            definitions = find_published(namespace, name, dimensions[::2])
            assert definitions, (namespace, name, dimensions)
            assert all(definition.allows(options["stat"]) for definition in definitions)
            units |= {definition.unit for definition in definitions}
        assert len(units) == 1, widget["properties"]["title"]


def test_tables_of_graphs_name_metrics_of_the_catalog() -> None:
    names = {metric.name for metric in METRICS}
    graphs = (*VARIANT_GRAPHS, *SHARED_INSTANCE_GRAPHS, *COMPONENT_GRAPHS)
    assert {line.metric for graph in graphs for line in graph.lines} <= names


def test_an_endpoint_on_instances_shows_requests_errors_latency_saturation_and_instances() -> None:
    assert _titles(_widgets(instance_type="ml.m5.xlarge"))[1:] == [
        "Alarms",
        "Requests",
        "Error rate (1 is every request)",
        "Latency of the model",
        "Latency that SageMaker adds",
        "CPU (100 is one vCPU)",
        "Memory and disk",
        "Concurrent requests",
        "Requests per instance",
        "Instances",
    ]


@pytest.mark.parametrize(
    ("changes", "present", "absent"),
    [
        (_ASYNC, {"Backlog", "Age of the oldest request", "Requests without a response"}, {"Requests per instance"}),
        ({"instance_type": "ml.g5.xlarge"}, {"GPU (100 is one GPU)", "GPU memory (100 is one GPU)"}, {"Backlog"}),
        (
            {
                "instance_type": None,
                "initial_instance_count": None,
                "serverless_config": {"max_concurrency": 5, "memory_size_in_mb": 2048},
            },
            {"Concurrency (1 is max_concurrency)", "Cold starts"},
            {"CPU (100 is one vCPU)", "Instances", "Requests beyond provisioned concurrency"},
        ),
        (
            {"mode": "MultiModel"},
            {"Model cache hits (1 is every request)", "Loading of models", "Models in memory"},
            set(),
        ),
        (
            {**NO_MODEL, "inference_components": {"one": component()}},
            {"Instances: CPU", "Requests per copy", "Requests without a running copy"},
            {"CPU (100 is one vCPU)", "Requests per instance"},
        ),
    ],
)
def test_an_inference_option_shows_what_it_publishes(changes: Any, present: set[str], absent: set[str]) -> None:
    titles = {*_titles(_widgets(**changes))}
    assert present <= titles
    assert absent.isdisjoint(titles)


def test_each_variant_has_a_line_and_a_metric_of_the_endpoint_has_one() -> None:
    assert _lines(_graph(_widgets(**_TWO_VARIANTS), "Requests")) == ["a requests", "b requests"]
    widgets = _widgets(**_TWO_VARIANTS, **_ASYNC)
    assert _lines(_graph(widgets, "Age of the oldest request")) == ["age"]
    # Only one of the instance types has GPUs.
    assert _lines(_graph(_widgets(**_TWO_VARIANTS), "GPU (100 is one GPU)")) == ["a GPU"]


def test_thresholds_are_in_the_unit_of_the_metric() -> None:
    widgets = _widgets(instance_type="ml.m5.2xlarge", alarms={"cpu": {"threshold": 50}, "errors": {"threshold": 0.5}})
    assert _thresholds(_graph(widgets, "CPU (100 is one vCPU)")) == {"alarm cpu": 400}
    assert _thresholds(_graph(widgets, "Error rate (1 is every request)")) == {
        "alarm errors": 0.5,
        "alarm client-errors": 0.05,
    }


def test_thresholds_that_differ_name_their_variant() -> None:
    widgets = _widgets(**_TWO_VARIANTS)
    assert _thresholds(_graph(widgets, "CPU (100 is one vCPU)")) == {"alarm a/cpu": 320, "alarm b/cpu": 640}
    assert _thresholds(_graph(widgets, "Memory and disk")) == {"alarm memory": 90, "alarm disk": 70}


def test_a_threshold_of_a_sum_over_another_period_than_that_of_the_graph_names_it() -> None:
    widgets = _widgets(alarms={"silent": {"threshold": 100}})
    assert _thresholds(_graph(widgets, "Requests")) == {"alarm silent in 300 s": 100}
    widgets = _widgets(alarms={"silent": {"threshold": 100, "period": 60}})
    assert _thresholds(_graph(widgets, "Requests")) == {"alarm silent": 100}


def test_the_default_threshold_of_a_latency_is_not_shown_and_a_configured_one_is() -> None:
    assert _thresholds(_graph(_widgets(), "Latency of the model")) == {}
    widgets = _widgets(alarms={"latency": {"threshold": 250000}})
    assert _thresholds(_graph(widgets, "Latency of the model")) == {"alarm latency": 250000}


def test_instances_are_samples_of_a_minute_between_the_bounds_of_scaling_and_its_schedule() -> None:
    night = {"name": "night", "schedule": "cron(0 20 * * ? *)", "min_capacity": 1, "max_capacity": 3}
    scaling = {"min_capacity": 2, "max_capacity": 6, "target_value": 70, "scheduled_actions": [night]}
    graph = _graph(_widgets(scaling=scaling), "Instances")
    assert _thresholds(graph) == {"minimum": 1, "maximum": 6}
    samples, expression = graph["metrics"]
    assert (samples[1], samples[-1]["stat"], samples[-1]["visible"]) == ("CPUUtilization", "SampleCount", False)
    assert expression == [{"expression": "m0 / (PERIOD(m0) / 60)", "id": "e0", "label": "AllTraffic"}]


def test_the_list_of_alarms_has_those_that_notify_and_those_that_roll_back() -> None:
    member = deployment()
    alarms = _graph(endpoint_dashboard(member)["widgets"], "Alarms")["alarms"]
    names = [alarm.name for alarm in member.metric_alarms] + [*member.rollback_alarms]
    assert alarms == [member.names.alarm_arn(name) for name in names]
    assert "arn:aws:cloudwatch:us-west-2:111122223333:alarm:acme-dev-kmeans/rollback-errors" in alarms


def test_an_endpoint_without_alarms_has_no_list_of_alarms() -> None:
    policy = {"traffic_routing_configuration": {"type": "ALL_AT_ONCE", "wait_interval_in_seconds": 60}}
    changes: Any = {
        "alarms": {"enable_alarms": False},
        "deployment_config": {"blue_green_update_policy": policy},
    }
    assert "Alarms" not in _titles(_widgets(**changes))


@pytest.mark.parametrize(("count", "pages"), [(1, 1), (124, 1), (125, 2), (300, 3)])
def test_the_dashboard_of_an_environment_has_as_many_pages_as_cloudwatch_needs(count: int, pages: int) -> None:
    members = tuple(deployment(name=f"e{number}") for number in range(count))
    operations = OperationsDeployment(members[0].project, members[0].environment, members)
    bodies = [body["widgets"] for body in overview_dashboards(operations)]
    assert len(bodies) == pages
    for widgets in bodies:
        assert len(widgets) <= MAX_WIDGETS
        assert count_metrics(widgets) <= MAX_METRICS
    shown = [title.split(":")[0] for widgets in bodies for title in _titles(widgets) if title.endswith(": requests")]
    assert shown == [member.endpoint.name for member in members]


def test_pages_have_names_that_no_endpoint_has() -> None:
    names = deployment().names
    assert [names.overview_dashboard(page) for page in (1, 2)] == ["acme-dev", "acme-dev_2"]
    assert names.dashboard == "acme-dev-kmeans"
    assert names.dashboard_arn(names.dashboard) == "arn:aws:cloudwatch::111122223333:dashboard/acme-dev-kmeans"
