"""Admit a plan of `terraform show -json`: what an apply could do that this project does not write."""

from collections.abc import Iterator, Sequence

from protected_endpoints.review.admission.admitted import Admitted, can_be_admitted
from protected_endpoints.review.admission.configuration import configuration_problems, is_known_provider, type_shape
from protected_endpoints.review.admission.policies import policy_problems
from protected_endpoints.review.admission.policy_features import Stack
from protected_endpoints.review.admission.stack import grouped, names
from protected_endpoints.review.markdown import code
from protected_endpoints.review.plan.not_admitted import NotAdmitted
from protected_endpoints.review.plan.plan import Plan
from protected_endpoints.review.plan.values import Json, as_dict, as_list

# The keys of format 1 (Terraform 1.14 and OpenTofu 1.10, internal/command/jsonplan) that other rules read, or that only
# repeat or describe the others. Any other key with content may be a list of something that an apply does.
_KNOWN_KEYS = {
    "format_version", "terraform_version", "timestamp", "applyable", "complete", "errored", "resource_changes",
    "resource_drift", "deferred_changes", "output_changes", "planned_values", "prior_state", "configuration",
    "relevant_attributes", "checks", "variables",
}  # fmt: skip
_ACTIONS = {"action_invocations", "deferred_action_invocations"}
_UNCHANGED = (["no-op"], ["forget"])


def plan_problems(plan: Plan, admitted: Sequence[Admitted] = ()) -> list[NotAdmitted]:
    """Return everything in a plan that this project does not write and `review.toml` does not admit."""
    return grouped(_problems(plan, plan.raw or {}, admitted))


def _problems(plan: Plan, raw: Json, admitted: Sequence[Admitted]) -> Iterator[NotAdmitted]:
    yield from _key_problems(raw)
    yield from _type_problems(raw, admitted)
    if plan.has_configuration:  # the rule plan-incomplete reports a plan without it
        configuration = as_dict(raw["configuration"])
        yield from configuration_problems(configuration, plan.changes, admitted)
        yield from _policy_problems(plan, admitted)


def _key_problems(raw: Json) -> Iterator[NotAdmitted]:
    for key, value in raw.items():
        if key in _ACTIONS and value:
            yield NotAdmitted(key, "", "this project writes no actions, which a provider runs during an apply")
        elif key not in {*_KNOWN_KEYS, *_ACTIONS} and value and isinstance(value, dict | list):
            yield NotAdmitted(
                key,
                "",
                "this review does not know this part of a plan; use a newer version, or plan with Terraform 1.14",
            )
    for check in as_list(raw.get("checks")):
        address = as_dict(as_dict(check).get("address"))
        if address.get("kind", "resource") != "resource":
            message = "this project writes no `check` blocks, and no conditions of outputs and variables"
            yield NotAdmitted(str(address.get("to_display")), "", message)


def _type_problems(raw: Json, admitted: Sequence[Admitted]) -> Iterator[NotAdmitted]:
    """Yield the types that this project does not write, and the resources of other providers."""
    entries = {entry.type for entry in admitted if not entry.argument}
    for resource in as_list(raw.get("resource_changes")):
        if not is_known_provider(as_dict(resource).get("provider_name", "hashicorp/aws"), resource.get("type")):
            name = code(as_dict(resource).get("provider_name"))
            yield NotAdmitted(str(resource.get("address")), "provider", f"must be {code('hashicorp/aws')}, got {name}")
    by_type: dict[str, list[str]] = {}
    for resource in _acting(raw):
        type_ = f"data.{resource.get('type')}" if resource.get("mode") == "data" else str(resource.get("type"))
        by_type.setdefault(type_, []).append(str(resource.get("address")).rpartition(".")[2])
    for type_, found in by_type.items():
        if type_shape(type_) is None and not type_.removeprefix("data.").startswith("aws_"):
            message = "this review reads resources of the AWS provider only: nothing of this type was read"
            yield NotAdmitted(type_, "", message)
        elif type_shape(type_) is None and type_ not in entries:
            kind = "data source" if type_.startswith("data.") else "resource"
            admitting = type_ if can_be_admitted(type_, "") else ""
            yield NotAdmitted(type_, "", f"this project writes no {kind} of this type, got {names(found)}", admitting)


def _acting(raw: Json) -> Iterator[Json]:
    """Yield the changes, and the configuration of data sources, which every plan reads.

    What does not change was there before, so that an apply does nothing to it.
    """
    for change in as_list(raw.get("resource_changes")):
        if as_dict(as_dict(change).get("change")).get("actions") not in _UNCHANGED:
            yield change
    module = as_dict(as_dict(raw.get("configuration")).get("root_module"))
    yield from (resource for resource in as_list(module.get("resources")) if resource.get("mode") == "data")


def _policy_problems(plan: Plan, admitted: Sequence[Admitted]) -> Iterator[NotAdmitted]:
    resources = {change.address: change.after for change in plan.changes if change.after and not change.is_deleted}
    stack = Stack(resources, plan.account, plan.region)
    changes = [change for change in plan.changes if not change.is_unchanged]
    changed = {change.address: change.after or {} for change in changes}
    before = {change.address: change.before for change in changes if change.before}
    yield from policy_problems(stack, changed, admitted, before)
