"""The server's side of `sandbox.faults`: which call a fault strikes, and what becomes of its answer."""

import io
import itertools
import json
import socket
import threading
import time
from collections.abc import Iterable
from fnmatch import fnmatchcase
from random import Random
from typing import Any

from werkzeug.wrappers import Request, Response

from sandbox.answers import answer, refusal
from sandbox.call_log import recorded, scope
from sandbox.faults import CONTROL, Fault
from sandbox.serialize import Application, StartResponse

_ID_OF_INVOCATION = "HTTP_AMZ_SDK_INVOCATION_ID"


class Striking:
    """Define a WSGI application in which faults strike the calls of another one.

    Calls wait here for what delays or holds them, so that it keeps nobody else waiting.
    """

    def __init__(self, application: Application) -> None:
        self._application = application
        self._ids = itertools.count()
        self._injected: dict[str, _Strikes] = {}
        self._lock = threading.Lock()

    def __call__(self, environ: dict[str, Any], start_response: StartResponse) -> Iterable[bytes]:
        request = Request(environ)
        if request.path.startswith(CONTROL):
            return self._control(request)(environ, start_response)
        strikes = self._struck(request, environ) if self._injected else None
        if strikes is None:
            return self._application(environ, start_response)
        fault = strikes.fault
        if fault.error:
            self._count(strikes)
            return refusal(scope(request)[0], fault.status, fault.error, fault.message)(environ, start_response)
        # Under its id a repeated call would get the answer that was lost; AWS keeps none.
        environ.pop(_ID_OF_INVOCATION, None)
        response = Response.from_app(self._application, environ, buffered=True)
        self._count(strikes)
        time.sleep(fault.delay)
        if fault.held:
            strikes.ended.wait()
        if fault.lost:
            environ["werkzeug.socket"].shutdown(socket.SHUT_RDWR)
            raise ConnectionError("the answer was lost")
        return response(environ, start_response)

    def _struck(self, request: Request, environ: dict[str, Any]) -> "_Strikes | None":
        body = request.get_data()
        environ["wsgi.input"] = io.BytesIO(body)  # it is read here and, for who answers, once more
        call = recorded(request, body)
        with self._lock:
            return next(
                (each for each in self._injected.values() if each.strikes(f"{call.service}:{call.action}")), None
            )

    def _count(self, strikes: "_Strikes") -> None:
        with self._lock:
            strikes.hits += 1

    def _control(self, request: Request) -> Response:
        with self._lock:
            if request.method == "POST":
                id_ = str(next(self._ids))
                self._injected[id_] = _Strikes(Fault(**json.loads(request.get_data())))
                return answer(200, {"id": id_})
            strikes = self._injected[request.path.rsplit("/", 1)[1]]
            if request.method == "DELETE":
                strikes.ended.set()
            return answer(200, {"hits": strikes.hits})


class _Strikes:
    """Count what a fault has done, which decides what it does next."""

    def __init__(self, fault: Fault) -> None:
        self.fault = fault
        self.hits = 0
        self.ended = threading.Event()
        self._matched = self._drawn = 0
        self._first: float | None = None
        self._random = Random(0)  # noqa: S311  reason: each run is to be the same

    def strikes(self, call: str) -> bool:
        fault = self.fault
        if self.ended.is_set() or not fnmatchcase(call, fault.call):
            return False
        self._matched += 1
        if self._matched <= fault.skip or self._drawn == fault.times or self._random.random() >= fault.share:
            return False
        now = time.monotonic()
        self._first = self._first or now
        if fault.seconds is not None and now - self._first > fault.seconds:
            return False
        self._drawn += 1
        return True
