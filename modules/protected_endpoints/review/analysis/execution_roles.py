"""The execution roles of models and endpoint configurations: managed by the plan's stack, or existing."""

from protected_endpoints.review.plan.plan import Plan, account_id
from protected_endpoints.review.plan.values import Json

EXECUTION_ROLE = "execution_role_arn"


def existing_role(plan: Plan, attributes: Json | None) -> str | None:
    """Return the ARN of the existing execution role of a model or configuration, and None for one of the plan.

    Names are compared, which are unique in an account: the ARN of a role that is created is not known yet.
    """
    arn = (attributes or {}).get(EXECUTION_ROLE)
    if not isinstance(arn, str) or not arn or arn.startswith("${aws_iam_role."):
        return None
    is_of_account = account_id(arn) in ("", plan.account)
    return None if is_of_account and arn.rpartition("/")[2] in plan.role_names else arn
