"""Read a TOML file into tables."""

import stat
import tomllib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from protected_endpoints.errors import ConfigurationError, Problem
from protected_endpoints.loading.source_paths import Table
from protected_endpoints.loading.toml_syntax import suggest_syntax

_CREATE = "add a project, an environment and an endpoint, as the README shows"
_REPLACE = "replace it with a UTF-8 text file"
_MAX_BYTES = 10_000_000  # some 10,000 endpoints; a pipe or a device would be read for ever
_MAX_INTEGER = 2**63  # TOML 1.0, Integer. tomllib reads any number, but Python cannot print one of 4300 digits.
_MAX_DEPTH = 50  # tables and lists in each other; the schema has a dozen, and Python's limit is near a thousand


def read_toml(file: Path) -> Table:
    """Return the tables of a file. Raises `ConfigurationError` with one problem if they cannot be read."""
    try:
        status = file.stat()
        if not stat.S_ISREG(status.st_mode):
            raise _error(file, "file-not-readable", "not a regular file", _REPLACE)
        if status.st_size > _MAX_BYTES:
            message = f"the file has {status.st_size} bytes, more than the maximum of {_MAX_BYTES}"
            raise _error(file, "file-too-large", message, "split the endpoints into several projects")
        text = file.read_text(encoding="utf-8-sig")  # some editors of Windows write a byte order mark
        raw = tomllib.loads(text)
    except FileNotFoundError:
        raise _error(file, "file-not-found", "file not found", f"create it: {_CREATE}") from None
    except (OSError, UnicodeDecodeError) as error:
        raise _error(file, "file-not-readable", f"cannot be read: {error}", _REPLACE) from None
    except (ValueError, RecursionError) as error:  # TOMLDecodeError, and numbers and lists beyond Python's limits
        message = f"invalid TOML: {str(error)[:1].lower()}{str(error)[1:]}"
        raise _error(file, "toml-syntax", message, suggest_syntax(text, str(error))) from None
    if not raw:
        raise _error(file, "file-empty", "the file is empty", _CREATE)
    if _is_too_deep(raw):
        message = f"tables are nested more than {_MAX_DEPTH} levels deep"
        raise _error(file, "nesting-too-deep", message, "use fewer levels of tables and lists")
    if any(not -_MAX_INTEGER <= number < _MAX_INTEGER for number in _integers(raw)):
        message = "invalid TOML: an integer exceeds the 64-bit range"
        raise _error(file, "toml-syntax", message, "use a smaller number, or a string in quotes")
    return raw


def _is_too_deep(raw: Table) -> bool:
    level: list[Any] = [raw]
    for _ in range(_MAX_DEPTH):
        level = [child for node in level for child in _children(node)]
    return bool(level)


def _integers(raw: Table) -> Iterator[int]:
    nodes: list[Any] = [raw]
    while nodes:
        node = nodes.pop()
        nodes += _children(node)
        if isinstance(node, int):
            yield node


def _children(node: Any) -> Iterable[Any]:
    return node.values() if isinstance(node, dict) else node if isinstance(node, list) else ()


def _error(file: Path, id_: str, message: str, suggestion: str) -> ConfigurationError:
    return ConfigurationError([Problem((file.name,), message, suggestion, rule=id_)])
