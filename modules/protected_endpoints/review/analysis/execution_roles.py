"""The execution roles of models and endpoint configurations: managed by the plan's stack, or existing."""

from protected_endpoints.review.plan.plan import Change, Plan
from protected_endpoints.review.plan.resource_types import CONFIGURATION, MODEL
from protected_endpoints.review.plan.values import Json

_ATTRIBUTE = "execution_role_arn"


def roles_before(plan: Plan) -> dict[str, str]:
    """Return the ARNs of all execution roles before the plan, by the address of the resource that has them."""
    return _roles({change.address: change.before for change in _changes(plan)})


def existing_before(plan: Plan) -> dict[str, str]:
    """Return the existing ones among the execution roles before the plan."""
    return _without_managed(roles_before(plan), {role.value_before("name") for role in plan.of_type("aws_iam_role")})


def existing_after(plan: Plan) -> dict[str, str]:
    """Return the ARNs of the existing execution roles after the plan, by the address of the resource."""
    roles = _roles({change.address: change.after for change in _changes(plan) if not change.is_deleted})
    return _without_managed(roles, {role.value_after("name") for role in plan.of_type("aws_iam_role")})


def _changes(plan: Plan) -> list[Change]:
    return [*plan.of_type(MODEL), *plan.of_type(CONFIGURATION)]


def _roles(sides: dict[str, Json | None]) -> dict[str, str]:
    """Return the roles that are known, without references to roles of the same stack."""
    arns = {address: (side or {}).get(_ATTRIBUTE) for address, side in sides.items()}
    known = {address: arn for address, arn in arns.items() if isinstance(arn, str) and arn}
    return {address: arn for address, arn in known.items() if not arn.startswith("${aws_iam_role.")}


def _without_managed(roles: dict[str, str], managed: set[object]) -> dict[str, str]:
    """Compare names, which are unique in an account: the ARN of a role that is created is not known yet."""
    return {address: arn for address, arn in roles.items() if arn.rpartition("/")[2] not in managed}
