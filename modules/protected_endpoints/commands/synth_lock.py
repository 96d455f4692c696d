"""Allow one synth at a time in a project folder."""

import fcntl
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def only_one_synth(project: Path) -> Iterator[None]:
    """Wait until no other synth runs in a folder: each would read files that the other has written in part.

    The folder itself is locked, so no lock file remains, and a synth that is killed releases its lock.
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
    except OSError as error:  # some network file systems cannot lock a folder
        print(f"warning: {project.resolve()} cannot be locked ({error}); run one synth at a time", file=sys.stderr)
