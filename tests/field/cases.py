"""The configurations of deployments that people run, from public code, and whether they are accepted."""

from pathlib import Path

from protected_endpoints.errors import ConfigurationError, group_by_message
from protected_endpoints.loading.load import load

FOLDER = Path(__file__).parent
CASES = {file.stem: file for file in sorted((FOLDER / "cases").glob("*.toml"))}
CORRECTED = ".corrected"  # the end of the name of a case that does what the messages of another one say
ACCEPTED = "accepted\n"


def outcome(file: Path) -> str:
    """Return all errors of a configuration, or its warnings and the word `accepted`."""
    try:
        warnings = load(file).warnings
    except ConfigurationError as error:
        return f"{error}\n"
    return "".join(f"warning: {warning}\n" for warning in group_by_message(warnings)) + ACCEPTED


def is_accepted(name: str) -> bool:
    """Return whether the expected outcome of a case is `accepted`."""
    return expected_outcome(name).read_text(encoding="utf-8").endswith(ACCEPTED)


def expected_outcome(name: str) -> Path:
    """Return the file with the expected outcome of a case."""
    return FOLDER / "outcomes" / f"{name}.txt"
