"""The review of one plan: its findings, the acknowledged ones among them, and the verdict."""

from collections import Counter
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from protected_endpoints.review.acknowledgements import Acknowledgement
from protected_endpoints.review.analysis.context import ReviewContext
from protected_endpoints.review.analysis.prices import NO_PRICES, Prices
from protected_endpoints.review.digest import Digests
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
        valid: dict[str, dict[str, Acknowledgement]] = {}
        for item in self.acknowledgements:
            if item.is_valid(self.today):
                valid.setdefault(item.finding, {})[item.digest] = item
        # Without an entry for the key there is no need to compute a digest.
        candidates = (
            (finding, valid.get(finding.key(self.plan.stack)))
            for finding in self.findings
            if finding.can_be_acknowledged
        )
        return [
            (finding, acknowledgement)
            for finding, by_digest in candidates
            if by_digest and (acknowledgement := by_digest.get(self.digest(finding)))
        ]

    def acknowledgement_of(self, finding: Finding) -> Acknowledgement | None:
        """Return the valid acknowledgement of a finding."""
        return self._acknowledgements.get(finding)

    @cached_property
    def open_findings(self) -> list[Finding]:
        return [finding for finding in self.findings if finding not in self._acknowledgements]

    @property
    def expired_acknowledgements(self) -> list[Acknowledgement]:
        """Return the acknowledgements of findings of this plan that are no longer valid."""
        return [
            item
            for item in self.acknowledgements
            if not item.is_valid(self.today) and item.digest in self.digests_of(item.finding)
        ]

    @property
    def outdated_acknowledgements(self) -> list[Acknowledgement]:
        """Return the acknowledgements of findings of this plan that are no longer as they were."""
        return [
            item
            for item in self.acknowledgements
            if (digests := self.digests_of(item.finding)) and item.digest not in digests
        ]

    @property
    def unknown_acknowledgements(self) -> list[Acknowledgement]:
        """Return the acknowledgements for this stack of rules that do not exist, which have no effect."""
        return [item for item in self.acknowledgements if item.rule not in RULES and item.is_for(self.plan.stack)]

    @property
    def unused_acknowledgements(self) -> list[Acknowledgement]:
        """Return the acknowledgements for this stack whose finding is not in this plan."""
        return [
            item
            for item in self.acknowledgements
            if item.rule in RULES and item.is_for(self.plan.stack) and item.finding not in self._by_key
        ]

    def digest(self, finding: Finding) -> str:
        """Return the digest by which `review.toml` acknowledges a finding."""
        return self._digests.of(finding)

    def digests_of(self, key: str) -> list[str]:
        """Return the digests of the findings with a key; a rule can have several findings at an address."""
        return [self.digest(finding) for finding in self._by_key.get(key, ())]

    @cached_property
    def _acknowledgements(self) -> dict[Finding, Acknowledgement]:
        return dict(self.acknowledged_findings)

    @cached_property
    def _digests(self) -> Digests:
        return Digests(self.plan)

    @cached_property
    def _by_key(self) -> dict[str, list[Finding]]:
        by_key: dict[str, list[Finding]] = {}
        for finding in self.findings:
            by_key.setdefault(finding.key(self.plan.stack), []).append(finding)
        return by_key

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
