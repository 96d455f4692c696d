"""The server side of `sandbox.faults`: which calls a fault affects, and what happens to their responses."""

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

from sandbox.call_log import to_call
from sandbox.faults import CONTROL, Fault
from sandbox.responses import error_response, json_response
from sandbox.serialize import Application, StartResponse
from sandbox.web_server import CONNECTION

_ID_OF_INVOCATION = "HTTP_AMZ_SDK_INVOCATION_ID"


class FaultInjector:
    """A WSGI application that injects faults into the calls to another one.

    It is outside of the serialized application, so that a delayed or held call does not delay others.
    """

    def __init__(self, application: Application) -> None:
        self._application = application
        self._ids = itertools.count()
        self._active: dict[str, _ActiveFault] = {}
        self._lock = threading.Lock()

    def __call__(self, environ: dict[str, Any], start_response: StartResponse) -> Iterable[bytes]:
        request = Request(environ)
        if request.path.startswith(CONTROL):
            return self._control(request)(environ, start_response)
        active = self._matching_fault(request, environ) if self._active else None
        if active is None:
            return self._application(environ, start_response)
        fault = active.fault
        if fault.error:
            self._count(active)
            return error_response(request, fault.status, fault.error, fault.message)(environ, start_response)
        # With this id, the sandbox would send the lost response again for a repeated call, which AWS does not.
        environ.pop(_ID_OF_INVOCATION, None)
        response = Response.from_app(self._application, environ, buffered=True)
        self._count(active)
        time.sleep(fault.delay)
        if fault.held:
            active.ended.wait()
        if fault.lost:
            environ[CONNECTION].shutdown(socket.SHUT_RDWR)
            raise ConnectionError("the response was lost")
        return response(environ, start_response)

    def _matching_fault(self, request: Request, environ: dict[str, Any]) -> "_ActiveFault | None":
        body = request.get_data()
        environ["wsgi.input"] = io.BytesIO(body)  # read here, and again by the application
        call = to_call(request, body)
        with self._lock:
            return next(
                (active for active in self._active.values() if active.affects(f"{call.service}:{call.action}")), None
            )

    def _count(self, active: "_ActiveFault") -> None:
        with self._lock:
            active.hits += 1

    def _control(self, request: Request) -> Response:
        with self._lock:
            if request.method == "POST":
                id_ = str(next(self._ids))
                self._active[id_] = _ActiveFault(Fault(**json.loads(request.get_data())))
                return json_response(200, {"id": id_})
            active = self._active[request.path.rsplit("/", 1)[1]]
            if request.method == "DELETE":
                active.ended.set()
            return json_response(200, {"hits": active.hits})


class _ActiveFault:
    """A fault with the counters that decide whether it affects the next call."""

    def __init__(self, fault: Fault) -> None:
        self.fault = fault
        self.hits = 0
        self.ended = threading.Event()
        self._matched = self._affected = 0
        self._first: float | None = None
        self._random = Random(0)  # noqa: S311  reason: every run has to be the same

    def affects(self, call: str) -> bool:
        fault = self.fault
        if self.ended.is_set() or not fnmatchcase(call, fault.call):
            return False
        self._matched += 1
        if self._matched <= fault.skip or self._affected == fault.times or self._random.random() >= fault.share:
            return False
        now = time.monotonic()
        self._first = self._first or now
        if fault.seconds is not None and now - self._first > fault.seconds:
            return False
        self._affected += 1
        return True
