"""Servers for all workers of pytest: the first worker that needs one starts it, and it ends with the tests."""

import fcntl
import json
import os
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

# The folder of the servers, in the environment of workers.
FOLDER = "FOLDER_FOR_ALL_WORKERS"
_PIPE, _LOCK, _ABOUT = "pipe", "lock", "about.json"


@contextmanager
def until_tests_end() -> Iterator[None]:
    """Let servers that workers start serve until the end of the block, or of this process."""
    # The path of a socket has at most 107 characters.
    with tempfile.TemporaryDirectory(prefix="tests-", dir="/tmp") as folder:
        os.environ[FOLDER] = folder
        pipe = Path(folder) / _PIPE
        os.mkfifo(pipe)
        # Opened for reading as well, because opening it for writing alone waits for a reader.
        descriptor = os.open(pipe, os.O_RDWR)
        try:
            yield
        finally:
            os.close(descriptor)


def folder_of(server: str) -> Path:
    """Return the folder of a server."""
    return Path(os.environ[FOLDER]) / server


def started_once(server: str, start: Callable[[Path, int], Any]) -> Any:
    """Return what `start` has returned in the first worker, which is called with a folder and a pipe.

    The server has to end when the pipe is closed.
    """
    folder = folder_of(server)
    folder.mkdir(exist_ok=True)
    about = folder / _ABOUT
    with (folder / _LOCK).open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not about.exists():
            with (folder.parent / _PIPE).open("rb", buffering=0) as pipe:
                started = start(folder, pipe.fileno())
            about.write_text(json.dumps(started))
        return json.loads(about.read_text())
