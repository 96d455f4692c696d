"""Calls that come at once are answered one after the other."""

import time
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from werkzeug.test import Client

from sandbox.serialize import Serialized


class _Counting:
    """Count the calls that are answered at the same time."""

    def __init__(self) -> None:
        self.now = self.most = 0

    def __call__(self, _: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        self.now += 1
        self.most = max(self.most, self.now)
        time.sleep(0.02)
        self.now -= 1
        start_response("200 OK", [])
        yield b"done"


def _answered_at_once(application: Any) -> list[str]:
    with ThreadPoolExecutor(8) as pool:
        return list(pool.map(lambda _: Client(application).get("/").text, range(8)))


def test_one_call_is_answered_after_the_other() -> None:
    counting = _Counting()
    assert _answered_at_once(Serialized(counting)) == ["done"] * 8
    assert counting.most == 1


def test_without_turns_they_would_meet() -> None:
    counting = _Counting()
    _answered_at_once(counting)
    assert counting.most > 1
