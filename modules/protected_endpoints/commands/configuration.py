"""The configuration of a command: `endpoints.toml`, with the values that the command line or the environment sets."""

import os
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from protected_endpoints.errors import CommandError, Problem, format_path
from protected_endpoints.loading.load import Configuration, load
from protected_endpoints.loading.set_option import EXAMPLE, parse_set_values

VARIABLE = "PROTECTED_ENDPOINTS_SET"


def load_configuration(file: Path, options: Sequence[str] = ()) -> Configuration:
    """Return the configuration, and print each value that is not in the file to the error output.

    `options` are the texts of `--set`. The environment variable `PROTECTED_ENDPOINTS_SET` has one such text per line,
    because `cdktf` runs the app without arguments. Raises `CommandError` if it is set and empty.
    """
    configuration = load(file, parse_set_values([*_lines(), *options]))
    for value in configuration.set_values:
        print(f"--set {format_path(value.path)}: {value.shown_value}", file=sys.stderr)
    return configuration


def _lines() -> Iterator[str]:
    text = os.environ.get(VARIABLE)
    if text is None:
        return
    lines = [line for line in text.splitlines() if line.strip()]
    if not lines:  # a job that could not determine its value would deploy that of the file
        suggestion = f"set it to <key>=<value>, such as {EXAMPLE}, or unset it for the values of endpoints.toml"
        raise CommandError(str(Problem((VARIABLE,), "is set and empty", suggestion)))
    yield from lines
