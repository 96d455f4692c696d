"""The page docs/metrics.md and the table of docs/alarms.md, written from the catalog of metrics (`make schema`)."""

from collections.abc import Iterator

from protected_endpoints.aws.metrics import CONFIGURATION, METRICS, MetricDefinition
from protected_endpoints.deployment.alarm_kinds import ALARM_KINDS, AlarmKind

_INTRODUCTION = f"""\
# Metrics

These are the CloudWatch metrics that alarms, scaling policies and dashboards of this project name, with their
dimensions, units and valid statistics. A wrong one is no error in CloudWatch: the alarm never fires. A test compares
every synthesized stack with this table.

* *Published by* is what has the metric: variants by their inference option, inference components, the instances of a
  variant, or those that inference components share. Anything else has no such metric.
* *Per fleet* metrics have `{CONFIGURATION}` as another dimension during an update, with which the alarms that roll it
  back watch the new instances alone.
* `None` in *unit* is the unit of that name. Latencies are in microseconds. CPUUtilization is 100 for each vCPU, and
  GPUUtilization and GPUMemoryUtilization are 100 for each GPU, so that 80 is a fifth of an instance with four vCPUs.
* A metric of errors is 1 or 0 for each request: its average is the rate of errors, its sum their number.
* *Source* is a page of the SageMaker guide (`https://docs.aws.amazon.com/sagemaker/latest/dg/<source>.html`), read in
  November 2026. Some pages misspell `Invocation4XXErrors`, `Invocation5XXErrors` and `InvocationsProcessed`.

This page is generated from [metrics.py](../modules/protected_endpoints/aws/metrics.py) by `make schema`. Do not edit
it.
"""
_UNITS = {
    **dict.fromkeys(("cpu", "gpu", "gpu_memory", "memory", "disk"), " % of an instance"),
    **dict.fromkeys(("latency", "overhead"), " µs"),
    "backlog_age": " s",
}


def metrics_page() -> str:
    """Return the text of the page."""
    return "\n".join([_INTRODUCTION, *_namespaces()])


def _namespaces() -> Iterator[str]:
    for namespace in dict.fromkeys(metric.namespace for metric in METRICS):
        yield f"## {namespace}\n"
        yield "| metric | dimensions | unit | statistics | published by | source |"
        yield "|---|---|---|---|---|---|"
        yield from (_row(metric) for metric in METRICS if metric.namespace == namespace)
        yield ""


def _row(metric: MetricDefinition) -> str:
    dimensions = ", ".join(metric.dimensions) + (", per fleet" if metric.is_per_fleet else "")
    unit = metric.unit + (f", every {metric.resolution} s" if metric.resolution < 60 else "")
    cells = (f"`{metric.name}`", dimensions, unit, ", ".join(metric.statistics), ", ".join(metric.modes), metric.source)
    return f"| {' | '.join(cells)} |"


def alarms_table() -> str:
    """Return the table of alarms: metric, default threshold and window, and where they are on by default."""
    header = ["| alarm | metric, statistic | fires | on by default for | reason |", "|---|---|---|---|---|"]
    return "\n".join([*header, *map(_alarm, ALARM_KINDS)])


def _alarm(kind: AlarmKind) -> str:
    window = kind.window
    metrics = (", " if kind.is_split else " or ").join(f"`{name}`" for name in kind.metrics)
    threshold = f"below {kind.threshold:,}" if kind.fires_below else f"from {kind.threshold:,}"
    count = f"{window.datapoints_to_alarm} of {window.evaluation_periods} periods"
    periods = f"{'1 period' if window.evaluation_periods == 1 else count} of {window.period} s"
    cells = (
        f"`{kind.key}`",
        f"{metrics}; {kind.statistic}",
        f"{threshold}{_UNITS.get(kind.key, '')} in {periods}",
        ", ".join(kind.modes) or "off",
        kind.reason,
    )
    return f"| {' | '.join(cells)} |"
