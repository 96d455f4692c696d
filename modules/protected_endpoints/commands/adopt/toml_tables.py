"""Write nested tables as TOML."""

from collections.abc import Iterator
from typing import Any

from protected_endpoints.errors import KeyPath, format_path, inline_toml


def toml_tables(path: KeyPath, table: dict[str, Any]) -> Iterator[str]:
    """Yield the lines of a table and of those in it, values before tables, as TOML requires."""
    yield from ("", f"[{format_path(path)}]")
    yield from _content(path, table)


def _content(path: KeyPath, table: dict[str, Any]) -> Iterator[str]:
    nested = {key: value for key, value in table.items() if isinstance(value, dict) or _is_tables(value)}
    yield from (f"{format_path((key,))} = {inline_toml(value)}" for key, value in table.items() if key not in nested)
    for key, value in nested.items():
        if isinstance(value, dict):
            yield from toml_tables((*path, key), value)
            continue
        for item in value:
            yield from ("", f"[[{format_path((*path, key))}]]")
            yield from _content((*path, key), item)


def _is_tables(value: object) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(item, dict) for item in value)
