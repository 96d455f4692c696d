"""How many seconds of CPU the programs take that a test starts."""

import resource
from collections.abc import Callable
from typing import TypeVar

Result = TypeVar("Result")

_TRIES = 5


def within(seconds: float, run: Callable[[], Result]) -> Result:
    """Return what `run` returns, or fail where its child processes take more CPU seconds than that at their best.

    What else runs on the same cores makes a program slower and never quicker, up to several times where cores are
    shared: one measurement under the bound shows that it holds, and one above it shows nothing.
    """
    taken = []
    for _ in range(_TRIES):
        before = _of_children()
        result = run()
        taken.append(_of_children() - before)
        if taken[-1] < seconds:
            return result
    raise AssertionError(f"took {', '.join(f'{each:.2f}' for each in taken)} CPU seconds, and {seconds} are allowed")


def _of_children() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime
