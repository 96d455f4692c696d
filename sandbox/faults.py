"""What goes wrong in AWS, when a test asks for it: `with emulator.inject(Fault("kms:CreateKey", lost=True)):`.

A fault strikes the calls that its pattern names, from the moment it is injected until its `with` block ends.
"""

import json
import time
from contextlib import AbstractContextManager
from dataclasses import asdict, dataclass
from http.client import HTTPConnection
from types import TracebackType
from typing import Any

# No bucket can be called so, hence no call of S3 has this path.
CONTROL = "/_sandbox/faults"
_HELD_WITHIN_SECONDS = 120.0


@dataclass(frozen=True)
class Fault:
    """Define what happens to which calls.

    `call` is a pattern of `service:Action`, and for S3 of `s3:` and the request line, as `s3:PUT /my-bucket?policy=`.
    Of the matching calls the first `skip` are spared. Then it strikes `times` of them, or all; for `seconds` since it
    first struck, or for ever; a `share` of them, drawn from a seed, so that each run is the same.

    An `error` is what the service answers instead of doing anything. Without one the call takes effect, and its answer
    comes after a `delay` in seconds, is `lost` with the connection, or is `held` until the fault ends.
    """

    call: str
    error: str = ""
    message: str = "This is a fault that was injected."
    status: int = 400
    delay: float = 0
    lost: bool = False
    held: bool = False
    skip: int = 0
    times: int | None = None
    seconds: float | None = None
    share: float = 1


class Injected(AbstractContextManager["Injected"]):
    """Define a fault that is in force until `end`, or until the `with` block ends."""

    def __init__(self, fault: Fault, *, host: str, port: int) -> None:
        self._host, self._port = host, port
        self._path = f"{CONTROL}/{self._ask('POST', CONTROL, asdict(fault))['id']}"

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.end()

    @property
    def hits(self) -> int:
        """How many calls it has struck so far."""
        return int(self._ask("GET", self._path)["hits"])

    def wait(self) -> None:
        """Return once a call was struck: if it is held, it has taken effect, and whoever made it knows nothing yet."""
        deadline = time.monotonic() + _HELD_WITHIN_SECONDS
        while not self.hits:
            if time.monotonic() > deadline:
                raise TimeoutError(f"no call was struck within {_HELD_WITHIN_SECONDS:.0f} seconds")
            time.sleep(0.05)

    def end(self) -> None:
        """Let calls through again, those that are held as well."""
        self._ask("DELETE", self._path)

    def _ask(self, method: str, path: str, content: dict[str, Any] | None = None) -> dict[str, Any]:
        connection = HTTPConnection(self._host, self._port)
        try:
            connection.request(method, path, json.dumps(content))
            answered: dict[str, Any] = json.loads(connection.getresponse().read())
        finally:
            connection.close()
        return answered
