"""Define the review of one plan: what was found, what of it is acknowledged, and the verdict."""

from collections import Counter
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from protected_endpoints.review.acknowledgements import Acknowledged
from protected_endpoints.review.analysis.context import View
from protected_endpoints.review.analysis.endpoints import count
from protected_endpoints.review.analysis.prices import NONE, Prices
from protected_endpoints.review.findings import Finding
from protected_endpoints.review.plan.plan import Plan
from protected_endpoints.review.rules import findings


@dataclass(frozen=True)
class Review:
    """Define the review of one plan."""

    plan: Plan
    acknowledged: tuple[Acknowledged, ...]
    today: date
    prices: Prices = NONE

    @cached_property
    def view(self) -> View:
        return View(self.plan, self.prices)

    @cached_property
    def findings(self) -> list[Finding]:
        return findings(self.view)

    @cached_property
    def silenced(self) -> list[tuple[Finding, Acknowledged]]:
        """Return the findings that somebody acknowledged, while that holds."""
        known = {each.finding: each for each in self.acknowledged if each.holds(self.today)}
        return [(each, known[key]) for each in self.findings if (key := each.key(self.plan.stack)) in known]

    @cached_property
    def open(self) -> list[Finding]:
        silenced = {id(each) for each, _ in self.silenced}
        return [each for each in self.findings if id(each) not in silenced]

    @property
    def expired(self) -> list[Acknowledged]:
        """Return what was acknowledged and is found once more, but held only until a day that is over."""
        keys = {each.key(self.plan.stack) for each in self.findings}
        return [each for each in self.acknowledged if each.finding in keys and not each.holds(self.today)]

    @property
    def blocks(self) -> bool:
        return any(each.severity == "block" for each in self.open)

    @property
    def changes_nothing(self) -> bool:
        return not (self.view.changing or self.plan.deposed or self.findings or self.plan.outputs)

    @property
    def verdict(self) -> str:
        """Return the sentence that a reviewer reads first."""
        counted = Counter(each.severity for each in self.open)
        if self.changes_nothing:
            return "nothing changes"
        if counted["block"]:
            return f"must not be applied as it is, for {count(counted['block'], 'reason')}"
        if counted["warn"]:
            return f"look at {count(counted['warn'], 'thing')} before you apply it"
        return "no rule objects"
