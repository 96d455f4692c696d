"""Say what somebody changed behind Terraform's back.

After an apply AWS always tells more than Terraform wrote, so that only what the configuration says counts, and policies
of a role that this stack has not made.
"""

from collections.abc import Iterator

from modules.review.difference import differences
from modules.review.plan import Change, Plan
from modules.review.values import listed, strings, table

EXCLUSIVE = "aws_iam_role_policies_exclusive"


def drifted(plan: Plan) -> dict[str, list[str]]:
    """Return what differs, by the address of the resource."""
    found = {each.address: [*_paths(each, plan)] for each in plan.drift}
    return {address: paths for address, paths in found.items() if paths}


def _paths(change: Change, plan: Plan) -> Iterator[str]:
    if change.goes:
        yield "it is gone"
        return
    if change.type == EXCLUSIVE:
        names = strings(change.becomes("policy_names"))
        described = (*strings(change.was("policy_names")), *_described(plan))
        yield from (f"inline policy {name}" for name in names if name not in described)
        return
    for path in differences(change.before, change.after):
        if plan.configures(change.address, path.partition("[")[0].partition(".")[0]):
            yield path
    known = [each.was("arn") for each in plan.of_type("aws_iam_policy")]
    yield from (f"attached {arn}" for arn in strings(change.becomes("managed_policy_arns")) if arn not in known)
    # What is deleted because it is not listed is told of the list.
    told = [name for each in plan.of_type(EXCLUSIVE) for name in strings(each.was("policy_names"))]
    names = [str(table(each).get("name")) for each in listed(change.becomes("inline_policy"))]
    yield from (f"inline policy {name}" for name in names if name not in (*_described(plan), *told))


def _described(plan: Plan) -> list[object]:
    """Return the names of the inline policies that Terraform has made."""
    return [each.was("name") for each in (*plan.of_type("aws_iam_role_policy"), *plan.deposed)]
