"""Find changes that were made outside of Terraform.

After an apply AWS always returns more than Terraform sent. Therefore only attributes that the configuration sets count,
and policies of a role that this stack does not manage.
"""

from collections.abc import Iterable, Iterator

from protected_endpoints.review.analysis.difference import differences, top_level
from protected_endpoints.review.analysis.scaling import ACTION, TARGET, scaled
from protected_endpoints.review.plan.plan import Change, Plan
from protected_endpoints.review.plan.resource_types import ROLE_POLICIES_EXCLUSIVE
from protected_endpoints.review.plan.values import as_dict, as_list, as_strings

DELETED = "deleted"
_BOUNDS = ("min_capacity", "max_capacity")


def find_drift(plan: Plan) -> dict[str, list[str]]:
    """Return the attributes that drifted, by the address of the resource."""
    policies = _values_before(plan.of_type("aws_iam_policy"), "arn")
    inline = _values_before((*plan.of_type("aws_iam_role_policy"), *plan.deposed), "name")
    # A policy that is deleted because the list omits it is reported at the list.
    exclusive = {
        name
        for change in plan.of_type(ROLE_POLICIES_EXCLUSIVE)
        for name in as_strings(change.value_before("policy_names"))
    }
    drift = {
        change.address: [*_paths(change, plan, inline), *_role_policies(change, policies, inline | exclusive)]
        for change in plan.drift
    }
    return {address: paths for address, paths in drift.items() if paths}


def _values_before(changes: Iterable[Change], attribute: str) -> set[str]:
    return {value for change in changes if isinstance(value := change.value_before(attribute), str)}


def _paths(change: Change, plan: Plan, inline: set[str]) -> Iterator[str]:
    if change.is_deleted:
        yield DELETED
        return
    if change.type == ROLE_POLICIES_EXCLUSIVE:
        managed = inline | {*as_strings(change.value_before("policy_names"))}
        names = as_strings(change.value_after("policy_names"))
        yield from (f"inline policy {name}" for name in names if name not in managed)
        return
    is_scheduled = change.type == TARGET and _has_scheduled_action(change, plan)
    for path in differences(change.before, change.after):
        if plan.configures(change.address, top_level(path)) and not (is_scheduled and path in _BOUNDS):
            yield path


def _has_scheduled_action(target: Change, plan: Plan) -> bool:
    """Return whether a scheduled action sets the bounds of a target, so that they differ as they should."""
    return any(scaled(action.before or {}) == scaled(target.before or {}) for action in plan.of_type(ACTION))


def _role_policies(change: Change, policies: set[str], inline: set[str]) -> Iterator[str]:
    """Yield the policies that were added to a role and that the plan does not manage."""
    attached = as_strings(change.value_after("managed_policy_arns"))
    yield from (f"attached {arn}" for arn in attached if arn not in policies)
    names = (str(as_dict(policy).get("name")) for policy in as_list(change.value_after("inline_policy")))
    yield from (f"inline policy {name}" for name in names if name not in inline)
