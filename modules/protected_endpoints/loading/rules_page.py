"""The page docs/rules.md: every rule of the registry, with its ID, severity, reason and source (`make schema`)."""

import inspect
import re
import sys
from collections.abc import Iterator
from typing import Any

from protected_endpoints.loading.error_ids import LOADER_ERRORS
from protected_endpoints.rules.registry import RULE_SETS, Rule

_NEVER_STRICT = {"warning": "warning, never strict", "error": "error or warning"}
_STRICT = {"warning": "warning, can be acknowledged", "error": "error"}
_SOURCE_ROOT = "../modules/"
_INTRODUCTION = """\
# Rules

A rule checks values of `endpoints.toml` in relation to each other, to the account and region, or to a protection.
Rules run at every synth, before Node.js starts. They report all violations at once, each with its key path, its value,
what to do and the ID of the rule:

```text
<key path>: <what is wrong>, got <value>; <what to do> [<rule>]
```

* An **error** ends the synth. A **warning** is printed, and ends the synth only if `[project]` sets `strict = true`.
  A warning marked *never strict* stays a warning even then. *Error or warning* depends on the value.
* An endpoint **acknowledges** the warnings of a rule about it by the ID of the rule, with a reason, in its table
  `acknowledge`. They are then no errors in a strict project and are not printed; `explain` and the output
  `acknowledged_warnings` show them with their reasons. Where only one environment has the warning, the acknowledgement
  belongs to `[endpoints.NAME.environments.ENV.acknowledge]`: one without a warning is an error.
* A number in the column *source* is a requirement of AWS or Terraform in [limits.md](limits.md), which also lists what
  the types of single values and the constructs enforce.
* Each rule has a test case in the file of the same name in [tests/rules](../tests/rules/pair.py).

This page is generated from the docstrings of the rules by `make schema`. Do not edit it.
"""


def requirements(docstring: str) -> tuple[int, ...]:
    """Return the numbers of docs/limits.md that a docstring names, as in `(rules 80 to 82; CapacitySize)`."""
    reference = re.search(r"\(rules? ([\d, a-z]+)", docstring)
    ranges = re.findall(r"(\d+)(?: to (\d+))?", reference[1]) if reference else []
    return tuple(number for first, last in ranges for number in range(int(first), int(last or first) + 1))


def rules_page() -> str:
    """Return the text of the page."""
    return "\n".join([_INTRODUCTION, *_sections(), *_loader_errors()])


def _sections() -> Iterator[str]:
    rules_by_module: dict[str, list[Rule[Any]]] = {}
    for rule_set in RULE_SETS:
        for rule in rule_set.rules.values():
            rules_by_module.setdefault(rule.function.__module__, []).append(rule)
    for module, rules in sorted(rules_by_module.items()):
        name = module.rpartition(".")[2]
        yield f"## {name.replace('_', ' ').capitalize()}\n"
        yield f"{_summary(sys.modules[module])} Defined in [{name}.py]({_SOURCE_ROOT}{module.replace('.', '/')}.py).\n"
        yield "| rule | severity | reason | source |"
        yield "|---|---|---|---|"
        yield from map(_row, rules)
        yield ""


def _loader_errors() -> Iterator[str]:
    yield "## Errors of the file\n"
    yield "The loader reports these errors before any rule runs.\n"
    yield "| ID | meaning |"
    yield "|---|---|"
    yield from (f"| `{id_}` | {meaning} |" for id_, meaning in LOADER_ERRORS.items())
    yield ""


def _row(rule: Rule[Any]) -> str:
    reason, source = _reason_and_source(rule.summary)
    severity = (_STRICT if rule.strict else _NEVER_STRICT)[rule.severity]
    return f"| `{rule.id}` | {severity} | {reason} | {source} |".replace("|  |", "| |")


def _summary(documented: object) -> str:
    """Return the first paragraph of a docstring as one line."""
    return " ".join((inspect.getdoc(documented) or "").partition("\n\n")[0].split())


def _reason_and_source(summary: str) -> tuple[str, str]:
    """Split the last parenthesis of a sentence from it, which names the source."""
    match = re.fullmatch(r"(.*?) \(([^()]*)\)([.;].*)", summary)
    if not match:
        return summary, ""
    source = re.sub(r"^rules? ([^;]*)", lambda numbers: re.sub(r"\d+", r"[\g<0>](limits.md)", numbers[1]), match[2])
    return match[1] + match[3], source
