"""Review Terraform plans: pass the arguments on to `python -m protected_endpoints.review`."""

from collections.abc import Sequence

from protected_endpoints.review.__main__ import main


def run(arguments: Sequence[str]) -> None:
    """Review plans; this process ends with the exit code of the review."""
    main(arguments)
