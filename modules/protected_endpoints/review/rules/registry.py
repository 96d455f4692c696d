"""The registry of review rules: a decorator with an ID and a severity registers a function."""

import inspect
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from protected_endpoints.review.analysis.context import ReviewContext
from protected_endpoints.review.findings import Finding, Severity

RuleResult = Iterator[tuple[str, str]]  # the address of a resource, and a message in Markdown
RuleFunction = Callable[[ReviewContext], RuleResult]


@dataclass(frozen=True)
class Rule:
    """One rule. The first line of its function's docstring says in the documentation why it exists."""

    id: str
    severity: Severity
    function: RuleFunction

    @property
    def summary(self) -> str:
        return (inspect.getdoc(self.function) or "").partition("\n")[0]

    def findings(self, context: ReviewContext) -> list[Finding]:
        """Return what the rule finds, without duplicates."""
        return [
            Finding(self.id, self.severity, address, message)
            for address, message in dict.fromkeys(self.function(context))
        ]


RULES: dict[str, Rule] = {}


def rule(id_: str, severity: Severity) -> Callable[[RuleFunction], RuleFunction]:
    """Register a function as the rule with an ID, which is the function's name with hyphens."""

    def register(function: RuleFunction) -> RuleFunction:
        if id_ in RULES:
            raise ValueError(f"two rules have the ID {id_}")
        RULES[id_] = Rule(id_, severity, function)
        return function

    return register
