"""The review of one plan: its findings, the acknowledged ones among them, and the verdict."""

from collections import Counter
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from protected_endpoints.review.acknowledgements import Acknowledgement
from protected_endpoints.review.analysis.context import ReviewContext
from protected_endpoints.review.analysis.prices import NO_PRICES, Prices
from protected_endpoints.review.findings import Finding
from protected_endpoints.review.markdown import pluralize
from protected_endpoints.review.plan.plan import Plan
from protected_endpoints.review.rules import RULES, findings


@dataclass(frozen=True)
class Review:
    """The review of one plan on a day, which decides whether an acknowledgement is still valid."""

    plan: Plan
    acknowledgements: tuple[Acknowledgement, ...]
    today: date
    prices: Prices = NO_PRICES

    @cached_property
    def context(self) -> ReviewContext:
        return ReviewContext(self.plan, self.prices)

    @cached_property
    def findings(self) -> list[Finding]:
        return findings(self.context)

    @cached_property
    def acknowledged_findings(self) -> list[tuple[Finding, Acknowledgement]]:
        """Return the findings with a valid acknowledgement."""
        valid = {item.finding: item for item in self.acknowledgements if item.is_valid(self.today)}
        return [(finding, valid[key]) for finding in self.findings if (key := finding.key(self.plan.stack)) in valid]

    @cached_property
    def open_findings(self) -> list[Finding]:
        acknowledged = {id(finding) for finding, _ in self.acknowledged_findings}
        return [finding for finding in self.findings if id(finding) not in acknowledged]

    @property
    def expired_acknowledgements(self) -> list[Acknowledgement]:
        """Return the acknowledgements of findings of this plan that are no longer valid."""
        keys = {finding.key(self.plan.stack) for finding in self.findings}
        return [item for item in self.acknowledgements if item.finding in keys and not item.is_valid(self.today)]

    @property
    def unknown_acknowledgements(self) -> list[Acknowledgement]:
        """Return the acknowledgements for this stack of rules that do not exist, which have no effect."""
        return [
            item
            for item in self.acknowledgements
            if item.rule not in RULES and item.finding.startswith(f"{item.rule}[{self.plan.stack}:")
        ]

    @property
    def is_blocked(self) -> bool:
        return any(finding.severity == "block" for finding in self.open_findings)

    @property
    def is_empty(self) -> bool:
        """Return whether the plan changes nothing and has no findings."""
        return not (self.context.changed_resources or self.plan.deposed or self.findings or self.plan.outputs)

    @property
    def verdict(self) -> str:
        """Return the conclusion that a reviewer reads first."""
        counts = Counter(finding.severity for finding in self.open_findings)
        if self.is_empty:
            return "no changes"
        if counts["block"]:
            return f"blocked: {pluralize(counts['block'], 'finding')}"
        if counts["warn"]:
            return f"review {pluralize(counts['warn'], 'warning')} before applying"
        return "no findings"
