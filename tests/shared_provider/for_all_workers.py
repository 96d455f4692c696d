"""One server for all workers of pytest: the first that needs it starts it, and it ends with the tests."""

import fcntl
import json
import os
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from tests.shared_provider import install, started_server

# The folder of the server, in the environment of workers.
_FOLDER = "SHARED_PROVIDER_FOLDER"
_PIPE, _LOCK, _VARIABLES = "pipe", "lock", "variables.json"


@contextmanager
def until_tests_end() -> Iterator[None]:
    """Let a server that any worker starts serve until the end of the block, or of this process."""
    with tempfile.TemporaryDirectory(prefix="provider-") as folder:
        os.environ[_FOLDER] = folder
        pipe = Path(folder) / _PIPE
        os.mkfifo(pipe)
        # Opened for reading as well, because opening it for writing alone waits for a reader.
        descriptor = os.open(pipe, os.O_RDWR)
        try:
            yield
        finally:
            os.close(descriptor)


def folder_of_provider() -> Path:
    """Return the folder in which the provider is installed."""
    return Path(os.environ[_FOLDER])


def variables(environment: Mapping[str, str]) -> dict[str, str]:
    """Return the environment variable that attaches runs to the server, which is started if it was not.

    No variable outside of Linux, where the server could not know the environment of a run.
    """
    if sys.platform != "linux":
        return {}
    folder = folder_of_provider()
    file = folder / _VARIABLES
    with (folder / _LOCK).open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not file.exists():
            install(folder, environment)
            with (folder / _PIPE).open("rb", buffering=0) as pipe:
                _, attaching = started_server(folder, pipe.fileno())
            file.write_text(json.dumps(attaching))
        attaching = json.loads(file.read_text())
    return dict(attaching)
