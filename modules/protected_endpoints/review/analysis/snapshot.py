"""The grants of every policy of a plan, either before or after it."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from protected_endpoints.review.analysis.grant import Grant, PrincipalKind
from protected_endpoints.review.analysis.statements import find_policies, grants, is_readable
from protected_endpoints.review.plan.plan import Change, Plan, resource_type
from protected_endpoints.review.plan.values import Hidden, Json, Unknown, as_dict, as_list, identifier

_POLICY_ATTRIBUTES = {
    "aws_kms_key": "policy",
    "aws_s3_bucket_policy": "policy",
    "aws_vpc_endpoint": "policy",
    "aws_iam_role": "assume_role_policy",
}
_INLINE = "inline_policy"
_BOUNDARY_OF = "boundary of "
# The policies that AWS uses if the configuration sets none.
_DEFAULTS: dict[str, Json] = {
    "aws_vpc_endpoint": {"Statement": {"Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "*"}},
    "aws_kms_key": {"Statement": {"Effect": "Allow", "Principal": "the account", "Action": "kms:*", "Resource": "*"}},
}


@dataclass(frozen=True)
class Snapshot:
    """The resources of a plan, before or after; `attached` are the policies that a role of the plan has."""

    plan: Plan
    resources: dict[str, Json]
    attached: frozenset[str]

    def grants(self) -> Iterator[Grant]:
        for change, attribute, document in self._documents():
            for principal, resource in self._subjects(change, attribute):
                is_boundary = principal.startswith(_BOUNDARY_OF)
                kind = PrincipalKind.BOUNDARY if is_boundary else PrincipalKind.NAMED
                base = Grant(principal, "", resource, "", kind, address=change.address)
                yield from grants(document, base)

    def unreadable(self) -> Iterator[str]:
        """Yield the addresses of the policies that cannot be read before apply."""
        for change, attribute, document in self._documents():
            is_invalid = isinstance(document, str) and not is_readable(document)
            # An attribute that the configuration does not set is an answer of AWS, such as the policy in a bucket.
            if (isinstance(document, Unknown | Hidden) or is_invalid) and self.plan.configures(
                change.address, attribute
            ):
                yield change.address

    def _documents(self) -> Iterator[tuple[Change, str, object]]:
        for change in self.plan.changes:
            attributes = self.resources.get(change.address)
            # If the configuration does not set it, the policy of a bucket repeats its bucket policy, as it was before.
            repeats = change.type == "aws_s3_bucket" and not self.plan.configures(change.address, "policy")
            if attributes is None or repeats:
                continue
            attribute = _POLICY_ATTRIBUTES.get(change.type, "policy")
            document = attributes.get(attribute)
            is_default = not isinstance(document, str) and not self.plan.configures(change.address, attribute)
            yield change, attribute, _DEFAULTS.get(change.type, document) if is_default or document == "" else document
            # If the configuration does not set them, they repeat the policies of other resources.
            if change.type == "aws_iam_role" and self.plan.configures(change.address, _INLINE):
                inline = attributes.get(_INLINE)
                for policy in as_list(inline) or [inline]:
                    yield change, _INLINE, policy.get("policy") if isinstance(policy, dict) else policy
            if change.type not in _POLICY_ATTRIBUTES:
                others = {name: value for name, value in attributes.items() if name != attribute}
                yield from ((change, name, value) for name, value in find_policies(others))

    def _subjects(self, change: Change, attribute: str) -> Iterator[tuple[str, str]]:
        """Yield the principal of a policy that names none, and the resource of a policy that calls it `*`."""
        attributes = self.resources[change.address]
        name = attributes.get("name")
        if change.type == "aws_iam_role_policy":
            yield _role(attributes.get("role"), self.resources), ""
        elif change.type == "aws_iam_policy":
            arns = {arn for arn in (attributes.get("arn"), f"${{{change.address}.arn}}") if isinstance(arn, str)}
            roles = {role for arn in arns for role in self._holders.get(arn, ())}
            # A policy that this plan does not attach may be attached by another one.
            principals = roles if self.attached & arns else {f"principals with policy {name}"}
            yield from ((principal, "") for principal in sorted(principals))
        elif change.type == "aws_iam_role":
            yield (f"role/{name}", "") if attribute == _INLINE else ("", f"role/{name}")
        elif change.type in ("aws_iam_user_policy", "aws_iam_group_policy"):
            holder = change.type.removeprefix("aws_iam_").removesuffix("_policy")
            yield f"{holder}/{attributes.get(holder)}", ""
        elif change.type == "aws_kms_key":
            yield "", change.address
        elif change.type not in _POLICY_ATTRIBUTES and change.type != "aws_s3_bucket":
            yield f"holders of {change.address}", ""  # a policy without principals, such as that of a permission set
        else:
            yield "", ""

    @cached_property
    def _holders(self) -> dict[str, set[str]]:
        return holders(self.resources)


def holders(resources: dict[str, Json]) -> dict[str, set[str]]:
    """Return the roles that have a policy or are bounded by it, by its ARN or a reference to it."""
    roles: dict[str, set[str]] = {}
    for address, attributes in resources.items():
        if resource_type(address) == "aws_iam_role_policy_attachment":
            role = _role(attributes.get("role"), resources)
            roles.setdefault(identifier(attributes.get("policy_arn")), set()).add(role)
        if resource_type(address) == "aws_iam_role" and (boundary := attributes.get("permissions_boundary")):
            roles.setdefault(str(boundary), set()).add(f"{_BOUNDARY_OF}role/{attributes.get('name')}")
    return roles


def _role(value: Any, resources: dict[str, Json]) -> str:
    """Return `role/` and the name of a role, also if the plan refers to it."""
    if isinstance(value, str) and value.startswith("${aws_iam_role."):
        address = value.removeprefix("${").rpartition(".")[0]
        value = as_dict(resources.get(address)).get("name", address)
    return f"role/{value}"
