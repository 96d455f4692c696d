"""The metrics that endpoints publish, in simulated minutes.

A minute ends when the simulation says so (`sandbox/simulation.py`). Everything that was recorded since the end of the
previous minute happened in it.
"""

import math
from collections import defaultdict
from collections.abc import Iterable

Dimensions = frozenset[tuple[str, str]]
Key = tuple[str, str, Dimensions]

INVOCATIONS = "AWS/SageMaker"


def dimensions(**values: str) -> Dimensions:
    """Return dimensions by their names."""
    return frozenset(values.items())


class Metrics:
    """All values by metric and minute."""

    def __init__(self) -> None:
        self._minutes: list[dict[Key, list[float]]] = []
        self._current: dict[Key, list[float]] = defaultdict(list)

    @property
    def minutes(self) -> int:
        """Return the number of minutes that have ended."""
        return len(self._minutes)

    def record(self, name: str, value: float, of: Dimensions, *, namespace: str = INVOCATIONS) -> None:
        """Add a value to the current minute."""
        self._current[namespace, name, of].append(value)

    def recorded(self, name: str, of: Dimensions) -> float:
        """Return the sum of the values of the current minute."""
        return sum(self._current.get((INVOCATIONS, name, of), ()))

    def end_minute(self) -> None:
        """End the current minute."""
        self._minutes.append({**self._current})
        self._current.clear()

    def datapoint(self, key: Key, statistic_name: str, *, minutes: int, periods_ago: int) -> float | None:
        """Return a statistic over a period, the last one or an earlier one, or None without values."""
        end = len(self._minutes) - periods_ago * minutes
        period = self._minutes[max(end - minutes, 0) : max(end, 0)]
        values = [value for minute in period for value in minute.get(key, ())]
        return statistic(values, statistic_name) if values else None


def statistic(values: Iterable[float], name: str) -> float:
    """Return a statistic of CloudWatch, such as `Average` or `p99`, of at least one value."""
    ordered = sorted(values)
    if name.startswith("p"):
        return ordered[max(math.ceil(len(ordered) * float(name[1:]) / 100) - 1, 0)]
    return {
        "Average": sum(ordered) / len(ordered),
        "Maximum": ordered[-1],
        "Minimum": ordered[0],
        "SampleCount": float(len(ordered)),
        "Sum": sum(ordered),
    }[name]
