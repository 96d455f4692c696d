"""Let one synth at a time write to a project."""

import fcntl
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def only_one_synth(project: Path) -> Iterator[None]:
    """Wait until no other synth is at work in a folder: two would read what the other has half written.

    The folder itself is locked, so that nothing is left behind, and a synth that is killed holds no lock.
    """
    folder = os.open(project, os.O_RDONLY)
    try:
        _lock(folder, project)
        yield
    finally:
        os.close(folder)


def _lock(folder: int, project: Path) -> None:
    try:
        fcntl.flock(folder, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        print("waiting for another synth in this folder", file=sys.stderr)
        fcntl.flock(folder, fcntl.LOCK_EX)
    except OSError as error:  # some network file systems lock no folder
        print(f"warning: {project.resolve()} cannot be locked ({error}); run one synth at a time", file=sys.stderr)
