"""Print the warnings of a configuration."""

import sys

from protected_endpoints.errors import group_by_message
from protected_endpoints.loading.load import Configuration


def print_warnings(configuration: Configuration) -> None:
    """Print one line for each warning to the error output, with all of its paths where it has several."""
    for warning in group_by_message(configuration.warnings):
        print(f"warning: {warning}", file=sys.stderr)
