"""Define what a plan does, as far as a review looks at it."""

import re
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from protected_endpoints.review.plan.values import Json

FORGET = ("forget",)
_INDEX = re.compile(r'\[(?:"(?:[^"\\]|\\.)*"|\d+)\]')


def in_configuration(address: str) -> str:
    """Return the address of a resource as the configuration has it, which knows nothing of count and for_each."""
    return _INDEX.sub("", address)


def type_of(address: str) -> str:
    """Return the type of the resource at an address, in whatever module it is."""
    return in_configuration(address).rpartition(".")[0].rpartition(".")[2]


def account_of(arn: str) -> str:
    """Return the account of an ARN, or a bare account id as it is, and nothing of any other text."""
    parts = arn.split(":")
    account = parts[4] if arn.startswith("arn:") and len(parts) > 5 else arn
    return account if account.isdigit() else ""


class Unreadable(Exception):
    """Raised with one message for a file that is not a plan that can be reviewed."""


@dataclass(frozen=True)
class Change:
    """Define what a plan does to one resource; `before` or `after` is None where it is not there."""

    address: str
    type: str
    actions: tuple[str, ...]
    before: Json | None
    after: Json | None
    replace_paths: tuple[str, ...] = ()
    previous_address: str | None = None
    is_tainted: bool = False  # an apply was stopped at it, and Terraform wants to replace it for that alone
    imported: bool = False
    is_deposed: bool = False  # what an apply that failed half-way has left beside the new one

    @property
    def is_replaced(self) -> bool:
        return "delete" in self.actions and "create" in self.actions

    @property
    def is_old_first(self) -> bool:
        """Return whether the old resource goes before there is a new one."""
        return self.actions == ("delete", "create")

    @property
    def goes(self) -> bool:
        return self.actions == ("delete",)

    @property
    def comes(self) -> bool:
        return self.actions == ("create",)

    @property
    def is_forgotten(self) -> bool:
        """Return whether what was there stays in AWS, and Terraform leaves it alone from then on."""
        return "forget" in self.actions

    @property
    def stays(self) -> bool:
        """Return whether nothing is done."""
        return {*self.actions} <= {"no-op", "read"}

    def was(self, attribute: str) -> Any:
        return (self.before or {}).get(attribute)

    def becomes(self, attribute: str) -> Any:
        return (self.after or {}).get(attribute)

    def differs(self, *attributes: str) -> bool:
        return any(self.was(each) != self.becomes(each) for each in attributes)


@dataclass(frozen=True)
class Plan:
    """Define what Terraform would do to one stack."""

    stack: str
    changes: tuple[Change, ...]
    drift: tuple[Change, ...] = ()
    deposed: tuple[Change, ...] = ()
    configured: frozenset[tuple[str, str]] = frozenset()
    commands: tuple[tuple[str, str], ...] = ()  # what runs which command, by its address in the configuration
    # Which instance has pre- or postconditions, and their status; "unknown" is one that the apply decides.
    conditions: tuple[tuple[str, str], ...] = ()
    outputs: tuple[tuple[str, Any, Any], ...] = ()
    is_complete: bool = True
    has_configuration: bool = True
    terraform_version: str = ""
    raw: Json | None = None

    def configures(self, address: str, attribute: str) -> bool:
        """Return whether the configuration says an attribute, so that it is not AWS that chooses it."""
        return (in_configuration(address), attribute) in self.configured

    def of_type(self, type_: str) -> list[Change]:
        return self._by_type.get(type_, [])

    def goes_with_its_bucket(self, guard: Change) -> bool:
        """Return whether what guards a bucket is destroyed together with it, and not alone."""
        return guard.goes and guard.was("bucket") in self._destroyed_buckets

    @cached_property
    def account(self) -> str:
        """Return the account that the first ARN of a resource names, and nothing where none does."""
        sides = (side for each in self.changes for side in (each.before, each.after))
        arns = (side["arn"] for side in sides if side and isinstance(side.get("arn"), str))
        return next(filter(None, map(account_of, arns)), "")

    @cached_property
    def _by_type(self) -> dict[str, list[Change]]:
        by_type: dict[str, list[Change]] = {}
        for each in self.changes:
            by_type.setdefault(each.type, []).append(each)
        return by_type

    @cached_property
    def _destroyed_buckets(self) -> list[str]:
        """Return the names of the buckets that go, and the references to them."""
        gone = [each for each in self.of_type("aws_s3_bucket") if each.goes]
        names = [each.was(attribute) for each in gone for attribute in ("bucket", "id")]
        references = [f"${{{each.address}.{attribute}}}" for each in gone for attribute in ("bucket", "id")]
        return [*filter(None, names), *references]
