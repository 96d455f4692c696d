"""Format tables for a terminal or as Markdown."""

import re
import textwrap
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from protected_endpoints.review.markdown import escape_markdown, table_row

_GAP = 2
_ADDRESS = re.compile(r"https://[\w./:?=#-]+", re.ASCII)


@dataclass(frozen=True)
class Table:
    """A table with a title; the last column contains sentences."""

    title: str
    rows: Sequence[Sequence[str]]


def for_terminal(title: str, tables: Sequence[Table], width: int) -> str:
    """Return aligned columns; the last one is wrapped at `width` characters."""
    return "\n".join([title, *(line for table in tables for line in ("", table.title, *_aligned(table.rows, width)))])


def as_markdown(title: str, tables: Sequence[Table]) -> str:
    """Return GitHub Flavored Markdown."""
    return "\n".join([f"## {_escaped(title)}", *(line for table in tables for line in ("", *_markdown_table(table)))])


def _aligned(rows: Sequence[Sequence[str]], width: int) -> Iterator[str]:
    columns = [max(len(row[column]) for row in rows) for column in range(len(rows[0]) - 1)]
    indent = sum(size + _GAP for size in columns) + _GAP
    for row in rows:
        first = "".join(f"{cell:<{size + _GAP}}" for cell, size in zip(row, columns, strict=False))
        wrapped = textwrap.wrap(row[-1], max(width - indent, 30), break_on_hyphens=False, break_long_words=False)
        for number, line in enumerate(wrapped or [""]):
            yield f"{' ' * _GAP}{first}{line}".rstrip() if number == 0 else f"{' ' * indent}{line}"


def _markdown_table(table: Table) -> Iterator[str]:
    columns = len(table.rows[0])
    yield f"### {_escaped(table.title)}"
    yield ""
    yield f"|{'   |' * columns}"
    yield f"|{'---|' * columns}"
    for row in table.rows:
        yield table_row(map(_escaped, row))


def _escaped(text: str) -> str:
    """Return text as Markdown; a cell that is only an address is a link, which an escaped character would break."""
    return f"<{text}>" if _ADDRESS.fullmatch(text) else escape_markdown(" ".join(text.split()))
