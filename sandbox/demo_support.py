"""Shared parts of the demonstrations: progress output, checks and the initial content of the account."""

import shutil
import sys
import tempfile
import threading
import time
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sandbox.emulator import Emulator

ACCOUNT, REGION = "111122223333", "us-west-2"
_PROGRESS_SECONDS = 15


class DemoFailed(Exception):
    """Raised when a demonstration does not have the expected result."""


def run_demo(demonstrate: Callable[[Path], None]) -> None:
    """Run a demonstration in a temporary folder. If it fails, exit with 1 and keep the folder."""
    scratch = Path(tempfile.mkdtemp(prefix="protected-endpoints-"))
    kept = f"All of its files, including logs, are in {scratch}"
    try:
        demonstrate(scratch)
    except KeyboardInterrupt:
        sys.exit(f"\nInterrupted. {kept}")
    except Exception as error:
        (scratch / "failure.log").write_text(traceback.format_exc())
        sys.exit(f"\nThe demonstration failed: {error}\n{kept}")
    shutil.rmtree(scratch)


def prepare_account(aws: Emulator) -> None:
    """Create what exists before the endpoint: a model artifact, an invoker's role and a role without access."""
    s3, iam = aws.client("s3"), aws.client("iam")
    s3.create_bucket(Bucket="my-bucket", CreateBucketConfiguration={"LocationConstraint": REGION})
    s3.put_object(Bucket="my-bucket", Key="model.tar.gz", Body=b"a model")
    for role in ("checkout-api", "stranger"):
        iam.create_role(RoleName=role, AssumeRolePolicyDocument='{"Version":"2012-10-17","Statement":[]}')


def expect(condition: Any, message: str) -> None:
    """Raise `DemoFailed` with a message if a condition is false."""
    if not condition:
        raise DemoFailed(message)


def say(text: str) -> None:
    """Print an indented line immediately."""
    print(f"  {text}", flush=True)


@contextmanager
def progress(step: str) -> Iterator[None]:
    """Print a step, the time since its start at intervals, and its duration at the end."""
    started, done = time.monotonic(), threading.Event()
    print(f"\n{step} …", flush=True)

    def tick() -> None:
        while not done.wait(_PROGRESS_SECONDS):
            say(f"… {time.monotonic() - started:.0f} s")

    thread = threading.Thread(target=tick, daemon=True)
    thread.start()
    try:
        yield
    finally:
        done.set()
        thread.join()
    say(f"done in {time.monotonic() - started:.0f} s")
