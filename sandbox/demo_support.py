"""What the demonstrations share: how they tell what they do, and the account that they start from."""

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
_SECONDS_BETWEEN_SIGNS_OF_LIFE = 15


class ShowingFailed(Exception):
    """Raised when something did not come out as it should."""


def show(what: Callable[[Path], None]) -> None:
    """Run a demonstration in a temporary folder; exit with 1 and keep the folder if it fails."""
    scratch = Path(tempfile.mkdtemp(prefix="protected-endpoints-"))
    kept = f"Everything it made, logs included, is kept in {scratch}"
    try:
        what(scratch)
    except KeyboardInterrupt:
        sys.exit(f"\nInterrupted. {kept}")
    except Exception as failure:
        (scratch / "failure.log").write_text(traceback.format_exc())
        sys.exit(f"\nThe demonstration failed: {failure}\n{kept}")
    shutil.rmtree(scratch)


def prepare_account(aws: Emulator) -> None:
    """Make what is there before the endpoint: the artefact, a role that will call, and one that will not."""
    s3, iam = aws.client("s3"), aws.client("iam")
    s3.create_bucket(Bucket="my-bucket", CreateBucketConfiguration={"LocationConstraint": REGION})
    s3.put_object(Bucket="my-bucket", Key="model.tar.gz", Body=b"a model")
    for role in ("checkout-api", "stranger"):
        iam.create_role(RoleName=role, AssumeRolePolicyDocument='{"Version":"2012-10-17","Statement":[]}')


def expect(holds: Any, otherwise: str) -> None:
    """Fail with a message unless something came out as it should."""
    if not holds:
        raise ShowingFailed(otherwise)


def say(what: str) -> None:
    """Print a line at once."""
    print(f"  {what}", flush=True)


@contextmanager
def signs_of_life(what: str) -> Iterator[None]:
    """Say what is being done, how long it has taken so far, and how long it took."""
    started, done = time.monotonic(), threading.Event()
    print(f"\n{what} …", flush=True)

    def tick() -> None:
        while not done.wait(_SECONDS_BETWEEN_SIGNS_OF_LIFE):
            say(f"… {time.monotonic() - started:.0f} s")

    thread = threading.Thread(target=tick, daemon=True)
    thread.start()
    try:
        yield
    finally:
        done.set()
        thread.join()
    say(f"done in {time.monotonic() - started:.0f} s")
