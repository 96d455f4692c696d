"""Concurrent calls are processed one at a time."""

import time
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from werkzeug.test import Client

from sandbox.serialize import Serialized


class _Counting:
    """Count the calls that are processed at the same time."""

    def __init__(self) -> None:
        self.now = self.most = 0

    def __call__(self, _: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        self.now += 1
        self.most = max(self.most, self.now)
        time.sleep(0.02)
        self.now -= 1
        start_response("200 OK", [])
        yield b"done"


def _call_concurrently(application: Any) -> list[str]:
    with ThreadPoolExecutor(8) as pool:
        return list(pool.map(lambda _: Client(application).get("/").text, range(8)))


def test_calls_are_processed_one_at_a_time() -> None:
    counting = _Counting()
    assert _call_concurrently(Serialized(counting)) == ["done"] * 8
    assert counting.most == 1


def test_without_serialization_calls_overlap() -> None:
    counting = _Counting()
    _call_concurrently(counting)
    assert counting.most > 1
