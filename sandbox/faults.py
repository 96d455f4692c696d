"""Faults of AWS that a test injects: `with emulator.inject(Fault("kms:CreateKey", lost=True)):`.

A fault affects the calls that match its pattern, until its `with` block ends.
"""

import time
from contextlib import AbstractContextManager
from dataclasses import asdict, dataclass
from types import TracebackType

from sandbox.control import ROOT, control

CONTROL = f"{ROOT}/faults"
_WAIT_SECONDS = 120.0


@dataclass(frozen=True)
class Fault:
    """A fault and the calls that it affects.

    Args:
        call: a pattern for `service:Action`; for S3, `s3:` and the request line, such as `s3:PUT /my-bucket?policy=`.
        error: the error code that the service returns. The call then has no effect. Without an error code, the call
            takes effect and only its response is affected.
        message: the message of the error.
        status: the HTTP status of the error.
        delay: seconds until the response.
        lost: whether the connection breaks instead of a response.
        held: whether the response waits until the fault ends.
        skip: number of matching calls before the first affected one.
        times: number of affected calls. Default: all.
        seconds: how long calls are affected, from the first affected one. Default: until the fault ends.
        share: the fraction of calls that are affected, chosen by a fixed random seed.

    """

    call: str
    error: str = ""
    message: str = "This fault was injected."
    status: int = 400
    delay: float = 0
    lost: bool = False
    held: bool = False
    skip: int = 0
    times: int | None = None
    seconds: float | None = None
    share: float = 1


class InjectedFault(AbstractContextManager["InjectedFault"]):
    """A fault that is active until `end`, or until the `with` block ends."""

    def __init__(self, fault: Fault, *, address: str) -> None:
        self._address = address
        self._path = f"{CONTROL}/{control(address, 'POST', CONTROL, asdict(fault))['id']}"

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.end()

    @property
    def hits(self) -> int:
        """Return the number of affected calls."""
        return int(control(self._address, "GET", self._path)["hits"])

    def wait(self) -> None:
        """Return when a call is affected. A held call has then taken effect, but its client has no response yet."""
        deadline = time.monotonic() + _WAIT_SECONDS
        while not self.hits:
            if time.monotonic() > deadline:
                raise TimeoutError(f"no call was affected within {_WAIT_SECONDS:.0f} seconds")
            time.sleep(0.05)

    def end(self) -> None:
        """End the fault and release held responses."""
        control(self._address, "DELETE", self._path)
