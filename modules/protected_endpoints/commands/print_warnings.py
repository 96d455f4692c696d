"""Print the warnings of a configuration, and how many it accepts."""

import sys
from collections import Counter

from protected_endpoints.errors import group_by_message
from protected_endpoints.loading.load import Configuration


def print_warnings(configuration: Configuration) -> None:
    """Print one line for each warning to the error output, with all of its paths where it has several.

    Acknowledged warnings are one line with the IDs of their rules.
    """
    for warning in group_by_message(configuration.warnings):
        print(f"warning: {warning}", file=sys.stderr)
    if counts := Counter(problem.rule for problem in configuration.acknowledged):
        rules = ", ".join(f"{rule} ({count})" for rule, count in counts.items())
        print(f"acknowledged warnings: {rules}; explain shows them with their reasons", file=sys.stderr)
