"""Suggestions for files that are not valid TOML, from the line at which the parser stops and from its error."""

import re

from protected_endpoints.secret_scan import is_secret_name

_POSITION = re.compile(r"at line ([0-9]+), column")
_KEY = r"\s*(?P<key>[\w.\"-]+)"
_END = r"\s*(#.*)?"
_VALUE = r"(\"[^\"]*\"|'[^']*'|[\w.]+|\[[^]]*\])"  # a string, a number or a list on one line
# What the line looks like, and what to do. Values are shown only where they are digits.
_BY_LINE = tuple(
    (re.compile(pattern), suggestion)
    for pattern, suggestion in (
        (rf"{_KEY}\s*=\s*(?P<value>0[0-9]+){_END}", 'write {key} = "{value}", in quotes: a number has no leading zero'),
        (rf"{_KEY}\s*=\s*(?i:true),?{_END}", "write {key} = true"),
        (rf"{_KEY}\s*=\s*(?i:false),?{_END}", "write {key} = false"),
        (rf"{_KEY}\s*=\s*(?i:null|none|nil),?{_END}", "remove {key}: TOML has no empty value"),
        (rf"{_KEY}\s*={_END}", "write a value behind {key} ="),
        (r"\s*(//|/\*|--|;).*", "begin a comment with #"),
        (rf"{_KEY}\s*:.*", "write {key} = instead of {key}:"),
        (rf"{_KEY}\s*{{.*", "write a table as [{key}], without braces"),
        (r".*[“”‘’].*", "use straight quotes"),
        (
            rf"{_KEY}\s*=\s*{_VALUE}\s*[,;]{_END}",
            "end the line after the value, without , or ;",
        ),
        (rf"{_KEY}\s*=\s*{{.*", "write a table in braces on one line without a comma at its end, or as [{key}]"),
        (rf"{_KEY}\s*=\s*[0-9][0-9.]*[A-Za-z]+{_END}", "write the number without a unit, or put the value in quotes"),
        (rf"{_KEY}\s*=\s*[A-Za-z].*", "put the value of {key} in quotes"),
    )
)
_BY_ERROR = {
    "Cannot overwrite a value": "keep one definition of the key: it is a duplicate, or both a value and a table",
    "Cannot declare": "keep one definition of the table",
    "Cannot mutate immutable": "write the table once, in braces or in brackets",
    "Unclosed array": "put commas between the items, and ] after the last one",
    "Unescaped": r"write \\ for a backslash, or use single quotes",
    "Illegal character": "end the string with the quote that begins it",
    "Expected ']'": "close the brackets, and put names with other characters than letters, digits, _ and - in quotes",
}


def suggest_syntax(text: str, error: str) -> str:
    """Return what to do about an error of the parser, which names the line of the text."""
    lines, position = text.splitlines(), _POSITION.search(error)
    line = lines[int(position[1]) - 1] if position and int(position[1]) <= len(lines) else ""
    for pattern, suggestion in _BY_LINE:
        match = pattern.fullmatch(line)
        if match and not is_secret_name(match.groupdict().get("key") or ""):
            return suggestion.format(**match.groupdict())
    return next((text for start, text in _BY_ERROR.items() if error.startswith(start)), "correct the syntax")
