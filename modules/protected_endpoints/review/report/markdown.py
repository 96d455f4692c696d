"""Write what somebody else wrote so that it is seen as it is, and can neither break a comment nor call anybody.

Rules write Markdown, and put every value of a plan through `code`.
"""

import re
import unicodedata
from collections.abc import Iterable, Sequence

_LONGEST = 160
_MARKDOWN = re.compile(r"([\\`*_{}\[\]<>@~#!&$])")
# Credentials that no schema marks as sensitive.
_CREDENTIAL = re.compile(
    r"(?i)\b(?:bearer|basic)\s+[a-z0-9+/=._~-]{8,}|\b(?:AKIA|ASIA)[0-9A-Z]{16}\b|\bgh[pousr]_[A-Za-z0-9]{20,}\b|\bhf_[A-Za-z0-9]{20,}\b"
    r"|(?:password|secret|token)\s*[=:]\s*[^\s,;&\"']{4,}|://[^/\s:@]+:[^/\s@]+@"
)


def visible(text: object, longest: int = _LONGEST) -> str:
    """Return a text in one line: what cannot be seen is spelt out, credentials are hidden, and the rest is cut."""
    shown = "".join(_spelt(character) for character in str(text)[: 20 * _LONGEST])
    shown = _CREDENTIAL.sub("(hidden)", " ".join(shown.split()))
    return shown if len(shown) <= longest else f"{shown[: longest - 1]}…"


def plain(text: object) -> str:
    """Return a text that Markdown and HTML leave as it is."""
    return _MARKDOWN.sub(r"\\\1", visible(text))


def code(text: object) -> str:
    """Return a text as code; a backtick would end it, and becomes a quote."""
    return f"`{visible(text).replace('`', chr(39)) or ' '}`"


def row(cells: Iterable[str]) -> str:
    """Return a row of a table."""
    return f"| {' | '.join(each.replace('|', chr(92) + '|') for each in cells)} |"


def table(heads: Sequence[str], rows: Sequence[Sequence[str]], most: int = 60) -> str:
    """Return a table, cut after `most` rows, which the last says."""
    shown = [row(each) for each in rows[:most]]
    if len(rows) > most:
        shown.append(row([*["…"] * (len(heads) - 1), f"and {len(rows) - most} more"]))
    return "\n".join([row(heads), f"|{'---|' * len(heads)}", *shown])


def fenced(lines: Sequence[str]) -> str:
    """Return lines as a block of code that none of them can end."""
    longest = max((len(run) for line in lines for run in re.findall(r"`+", line)), default=0)
    fence = "`" * max(3, longest + 1)
    return "\n".join([f"{fence}diff", *lines, fence])


def folded(summary: str, body: str) -> str:
    """Return a part that is shown on a click."""
    return f"<details><summary>{summary}</summary>\n\n{body}\n\n</details>"


def _spelt(character: str) -> str:
    if character in "\n\r\t":
        return " "
    return (
        f"\\u{ord(character):04x}"
        if unicodedata.category(character) in ("Cc", "Cf", "Cn", "Co", "Cs", "Zl", "Zp")
        else character
    )
