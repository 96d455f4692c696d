"""The part of a Terraform plan that a review looks at."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from protected_endpoints.review.plan.not_admitted import NotAdmitted
from protected_endpoints.review.plan.values import Json, as_strings

REMOVED_FROM_STATE = ("forget",)
_INDEX = re.compile(r'\[(?:"(?:[^"\\]|\\.)*"|\d+)\]')


def configuration_address(address: str) -> str:
    """Return the address of a resource in the configuration, which has no index of `count` or `for_each`."""
    return _INDEX.sub("", address)


def resource_type(address: str) -> str:
    """Return the type of the resource at an address, in whatever module it is."""
    return configuration_address(address).rpartition(".")[0].rpartition(".")[2]


def account_id(principal: str) -> str:
    """Return the account of an ARN, or of a principal that is an account ID, and an empty text for any other."""
    parts = principal.split(":")
    account = parts[4] if principal.startswith("arn:") and len(parts) > 5 else principal
    return account if account.isdigit() else ""


class Unreadable(Exception):
    """Raised with one message for a file that cannot be reviewed."""


@dataclass(frozen=True)
class Change:
    """The change of one resource; `before` or `after` is None if the resource does not exist then."""

    address: str
    type: str
    actions: tuple[str, ...]
    before: Json | None
    after: Json | None
    replace_paths: tuple[str, ...] = ()
    previous_address: str | None = None
    is_tainted: bool = False  # an earlier apply failed at it, and Terraform replaces it for that reason alone
    is_imported: bool = False
    is_deposed: bool = False  # a failed apply left it beside its replacement

    @property
    def is_replaced(self) -> bool:
        return "delete" in self.actions and "create" in self.actions

    @property
    def is_deleted_first(self) -> bool:
        """Return whether the resource is replaced, and deleted before its replacement is created."""
        return self.actions == ("delete", "create")

    @property
    def is_deleted(self) -> bool:
        return self.actions == ("delete",)

    @property
    def is_created(self) -> bool:
        return self.actions == ("create",)

    @property
    def is_removed_from_state(self) -> bool:
        """Return whether the resource, or the one it replaces, stays in AWS and Terraform no longer manages it."""
        return "forget" in self.actions

    @property
    def is_unchanged(self) -> bool:
        return {*self.actions} <= {"no-op", "read"}

    def value_before(self, attribute: str) -> Any:
        return (self.before or {}).get(attribute)

    def value_after(self, attribute: str) -> Any:
        return (self.after or {}).get(attribute)

    def differs(self, *attributes: str) -> bool:
        return any(self.value_before(attribute) != self.value_after(attribute) for attribute in attributes)


@dataclass(frozen=True)
class ActionInvocation:
    """The invocation of an action of a provider during the apply.

    `event`, such as `after update`, at the resource `trigger` causes it; both are empty if the plan does not tell.
    """

    address: str
    type: str
    arguments: Any  # hidden where they are sensitive
    event: str = ""
    trigger: str = ""
    is_deferred: bool = False


@dataclass(frozen=True)
class Check:
    """A `check` block, with its status in the plan: pass, fail, error or unknown."""

    address: str
    status: str
    problems: tuple[str, ...] = ()


@dataclass(frozen=True)
class Plan:
    """The Terraform plan of one stack."""

    stack: str
    changes: tuple[Change, ...]
    drift: tuple[Change, ...] = ()
    deposed: tuple[Change, ...] = ()
    configured: frozenset[tuple[str, str]] = frozenset()  # attributes that the configuration sets, by address
    commands: tuple[tuple[str, str], ...] = ()  # commands that Terraform runs, by address in the configuration
    # The status of the pre- and postconditions of an instance, by address; "unknown" is decided by the apply.
    conditions: tuple[tuple[str, str], ...] = ()
    checks: tuple[Check, ...] = ()
    action_invocations: tuple[ActionInvocation, ...] = ()
    outputs: tuple[tuple[str, Any, Any], ...] = ()
    exposed_outputs: tuple[str, ...] = ()  # no longer sensitive
    deferred: tuple[str, ...] = ()  # addresses of changes that a later plan makes
    is_errored: bool = False
    unguarded: frozenset[str] = frozenset()  # addresses that lose `prevent_destroy`, or lack it as new keys and buckets
    ignored: tuple[tuple[str, str], ...] = ()  # arguments whose changes Terraform ignores from now on, by address
    output_values: Json = field(default_factory=dict)  # after the plan, also those that do not change
    provider: Json = field(default_factory=dict)  # known arguments of the AWS provider without an alias
    is_complete: bool = True
    is_applyable: bool = True
    has_configuration: bool = True
    terraform_version: str = ""
    raw: Json | None = None
    states: tuple[Json, Json] = ({}, {})  # the backends before and after, which only synthesized stacks show
    # The arguments of the AWS provider before and after, and its `version`, which only synthesized stacks show.
    providers: tuple[Json, Json] = ({}, {})
    not_admitted: tuple[NotAdmitted, ...] = ()
    admitted: tuple[tuple[str, str], ...] = ()  # types and arguments that review.toml admits in it, and the reasons

    def configures(self, address: str, attribute: str) -> bool:
        """Return whether the configuration sets an attribute, so that AWS does not choose it."""
        return (configuration_address(address), attribute) in self.configured

    def of_type(self, type_: str) -> list[Change]:
        return self._by_type.get(type_, [])

    def at(self, address: str) -> list[Change]:
        """Return the change of the resource at an address, and those of its deposed instances."""
        return self._by_address.get(address, [])

    def drift_at(self, address: str) -> list[Change]:
        return self._drift_by_address.get(address, [])

    @cached_property
    def policy_arns(self) -> set[str]:
        """Return the ARNs of the managed policies after the plan, as texts."""
        return {str(policy.value_after("arn")) for policy in self.of_type("aws_iam_policy")}

    def is_deleted_with_bucket(self, bucket_setting: Change) -> bool:
        """Return whether a setting of a bucket is deleted together with the bucket."""
        return bucket_setting.is_deleted and bucket_setting.value_before("bucket") in self._deleted_buckets

    @cached_property
    def account(self) -> str:
        """Return the account of the stack, and an empty text if the plan does not show it.

        It is the only one in `allowed_account_ids` of the provider, or else that in the first ARN of a resource.
        """
        allowed = as_strings(self.provider.get("allowed_account_ids"))
        if len(allowed) == 1:
            return allowed[0]
        return next(filter(None, map(account_id, self._arns)), "")

    @cached_property
    def region(self) -> str:
        """Return the region of the provider, or else that in the first ARN of a resource; it may be empty."""
        if isinstance(region := self.provider.get("region"), str):
            return region
        return next(filter(None, (arn.split(":")[3] for arn in self._arns if arn.count(":") > 3)), "")

    @property
    def _arns(self) -> Iterator[str]:
        sides = (side for change in self.changes for side in (change.before, change.after))
        return (side["arn"] for side in sides if side and isinstance(side.get("arn"), str))

    @cached_property
    def role_names(self) -> set[str]:
        """Return the names of the roles in the plan, before and after it."""
        sides = (side for role in self.of_type("aws_iam_role") for side in (role.before, role.after))
        return {side["name"] for side in sides if side and isinstance(side.get("name"), str)}

    @cached_property
    def _by_type(self) -> dict[str, list[Change]]:
        by_type: dict[str, list[Change]] = {}
        for change in self.changes:
            by_type.setdefault(change.type, []).append(change)
        return by_type

    @cached_property
    def _by_address(self) -> dict[str, list[Change]]:
        return _group_by_address((*self.changes, *self.deposed))

    @cached_property
    def _drift_by_address(self) -> dict[str, list[Change]]:
        return _group_by_address(self.drift)

    @cached_property
    def _deleted_buckets(self) -> set[str]:
        """Return the names of the deleted buckets, and the references to them."""
        buckets = [bucket for bucket in self.of_type("aws_s3_bucket") if bucket.is_deleted]
        names = [bucket.value_before(attribute) for bucket in buckets for attribute in ("bucket", "id")]
        references = [f"${{{bucket.address}.{attribute}}}" for bucket in buckets for attribute in ("bucket", "id")]
        return {*filter(None, names), *references}


def _group_by_address(changes: Iterable[Change]) -> dict[str, list[Change]]:
    by_address: dict[str, list[Change]] = {}
    for change in changes:
        by_address.setdefault(change.address, []).append(change)
    return by_address
