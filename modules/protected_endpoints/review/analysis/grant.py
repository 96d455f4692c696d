"""One permission or denial, and what its conditions require of a request."""

import json
import re
from dataclasses import dataclass, field, replace
from enum import StrEnum
from fnmatch import translate
from functools import cached_property, lru_cache
from typing import Any

from protected_endpoints.review.plan.plan import resource_type
from protected_endpoints.review.plan.values import as_dict, as_list

ALL_EXCEPT = "all except "  # begins the text of NotPrincipal, NotAction and NotResource
# With one of these, a statement for everyone is for a principal, an account, an organization or a network.
_RESTRICTING_KEYS = {
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
# With these a request must have the key, and one of the values. ForAllValues and IfExists allow a request without it.
_REQUIRING_OPERATORS = {"arnequals", "arnlike", "bool", "stringequals", "stringequalsignorecase", "stringlike"}
# A pattern that names an account, an organization or a bucket restricts, whatever follows.
_RESTRICTING_PATTERN = re.compile(r"o-[a-z0-9]{10,32}/|arn:[\w-]+:s3:::[\w.-]{3,}|arn:[\w-]+:[\w-]*:[\w*-]*:\d{12}:")
_WILDCARD = re.compile(r"[*?]")
_EXEMPTING = {"arnnotequals aws:principalarn", "stringnotequals aws:principalarn"}


class PrincipalKind(StrEnum):
    """The kind of a principal, which its text alone does not show reliably."""

    NAMED = "named"
    EVERYONE = "everyone"  # also with exceptions, by NotPrincipal
    EXTERNAL = "external"  # a federated or canonical user, whose name does not show the account
    BOUNDARY = "boundary"  # the role whose permissions boundary the policy is


@dataclass(frozen=True, order=True)
class Grant:
    """One permission, or one denial, of a single principal, action and resource.

    `principal` is the text in the report. `condition` is canonical JSON, and empty without one. `address` is the
    resource that holds the policy. `sid` is the ID of the statement, which is no difference between two grants.
    """

    principal: str
    action: str
    resource: str
    condition: str
    kind: PrincipalKind = PrincipalKind.NAMED
    effect: str = "Allow"
    address: str = ""
    sid: str = field(default="", compare=False)

    def covers(self, grant: "Grant") -> bool:
        """Return whether this includes another grant: each part matches, and the condition is the same or none."""
        return (
            self.effect == grant.effect
            and self.condition in ("", grant.condition)
            and matches(self.principal, grant.principal)
            and matches(self.action.lower(), grant.action.lower())
            and matches(self.resource, grant.resource)
        )

    def matches_action(self, *prefixes: str) -> bool:
        """Return whether the action may be one that begins with a prefix in lower case, such as `iam:put`.

        Of a pattern only the part before the first wildcard is compared: the result is true too often, never too
        seldom.
        """
        if self.action.startswith(ALL_EXCEPT):
            return True
        action, *wildcard = re.split(r"[*?]", self.action.lower(), maxsplit=1)
        return any(action.startswith(prefix) or (bool(wildcard) and prefix.startswith(action)) for prefix in prefixes)

    @property
    def is_invocation(self) -> bool:
        """Return whether the action invokes an endpoint: the names of these actions have one prefix."""
        return self.action.lower().startswith("sagemaker:") and self.matches_action("sagemaker:invokeendpoint")

    @property
    def is_public(self) -> bool:
        return self.kind is PrincipalKind.EVERYONE

    @property
    def is_external(self) -> bool:
        return self.kind is PrincipalKind.EXTERNAL

    @property
    def is_all_resources(self) -> bool:
        """Return whether the resource is every resource of a service, in any notation."""
        return self.resource.startswith(ALL_EXCEPT) or not self.resource.split(":", 5)[-1].strip("*?/")

    @property
    def is_all_actions(self) -> bool:
        """Return whether the action is every action of a service."""
        return self.action.startswith(ALL_EXCEPT) or not self.action.rpartition(":")[2].strip("*?")

    @cached_property
    def _type(self) -> str:
        return resource_type(self.address)

    @property
    def is_attachable_policy(self) -> bool:
        """Return whether it has an effect only for the principals to which the policy is attached."""
        return self._type == "aws_iam_policy"

    @property
    def is_identity_policy(self) -> bool:
        """Return whether a role has it; otherwise it is in the policy of a resource."""
        return self._type.startswith("aws_iam_") and not self.is_trust_policy

    @property
    def is_trust_policy(self) -> bool:
        return self._type == "aws_iam_role" and self.resource.startswith("role/")

    @property
    def is_restrictive_only(self) -> bool:
        """Return whether the policy only restricts: that of a VPC endpoint, or a permissions boundary."""
        return self._type == "aws_vpc_endpoint" or self.is_boundary

    @property
    def is_boundary(self) -> bool:
        return self.kind is PrincipalKind.BOUNDARY

    @cached_property
    def conditions(self) -> dict[str, list[str]]:
        """Return the values by operator and key, both in lower case."""
        parsed = json.loads(self.condition) if self.condition else {}
        return {
            f"{operator} {key}".lower(): _condition_values(values)
            for operator, by_key in as_dict(parsed).items()
            for key, values in as_dict(by_key).items()
        }

    @cached_property
    def required_condition_values(self) -> dict[str, list[str]]:
        """Return by key the values of which a request must have one; a pattern that anyone matches does not count."""
        required = {}
        for condition, values in self.conditions.items():
            operator, _, key = condition.partition(" ")
            is_required = operator.removeprefix("foranyvalue:") in _REQUIRING_OPERATORS
            if is_required and not any(map(_matches_anyone, values)):
                required[key] = values
        return required

    @property
    def is_restricted(self) -> bool:
        """Return whether a condition restricts who may use it, whatever the principal is."""
        return not _RESTRICTING_KEYS.isdisjoint(self.required_condition_values)

    @property
    def exempted_principals(self) -> set[str]:
        """Return the principals to which a denial does not apply, by its condition."""
        return {
            value
            for condition, values in self.conditions.items()
            for value in values
            if condition in _EXEMPTING and not has_wildcard(value)
        }

    @property
    def without_exemptions(self) -> "Grant":
        """Return a denial without the names of exempted principals; a pattern stays."""
        remaining = {
            key: [value for value in values if key not in _EXEMPTING or has_wildcard(value)]
            for key, values in self.conditions.items()
        }
        # A denial that exempts only names is one for everyone without them.
        kept = {key: values for key, values in remaining.items() if values or key not in _EXEMPTING}
        return replace(self, condition=json.dumps(kept, sort_keys=True))


def matches(pattern: str, text: str) -> bool:
    """Return whether a text matches a pattern of IAM, in which only `*` and `?` are wildcards.

    The case of principals and resources matters. The case of actions does not: pass both in lower case.
    """
    if pattern == text:
        return True
    if not is_pattern(pattern):
        return False
    first, *_, last = literal_parts(pattern)
    if not text.startswith(first) or not text.endswith(last):
        return False
    return bool(_compiled(pattern).match(text))


def is_pattern(text: str) -> bool:
    """Return whether a text of a policy can match another text."""
    return has_wildcard(text) and not text.startswith(ALL_EXCEPT)


def literal_parts(pattern: str) -> list[str]:
    """Return the parts of a pattern between its wildcards, of which the first and the last can be empty."""
    return _WILDCARD.split(pattern)


@lru_cache(maxsize=100_000)  # fnmatch remembers only a few hundred, and compiling one takes longer than 100 matches
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(translate(pattern.replace("[", "[[]")))


def format_conditions(condition: str) -> list[str]:
    """Return each condition of a statement as `key operator values`."""
    return [
        f"{key} {_operator(operator)} {', '.join(map(str, values))}"
        for operator, by_key in (json.loads(condition) if condition else {}).items()
        for key, values in by_key.items()
    ]


def _operator(operator: str) -> str:
    if operator.endswith(("Equals", "Bool", "Like")) and "Not" not in operator:
        return "="
    return operator


def has_wildcard(text: str) -> bool:
    return "*" in text or "?" in text


def _matches_anyone(value: str) -> bool:
    return has_wildcard(value) and not _RESTRICTING_PATTERN.match(value)


def _condition_values(values: Any) -> list[str]:
    return [str(value).lower() if isinstance(value, bool) else str(value) for value in as_list(values) or [values]]
