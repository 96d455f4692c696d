"""Annotations of GitHub Actions: lines that GitHub shows beside the result of a run."""

import sys
from typing import Literal


def annotate(level: Literal["notice", "warning", "error"], message: str) -> None:
    """Write an annotation to the error output."""
    print(f"::{level}::{message}", file=sys.stderr)
