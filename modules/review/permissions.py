"""Who gains or loses which permission: the grants of every policy of a plan, before and after."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
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
    unreadable: tuple[str, ...] = ()

    @property
    def added(self) -> list[Grant]:
        """Return what is allowed and was not, by whatever statement; or what is denied no more."""
        kept = [each for each in self.before if each.effect == "Allow"]
        new = (each for each in self.after - self.before if each.effect == "Allow")
        return sorted(each for each in new if not any(old.covers(each) for old in kept))

    @property
    def removed(self) -> list[Grant]:
        kept = [each for each in self.after if each.effect == "Allow"]
        gone = (each for each in self.before - self.after if each.effect == "Allow")
        return sorted(each for each in gone if not any(new.covers(each) for new in kept))

    @property
    def undenied(self) -> list[Grant]:
        """Return the denials that are gone, or that became narrower, of what is still there."""
        kept = [each for each in self.after if each.effect == "Deny"]
        there = {each.address for each in self.after}
        gone = (each for each in self.before - self.after if each.effect == "Deny" and each.address in there)
        return sorted(each for each in gone if not any(new.covers(each) for new in kept))

    def replaces(self, grant: Grant) -> Grant | None:
        """Return the grant that an added one takes the place of: for the same, under the same condition."""
        alike = (each for each in self.removed if (each.who, each.may, each.when) == (grant.who, grant.may, grant.when))
        return next(alike, None)

    def widens(self, grant: Grant) -> bool:
        """Return whether an added grant is a removed one with less to it: a pattern, or a condition that is gone."""
        gone = self.before - self.after
        return any(grant.covers(each) and grant != each for each in gone)


def permissions(plan: Plan) -> Permissions:
    """Return the permissions of all policies of a plan."""
    before, _ = _of(plan.changes, {each.address: each.before for each in plan.changes if each.before})
    gone = {each.address for each in plan.changes if each.goes or "forget" in each.actions}
    after, unknown = _of(
        plan.changes, {each.address: each.after for each in plan.changes if each.after and each.address not in gone}
    )
    # What the configuration does not say is AWS's own answer, such as a bucket's policy seen from the bucket.
    unreadable = [address for address, attribute in unknown if (address, attribute) in plan.configured]
    return Permissions(frozenset(before), frozenset(after), tuple(unreadable))


def _of(changes: Iterable[Change], world: dict[str, Json]) -> tuple[list[Grant], list[tuple[str, str]]]:
    found: list[Grant] = []
    unreadable: list[tuple[str, str]] = []
    for change in changes:
        attributes = world.get(change.address)
        if attributes is None:
            continue
        attribute = _OF_A_RESOURCE.get(change.type, "policy")
        document = attributes.get(attribute)
        if isinstance(document, Unknown):
            unreadable.append((change.address, attribute))
        elif document is not None and is_readable(document):
            for who, on in _places(change, attributes, world):
                found += grants(document, who=who, on=on, address=change.address)
    return found, unreadable


def _places(change: Change, attributes: Json, world: dict[str, Json]) -> Iterator[tuple[str, str]]:
    """Yield who a policy is for, where it does not say so itself, and what it is of, where it says `*`."""
    if change.type == "aws_iam_role_policy":
        yield _role(attributes.get("role"), world), ""
    elif change.type == "aws_iam_policy":
        yield from ((who, "") for who in _attached(change, attributes, world))
    elif change.type == "aws_iam_role":
        yield "", f"role/{attributes.get('name')}"
    elif change.type == "aws_kms_key":
        yield "", change.address
    else:
        yield "", ""


def _attached(change: Change, attributes: Json, world: dict[str, Json]) -> list[str]:
    """Return the roles that have a policy, and those that it bounds."""
    names = {attributes.get("arn"), f"${{{change.address}.arn}}"} - {None}
    roles = {
        _role(each.get("role"), world)
        for address, each in world.items()
        if address.startswith("aws_iam_role_policy_attachment.") and _is_one_of(each.get("policy_arn"), names)
    }
    bounded = {
        f"at the most: role/{each.get('name')}"
        for address, each in world.items()
        if address.startswith("aws_iam_role.") and _is_one_of(each.get("permissions_boundary"), names)
    }
    return sorted(roles | bounded) or [f"nobody yet ({attributes.get('name')})"]


def _is_one_of(value: Any, names: set[Any]) -> bool:
    return isinstance(value, str) and value in names


def _role(value: Any, world: dict[str, Json]) -> str:
    """Return a role by its name, also where the plan refers to it."""
    if isinstance(value, str) and value.startswith("${aws_iam_role."):
        address = value.removeprefix("${").rpartition(".")[0]
        value = table(world.get(address)).get("name", address)
    return f"role/{value}"
