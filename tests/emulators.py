"""Emulators that are forked from a process that has loaded moto, instead of loading it each time.

`python -m tests.emulators FOLDER` serves until standard input is closed.
"""

import gc
import os
import socket
import subprocess
import sys
import threading
from io import BufferedWriter
from pathlib import Path
from socketserver import ForkingMixIn, StreamRequestHandler, UnixStreamServer
from typing import Any

from sandbox.emulator import SETTINGS, Emulator
from tests.examples import ACCOUNT, REGION, ROOT
from tests.for_all_workers import started_once

_SOCKET = "socket"
# Loaded before the first emulator is forked; others are loaded when they are called.
_SERVICES = ("ec2", "iam", "kms", "lambda", "logs", "cloudwatch", "s3", "sagemaker", "sns", "ssm", "sts")
_SECONDS_TO_END = 10
# Objects between two collections of garbage.
_MIN_GARBAGE = 50_000


class ForkedEmulator(Emulator):
    """An emulator of the account and region of the examples, in a fork. It ends with the block or with this process."""

    def __init__(self, directory: Path) -> None:
        super().__init__(directory, account_id=ACCOUNT, region=REGION)

    def _start(self, log: BufferedWriter) -> None:
        log.close()
        self._connection = socket.socket(socket.AF_UNIX)
        self._connection.connect(started_once("emulators", _started))
        self._connection.sendall(f"{self._directory}\n".encode())
        self._connection.settimeout(0)

    def _has_ended(self) -> bool:
        try:
            return self._connection.recv(1) == b""
        except BlockingIOError:
            return False

    def _stop(self) -> None:
        self._connection.shutdown(socket.SHUT_WR)
        self._connection.settimeout(_SECONDS_TO_END)
        self._connection.recv(1)
        self._connection.close()


class _Emulators(ForkingMixIn, UnixStreamServer):
    max_children = 100


class _Handler(StreamRequestHandler):
    """Serves one emulator in a fork until the connection is closed."""

    def handle(self) -> None:
        from sandbox.server import serve

        directory = Path(self.rfile.readline().decode().rstrip("\n"))
        with (directory / "emulator.log").open("wb") as log:
            for stream in (sys.stdout, sys.stderr):
                os.dup2(log.fileno(), stream.fileno())
        serve(directory, self.rfile.read)


def _started(folder: Path, until_closed: int) -> str:
    """Start the process that is forked, and return the path of its socket."""
    server = subprocess.Popen(
        [sys.executable, "-m", "tests.emulators", str(folder)],
        cwd=ROOT,
        env={**os.environ, "MOTO_ACCOUNT_ID": ACCOUNT, **SETTINGS},
        stdin=until_closed,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert server.stdout
    return server.stdout.readline().rstrip("\n")


def _serve(folder: Path) -> None:
    gc.disable()  # until all is loaded
    from moto import backends

    from sandbox.server import extend_moto

    extend_moto()
    # Its types list the names of all services.
    backend: Any = backends.get_backend
    for name in _SERVICES:
        regions = backend(name)[ACCOUNT]
        regions[REGION if REGION in regions.regions else "aws"]
    # Garbage collection in a fork would go through all that is loaded, and copy its memory.
    gc.freeze()
    gc.set_threshold(_MIN_GARBAGE)
    gc.enable()
    address = str(folder / _SOCKET)
    with _Emulators(address, _Handler) as server:
        print(address, flush=True)
        # The thread that serves is the one that forks.
        threading.Thread(target=_shut_down_at_the_end, args=(server,), daemon=True).start()
        server.serve_forever()


def _shut_down_at_the_end(server: _Emulators) -> None:
    sys.stdin.read()
    server.shutdown()


if __name__ == "__main__":
    _serve(Path(sys.argv[1]))
