"""The registry of rules: a decorator registers a function under its id, and the function yields `Problem`s."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Generic, TypeVar

from protected_endpoints.deployment import Deployment, NetworkDeployment, StateDeployment
from protected_endpoints.errors import Problem, Severity

Subject = TypeVar("Subject")


@dataclass(frozen=True)
class Rule(Generic[Subject]):
    """A rule about a subject, such as a deployment.

    The docstring of `function` begins with what AWS, Terraform or this project requires, and its source. `strict`
    says whether a warning becomes an error in a strict project.
    """

    id: str
    function: Callable[[Subject], Iterator[Problem]]
    severity: Severity
    strict: bool

    def __call__(self, subject: Subject, *, strict: bool = False) -> Iterator[Problem]:
        """Yield the problems of a subject, with the id and the severity of the rule.

        A problem that the function yields as a warning stays a warning.
        """
        severity = "error" if strict and self.strict else self.severity
        for problem in self.function(subject):
            yield replace(problem, rule=self.id, severity=severity if problem.severity == "error" else "warning")


class RuleSet(Generic[Subject]):
    """The rules about one kind of subject, by id. Each instance is also the decorator that registers a rule."""

    def __init__(self) -> None:
        self.rules: dict[str, Rule[Subject]] = {}

    def __call__(
        self, rule_id: str, severity: Severity = "error", *, strict: bool = True
    ) -> Callable[[Callable[[Subject], Iterator[Problem]]], Rule[Subject]]:
        def register(function: Callable[[Subject], Iterator[Problem]]) -> Rule[Subject]:
            if any(rule_id in rule_set.rules for rule_set in RULE_SETS):
                raise ValueError(f"duplicate rule id {rule_id}")
            rule = self.rules[rule_id] = Rule(rule_id, function, severity, strict)
            return rule

        return register

    def findings(self, subject: Subject, *, strict: bool = False) -> list[Problem]:
        """Return the problems of a subject from all rules, in the order of registration."""
        return [problem for rule in self.rules.values() for problem in rule(subject, strict=strict)]


endpoint_rule = RuleSet[Deployment]()
network_rule = RuleSet[NetworkDeployment]()
state_rule = RuleSet[StateDeployment]()
states_rule = RuleSet[Sequence[StateDeployment]]()  # the state stacks of all environments
cross_endpoint_rule = RuleSet[Sequence[Deployment]]()  # all endpoints of a file
RULE_SETS = (endpoint_rule, network_rule, state_rule, states_rule, cross_endpoint_rule)
