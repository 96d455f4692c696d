"""The registry of review rules: a decorator registers a function by its ID, and the function yields what it finds.

`rules.registry` does the same for the rules about a configuration.
"""

import inspect
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from protected_endpoints.review.analysis.context import ReviewContext
from protected_endpoints.review.findings import Finding, Severity

RuleResult = Iterator[tuple[str, str]]  # the address of a resource, and a message in Markdown
RuleFunction = Callable[[ReviewContext], RuleResult]


@dataclass(frozen=True)
class Rule:
    """A rule about a plan. The docstring of `function` begins with the reason for the rule."""

    id: str
    severity: Severity
    function: RuleFunction

    @property
    def summary(self) -> str:
        """Return the first paragraph of the docstring of `function` in one line."""
        return " ".join((inspect.getdoc(self.function) or "").partition("\n\n")[0].split())

    def findings(self, context: ReviewContext) -> list[Finding]:
        """Return the findings of a plan, without duplicates, with the ID and the severity of the rule."""
        return [
            Finding(self.id, self.severity, address, message)
            for address, message in dict.fromkeys(self.function(context))
        ]


RULES: dict[str, Rule] = {}


def rule(rule_id: str, severity: Severity) -> Callable[[RuleFunction], Rule]:
    """Return the decorator that registers a rule. The ID is the name of the function, with hyphens."""

    def register(function: RuleFunction) -> Rule:
        if rule_id in RULES:
            raise ValueError(f"duplicate rule ID {rule_id}")
        registered = RULES[rule_id] = Rule(rule_id, severity, function)
        return registered

    return register
