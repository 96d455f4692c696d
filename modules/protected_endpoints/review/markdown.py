"""Write Markdown in which untrusted text is visible as it is, and can neither break the comment nor notify anyone.

Rules write Markdown, and pass every value of a plan through `code`. Credentials are hidden in every such text.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from typing import TypeVar

from protected_endpoints.secret_scan import redact

Item = TypeVar("Item")

_MAX_LENGTH = 160
_MAX_ROWS = 60
_MARKDOWN = re.compile(r"([\\`*_{}\[\]<>@~#!&$])")
_CODE_OR_ESCAPED = re.compile(r"`([^`]+)`|\\(.)")
_INVISIBLE = ("Cc", "Cf", "Cn", "Co", "Cs", "Zl", "Zp")  # Unicode categories


def sanitize(text: object, max_length: int = _MAX_LENGTH) -> str:
    """Return a text in one line of limited length: credentials are hidden, and invisible characters are escaped."""
    return _sanitize(str(text)[: 20 * _MAX_LENGTH], max_length)


@lru_cache(maxsize=20_000)  # a review writes an address or a principal many times
def _sanitize(text: str, max_length: int) -> str:
    redacted = redact(text)
    visible = redacted if redacted.isprintable() else "".join(map(_visible, redacted))
    line = " ".join(visible.split())
    return line if len(line) <= max_length else f"{line[: max_length - 1]}…"


def escape_markdown(text: str) -> str:
    """Return a text with a backslash before every character that Markdown or HTML interprets."""
    return _MARKDOWN.sub(r"\\\1", text)


def escape(text: object) -> str:
    """Return an untrusted text that Markdown and HTML show as it is."""
    return escape_markdown(sanitize(text))


def code(text: object) -> str:
    """Return an untrusted text as code; a backtick would end it, and becomes a quote."""
    if text is None:
        return "unset"
    if isinstance(text, bool):
        return "`true`" if text else "`false`"
    return f"`{sanitize(text).replace('`', chr(39)) or chr(34) * 2}`"


def plain_text(markdown: str) -> str:
    """Return the text of a message that rules write: without the marks of code, and without backslashes."""
    return _CODE_OR_ESCAPED.sub(lambda match: match[1] or match[2], markdown)


def pluralize(number: int, noun: str) -> str:
    """Return a number and a noun: `1 alarm`, `2 alarms`."""
    return f"{number} {noun}{'' if number == 1 else 's'}"


def table_row(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in cells)} |"


def table(heads: Sequence[str], rows: Sequence[Sequence[str]], max_rows: int = _MAX_ROWS) -> str:
    """Return a table; the last row says how many rows are omitted."""
    return table_of(heads, rows, lambda row: row, max_rows)


def table_of(
    heads: Sequence[str], items: Sequence[Item], cells: Callable[[Item], Sequence[str]], max_rows: int = _MAX_ROWS
) -> str:
    """Return a table with a row for each item, whose cells are computed only for the rows that are shown."""
    lines = [table_row(cells(item)) for item in items[:max_rows]]
    if len(items) > max_rows:
        lines.append(table_row([*["…"] * (len(heads) - 1), f"and {len(items) - max_rows} more"]))
    return "\n".join([table_row(heads), f"|{'---|' * len(heads)}", *lines])


def code_block(language: str, lines: Sequence[str]) -> str:
    """Return lines as a block of code that none of them can end."""
    longest = max((len(run) for line in lines for run in re.findall(r"`+", line)), default=0)
    fence = "`" * max(3, longest + 1)
    return "\n".join([f"{fence}{language}", *lines, fence])


def details_block(summary: str, body: str) -> str:
    """Return a part that GitHub shows on a click."""
    return f"<details><summary>{summary}</summary>\n\n{body}\n\n</details>"


def is_invisible(character: str) -> bool:
    """Return whether a character has no shape of its own, or changes the direction of a text."""
    return unicodedata.category(character) in _INVISIBLE


def _visible(character: str) -> str:
    if character in "\n\r\t":
        return " "
    return f"\\u{ord(character):04x}" if is_invisible(character) else character
