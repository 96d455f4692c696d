"""Who gains or loses which permission: the grants of every policy of a plan, before and after."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from protected_endpoints.review.analysis.covering import Covered, Covering
from protected_endpoints.review.analysis.grant import ALL_BUT, Grant, has_wildcard, matches
from protected_endpoints.review.analysis.statements import grants, is_readable
from protected_endpoints.review.plan.plan import Change, Plan, type_of
from protected_endpoints.review.plan.values import Hidden, Json, Unknown, listed, table

_OF_A_RESOURCE = {
    "aws_kms_key": "policy",
    "aws_s3_bucket_policy": "policy",
    "aws_vpc_endpoint": "policy",
    "aws_iam_role": "assume_role_policy",
}
_INLINE = "inline_policy"
# What AWS lets through where nobody says anything (VPC endpoint policies; KMS default key policy).
_DEFAULTS: dict[str, Json] = {
    "aws_vpc_endpoint": {"Statement": {"Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "*"}},
    "aws_kms_key": {
        "Statement": {"Effect": "Allow", "Principal": "the whole account", "Action": "kms:*", "Resource": "*"}
    },
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
        gone = {each for each in self.before - self.after if each.effect == "Deny" and self._is_missed(each)}
        kept = {each.but_for_exceptions for each in self.after if each.effect == "Deny"}
        # Whom a denial leaves out gains what somebody allows, and that is told as a permission.
        return [each for each in _not_covered(gone, self.after, "Deny") if each.but_for_exceptions not in kept]

    def _is_missed(self, denial: Grant) -> bool:
        """Return whether something is left that a denial was about: who loses a whole policy loses what it allows."""
        if denial.address in self.there and (not denial.is_of_identity or (denial.address, denial.who) in self._held):
            return True
        return any(
            _overlap(denial.may.lower(), each.may.lower()) and _overlap(denial.on, each.on)
            for each in self._allowed_to.get(denial.who, ())
        )

    @cached_property
    def _held(self) -> set[tuple[str, str]]:
        return {(each.address, each.who) for each in self.after}

    @cached_property
    def _allowed_to(self) -> dict[str, list[Grant]]:
        return _by_who(each for each in self.after if each.effect == "Allow")

    @cached_property
    def left_out(self) -> list[Grant]:
        """Return the denials that name somebody more whom they do not mean, and who gains nothing else of the kind."""
        before: dict[Grant, set[str]] = {}
        for each in self.before:
            if each.effect == "Deny":
                before.setdefault(each.but_for_exceptions, set()).update(each.left_out)
        return sorted(
            replace(each, who=name)
            for each in self.after - self.before
            if each.effect == "Deny" and each.but_for_exceptions in before
            for name in each.left_out - before[each.but_for_exceptions]
            if not self._is_given(name, each.may)
        )

    def _is_given(self, name: str, action: str) -> bool:
        """Return whether the plan gives a principal what a denial is about, so that it is told already."""
        role = f"role/{name.rpartition('/')[2]}"
        return any(each.who in (name, role) and _overlap(action.lower(), each.may.lower()) for each in self.added)

    def replaces(self, grant: Grant) -> bool:
        """Return whether an added grant takes the place of another: one name for another, under the same condition."""
        left = self._places_left.get((grant.address, grant.who, grant.may, grant.when), [])
        return not grant.is_of_everything and any(has_wildcard(on) >= has_wildcard(grant.on) for on in left)

    def widens(self, grant: Grant) -> bool:
        """Return whether an added grant is a removed one with less to it: a pattern, or a condition that is gone."""
        return any(self._gone.by(grant))

    def alike(self, grant: Grant) -> list[Grant]:
        """Return what the same principal was allowed before by the same action, or by another that invokes alike."""
        return self._allowed_before.get(_likeness(grant), [])

    @cached_property
    def _places_left(self) -> dict[tuple[str, str, str, str], list[str]]:
        found: dict[tuple[str, str, str, str], list[str]] = {}
        for each in self.removed:
            found.setdefault((each.address, each.who, each.may, each.when), []).append(each.on)
        return found

    @cached_property
    def _gone(self) -> Covered:
        return Covered(self.before - self.after)

    @cached_property
    def _allowed_before(self) -> dict[tuple[str, str], list[Grant]]:
        found: dict[tuple[str, str], list[Grant]] = {}
        for each in self.before:
            if each.effect == "Allow":
                found.setdefault(_likeness(each), []).append(each)
        return found


def _likeness(grant: Grant) -> tuple[str, str]:
    return grant.who, "sagemaker:InvokeEndpoint*" if grant.invokes else grant.may


def _by_who(grants_: Iterable[Grant]) -> dict[str, list[Grant]]:
    found: dict[str, list[Grant]] = {}
    for each in grants_:
        found.setdefault(each.who, []).append(each)
    return found


def _overlap(one: str, other: str) -> bool:
    """Return whether there may be something that two patterns are both about."""
    return matches(one, other) or matches(other, one) or ALL_BUT in (one[: len(ALL_BUT)], other[: len(ALL_BUT)])


def _not_covered(these: Iterable[Grant], others: Iterable[Grant], effect: str) -> list[Grant]:
    """Return the grants that none of the others covers; what only filters grants nothing to an identity."""
    kept = [each for each in others if each.effect == effect]
    covering = {
        is_filter: Covering(each for each in kept if each.is_filter is is_filter) for is_filter in (True, False)
    }
    return sorted(each for each in these if each.effect == effect and not covering[each.is_filter].covers(each))


def permissions(plan: Plan) -> Permissions:
    """Return the permissions of all policies of a plan."""
    gone = {each.address for each in plan.changes if each.goes}
    worlds = (
        {each.address: each.before for each in plan.changes if each.before},
        {each.address: each.after for each in plan.changes if each.after and each.address not in gone},
    )
    held = frozenset(arn for world in worlds for arn in _holders(world))
    before, after = (_Side(plan, world, held) for world in worlds)
    # Where the policy of a bucket goes and the bucket does not, what it denied is still there.
    kept = [each.address for each in plan.of_type("aws_s3_bucket_policy") if not plan.goes_with_its_bucket(each)]
    return Permissions(
        frozenset(before.grants()),
        frozenset(after.grants()),
        frozenset({*after.world, *kept}),
        tuple(after.unreadable()),
    )


@dataclass(frozen=True)
class _Side:
    """Define the resources of a plan before or after it; `held` are the policies that a role of the plan has."""

    plan: Plan
    world: dict[str, Json]
    held: frozenset[str]

    def grants(self) -> Iterator[Grant]:
        for change, attribute, document in self._documents():
            for who, on in self._places(change, attribute):
                yield from grants(document, who=who, on=on, address=change.address)

    def unreadable(self) -> Iterator[str]:
        """Yield the addresses of policies that nobody can read before the apply."""
        for change, attribute, document in self._documents():
            hides = isinstance(document, Unknown | Hidden) or (isinstance(document, str) and not is_readable(document))
            # What the configuration does not say is AWS's own answer, such as a bucket's policy seen from the bucket.
            if hides and self.plan.configures(change.address, attribute):
                yield change.address

    def _documents(self) -> Iterator[tuple[Change, str, object]]:
        for change in self.plan.changes:
            attributes = self.world.get(change.address)
            if attributes is None or change.type == "aws_s3_bucket":  # repeats what its policy says, as it was before
                continue
            attribute = _OF_A_RESOURCE.get(change.type, "policy")
            document = attributes.get(attribute)
            is_left_out = not isinstance(document, str) and not self.plan.configures(change.address, attribute)
            yield change, attribute, _DEFAULTS.get(change.type, document) if is_left_out or document == "" else document
            # Where the configuration does not say them, they repeat the policies of other resources.
            if change.type == "aws_iam_role" and self.plan.configures(change.address, _INLINE):
                inline = attributes.get(_INLINE)
                for each in listed(inline) or [inline]:
                    yield change, _INLINE, each.get("policy") if isinstance(each, dict) else each

    def _places(self, change: Change, attribute: str) -> Iterator[tuple[str, str]]:
        """Yield who a policy is for, where it does not say so itself, and what it is of, where it says `*`."""
        attributes = self.world[change.address]
        name = attributes.get("name")
        if change.type == "aws_iam_role_policy":
            yield _role(attributes.get("role"), self.world), ""
        elif change.type == "aws_iam_policy":
            arns = {str(attributes.get("arn")), f"${{{change.address}.arn}}"}
            roles = {role for arn in arns for role in self._holders.get(arn, ())}
            # Another plan says whom it is attached to.
            yield from ((who, "") for who in sorted(roles if self.held & arns else {f"whoever has {name}"}))
        elif change.type == "aws_iam_role":
            yield (f"role/{name}", "") if attribute == _INLINE else ("", f"role/{name}")
        elif change.type == "aws_kms_key":
            yield "", change.address
        else:
            yield "", ""

    @cached_property
    def _holders(self) -> dict[str, set[str]]:
        return _holders(self.world)


def _holders(world: dict[str, Json]) -> dict[str, set[str]]:
    """Return the roles that have a policy, and those that it bounds, by its ARN or by the reference to it."""
    found: dict[str, set[str]] = {}
    for address, each in world.items():
        if type_of(address) == "aws_iam_role_policy_attachment":
            found.setdefault(str(each.get("policy_arn")), set()).add(_role(each.get("role"), world))
        if type_of(address) == "aws_iam_role" and each.get("permissions_boundary"):
            found.setdefault(str(each["permissions_boundary"]), set()).add(f"at the most: role/{each.get('name')}")
    return found


def _role(value: Any, world: dict[str, Json]) -> str:
    """Return a role by its name, also where the plan refers to it."""
    if isinstance(value, str) and value.startswith("${aws_iam_role."):
        address = value.removeprefix("${").rpartition(".")[0]
        value = table(world.get(address)).get("name", address)
    return f"role/{value}"
