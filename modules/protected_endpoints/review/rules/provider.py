"""Rules about the AWS provider: the account and region that it manages, its other arguments and its version."""

from collections.abc import Iterator

from protected_endpoints.review.analysis.context import ReviewContext
from protected_endpoints.review.analysis.difference import differences, top_level
from protected_endpoints.review.markdown import code
from protected_endpoints.review.plan.plan import Plan, account_id
from protected_endpoints.review.plan.values import as_strings
from protected_endpoints.review.rules.registry import RuleResult, rule

_ADDRESS = "provider.aws"
_PLACE = ("allowed_account_ids", "region")


@rule("account-or-region-changed", "block")
def account_or_region_changed(context: ReviewContext) -> RuleResult:
    """Terraform does not find what it manages in another account or region, and creates it there a second time.

    The existing resources stay in AWS, and no later plan shows them.
    """
    places = [*_changed_arguments(context.plan), *_deleted_elsewhere(context.plan)]
    for place in dict.fromkeys(places):
        yield (
            _ADDRESS,
            f"{place}: Terraform would create everything again there, and no longer manage what exists. "
            "Add an environment instead, and destroy the stacks of this one when nobody uses them any more.",
        )


@rule("provider-changed", "note")
def provider_changed(context: ReviewContext) -> RuleResult:
    """Default tags are on every resource, and another version of the provider may behave differently."""
    before, after = context.plan.providers
    for path, (old, new) in differences(before or None, after or None).items():
        if top_level(path) not in _PLACE:
            yield _ADDRESS, f"{code(path)} {code(old)} → {code(new)}"


def _changed_arguments(plan: Plan) -> Iterator[str]:
    """Yield how the account and the region of a synthesized stack change."""
    before, after = plan.providers
    for argument in _PLACE:
        if before and after and before.get(argument) != after.get(argument):
            old, new = (", ".join(as_strings(provider.get(argument))) for provider in (before, after))
            yield f"{code(argument)} {code(old)} → {code(new)}"


def _deleted_elsewhere(plan: Plan) -> Iterator[str]:
    """Yield where the resources of the state are that Terraform does not find in the account and region of a plan."""
    for change in plan.drift:
        arn = str(change.value_before("arn"))
        if not change.is_deleted or arn.count(":") < 5:
            continue
        account, region = account_id(arn), arn.split(":")[3]
        if account and account != plan.account:
            yield f"The state has resources of account {code(account)}, and the provider manages {code(plan.account)}"
        if region and region != plan.region:
            yield f"The state has resources in {code(region)}, and the provider manages {code(plan.region)}"
