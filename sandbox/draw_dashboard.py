"""Draw the dashboard of an endpoint as SVG, with invented values, for docs/dashboard.md. Needs no AWS account.

Values are the same in every run. A line differs from the others by its color and its dashes, and the colors of the
picture follow the preference of the reader for light or dark.

Example:
  python -m sandbox.draw_dashboard > docs/dashboard.svg

"""

import math
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from random import Random
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from protected_endpoints.deployment.dashboard import endpoint_dashboard
from protected_endpoints.loading.load import load

_EXAMPLE, _STACK = Path(__file__).parents[1] / "tests" / "snapshots" / "dashboards.toml", "prod-scoring"
_COLUMN, _ROW, _GAP = 42, 30, 4  # pixels
_LEGEND_LINE = 14
_POINTS = 72
# Range of the invented values of each metric; latencies are in microseconds.
_RANGES: dict[str, tuple[float, float]] = {
    "Invocations": (180, 520),
    "InvocationsPerInstance": (30, 62),
    "Invocation4XXErrors": (0.002, 0.007),
    "Invocation5XXErrors": (0, 0.003),
    "ModelLatency": (40_000, 70_000),
    "OverheadLatency": (2_000, 5_000),
    "CPUUtilization": (110, 210),
    "GPUUtilization": (150, 300),
    "GPUMemoryUtilization": (250, 280),
    "MemoryUtilization": (41, 46),
    "DiskUtilization": (11, 18),
    "ConcurrentRequestsPerModel": (1, 6),
}
_OF_STATISTIC = {"p50": 1.0, "p90": 2.1, "p99": 4.2}
_STYLE = """
.page{fill:#f2f3f3}.card{fill:#fff;stroke:#d5dbdb}.grid{stroke:#e3e7e7}text{fill:#16191f;font:11px sans-serif}
.small{font-size:9px}.muted{fill:#545b64;font-size:10px}.name{font-weight:bold;font-size:12px}.head{font-weight:bold;font-size:17px}
.line{fill:none;stroke-width:1.6}.limit{stroke:#c7131f;stroke-dasharray:5 3}.limit-text{fill:#b01019;font-size:10px}
.bound{stroke:#687078;stroke-dasharray:5 3}.bound-text{fill:#545b64;font-size:10px}.ok{fill:#1d8102}
.s0{stroke:#0072b2}.s1{stroke:#b35900}.s2{stroke:#007a59}.s3{stroke:#a34c80}.s4{stroke:#5b5fc7}.s5{stroke:#6b5b00}
@media (prefers-color-scheme:dark){
.page{fill:#0f1b2a}.card{fill:#16212f;stroke:#414d5c}.grid{stroke:#2d3a49}text{fill:#e9ebed}.muted{fill:#b0b8c1}
.limit{stroke:#ff7a7a}.limit-text{fill:#ff8f8f}.bound{stroke:#9ba7b6}.bound-text{fill:#b0b8c1}.ok{fill:#7bd88f}
.s0{stroke:#56b4e9}.s1{stroke:#f0a33e}.s2{stroke:#3ecf9f}.s3{stroke:#e39cc6}.s4{stroke:#a5a8ff}.s5{stroke:#d8c64a}}
"""
_DASHES = ("", "7 3", "2 3", "9 3 2 3", "4 2", "1 2")


def draw(body: dict[str, Any], title: str) -> str:
    """Return the SVG of a dashboard body: texts, lists of alarms, and graphs with invented values."""
    widgets = body["widgets"]
    height = max(widget["y"] + widget["height"] for widget in widgets) * _ROW + 2 * _GAP
    width = 24 * _COLUMN + 2 * _GAP
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" role="img" aria-labelledby="title">',
        f'<title id="title">{escape(title)}</title>',
        f"<style>{_STYLE}</style>",
        f'<rect class="page" width="{width}" height="{height}"/>',
    ]
    for widget in widgets:
        x, y = widget["x"] * _COLUMN + 2 * _GAP, widget["y"] * _ROW + 2 * _GAP
        size = widget["width"] * _COLUMN - 2 * _GAP, widget["height"] * _ROW - 2 * _GAP
        card = f'<rect class="card" width="{size[0]}" height="{size[1]}" rx="4"/>'
        lines.append(f'<g transform="translate({x} {y})">{card}')
        lines += _DRAWN[widget["type"]](widget["properties"], *size)
        lines.append("</g>")
    return "\n".join([*lines, "</svg>", ""])


def _text(properties: dict[str, Any], _width: float, _height: float) -> Iterator[str]:
    heading, _, paragraph = properties["markdown"].partition("\n\n")
    yield f'<text class="head" x="12" y="22">{escape(heading.lstrip("# "))}</text>'
    yield f'<text class="muted" x="12" y="41">{escape(paragraph.replace("`", ""))}</text>'


def _alarms(properties: dict[str, Any], width: float, _height: float) -> Iterator[str]:
    yield f'<text class="name" x="12" y="18">{escape(properties["title"])}</text>'
    column = (width - 16) / 8
    for index, arn in enumerate(properties["alarms"]):
        x, y = 12 + index % 8 * column, 38 + index // 8 * _ROW
        yield f'<text class="ok" x="{x:.0f}" y="{y}">✓ OK</text>'
        yield f'<text class="small" x="{x + 36:.0f}" y="{y}">{escape(arn.split("/", 1)[1])}</text>'


def _graph(properties: dict[str, Any], width: float, height: float) -> Iterator[str]:
    limits = properties.get("annotations", {}).get("horizontal", [])
    series = [*_series(properties["metrics"])]
    legend = [*_legend([label for label, _ in series], 44, width - 10)]
    left, top, right, bottom = 44, 32, width - 10, height - 12 - _LEGEND_LINE * (1 + max(row for row, _, _ in legend))
    highest = _rounded_up(
        1.1 * max([*(value for _, values in series for value in values), *(line["value"] for line in limits)])
    )

    def y(value: float) -> float:
        return bottom - (bottom - top) * value / highest

    unit = properties["yAxis"]["left"].get("label", "")
    yield f'<text class="name" x="12" y="18">{escape(properties["title"])}</text>'
    yield f'<text class="muted" x="{width - 10:.0f}" y="18" text-anchor="end">{escape(unit)}</text>'
    for value in (0, highest / 2, highest):
        yield f'<line class="grid" x1="{left}" x2="{right:.0f}" y1="{y(value):.1f}" y2="{y(value):.1f}"/>'
        yield f'<text class="muted" x="{left - 4}" y="{y(value) + 3:.1f}" text-anchor="end">{_short(value)}</text>'
    for index, (_, values) in enumerate(series):
        step = (right - left) / (_POINTS - 1)
        points = " ".join(f"{left + number * step:.1f},{y(value):.1f}" for number, value in enumerate(values))
        yield f'<polyline class="line s{index}" stroke-dasharray={quoteattr(_DASHES[index])} points="{points}"/>'
    for line in limits:
        kind = "limit" if line["label"].startswith("alarm") else "bound"
        height_of_line = y(line["value"])
        ends = f'x1="{left}" x2="{right:.0f}" y1="{height_of_line:.1f}" y2="{height_of_line:.1f}"'
        yield f'<line class="{kind}" {ends}/>'
        place = f'x="{right - 4:.0f}" y="{height_of_line - 3:.1f}" text-anchor="end"'
        yield f'<text class="{kind}-text" {place}>{escape(line["label"])}</text>'
    for index, (row, x, label) in enumerate(legend):
        baseline = bottom + 16 + row * _LEGEND_LINE
        sample = f'x1="{x:.0f}" x2="{x + 16:.0f}" y1="{baseline - 3:.0f}" y2="{baseline - 3:.0f}"'
        yield f'<line class="line s{index}" stroke-dasharray={quoteattr(_DASHES[index])} {sample}/>'
        yield f'<text class="muted" x="{x + 20:.0f}" y="{baseline:.0f}">{escape(label)}</text>'


def _legend(labels: Sequence[str], left: float, right: float) -> Iterator[tuple[int, float, str]]:
    """Yield the row and the position of each label."""
    row, x = 0, left
    for label in labels:
        width = 34 + 6 * len(label)
        if x + width > right and x > left:
            row, x = row + 1, left
        yield row, x, label
        x += width


def _rounded_up(value: float) -> float:
    """Return the next number that begins with 1, 2, 4, 5 or 8."""
    magnitude = math.pow(10, math.floor(math.log10(value)))
    return next(step * magnitude for step in (1, 2, 4, 5, 8, 10) if step * magnitude >= value)


def _series(rows: Sequence[Any]) -> Iterator[tuple[str, list[float]]]:
    """Yield the label and the invented values of each visible line."""
    for row in rows:
        if isinstance(row[0], dict):  # an expression
            yield row[0]["label"], _instances()
        elif row[-1].get("visible", True):
            yield row[-1]["label"], _values(row)


def _values(row: list[Any]) -> list[float]:
    low, high = _RANGES.get(row[1], (0.2, 0.6))
    options = row[-1]
    factor = _OF_STATISTIC.get(options["stat"], 1)
    random = Random(" ".join([*row[:-1], options["stat"]]))  # noqa: S311  reason: the values of a picture
    phase = random.uniform(-0.4, 0.4)
    return [factor * (low + (high - low) * _wave(number, phase, random.random())) for number in range(_POINTS)]


def _instances() -> list[float]:
    """Return a number of instances that follows the requests."""
    return [float(2 + round(3 * _wave(number, 0, 0.5))) for number in range(_POINTS)]


def _wave(number: int, phase: float, noise: float) -> float:
    """Return a value from 0 to 1: one rise and fall, with some noise."""
    wave = (1 - math.cos(2 * math.pi * number / _POINTS + phase)) / 2
    return min(1.0, max(0.0, 0.8 * wave + 0.2 * noise))


def _short(value: float) -> str:
    if value >= 1000:
        return f"{value / 1000:.0f}k"
    return f"{value:.3g}"


_DRAWN = {"text": _text, "alarm": _alarms, "metric": _graph}


def example() -> str:
    """Return the picture of the documentation."""
    (deployment,) = [member for member in load(_EXAMPLE).deployments if member.names.stack == _STACK]
    name = deployment.names.dashboard
    return draw(endpoint_dashboard(deployment), f"The CloudWatch dashboard {name}, with invented values")


if __name__ == "__main__":
    sys.stdout.write(example())
