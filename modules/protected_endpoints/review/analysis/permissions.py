"""The permissions that a plan adds or removes."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from protected_endpoints.review.analysis.covering import CoveringIndex
from protected_endpoints.review.analysis.grant import ALL_EXCEPT, Grant, PrincipalKind, matches
from protected_endpoints.review.analysis.replacements import NO_REPLACEMENTS, Replacements, replacements
from protected_endpoints.review.analysis.snapshot import Snapshot, holders
from protected_endpoints.review.plan.plan import Plan

_FEW = 4  # grants, which are compared with all others faster than an index of the others is made


@dataclass(frozen=True)
class Permissions:
    """The grants before and after a plan, and the addresses of the policies that cannot be read."""

    before: frozenset[Grant]
    after: frozenset[Grant]
    present: frozenset[str] = frozenset()  # addresses of resources whose denials matter after the plan
    unreadable: tuple[str, ...] = ()
    replacements: Replacements = NO_REPLACEMENTS

    @cached_property
    def added(self) -> list[Grant]:
        """Return the permissions that no statement allowed before."""
        return _not_covered(self.after - self.before, self.before, "Allow")

    @cached_property
    def removed(self) -> list[Grant]:
        return _not_covered(self.before - self.after, self.after, "Allow")

    @cached_property
    def removed_denies(self) -> list[Grant]:
        """Return the denials that are removed or narrower, and that still matter."""
        removed = {grant for grant in self.before - self.after if grant.effect == "Deny" and self._matters(grant)}
        remaining = {grant.without_exemptions for grant in self.after if grant.effect == "Deny"}
        # A principal that a denial exempts is reported by `new_exemptions` or as an added permission.
        narrower = _not_covered(removed, self.after, "Deny")
        return [grant for grant in narrower if grant.without_exemptions not in remaining]

    def _matters(self, denial: Grant) -> bool:
        """Return whether a denial had an effect on something that still exists."""
        is_attached = (denial.address, denial.principal) in self._attached
        if denial.address in self.present and (not denial.is_attachable_policy or is_attached):
            return True
        return any(
            _overlap(denial.action.lower(), action) and any(_overlap(denial.resource, other) for other in resources)
            for action, resources in self._allowed_after.get(denial.principal, {}).items()
        )

    @cached_property
    def _attached(self) -> set[tuple[str, str]]:
        return {(grant.address, grant.principal) for grant in self.after}

    @cached_property
    def _allowed_after(self) -> dict[str, dict[str, set[str]]]:
        """Return the allowed resources by principal and by action in lower case."""
        by_principal: dict[str, dict[str, set[str]]] = {}
        for grant in self.after:
            if grant.effect == "Allow":
                by_action = by_principal.setdefault(grant.principal, {})
                by_action.setdefault(grant.action.lower(), set()).add(grant.resource)
        return by_principal

    @cached_property
    def new_exemptions(self) -> list[Grant]:
        """Return the denials that exempt one more principal, which is not reported as an added permission."""
        before: dict[Grant, set[str]] = {}
        for grant in self.before:
            if grant.effect == "Deny":
                before.setdefault(grant.without_exemptions, set()).update(grant.exempted_principals)
        return sorted(
            replace(grant, principal=name, kind=PrincipalKind.NAMED)
            for grant in self.after - self.before
            if grant.effect == "Deny" and grant.without_exemptions in before
            for name in grant.exempted_principals - before[grant.without_exemptions]
            if not self._gains(name, grant.action)
        )

    def _gains(self, principal: str, action: str) -> bool:
        """Return whether the plan adds a permission of a principal for an action."""
        role = f"role/{principal.rpartition('/')[2]}"
        actions = self._added_actions.get(principal, set()) | self._added_actions.get(role, set())
        return any(_overlap(action.lower(), added) for added in actions)

    @cached_property
    def _added_actions(self) -> dict[str, set[str]]:
        """Return the added actions in lower case, by principal."""
        actions: dict[str, set[str]] = {}
        for grant in self.added:
            actions.setdefault(grant.principal, set()).add(grant.action.lower())
        return actions

    @cached_property
    def execution_roles(self) -> set[str]:
        """Return the roles that SageMaker can assume before or after the plan, as `role/NAME`."""
        return {
            grant.resource
            for grant in (*self.before, *self.after)
            if grant.is_trust_policy and grant.principal == "sagemaker.amazonaws.com"
        }

    def follows(self, grant: Grant) -> bool:
        """Return whether an added grant is a removed one, for the resource that the plan uses instead.

        A grant that includes the removed one, or that names any other resource, is a permission that is gained.
        """
        roles = self._removed_roles.get(_identity(grant), set())
        if grant.is_all_resources or roles.isdisjoint(self.replacements.roles_after(grant.resource)):
            return False
        return not self.widens(grant)

    def widens(self, grant: Grant) -> bool:
        """Return whether an added grant is wider than a removed one: by a pattern, or without a condition."""
        return grant in self._wider

    def similar_before(self, grant: Grant) -> list[Grant]:
        """Return the permissions of the same principal and action before. All invoke actions count as the same."""
        return self._allowed_before.get(_similarity(grant), [])

    def similar_values(self, grant: Grant, values: Callable[[Grant], Iterable[str]]) -> frozenset[str]:
        """Return the values of all of `similar_before`, computed once for the grants that are similar to each other."""
        key = (_similarity(grant), values)
        if key not in self._similar_values:
            similar = self.similar_before(grant)
            self._similar_values[key] = frozenset(value for other in similar for value in values(other))
        return self._similar_values[key]

    @cached_property
    def _similar_values(self) -> dict[Any, frozenset[str]]:
        return {}

    @cached_property
    def _removed_roles(self) -> dict[tuple[str, ...], set[tuple[str, str]]]:
        """Return what the resources of the removed permissions are to the plan."""
        roles: dict[tuple[str, ...], set[tuple[str, str]]] = {}
        for grant in self.removed:
            roles.setdefault(_identity(grant), set()).update(self.replacements.roles_before(grant.resource))
        return roles

    @cached_property
    def required_before(self) -> dict[str, set[str]]:
        """Return the values that conditions compare with before the plan, by condition key in lower case."""
        values: dict[str, set[str]] = {}
        for grant in {grant.condition: grant for grant in self.before}.values():
            for condition, compared in grant.conditions.items():
                values.setdefault(condition.partition(" ")[2], set()).update(compared)
        return values

    @cached_property
    def _wider(self) -> set[Grant]:
        """Return the added grants that cover another one, of the same principal, that is removed."""
        wider: set[Grant] = set()
        index = CoveringIndex(self.added)
        for grant in self.before - self.after:
            wider.update(index.remove_wider(grant))
        return wider

    @cached_property
    def _allowed_before(self) -> dict[tuple[str, str], list[Grant]]:
        by_similarity: dict[tuple[str, str], list[Grant]] = {}
        for grant in self.before:
            if grant.effect == "Allow":
                by_similarity.setdefault(_similarity(grant), []).append(grant)
        return by_similarity


def _identity(grant: Grant) -> tuple[str, ...]:
    """Return all of a permission but its resource."""
    return grant.address, grant.principal, grant.action, grant.condition


def _similarity(grant: Grant) -> tuple[str, str]:
    return grant.principal, "sagemaker:InvokeEndpoint*" if grant.is_invocation else grant.action


def _overlap(first: str, second: str) -> bool:
    """Return whether two patterns may match the same text."""
    if first.startswith(ALL_EXCEPT) or second.startswith(ALL_EXCEPT):
        return True
    return matches(first, second) or matches(second, first)


def _not_covered(candidates: Iterable[Grant], covering: Iterable[Grant], effect: str) -> list[Grant]:
    """Return the candidates that no grant in `covering` covers. A policy that only restricts covers no permission."""
    candidates = [grant for grant in candidates if grant.effect == effect]
    relevant = [grant for grant in covering if grant.effect == effect] if candidates else []
    if len(candidates) <= _FEW:
        return sorted(grant for grant in candidates if not any(_covers(other, grant) for other in relevant))
    indexes = {
        is_restrictive: CoveringIndex(grant for grant in relevant if grant.is_restrictive_only is is_restrictive)
        for is_restrictive in (True, False)
    }
    return sorted(grant for grant in candidates if not indexes[grant.is_restrictive_only].covers(grant))


def _covers(grant: Grant, other: Grant) -> bool:
    return grant.is_restrictive_only is other.is_restrictive_only and grant.covers(other)


def permissions(plan: Plan) -> Permissions:
    """Return the permissions of all policies of a plan."""
    deleted = {change.address for change in plan.changes if change.is_deleted}
    resources_before = {change.address: change.before for change in plan.changes if change.before}
    resources_after = {
        change.address: change.after for change in plan.changes if change.after and change.address not in deleted
    }
    attached = frozenset(arn for resources in (resources_before, resources_after) for arn in holders(resources))
    before, after = (Snapshot(plan, resources, attached) for resources in (resources_before, resources_after))
    # If the policy of a bucket is deleted and the bucket is not, its denials still matter.
    policies = plan.of_type("aws_s3_bucket_policy")
    with_bucket = [policy.address for policy in policies if not plan.is_deleted_with_bucket(policy)]
    return Permissions(
        frozenset(before.grants()),
        frozenset(after.grants()),
        frozenset({*after.resources, *with_bucket}),
        tuple(after.unreadable()),
        replacements(plan),
    )
