"""The configurations of deployments that people run, from public code, and what `check` prints about them."""

import io
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path

from protected_endpoints.commands.cli import main

FOLDER = Path(__file__).parent
CASES = {file.stem: file for file in sorted((FOLDER / "cases").glob("*.toml"))}
CORRECTED = ".corrected"  # the end of the name of a case that does what the messages of another one say


def outcome(file: Path) -> str:
    """Return what `protected-endpoints check` prints about a configuration."""
    output = io.StringIO()
    try:
        with redirect_stdout(output), redirect_stderr(output):
            main(["check", "--file", str(file)])
    except SystemExit as error:  # Python prints its text
        return f"{output.getvalue()}{error.code}\n"
    return output.getvalue()


def is_accepted(name: str) -> bool:
    """Return whether the expected outcome of a case is that it is valid."""
    return expected_outcome(name).read_text(encoding="utf-8").splitlines()[-1].startswith("valid: ")


def expected_outcome(name: str) -> Path:
    """Return the file with the expected outcome of a case."""
    return FOLDER / "outcomes" / f"{name}.txt"
