"""The web server of the emulator. It keeps connections open: a TLS handshake takes as long as most calls."""

import threading
from pathlib import Path
from typing import Any

from cheroot import wsgi
from cheroot.ssl.builtin import BuiltinSSLAdapter

from sandbox.emulator import LOOPBACK
from sandbox.serialize import Application

# The key of the connection in the environment of a request, for a fault that breaks it.
CONNECTION = "sandbox.connection"
# A call that a fault delays or holds has a thread for itself.
_THREADS = 30
# As good as no limits: a client repeats a call whose connection was closed.
_MAX_CONNECTIONS, _MAX_IDLE_SECONDS = 10_000, 86_400


# The types of this class say that it returns no environment.
_Gateway10: Any = wsgi.Gateway_10


class _Gateway(_Gateway10):  # type: ignore[misc]  # reason: see above
    def get_environ(self) -> dict[str, Any]:
        environ: dict[str, Any] = super().get_environ()
        # moto reads the path as it was sent.
        return {**environ, "RAW_URI": self.req.uri.decode("latin-1"), CONNECTION: self.req.conn.socket}


class WebServer:
    """Serve an application on a free port of the loopback address: with TLS, if it has a certificate and its key."""

    def __init__(self, application: Application, certificate: tuple[Path, Path] | None = None) -> None:
        server = wsgi.Server(
            (LOOPBACK, 0), application, numthreads=_THREADS, request_queue_size=128, timeout=_MAX_IDLE_SECONDS
        )
        server.gateway = _Gateway
        server.keep_alive_conn_limit = _MAX_CONNECTIONS
        if certificate:
            server.ssl_adapter = BuiltinSSLAdapter(*map(str, certificate))
        server.prepare()
        self.port: int = server.bind_addr[1]
        threading.Thread(target=server.serve, daemon=True).start()
