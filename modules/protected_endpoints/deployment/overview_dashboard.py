"""The CloudWatch dashboard of an environment: a row for each endpoint, on as many pages as CloudWatch needs."""

from collections.abc import Iterator, Sequence

from protected_endpoints.deployment.dashboard import alarm_arns, annotated_alarms, draw
from protected_endpoints.deployment.dashboard_graphs import Graph, Line
from protected_endpoints.deployment.dashboard_widgets import (
    MAX_METRICS,
    MAX_WIDGETS,
    Widget,
    alarm_list,
    count_metrics,
    place,
    text,
)
from protected_endpoints.deployment.endpoint import Deployment
from protected_endpoints.deployment.environment import OperationsDeployment
from protected_endpoints.deployment.metrics import component_sources, variant_sources

_WIDTH = 6  # four widgets in a row

_GRAPHS = (
    Graph("requests", (Line("Invocations", "Sum", "requests"), Line("InvocationsProcessed", "Sum", "processed"))),
    Graph("error rate", (Line("Invocation5XXErrors", "Average", "5xx"), Line("Invocation4XXErrors", "Average", "4xx"))),
    Graph("latency", (Line("ModelLatency", "p99", "p99"), Line("ModelLatency", "p50", "p50"))),
)


def overview_dashboards(operations: OperationsDeployment) -> list[dict[str, list[Widget]]]:
    """Return the bodies of the pages of an environment's dashboard."""
    pages = [*_pages([_row(deployment) for deployment in operations.deployments])]
    return [
        {"widgets": place([[text(_header(operations, number, len(pages)))], *page])}
        for number, page in enumerate(pages, 1)
    ]


def _row(deployment: Deployment) -> list[Widget]:
    names, endpoint, alarms = deployment.names, deployment.endpoint, annotated_alarms(deployment)
    sources = component_sources(endpoint, names) or variant_sources(endpoint, names)
    title = f"{endpoint.name}: "
    row = [*draw(deployment.environment.region, _GRAPHS, sources, alarms, prefix=title, width=_WIDTH)]
    if arns := alarm_arns(deployment):
        row.append(alarm_list(f"{title}alarms", arns, width=_WIDTH, height=6))
    return row


def _pages(rows: Sequence[list[Widget]]) -> Iterator[list[list[Widget]]]:
    """Yield as many rows as fit on a dashboard beside its header."""
    page: list[list[Widget]] = []
    widgets, metrics = 1, 0
    for row in rows:
        if page and (widgets + len(row) > MAX_WIDGETS or metrics + count_metrics(row) > MAX_METRICS):
            yield page
            page, widgets, metrics = [], 1, 0
        page.append(row)
        widgets, metrics = widgets + len(row), metrics + count_metrics(row)
    yield page


def _header(operations: OperationsDeployment, number: int, count: int) -> str:
    environment, names = operations.environment, operations.names
    pages = f" Page {number} of {count}." if count > 1 else ""
    return (
        f"# Endpoints of {names.prefix}\n\n{environment.region}, account {environment.account_id}.{pages} Terraform "
        "manages this dashboard: a change in the console is overwritten."
    )
