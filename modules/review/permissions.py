"""Who gains or loses which permission: the grants of every policy of a plan, before and after."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from modules.review.plan import Change, Plan
from modules.review.statements import Grant, grants, is_readable
from modules.review.values import Json, Unknown, table

_OF_A_RESOURCE = {
    "aws_kms_key": "policy",
    "aws_s3_bucket_policy": "policy",
    "aws_vpc_endpoint": "policy",
    "aws_iam_role": "assume_role_policy",
}


@dataclass(frozen=True)
class Permissions:
    """Define the grants before and after, and the policies of which nobody can tell."""

    before: frozenset[Grant]
    after: frozenset[Grant]
    there: frozenset[str] = frozenset()
    unreadable: tuple[str, ...] = ()

    @cached_property
    def added(self) -> list[Grant]:
        """Return what is allowed and was not, by whatever statement; or what is denied no more."""
        return _not_covered(self.after - self.before, self.before, "Allow")

    @cached_property
    def removed(self) -> list[Grant]:
        return _not_covered(self.before - self.after, self.after, "Allow")

    @cached_property
    def undenied(self) -> list[Grant]:
        """Return the denials that are gone, or that became narrower, of what is still there."""
        held = {(each.address, each.who) for each in self.after}
        gone = {
            each
            for each in self.before - self.after
            # Who loses a policy as a whole loses what it allows as well.
            if each.address in self.there and (not each.is_of_identity or (each.address, each.who) in held)
        }
        kept = {each.but_for_exceptions for each in self.after if each.effect == "Deny"}
        # Whom a denial leaves out gains what somebody allows, and that is told as a permission.
        return [each for each in _not_covered(gone, self.after, "Deny") if each.but_for_exceptions not in kept]

    def replaces(self, grant: Grant) -> bool:
        """Return whether an added grant takes the place of another: for the same, under the same condition."""
        return (grant.who, grant.may, grant.when) in self._places_left

    def widens(self, grant: Grant) -> bool:
        """Return whether an added grant is a removed one with less to it: a pattern, or a condition that is gone."""
        return any(grant.covers(each) and grant != each for each in self._gone_of.get(grant.who, ()))

    @cached_property
    def _places_left(self) -> frozenset[tuple[str, str, str]]:
        return frozenset((each.who, each.may, each.when) for each in self.removed)

    @cached_property
    def _gone_of(self) -> dict[str, list[Grant]]:
        found: dict[str, list[Grant]] = {}
        for each in self.before - self.after:
            found.setdefault(each.who, []).append(each)
        return found


class _Covering:
    """Find the grants that may cover another: of the same principal and action, and those with a pattern there."""

    def __init__(self, grants: Iterable[Grant]) -> None:
        self._exact: dict[tuple[str, str], list[Grant]] = {}
        self._patterns: list[Grant] = []
        for each in grants:
            if any(sign in f"{each.who}{each.may}" for sign in "*?["):
                self._patterns.append(each)
            else:
                self._exact.setdefault((each.who.lower(), each.may.lower()), []).append(each)

    def covers(self, grant: Grant) -> bool:
        alike = self._exact.get((grant.who.lower(), grant.may.lower()), [])
        return any(each.covers(grant) for each in (*alike, *self._patterns))


def _not_covered(these: Iterable[Grant], others: Iterable[Grant], effect: str) -> list[Grant]:
    """Return the grants that none of the others covers; what only filters grants nothing to an identity."""
    kept = [each for each in others if each.effect == effect]
    covering = {
        is_filter: _Covering(each for each in kept if each.is_filter is is_filter) for is_filter in (True, False)
    }
    return sorted(each for each in these if each.effect == effect and not covering[each.is_filter].covers(each))


def permissions(plan: Plan) -> Permissions:
    """Return the permissions of all policies of a plan."""
    before, _ = _of(plan.changes, {each.address: each.before for each in plan.changes if each.before})
    gone = {each.address for each in plan.changes if each.goes or "forget" in each.actions}
    after, unknown = _of(
        plan.changes, {each.address: each.after for each in plan.changes if each.after and each.address not in gone}
    )
    # What the configuration does not say is AWS's own answer, such as a bucket's policy seen from the bucket.
    unreadable = [address for address, attribute in unknown if (address, attribute) in plan.configured]
    there = frozenset(each.address for each in plan.changes if each.after and each.address not in gone)
    return Permissions(frozenset(before), frozenset(after), there, tuple(unreadable))


def _of(changes: Iterable[Change], world: dict[str, Json]) -> tuple[list[Grant], list[tuple[str, str]]]:
    found: list[Grant] = []
    unreadable: list[tuple[str, str]] = []
    holders = _holders(world)
    for change in changes:
        attributes = world.get(change.address)
        if attributes is None or change.type == "aws_s3_bucket":  # it repeats what its policy says, as it was before
            continue
        attribute = _OF_A_RESOURCE.get(change.type, "policy")
        document = attributes.get(attribute)
        if isinstance(document, Unknown) or (isinstance(document, str) and not is_readable(document)):
            unreadable.append((change.address, attribute))
        elif document is not None:
            for who, on in _places(change, attributes, world, holders):
                found += grants(document, who=who, on=on, address=change.address)
    return found, unreadable


def _places(
    change: Change, attributes: Json, world: dict[str, Json], holders: dict[str, set[str]]
) -> Iterator[tuple[str, str]]:
    """Yield who a policy is for, where it does not say so itself, and what it is of, where it says `*`."""
    if change.type == "aws_iam_role_policy":
        yield _role(attributes.get("role"), world), ""
    elif change.type == "aws_iam_policy":
        names = (str(attributes.get("arn")), f"${{{change.address}.arn}}")
        roles = {role for name in names for role in holders.get(name, ())}
        yield from ((who, "") for who in sorted(roles))
    elif change.type == "aws_iam_role":
        yield "", f"role/{attributes.get('name')}"
    elif change.type == "aws_kms_key":
        yield "", change.address
    else:
        yield "", ""


def _holders(world: dict[str, Json]) -> dict[str, set[str]]:
    """Return the roles that have a policy, and those that it bounds, by its ARN or by the reference to it."""
    found: dict[str, set[str]] = {}
    for address, each in world.items():
        if address.startswith("aws_iam_role_policy_attachment."):
            found.setdefault(str(each.get("policy_arn")), set()).add(_role(each.get("role"), world))
        if address.startswith("aws_iam_role.") and each.get("permissions_boundary"):
            found.setdefault(str(each["permissions_boundary"]), set()).add(f"at the most: role/{each.get('name')}")
    return found


def _role(value: Any, world: dict[str, Json]) -> str:
    """Return a role by its name, also where the plan refers to it."""
    if isinstance(value, str) and value.startswith("${aws_iam_role."):
        address = value.removeprefix("${").rpartition(".")[0]
        value = table(world.get(address)).get("name", address)
    return f"role/{value}"
