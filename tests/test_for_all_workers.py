"""A server is started once for all workers, and ends with the tests."""

import os
import select
import subprocess
import sys
from pathlib import Path

import pytest

from tests.examples import ROOT
from tests.for_all_workers import FOLDER, started_once, until_tests_end

_SECONDS = 10
# The process that starts workers, whose server is a `cat`. Each line is the process of the server.
_STARTING = """
import subprocess, sys
from tests.for_all_workers import started_once, until_tests_end
def start(folder, until_closed):
    return subprocess.Popen(["cat"], stdin=until_closed, stdout=subprocess.DEVNULL).pid
with until_tests_end():
    for _ in range(2):
        print(started_once("cat", start), flush=True)
    sys.stdin.read()
"""


@pytest.mark.parametrize("killed", [False, True])
def test_a_server_is_started_once_and_ends_with_the_process_that_starts_workers(killed: bool) -> None:
    program = [sys.executable, "-c", _STARTING]
    with subprocess.Popen(program, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as starting:
        assert starting.stdin
        assert starting.stdout
        first, second = starting.stdout.readline(), starting.stdout.readline()
        assert first == second
        server = os.pidfd_open(int(first))
        if killed:
            starting.kill()
        else:
            starting.stdin.close()
        assert _ends(server)


def test_a_failed_start_is_tried_again(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(folder: Path, until_closed: int) -> str:
        raise RuntimeError("no server")

    monkeypatch.setenv(FOLDER, "")
    with until_tests_end():
        with pytest.raises(RuntimeError, match="no server"):
            started_once("a", fail)
        assert started_once("a", lambda folder, _: folder.name) == "a"
        assert started_once("a", fail) == "a"
    assert not Path(os.environ[FOLDER]).exists()


def _ends(process: int) -> bool:
    """Return whether a process ends in time. It may be no child of this process."""
    poll = select.poll()
    poll.register(process, select.POLLIN)
    return bool(poll.poll(_SECONDS * 1000))
