"""Measure the CPU time of programs that a test starts."""

import resource
from collections.abc import Callable
from typing import TypeVar

Result = TypeVar("Result")

_ATTEMPTS = 5


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


def _cpu_of_children() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime
