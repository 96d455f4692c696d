"""The registry of rules: a decorator registers a function by its ID, and the function yields `Problem`s.

`review.rules.registry` does the same for the rules about a plan.
"""

import inspect
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, Generic, TypeVar

from protected_endpoints.deployment import (
    AuditDeployment,
    Deployment,
    NetworkDeployment,
    OperationsDeployment,
    StateDeployment,
)
from protected_endpoints.errors import Problem, Severity

Subject = TypeVar("Subject")


@dataclass(frozen=True)
class Rule(Generic[Subject]):
    """A rule about a subject, such as a deployment.

    The docstring of `function` begins with what AWS, Terraform or this project requires, and its source. `strict` is
    whether a warning becomes an error in a strict project.
    """

    id: str
    severity: Severity
    function: Callable[[Subject], Iterator[Problem]]
    strict: bool

    @property
    def can_be_acknowledged(self) -> bool:
        """Return whether an endpoint can accept the warnings of the rule: those that `strict` makes errors."""
        return self.severity == "warning" and self.strict

    @property
    def summary(self) -> str:
        """Return the first paragraph of the docstring of `function` in one line."""
        return " ".join((inspect.getdoc(self.function) or "").partition("\n\n")[0].split())

    def severity_in(self, *, strict: bool) -> Severity:
        """Return the severity in a project that is strict, or in one that is not."""
        return "error" if strict and self.strict else self.severity

    def findings(self, subject: Subject, *, strict: bool = False) -> list[Problem]:
        """Return the problems of a subject, with the ID and the severity of the rule.

        A problem that the function yields as a warning stays a warning.
        """
        problems = [*self.function(subject)]
        if not problems:  # of most rules
            return problems
        severity = self.severity_in(strict=strict)
        return [
            replace(problem, rule=self.id, severity=severity if problem.severity == "error" else "warning")
            for problem in problems
        ]


class RuleSet(Generic[Subject]):
    """The rules about one kind of subject, by ID.

    An instance is also the decorator that registers a rule: `@endpoint_rule("name-too-long")`.
    """

    def __init__(self) -> None:
        self.rules: dict[str, Rule[Subject]] = {}

    def __call__(
        self, rule_id: str, severity: Severity = "error", *, strict: bool = True
    ) -> Callable[[Callable[[Subject], Iterator[Problem]]], Rule[Subject]]:
        def register(function: Callable[[Subject], Iterator[Problem]]) -> Rule[Subject]:
            if find_rule(rule_id):
                raise ValueError(f"duplicate rule ID {rule_id}")
            rule = self.rules[rule_id] = Rule(rule_id, severity, function, strict)
            return rule

        return register

    def findings(self, subject: Subject, *, strict: bool = False) -> list[Problem]:
        """Return the problems of a subject from all rules, in the order of registration."""
        return [problem for rule in self.rules.values() for problem in rule.findings(subject, strict=strict)]

    def errors(self, subject: Subject, *, strict: bool = False) -> list[Problem]:
        """Return the errors among `findings`; rules that report warnings only are not run."""
        rules = (rule for rule in self.rules.values() if rule.severity_in(strict=strict) == "error")
        problems = (problem for rule in rules for problem in rule.findings(subject, strict=strict))
        return [problem for problem in problems if problem.severity == "error"]


endpoint_rule = RuleSet[Deployment]()
network_rule = RuleSet[NetworkDeployment]()
operations_rule = RuleSet[OperationsDeployment]()
state_rule = RuleSet[StateDeployment]()
audit_rule = RuleSet[AuditDeployment]()
cross_endpoint_rule = RuleSet[Sequence[Deployment]]()  # all endpoints of a file, in all environments
cross_environment_rule = RuleSet[Sequence[Deployment]]()  # the same, for problems of environments
cross_state_rule = RuleSet[Sequence[StateDeployment]]()  # the state stacks of all environments
RULE_SETS = (
    endpoint_rule,
    network_rule,
    operations_rule,
    state_rule,
    audit_rule,
    cross_endpoint_rule,
    cross_environment_rule,
    cross_state_rule,
)


def rules() -> Iterator[Rule[Any]]:
    """Yield every rule."""
    for rule_set in RULE_SETS:
        yield from rule_set.rules.values()


def find_rule(rule_id: str) -> Rule[Any] | None:
    """Return the rule with an ID, or None."""
    return next((rule_set.rules[rule_id] for rule_set in RULE_SETS if rule_id in rule_set.rules), None)
