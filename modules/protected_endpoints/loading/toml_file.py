"""Read a TOML file into tables, or say why it is none."""

import stat
import tomllib
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from protected_endpoints.errors import ConfigurationError, Problem
from protected_endpoints.loading.source_paths import Table

_README = "write it, as the README's first endpoint shows"
_READABLE = "make it a readable file in UTF-8"
_MOST_BYTES = 10_000_000  # some 10,000 endpoints; a pipe or a device would be read for ever
_DEEPEST = 50  # tables and lists in each other; the schema knows a dozen, and Python gives up near a thousand


def read_toml(file: Path) -> Table:
    """Return the tables of a file; raises `ConfigurationError` with the one thing that is wrong with all of it."""
    try:
        status = file.stat()
        if not stat.S_ISREG(status.st_mode):
            raise _whole_file(file, "cannot be read (it is a folder, a pipe or a device)", _READABLE)
        if status.st_size > _MOST_BYTES:
            fix = "describe endpoints and nothing else, or split them over several projects"
            raise _whole_file(file, f"has {status.st_size} bytes, and {_MOST_BYTES} are read", fix)
        raw = tomllib.loads(file.read_text(encoding="utf-8-sig"))  # some editors of Windows begin with a mark
    except FileNotFoundError:
        raise _whole_file(file, "there is no such file", _README) from None
    except (OSError, UnicodeDecodeError) as error:
        raise _whole_file(file, f"cannot be read ({error})", _READABLE) from None
    except (ValueError, RecursionError) as error:  # TOMLDecodeError, and numbers and lists that no reader takes
        raise _whole_file(
            file, f"not valid TOML: {str(error)[:1].lower()}{str(error)[1:]}", "correct it there"
        ) from None
    if not raw:
        raise _whole_file(file, "the file is empty", _README)
    if _is_too_deep(raw):
        raise _whole_file(file, f"tables stand in each other more than {_DEEPEST} deep", "write fewer dots or brackets")
    return raw


def _is_too_deep(raw: Table) -> bool:
    level: list[Any] = [raw]
    for _ in range(_DEEPEST):
        level = [each for node in level for each in _inside(node)]
    return bool(level)


def _inside(node: Any) -> Iterable[Any]:
    return node.values() if isinstance(node, dict) else node if isinstance(node, list) else ()


def _whole_file(file: Path, wrong: str, fix: str) -> ConfigurationError:
    return ConfigurationError([Problem((file.name,), wrong, fix)])
