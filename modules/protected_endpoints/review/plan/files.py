"""Read and write the files of a review, with one message where that fails."""

import json
import tomllib
from pathlib import Path
from typing import Any

from protected_endpoints.review.plan.plan import Unreadable
from protected_endpoints.review.plan.values import Json

_MOST_DIGITS = 300  # of a whole number; a float has no more, and Terraform's numbers have 154
_STANDARD_OUTPUT = 1


class Unwritable(Exception):
    """Raised with one message for a file that cannot be written."""


def read_json(file: Path, *, fix: str) -> Any:
    """Return what a JSON file holds; `fix` says how to make it. Raises `Unreadable`."""
    try:
        return json.loads(
            file.read_bytes(), object_pairs_hook=_table, parse_int=_whole_number, parse_constant=_no_number
        )
    except OSError as error:
        raise Unreadable(f"{file}: cannot be read ({error.strerror}); {fix}") from None
    except RecursionError:
        raise Unreadable(f"{file}: nested too deeply; {fix}") from None
    except ValueError as error:
        raise Unreadable(f"{file}: not whole JSON ({error}); {fix}") from None


def read_toml(file: Path, *, option: str) -> Json:
    """Return what a TOML file holds that an option names. Raises `Unreadable`."""
    try:
        return tomllib.loads(file.read_text(encoding="utf-8-sig"))  # some editors of Windows begin with a mark
    except OSError as error:
        raise Unreadable(f"{file}: cannot be read ({error.strerror}); leave {option} out without one") from None
    except (ValueError, RecursionError) as error:
        raise Unreadable(f"{file}: not valid TOML: {error}; correct it there") from None


def write(text: str, file: Path | None, *, fix: str, mode: str = "w") -> None:
    """Write UTF-8 to a file, or to the standard output. Raises `Unwritable`."""
    try:
        # Python's own standard output would complain a second time when the program ends.
        with open(file or _STANDARD_OUTPUT, mode, encoding="utf-8", closefd=file is not None) as opened:
            opened.write(text)
    except OSError as error:
        raise Unwritable(f"{file or 'standard output'}: cannot be written ({error.strerror}); {fix}") from None


def _table(pairs: list[tuple[str, Any]]) -> Json:
    """Return an object, in which no second value of a key takes the place of the first unseen."""
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("a key that is there twice in one object")
    return found


def _whole_number(digits: str) -> int:
    if len(digits) > _MOST_DIGITS:
        raise ValueError(f"a number of {len(digits)} digits")
    return int(digits)


def _no_number(name: str) -> None:
    raise ValueError(f"{name} is no number")
