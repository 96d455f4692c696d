"""Process concurrent calls one at a time."""

import threading
from collections.abc import Callable, Iterable
from typing import Any

StartResponse = Callable[..., Any]
Application = Callable[[dict[str, Any], StartResponse], Iterable[bytes]]


class Serialized:
    """A WSGI application that passes calls to another one, one at a time.

    moto iterates over its tables and fails if another call changes them meanwhile.
    """

    def __init__(self, application: Application) -> None:
        self._application = application
        self._lock = threading.Lock()

    def __call__(self, environ: dict[str, Any], start_response: StartResponse) -> Iterable[bytes]:
        with self._lock:
            return list(self._application(environ, start_response))
