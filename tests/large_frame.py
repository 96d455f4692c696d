"""Each test runs in a large frame, which is a tenth faster where calls are nested deeply, as in Hypothesis.

Python allocates frames in chunks of 16 KB, or of twice the size of a frame that is larger (`push_chunk` in
Python/pystate.c). When a loop calls a function whose frame begins a new chunk, each call allocates and frees it.
"""

from collections.abc import Callable
from typing import Any

import pytest

_POINTERS = 40_000


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_protocol(item: pytest.Item, nextitem: pytest.Item | None) -> bool:
    """Run a test as pytest does."""
    runner: Any = item.config.pluginmanager.get_plugin("runner")
    return _in_large_frame(runner.pytest_runtest_protocol, item, nextitem)


def _in_large_frame(function: Callable[..., bool], *arguments: object) -> bool:
    return function(*arguments)


_in_large_frame.__code__ = _in_large_frame.__code__.replace(co_stacksize=_POINTERS)
