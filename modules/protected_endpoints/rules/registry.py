"""The registry of rules: a decorator with an id registers a function that yields a `Problem` for each violation."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Generic, TypeVar

from protected_endpoints.deployment import Deployment, NetworkDeployment, StateDeployment
from protected_endpoints.errors import Problem, Severity

Subject = TypeVar("Subject")


@dataclass(frozen=True)
class Rule(Generic[Subject]):
    """One rule. Its docstring says what AWS or Terraform would do, and who says so.

    A warning becomes an error where the project is strict, unless `strict` is False.
    """

    id: str
    function: Callable[[Subject], Iterator[Problem]]
    severity: Severity
    strict: bool

    def __call__(self, subject: Subject, *, strict: bool = False) -> Iterator[Problem]:
        """Yield the problems of a subject, with the id and the severity of the rule."""
        severity = "error" if strict and self.strict else self.severity
        for problem in self.function(subject):
            yield replace(problem, rule=self.id, severity=severity if problem.severity == "error" else "warning")


class RuleSet(Generic[Subject]):
    """The rules about one kind of subject, by id. An instance is the decorator that adds one."""

    def __init__(self) -> None:
        self.rules: dict[str, Rule[Subject]] = {}

    def __call__(
        self, id_: str, severity: Severity = "error", *, strict: bool = True
    ) -> Callable[[Callable[[Subject], Iterator[Problem]]], Rule[Subject]]:
        def register(function: Callable[[Subject], Iterator[Problem]]) -> Rule[Subject]:
            if any(id_ in each.rules for each in RULE_SETS):
                raise ValueError(f"two rules have the id {id_}")
            rule = self.rules[id_] = Rule(id_, function, severity, strict)
            return rule

        return register

    def findings(self, subject: Subject, *, strict: bool = False) -> list[Problem]:
        """Return the problems that all rules find in a subject."""
        return [problem for rule in self.rules.values() for problem in rule(subject, strict=strict)]


endpoint_rule = RuleSet[Deployment]()
network_rule = RuleSet[NetworkDeployment]()
state_rule = RuleSet[StateDeployment]()
states_rule = RuleSet[Sequence[StateDeployment]]()  # all environments of a file
cross_endpoint_rule = RuleSet[Sequence[Deployment]]()  # all endpoints of a file
RULE_SETS = (endpoint_rule, network_rule, state_rule, states_rule, cross_endpoint_rule)
