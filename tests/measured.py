"""Measure the CPU time of programs that a test starts."""

import resource
from collections.abc import Callable
from statistics import median
from typing import TypeVar

Result = TypeVar("Result")

_ATTEMPTS = 5
_LEAST_ROUNDS, _MOST_ROUNDS = 4, 12


def assert_cpu_below(seconds: float, run: Callable[[], Result]) -> Result:
    """Return the result of `run`. Fail if its child processes use at least `seconds` of CPU time in all attempts.

    Other load on shared cores makes a program slower, up to several times, but never faster. One measurement below
    the limit proves that the limit holds; one above it proves nothing.
    """
    measured: list[float] = []
    for _ in range(_ATTEMPTS):
        before = _cpu_of_children()
        result = run()
        measured.append(_cpu_of_children() - before)
        if measured[-1] < seconds:
            return result
    attempts = ", ".join(f"{attempt:.2f}" for attempt in measured)
    raise AssertionError(f"used {attempts} CPU seconds, limit {seconds}")


def assert_cpu_ratio_below(limit: float, base: Callable[[], object], run: Callable[[], object]) -> None:
    """Fail if the child processes of `run` use at least `limit` times the CPU time of those of `base`.

    The two alternate, so that other load affects both. Two estimates of the ratio are right without other load: that of
    the least times, because it never makes a program faster, and the median of neighbors, because it changes slowly.
    It is below the limit if one of them is.
    """
    times: dict[str, list[float]] = {"base": [], "run": []}
    for number in range(1, _MOST_ROUNDS + 1):
        for name, measured in (("base", base), ("run", run)):
            before = _cpu_of_children()
            measured()
            times[name].append(_cpu_of_children() - before)
        neighbors = [run / base for base, run in zip(times["base"], times["run"], strict=True)]
        ratio = min(min(times["run"]) / min(times["base"]), median(neighbors))
        if number >= _LEAST_ROUNDS and ratio < limit:
            return
    raise AssertionError(f"used {ratio:.2f} times the CPU time, limit {limit}: {times}")


def _cpu_of_children() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime
