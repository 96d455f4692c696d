"""Problems of a configuration and of commands, and how they read: a path, what is wrong, a value and what to do."""

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

KeyPath = tuple[str | int, ...]
Severity = Literal["error", "warning", "acknowledged"]
UNSET = object()
_MAX_VALUE_LENGTH = 120
_PLAIN_KEY = re.compile(r"[\w.:/=+@-]+")  # other keys are quoted: an empty one, one with a space or a line break


@dataclass(frozen=True)
class Problem:
    """One error or warning about a configuration: `<path>: <message>, got <value>; <suggestion> [<rule>]`.

    A warning is printed, an error ends the synth, and an acknowledged warning is one that the endpoint accepts. `value`
    is omitted from the text when it is `UNSET`: for a missing key, and where the value may be a secret. `rule` is the
    ID of the rule that reports it. `environment` is not part of the text: rules that compare endpoints set it, because
    an endpoint has the same path in each environment. `option` is the option of the command line that sets the value,
    if it is not in the file.
    """

    path: KeyPath
    message: str
    suggestion: str
    value: object = UNSET
    severity: Severity = "error"
    rule: str = ""
    environment: str = ""
    option: str = ""

    @property
    def location(self) -> str:
        """Return the key path, behind the option of the command line that sets the value."""
        return f"{self.option} {format_path(self.path)}".strip()

    @property
    def value_suffix(self) -> str:
        """Return `, got <value>`, or an empty string."""
        return "" if self.value is UNSET else f", got {to_toml(self.value)}"

    @property
    def rule_suffix(self) -> str:
        """Return ` [<rule>]`, or an empty string."""
        return f" [{self.rule}]" if self.rule else ""

    def __str__(self) -> str:
        return f"{self.location}: {self.message}{self.value_suffix}; {self.suggestion}{self.rule_suffix}"


class ConfigurationError(Exception):
    """Raised for an invalid configuration, with all of its errors in `problems`."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        super().__init__()
        self.problems = tuple(problems)

    def __str__(self) -> str:
        return "\n".join(map(str, self.problems))


class CommandError(Exception):
    """Raised by a command that cannot do its work; the message says why and what to do."""


def group_by_message(problems: Iterable[Problem]) -> list[str]:
    """Return one text for each message, with the paths listed below it where there are several."""
    groups: dict[tuple[str, str, str], list[Problem]] = {}
    for problem in problems:
        groups.setdefault((problem.message, problem.suggestion, problem.rule_suffix), []).append(problem)
    return [
        str(members[0])
        if len(members) == 1
        else f"{message}; {suggestion}{rule} ({len(members)} occurrences){''.join(map(_path_line, members))}"
        for (message, suggestion, rule), members in groups.items()
    ]


def to_toml(value: object) -> str:
    """Return a value as inline TOML, cut after 120 characters."""
    text = inline_toml(value)
    return text if len(text) <= _MAX_VALUE_LENGTH else f"{text[: _MAX_VALUE_LENGTH - 1]}…"


def format_path(path: KeyPath) -> str:
    """Return a key path as dotted keys and indexes: `endpoints.kmeans.invokers[0]`."""
    return "".join(f"[{key}]" if isinstance(key, int) else f".{_format_key(key)}" for key in path).removeprefix(".")


def inline_toml(value: object) -> str:
    """Return a value as inline TOML."""
    if isinstance(value, dict):
        pairs = ", ".join(f"{_format_key(str(key))} = {inline_toml(item)}" for key, item in value.items())
        return f"{{ {pairs} }}" if pairs else "{}"
    if isinstance(value, list | tuple):
        return f"[{', '.join(map(inline_toml, value))}]"
    # TOML 1.0 also excludes DEL from strings; JSON does not escape it.
    return json.dumps(value, ensure_ascii=False, default=str).replace("\x7f", "\\u007f")


def _path_line(problem: Problem) -> str:
    return f"\n  {problem.location}{problem.value_suffix}"


def _format_key(key: str) -> str:
    return key if _PLAIN_KEY.fullmatch(key) else json.dumps(key, ensure_ascii=False)
