"""Read and write the files of a review; every failure is one message."""

import json
import tomllib
from functools import lru_cache
from pathlib import Path
from typing import Any

from protected_endpoints.review.plan.plan import Unreadable
from protected_endpoints.review.plan.values import Json

_MAX_DIGITS = 300  # of an integer; a float has no more, and Terraform's numbers have 154
_STANDARD_OUTPUT = 1


class Unwritable(Exception):
    """Raised with one message for a file that cannot be written."""


def read_json(file: Path, *, suggestion: str) -> Any:
    """Return the content of a JSON file. Raises `Unreadable`, whose message ends with the suggestion."""
    try:
        return parse_json(file.read_bytes())
    except OSError as error:
        raise Unreadable(f"{file}: cannot be read ({error.strerror}); {suggestion}") from None
    except RecursionError:
        raise Unreadable(f"{file}: nested too deeply; {suggestion}") from None
    except ValueError as error:
        raise Unreadable(f"{file}: not valid JSON ({error}); {suggestion}") from None


def parse_json(text: str | bytes) -> Any:
    """Return the content of JSON. Raises `ValueError`, also for duplicate keys, or `RecursionError`."""
    return json.loads(
        text, object_pairs_hook=_object, parse_int=_integer, parse_float=_number, parse_constant=_reject_constant
    )


@lru_cache(maxsize=100_000)  # several checks read each policy, and most are the same before and after
def parse_document(text: str) -> Any:
    """Return the content of the JSON document in a string, which nobody changes. Raises as `parse_json`."""
    return parse_json(text)


def read_toml(file: Path, *, option: str) -> Json:
    """Return the content of a TOML file that a command line option names. Raises `Unreadable`."""
    try:
        return tomllib.loads(file.read_text(encoding="utf-8-sig"))  # some editors on Windows add a byte order mark
    except OSError as error:
        raise Unreadable(f"{file}: cannot be read ({error.strerror}); correct the path or omit {option}") from None
    except (ValueError, RecursionError) as error:
        raise Unreadable(f"{file}: not valid TOML: {error}; correct the file") from None


def write(text: str, file: Path | None, *, suggestion: str, mode: str = "w") -> None:
    """Write UTF-8 to a file, or to the standard output. Raises `Unwritable`."""
    try:
        # sys.stdout would report a failure a second time when Python exits.
        with open(file or _STANDARD_OUTPUT, mode, encoding="utf-8", closefd=file is not None) as stream:
            stream.write(text)
    except OSError as error:
        raise Unwritable(f"{file or 'standard output'}: cannot be written ({error.strerror}); {suggestion}") from None


def _object(pairs: list[tuple[str, Any]]) -> Json:
    """Return an object. A duplicate key would silently replace the value of the first, so that it is an error."""
    result = dict(pairs)
    if len(result) < len(pairs):
        raise ValueError("duplicate key in an object")
    return result


def _integer(digits: str) -> int:
    if len(digits) > _MAX_DIGITS:
        raise ValueError(f"a number of {len(digits)} digits")
    return int(digits)


def _number(text: str) -> int | float:
    """Return a number. Terraform has one type of them, so that 7.0 is 7: rules compare it as such."""
    number = float(text)
    return int(number) if number.is_integer() else number


def _reject_constant(name: str) -> None:
    raise ValueError(f"{name} is not a number")
