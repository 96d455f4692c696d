"""Define what is wrong with a configuration, as people read it: a path, a value and what to do."""

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

KeyPath = tuple[str | int, ...]
Severity = Literal["error", "warning"]
UNSET = object()
_LONGEST_VALUE = 120
_PLAIN_KEY = re.compile(r"[\w.:/=+@-]+")  # other keys are quoted: an empty one, one with a space or a line break


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong: a warning is printed, an error ends the synth.

    `value` is left out of the text when it is `UNSET`: for a missing key, and where the value may be a secret. `rule`
    is the id of the rule that found it, or empty. `environment` is set where a rule judges several environments.
    """

    path: KeyPath
    message: str
    suggestion: str
    value: object = UNSET
    severity: Severity = "error"
    rule: str = ""
    environment: str = ""

    @property
    def value_suffix(self) -> str:
        """Return the value as it ends a part of a sentence, or nothing."""
        return "" if self.value is UNSET else f", got {to_toml(self.value)}"

    def __str__(self) -> str:
        return f"{format_path(self.path)}: {self.message}{self.value_suffix}; {self.suggestion}{self.rule_suffix}"

    @property
    def rule_suffix(self) -> str:
        """Return the id of the rule as it ends a message, or nothing."""
        return f" [{self.rule}]" if self.rule else ""


class ConfigurationError(Exception):
    """Raised with every error of a configuration at once, never with the first alone."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(map(str, self.problems)))


class CommandError(Exception):
    """Raised with what a command did not do, and what to do about it."""


def group_by_message(problems: Iterable[Problem]) -> list[str]:
    """Return one text for each thing that is wrong, with its places below it where there are several."""
    alike: dict[tuple[str, str, str], list[Problem]] = {}
    for problem in problems:
        alike.setdefault((problem.message, problem.suggestion, problem.rule_suffix), []).append(problem)
    return [
        str(places[0])
        if len(places) == 1
        else f"{wrong}; {fix}{rule}, at {len(places)} places{''.join(map(_place, places))}"
        for (wrong, fix, rule), places in alike.items()
    ]


def to_toml(value: object) -> str:
    """Return a value as it would stand in TOML, cut where it is long."""
    text = _inline(value)
    return text if len(text) <= _LONGEST_VALUE else f"{text[: _LONGEST_VALUE - 1]}…"


def format_path(path: KeyPath) -> str:
    """Return a path as TOML people write it: `endpoints.kmeans.invokers[0]`."""
    return "".join(f"[{key}]" if isinstance(key, int) else f".{_shown_key(key)}" for key in path).removeprefix(".")


def _inline(value: object) -> str:
    if isinstance(value, dict):
        pairs = ", ".join(f"{_shown_key(str(key))} = {_inline(each)}" for key, each in value.items())
        return f"{{ {pairs} }}" if pairs else "{}"
    if isinstance(value, list | tuple):
        return f"[{', '.join(map(_inline, value))}]"
    return json.dumps(value, ensure_ascii=False, default=str)


def _place(problem: Problem) -> str:
    return f"\n  {format_path(problem.path)}{problem.value_suffix}"


def _shown_key(key: str) -> str:
    return key if _PLAIN_KEY.fullmatch(key) else json.dumps(key, ensure_ascii=False)
