"""Define what is wrong with a configuration, as people read it: a path, a value and what to do."""

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Literal

Path = tuple[str | int, ...]
Severity = Literal["error", "warning"]
NOTHING = object()
_LONGEST_VALUE = 120
_PLAIN_KEY = re.compile(r"[\w.:/=+@-]+")  # other keys are quoted: an empty one, one with a space or a line break


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong: a warning is printed, an error ends the synth.

    `got` is left out of the text when it is `NOTHING`: for a missing key, and where the value may be a secret. `rule`
    is the id of the rule that found it, or empty. `environment` is set where a rule judges several environments.
    """

    path: Path
    wrong: str
    fix: str
    got: object = NOTHING
    severity: Severity = "error"
    rule: str = ""
    environment: str = ""

    def below(self, *prefix: str | int) -> "Problem":
        """Return the same finding with its path seen from further up."""
        return replace(self, path=(*prefix, *self.path))

    @property
    def shown_got(self) -> str:
        """Return the value as it ends a part of a sentence, or nothing."""
        return "" if self.got is NOTHING else f", got {shown(self.got)}"

    def __str__(self) -> str:
        return f"{shown_path(self.path)}: {self.wrong}{self.shown_got}; {self.fix}{self.shown_rule}"

    @property
    def shown_rule(self) -> str:
        """Return the id of the rule as it ends a message, or nothing."""
        return f" [{self.rule}]" if self.rule else ""


class ConfigurationError(Exception):
    """Raised with every error of a configuration at once, never with the first alone."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(map(str, self.problems)))


def grouped(problems: Iterable[Problem]) -> list[str]:
    """Return one text for each thing that is wrong, with its places below it where there are several."""
    alike: dict[tuple[str, str, str], list[Problem]] = {}
    for problem in problems:
        alike.setdefault((problem.wrong, problem.fix, problem.shown_rule), []).append(problem)
    return [
        str(places[0])
        if len(places) == 1
        else f"{wrong}; {fix}{rule}, at {len(places)} places{''.join(map(_place, places))}"
        for (wrong, fix, rule), places in alike.items()
    ]


def shown(value: object) -> str:
    """Return a value as it would stand in TOML, cut where it is long."""
    text = _inline(value)
    return text if len(text) <= _LONGEST_VALUE else f"{text[: _LONGEST_VALUE - 1]}…"


def shown_path(path: Path) -> str:
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
    return f"\n  {shown_path(problem.path)}{problem.shown_got}"


def _shown_key(key: str) -> str:
    return key if _PLAIN_KEY.fullmatch(key) else json.dumps(key, ensure_ascii=False)
