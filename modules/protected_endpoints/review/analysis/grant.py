"""Define one permission or denial, and what its conditions demand of a request."""

import json
import re
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase
from functools import cached_property
from typing import Any

from protected_endpoints.review.plan.plan import type_of
from protected_endpoints.review.plan.values import listed, table

# With one of these, a statement for everybody is for somebody: a principal, an account, an organization, a network.
_BOUNDING = {
    "aws:principalaccount",
    "aws:principalarn",
    "aws:principalorgid",
    "aws:principalorgpaths",
    "aws:sourceaccount",
    "aws:sourcearn",
    "aws:sourcevpc",
    "aws:sourcevpce",
    "kms:calleraccount",
}
# With these a request must have the key, and one of the values. ForAllValues and IfExists let one without it through.
_DEMANDING = {"arnequals", "arnlike", "bool", "stringequals", "stringequalsignorecase", "stringlike"}
# A pattern that names an account, an organization or a bucket is for somebody, whatever comes after.
_NAMES_SOMEBODY = re.compile(r"o-[a-z0-9]{10,32}/|arn:[\w-]+:s3:::[\w.-]{3,}|arn:[\w-]+:[\w-]*:[\w*-]*:\d{12}:")
_LEAVING_OUT = {"arnnotequals aws:principalarn", "stringnotequals aws:principalarn"}
ALL_BUT = "all but "
OUTSIDER = "outside of AWS accounts: "


@dataclass(frozen=True, order=True)
class Grant:
    """Define one permission, or one denial, down to a single principal, action and resource.

    `when` is the condition as canonical JSON, and empty where there is none.
    """

    who: str
    may: str
    on: str
    when: str
    effect: str = "Allow"
    address: str = ""

    def covers(self, other: "Grant") -> bool:
        """Return whether this lets at least that through; a condition covers itself, and none covers all."""
        return (
            self.effect == other.effect
            and self.when in ("", other.when)
            and matches(self.who, other.who)
            and matches(self.may.lower(), other.may.lower())
            and matches(self.on, other.on)
        )

    def lets(self, *actions: str) -> bool:
        """Return whether it may be about one of some actions, each the beginning of a name: `iam:put`.

        A pattern is about all that begin like it does, which is more than it matches, and never less.
        """
        if self.may.startswith(ALL_BUT):
            return True
        may, *wildcard = re.split(r"[*?]", self.may.lower(), maxsplit=1)
        return any(may.startswith(each) or (bool(wildcard) and each.startswith(may)) for each in actions)

    @property
    def invokes(self) -> bool:
        """Return whether it is about one of the actions that invoke an endpoint: their names all begin alike."""
        return self.may.lower().startswith("sagemaker:") and self.lets("sagemaker:invokeendpoint")

    @property
    def is_of_everybody(self) -> bool:
        return self.who == "*" or self.who.startswith(ALL_BUT)

    @property
    def is_of_outsider(self) -> bool:
        """Return whether it is for who signs in elsewhere, or is named by what tells no account."""
        return self.who.startswith(OUTSIDER)

    @property
    def is_of_everything(self) -> bool:
        """Return whether it is about every resource of a service, however that is written."""
        return self.on.startswith(ALL_BUT) or not self.on.split(":", 5)[-1].strip("*?/")

    @property
    def is_of_every_action(self) -> bool:
        """Return whether it is about every action of a service."""
        return self.may.startswith(ALL_BUT) or not self.may.rpartition(":")[2].strip("*?")

    @cached_property
    def _type(self) -> str:
        return type_of(self.address)

    @property
    def is_of_identity(self) -> bool:
        """Return whether somebody has to be given the policy for it to count."""
        return self._type == "aws_iam_policy"

    @property
    def is_held(self) -> bool:
        """Return whether a role holds it; else it stands at the resource that it is about."""
        return self._type.startswith("aws_iam_") and not self.is_trust

    @property
    def is_trust(self) -> bool:
        """Return whether it is about assuming the role that it stands in."""
        return self._type == "aws_iam_role" and self.on.startswith("role/")

    @property
    def is_filter(self) -> bool:
        """Return whether the policy only takes away: one of a VPC endpoint, or a boundary."""
        return self._type == "aws_vpc_endpoint" or self.is_boundary

    @property
    def is_boundary(self) -> bool:
        return self.who.startswith("at the most: ")

    @cached_property
    def conditions(self) -> dict[str, list[str]]:
        """Return the values by operator and key, both in lower case."""
        found = json.loads(self.when) if self.when else {}
        return {
            f"{operator} {key}".lower(): _values(values)
            for operator, by_key in table(found).items()
            for key, values in table(by_key).items()
        }

    @cached_property
    def demands(self) -> dict[str, list[str]]:
        """Return the values by key of which a request must have one; a pattern for anybody demands nothing."""
        found = {}
        for condition, values in self.conditions.items():
            operator, _, key = condition.partition(" ")
            if operator.removeprefix("foranyvalue:") in _DEMANDING and not any(map(_is_of_anybody, values)):
                found[key] = values
        return found

    @property
    def is_bounded(self) -> bool:
        """Return whether a condition says who it is for, whoever the principal is."""
        return not _BOUNDING.isdisjoint(self.demands)

    @property
    def left_out(self) -> set[str]:
        """Return the principals whom a denial names as not being meant."""
        return {
            each
            for condition, values in self.conditions.items()
            for each in values
            if condition in _LEAVING_OUT and not has_wildcard(each)
        }

    @property
    def but_for_exceptions(self) -> "Grant":
        """Return a denial without the names of those whom it leaves out; a pattern is more than a name, and stays."""
        named = {
            key: [each for each in values if key not in _LEAVING_OUT or has_wildcard(each)]
            for key, values in self.conditions.items()
        }
        return replace(self, when=json.dumps(named, sort_keys=True))


def matches(pattern: str, text: str) -> bool:
    """Return whether a pattern of IAM is about a text, or is it; `*` and `?` are the only signs that it knows.

    Names and resources differ by their case. Actions do not: give both in lower case.
    """
    if pattern == text:
        return True
    if pattern.startswith(ALL_BUT):
        return False
    return fnmatchcase(text, pattern.replace("[", "[[]"))


def in_words(when: str) -> list[str]:
    """Return each condition of a statement as a key, an operator and values."""
    return [
        f"{key} {_operator(operator)} {', '.join(map(str, values))}"
        for operator, by_key in (json.loads(when) if when else {}).items()
        for key, values in by_key.items()
    ]


def _operator(operator: str) -> str:
    if operator.endswith(("Equals", "Bool", "Like")) and "Not" not in operator:
        return "="
    return operator


def has_wildcard(text: str) -> bool:
    return "*" in text or "?" in text


def _is_of_anybody(value: str) -> bool:
    return has_wildcard(value) and not _NAMES_SOMEBODY.match(value)


def _values(values: Any) -> list[str]:
    return [str(each).lower() if isinstance(each, bool) else str(each) for each in listed(values) or [values]]
