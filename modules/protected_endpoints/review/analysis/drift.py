"""Say what somebody changed behind Terraform's back.

After an apply AWS always tells more than Terraform wrote, so that only what the configuration says counts, and policies
of a role that this stack has not made.
"""

from collections.abc import Iterable, Iterator

from protected_endpoints.review.analysis.difference import differences
from protected_endpoints.review.plan.plan import Change, Plan
from protected_endpoints.review.plan.values import listed, strings, table

EXCLUSIVE = "aws_iam_role_policies_exclusive"


def drifted(plan: Plan) -> dict[str, list[str]]:
    """Return what differs, by the address of the resource."""
    policies = _named(plan.of_type("aws_iam_policy"), "arn")
    inline = _named((*plan.of_type("aws_iam_role_policy"), *plan.deposed), "name")
    # What is deleted because it is not listed is told of the list.
    listed_by_name = {name for each in plan.of_type(EXCLUSIVE) for name in strings(each.was("policy_names"))}
    found = {
        each.address: [*_paths(each, plan, inline), *_of_a_role(each, policies, inline | listed_by_name)]
        for each in plan.drift
    }
    return {address: paths for address, paths in found.items() if paths}


def _named(changes: Iterable[Change], attribute: str) -> set[str]:
    return {name for each in changes if isinstance(name := each.was(attribute), str)}


def _paths(change: Change, plan: Plan, inline: set[str]) -> Iterator[str]:
    if change.goes:
        yield "it is gone"
        return
    if change.type == EXCLUSIVE:
        described = inline | {*strings(change.was("policy_names"))}
        names = strings(change.becomes("policy_names"))
        yield from (f"inline policy {name}" for name in names if name not in described)
        return
    for path in differences(change.before, change.after):
        if plan.configures(change.address, path.partition("[")[0].partition(".")[0]):
            yield path


def _of_a_role(change: Change, policies: set[str], inline: set[str]) -> Iterator[str]:
    """Yield the policies that somebody gave to a role, which are none of the plan."""
    yield from (f"attached {arn}" for arn in strings(change.becomes("managed_policy_arns")) if arn not in policies)
    names = (str(table(each).get("name")) for each in listed(change.becomes("inline_policy")))
    yield from (f"inline policy {name}" for name in names if name not in inline)
