"""Define what the rules look at: a plan, and what follows from it."""

from dataclasses import dataclass
from functools import cached_property

from protected_endpoints.review.analysis.endpoints import EndpointChange, endpoint_changes
from protected_endpoints.review.analysis.permissions import Permissions, permissions
from protected_endpoints.review.analysis.prices import NONE, Prices
from protected_endpoints.review.analysis.protections import Protection, protections
from protected_endpoints.review.plan.plan import Change, Plan


@dataclass(frozen=True)
class View:
    """Define a plan with the permissions, endpoints and protections that follow from it, each worked out once."""

    plan: Plan
    prices: Prices = NONE

    @cached_property
    def permissions(self) -> Permissions:
        return permissions(self.plan)

    @cached_property
    def endpoints(self) -> list[EndpointChange]:
        return endpoint_changes(self.plan)

    @cached_property
    def protections(self) -> list[Protection]:
        return protections(self.plan)

    @cached_property
    def by_address(self) -> dict[str, Change]:
        return {each.address: each for each in self.plan.changes}

    @cached_property
    def changing(self) -> list[Change]:
        """Return what is not left as it is."""
        return [each for each in self.plan.changes if not each.stays]
