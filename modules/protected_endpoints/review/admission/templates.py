"""The templates in the strings of Terraform's JSON syntax: literal text and expressions.

`${` starts an expression and `%{` a directive, unless the same sign precedes them, which escapes them (string
templates in the documentation of Terraform's expressions).
"""

import re
from dataclasses import dataclass
from functools import lru_cache

_START = re.compile(r"(?<!\$)\$\{|(?<!%)%\{")
_STRING = r'"(?:[^"\\]|\\.)*"'
# Braces outside of strings end an expression; the project writes none inside.
_EXPRESSION = re.compile(rf'(?:[^"{{}}]|{_STRING})*\}}')
_TOKEN = re.compile(rf"{_STRING}|(?<![\w.])(?:data\.)?[a-z0-9]+_[a-z0-9_]+\.[A-Za-z_][\w-]*")
# Literals of the configuration: the only ones that the project writes into an expression.
_S3_URI = re.compile(r'"s3://[^"\\$%]*"')
_REFERENCE = re.compile(r"(?:data\.)?aws_[a-z0-9_]+\.[A-Za-z_][\w-]*(?:\.[a-z0-9_]+|\[(?:\d+|\*)\])+")


@dataclass(frozen=True)
class Template:
    """The parts of a string; `is_valid` is False if it has a directive or an expression of an unknown form."""

    has_text: bool
    expressions: tuple[str, ...]
    is_valid: bool = True


@lru_cache(maxsize=10_000)  # keys repeat in every resource, and most strings in both sides of a comparison
def parse(text: str) -> Template:
    """Return the parts of a string. Takes linear time."""
    expressions, position, has_text = list[str](), 0, not text
    while start := _START.search(text, position):
        has_text = has_text or start.start() > position
        end = _EXPRESSION.match(text, start.end())
        if not end or start[0] == "%{":
            return Template(has_text, tuple(expressions), is_valid=False)
        expressions.append(text[start.end() : end.end() - 1])
        position = end.end()
    return Template(has_text or position < len(text), tuple(expressions))


def normalize(expression: str) -> str:
    """Return an expression with `*` for the names of resources and for S3 URIs, which the configuration decides."""
    return _TOKEN.sub(_normalize_token, expression)


def _normalize_token(token: re.Match[str]) -> str:
    text = token[0]
    if text.startswith('"'):
        return '"s3://*"' if _S3_URI.fullmatch(text) else text
    return f"{text.rpartition('.')[0]}.*"


def is_reference(expression: str) -> bool:
    """Return whether an expression is a reference to an attribute of a resource, without any function."""
    return bool(_REFERENCE.fullmatch(expression))
