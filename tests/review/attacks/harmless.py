"""The changes of arguments that are no attack, each with its reason: text, names, and what is not weaker.

An entry is as narrow as it can be: a type (`*` for every one), a pattern of the whole argument, and the kinds of the
change.
"""

import re

_ANY = ".*"
_HARMLESS: tuple[tuple[str, str, str, str], ...] = (
    ("*", r"(.*\.)?description", _ANY, "text for people"),
    ("*", r"(.*\.)?tags(\..*)?", _ANY, "text for people and for bills"),
    ("*", r"lifecycle\.(post|pre)condition\.error_message", "string|account|region|name", "text for people"),
)
_PATTERNS = [(type_, re.compile(argument), re.compile(kinds), reason) for type_, argument, kinds, reason in _HARMLESS]


def is_harmless(type_: str, argument: str, kind: str) -> bool:
    return any(
        expected in ("*", type_) and pattern.fullmatch(argument) and kinds.fullmatch(kind)
        for expected, pattern, kinds, _ in _PATTERNS
    )
