"""Answer calls in turn, though many come at once."""

import threading
from collections.abc import Callable, Iterable
from typing import Any

StartResponse = Callable[..., Any]
Application = Callable[[dict[str, Any], StartResponse], Iterable[bytes]]


class InTurn:
    """Define a WSGI application that answers one call after the other.

    moto walks through tables that another call would change meanwhile, and fails then.
    """

    def __init__(self, application: Application) -> None:
        self._application = application
        self._lock = threading.Lock()

    def __call__(self, environ: dict[str, Any], start_response: StartResponse) -> Iterable[bytes]:
        with self._lock:
            return list(self._application(environ, start_response))
