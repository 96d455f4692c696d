"""Widgets of CloudWatch dashboards: texts, lists of alarms and graphs, placed in rows (CloudWatch, Dashboard Body)."""

from collections.abc import Iterable, Sequence
from math import ceil
from typing import Any

from protected_endpoints.deployment.alarms import MetricAlarm
from protected_endpoints.deployment.metrics import Metric

GRID_COLUMNS = 24
MAX_WIDGETS = 500  # of a dashboard (CloudWatch, service quotas)
MAX_METRICS = 2500  # of a dashboard, also those that are not shown
MAX_ALARMS = 100  # of a list of alarms
_GRAPH_HEIGHT = 6
_GRAPH_PERIOD = 60  # seconds, the default of metrics
_ALARMS_IN_A_LINE = 8
_THRESHOLD_COLOR, _BOUND_COLOR = "#d62728", "#7f7f7f"

Widget = dict[str, Any]
Annotation = dict[str, Any]


def text(markdown: str, *, height: int = 2) -> Widget:
    """Return a text over the whole width."""
    return {"type": "text", "width": GRID_COLUMNS, "height": height, "properties": {"markdown": markdown}}


def alarm_list(
    title: str, alarm_arns: Sequence[str], *, width: int = GRID_COLUMNS, height: int | None = None
) -> Widget:
    """Return the states of at most 100 alarms, by default with room for eight in a line."""
    height = height or 1 + ceil(len(alarm_arns) / _ALARMS_IN_A_LINE)
    properties = {"title": title, "alarms": [*alarm_arns][:MAX_ALARMS]}
    return {"type": "alarm", "width": width, "height": height, "properties": properties}


def graph(
    title: str,
    region: str,
    metrics: Sequence[Metric],
    *,
    width: int = 8,
    alarms: Iterable[MetricAlarm] = (),
    annotations: Iterable[Annotation] = (),
) -> Widget:
    """Return a graph of metrics of one unit, with the thresholds of the alarms about them."""
    rows = [metric.to_widget_row() for metric in metrics]
    thresholds = _thresholds(_alarms_about(metrics, alarms))
    return graph_of_rows(
        title, region, rows, unit=metrics[0].definition.unit, width=width, annotations=[*thresholds, *annotations]
    )


def graph_of_rows(
    title: str,
    region: str,
    rows: Sequence[list[object]],
    *,
    unit: str = "None",
    width: int = 8,
    annotations: Iterable[Annotation] = (),
) -> Widget:
    """Return a graph of rows of metrics and expressions, from zero."""
    axis = {"min": 0, "showUnits": False, **({} if unit == "None" else {"label": unit})}
    distinct = list({(line["label"], line["value"]): line for line in annotations}.values())
    properties = {
        "title": title,
        "region": region,
        "view": "timeSeries",
        "stacked": False,
        "metrics": [*rows],
        "yAxis": {"left": axis},
        **({"annotations": {"horizontal": distinct}} if distinct else {}),
    }
    return {"type": "metric", "width": width, "height": _GRAPH_HEIGHT, "properties": properties}


def _thresholds(alarms: Sequence[MetricAlarm]) -> list[Annotation]:
    """Return a line at each threshold, in the unit of its metric; variants with one threshold have one line."""
    values: dict[str, set[float]] = {}
    for alarm in alarms:
        values.setdefault(_short_name(alarm), set()).add(alarm.threshold)
    return [
        {
            "label": f"alarm {_short_name(alarm) if len(values[_short_name(alarm)]) == 1 else _long_name(alarm)}"
            f"{_other_period(alarm)}",
            "value": alarm.threshold,
            "color": _THRESHOLD_COLOR,
        }
        for alarm in alarms
    ]


def _other_period(alarm: MetricAlarm) -> str:
    """Return the period of a sum over another one than that of graphs: their line is lower for the same requests."""
    metric = alarm.metrics[0]
    return f" in {metric.period} s" if metric.statistic == "Sum" and metric.period != _GRAPH_PERIOD else ""


def _short_name(alarm: MetricAlarm) -> str:
    return alarm.name.rsplit("/", 1)[-1]


def _long_name(alarm: MetricAlarm) -> str:
    """Return the name with that of the variant."""
    return alarm.name.split("/", 1)[-1]


def bound(label: str, value: float) -> Annotation:
    """Return the line at a limit that is no alarm."""
    return {"label": label, "value": value, "color": _BOUND_COLOR}


def place(rows: Iterable[Sequence[Widget]]) -> list[Widget]:
    """Return the widgets with their positions. A row continues below where its widgets are wider than the grid."""
    placed: list[Widget] = []
    x = y = height = 0
    for row in rows:
        for widget in row:
            if x + widget["width"] > GRID_COLUMNS:
                x, y, height = 0, y + height, 0
            placed.append({**widget, "x": x, "y": y})
            x, height = x + widget["width"], max(height, widget["height"])
        x, y, height = 0, y + height, 0
    return placed


def count_metrics(widgets: Iterable[Widget]) -> int:
    """Return how many metrics and expressions the graphs have together."""
    return sum(len(widget["properties"].get("metrics", ())) for widget in widgets)


def _alarms_about(metrics: Sequence[Metric], alarms: Iterable[MetricAlarm]) -> list[MetricAlarm]:
    """Return the alarms about one of the metrics itself, and not about an expression."""
    shown = {(metric.definition, metric.dimensions) for metric in metrics}
    return [
        alarm
        for alarm in alarms
        if not alarm.expression and (alarm.metrics[0].definition, alarm.metrics[0].dimensions) in shown
    ]
