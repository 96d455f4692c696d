"""The CloudWatch dashboard of an endpoint: its alarms, and graphs of what its inference option publishes."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from protected_endpoints.aws.metrics import ENDPOINT
from protected_endpoints.deployment.alarms import MetricAlarm
from protected_endpoints.deployment.dashboard_graphs import (
    COMPONENT_GRAPHS,
    SHARED_INSTANCE_GRAPHS,
    VARIANT_GRAPHS,
    Graph,
    Line,
)
from protected_endpoints.deployment.dashboard_widgets import (
    MAX_ALARMS,
    Annotation,
    Widget,
    alarm_list,
    bound,
    graph,
    graph_of_rows,
    place,
    text,
)
from protected_endpoints.deployment.endpoint import Deployment
from protected_endpoints.deployment.endpoint_alarms import threshold_scale
from protected_endpoints.deployment.metrics import Metric, MetricSource, component_sources, variant_sources


def endpoint_dashboard(deployment: Deployment) -> dict[str, list[Widget]]:
    """Return the body of the dashboard of an endpoint."""
    region, names, endpoint = deployment.environment.region, deployment.names, deployment.endpoint
    alarms, arns = annotated_alarms(deployment), alarm_arns(deployment)
    variants = variant_sources(endpoint, names)
    graphs = SHARED_INSTANCE_GRAPHS if endpoint.uses_inference_components else VARIANT_GRAPHS
    rows = [
        [text(_header(deployment))],
        [alarm_list("Alarms", arns[start : start + MAX_ALARMS]) for start in range(0, len(arns), MAX_ALARMS)],
        [*draw(region, graphs, variants, alarms), *_instance_counts(deployment, variants)],
    ]
    for component in component_sources(endpoint, names):
        rows += [[text(f"## Component {component.component}")], [*draw(region, COMPONENT_GRAPHS, [component], alarms)]]
    return {"widgets": place(rows)}


def alarm_arns(deployment: Deployment) -> list[str]:
    """Return the ARNs of the alarms that notify people or roll back an update, without those that scale."""
    alarms = [*(alarm.name for alarm in deployment.metric_alarms), *deployment.rollback_alarms]
    return [deployment.names.alarm_arn(name) for name in dict.fromkeys(alarms)]


def annotated_alarms(deployment: Deployment) -> list[MetricAlarm]:
    """Return the alarms whose thresholds graphs show.

    The defaults for latencies are limits, far above the latencies of most models: a line there would flatten
    the others.
    """
    settings = deployment.endpoint.alarms
    latencies = {"ModelLatency": settings.latency, "OverheadLatency": settings.overhead}
    defaults = {name for name, setting in latencies.items() if not getattr(setting, "threshold", None)}
    return [alarm for alarm in deployment.metric_alarms if alarm.metrics[0].definition.name not in defaults]


def draw(
    region: str,
    graphs: Iterable[Graph],
    sources: Sequence[MetricSource],
    alarms: Sequence[MetricAlarm],
    *,
    prefix: str = "",
    width: int = 8,
) -> Iterator[Widget]:
    """Yield the graphs of what the variants or components publish, with a line for each of them."""
    for item in graphs:
        if metrics := _metrics(item, sources):
            yield graph(f"{prefix}{item.title}", region, metrics, width=width, alarms=alarms)


def _metrics(item: Graph, sources: Sequence[MetricSource]) -> list[Metric]:
    """Return the lines of a graph, without those of GPUs that instances do not have.

    A metric of the endpoint has one line, also with several variants.
    """
    metrics = (
        _metric(line, source, is_single=len(sources) == 1)
        for line in item.lines
        for source in sources
        if (definition := source.definition(line.metric)) and threshold_scale(definition, source) != 0
    )
    return [*dict.fromkeys(metrics)]


def _metric(line: Line, source: MetricSource, *, is_single: bool) -> Metric:
    metric = source.metric(line.metric, line.statistic)
    is_shared = is_single or metric.definition.dimensions == ENDPOINT
    return replace(metric, label=line.label if is_shared else f"{_name(source)} {line.label}")


def _name(source: MetricSource) -> str:
    return source.component or (source.variant.variant_name if source.variant else "")


def _instance_counts(deployment: Deployment, variants: Sequence[MetricSource]) -> Iterator[Widget]:
    """Yield the graph of the instances of each variant.

    An instance sends CPUUtilization once a minute, so that their number is the number of samples in a minute.
    """
    with_instances = [source for source in variants if source.definition("CPUUtilization")]
    rows: list[list[object]] = []
    for number, source in enumerate(with_instances):
        samples = source.metric("CPUUtilization", "SampleCount")
        expression = {"expression": f"m{number} / (PERIOD(m{number}) / 60)", "id": f"e{number}", "label": _name(source)}
        rows += [samples.to_widget_row(id=f"m{number}", visible=False), [expression]]
    if rows:
        yield graph_of_rows("Instances", deployment.environment.region, rows, annotations=_bounds(deployment))


def _bounds(deployment: Deployment) -> list[Annotation]:
    """Return the lowest and the highest number of instances that scaling and its schedule set for each variant."""
    return [
        bound(label if len(deployment.endpoint.production_variants) == 1 else f"{target.variant} {label}", value)
        for target in deployment.scaling_targets
        if target.variant_index is not None
        for label, value in (("minimum", target.lowest_capacity), ("maximum", target.highest_capacity))
    ]


def _header(deployment: Deployment) -> str:
    names, environment = deployment.names, deployment.environment
    return (
        f"# Endpoint {names.endpoint_name}\n\n{environment.region}, account {environment.account_id}. Logs: "
        f"`{names.log_group}`. Terraform manages this dashboard: a change in the console is overwritten."
    )
