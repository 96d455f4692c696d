"""How commands end: with one message and an exit code, never with a traceback."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager

from protected_endpoints.errors import CommandError, ConfigurationError

_INTERRUPTED = 130  # what a shell reports of a command that ended by Ctrl-C


@contextmanager
def command_line() -> Iterator[None]:
    """End this process with one message where what runs in it fails or is interrupted."""
    try:
        yield
    except (ConfigurationError, CommandError) as failure:
        sys.exit(str(failure))
    except KeyboardInterrupt:
        print("interrupted; run it again to go on", file=sys.stderr)
        sys.exit(_INTERRUPTED)
