"""Parse the command lines of commands, and end them with one message and an exit code instead of a traceback."""

import argparse
import os
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import NoReturn, TypeVar

from protected_endpoints.commands.strict_note import strict_note
from protected_endpoints.errors import CommandError, ConfigurationError, Problem

Named = TypeVar("Named")

PROGRAM = "protected-endpoints"
FILE = Path("endpoints.toml")
_FAILED = 1
_INTERRUPTED = 130  # what a shell reports of a command that ended by Ctrl-C


class CommandParser(argparse.ArgumentParser):
    """A parser of one command, which takes its help text from the docstring of the command's module.

    The exit code of a wrong command line is 1, because 2 means that a review blocks.
    """

    def __init__(self, command: str, description: str | None) -> None:
        super().__init__(
            prog=f"{PROGRAM} {command}",
            description=description,
            formatter_class=argparse.RawDescriptionHelpFormatter,
            allow_abbrev=False,
        )

    def error(self, message: str) -> NoReturn:
        self.exit(_FAILED, f"{message}; see: {self.prog} --help\n")

    def add_file(self) -> None:
        """Add the option `--file` with the path of the configuration."""
        self.add_argument("-f", "--file", type=Path, default=FILE, help="the configuration (default: endpoints.toml)")

    def add_set(self) -> None:
        """Add the option `--set`, which may be repeated."""
        self.add_argument(
            "--set", action="append", default=[], metavar="KEY=VALUE", help="a value instead of that of endpoints.toml"
        )


@contextmanager
def command_line() -> Iterator[None]:
    """End this process with one message where its body fails or is interrupted."""
    try:
        yield
        sys.stdout.flush()
    except ConfigurationError as failure:
        sys.exit(f"{failure}{strict_note(failure.problems)}")
    except CommandError as failure:
        sys.exit(str(failure))
    except ModuleNotFoundError as missing:
        if missing.name is None or missing.name.startswith("protected_endpoints"):
            raise
        sys.exit(f"{missing.name} is not installed; activate .venv, or run: pip install -r requirements.txt")
    except BrokenPipeError:  # the reader of the output, such as head, has ended; Python would report it once more
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(_FAILED)
    except KeyboardInterrupt:
        print("interrupted; run the command again to continue", file=sys.stderr)
        sys.exit(_INTERRUPTED)


def find_by_name(
    kind: str, name: str, known: Mapping[str, Named], *, message: str = "not in endpoints.toml", alternative: str = ""
) -> Named:
    """Return the value of a name from the command line; raises `CommandError` with the known names for another one."""
    if name in known:
        return known[name]
    names = f"use {'one of ' if len(known) > 1 else ''}{', '.join(known)}" if known else ""
    suggestion = ", or ".join(text for text in (names, alternative) if text)
    raise CommandError(str(Problem((kind,), message, suggestion, value=name)))
