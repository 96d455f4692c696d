"""Rules about how Terraform makes a change, how an update is rolled out, and drift."""

import json

from protected_endpoints.review.analysis.context import ReviewContext
from protected_endpoints.review.analysis.difference import differences
from protected_endpoints.review.analysis.drift import DELETED, find_drift
from protected_endpoints.review.analysis.endpoints import describe_rollout
from protected_endpoints.review.analysis.scaling import TARGET
from protected_endpoints.review.markdown import code, escape
from protected_endpoints.review.plan.plan import Change, configuration_address, resource_type
from protected_endpoints.review.plan.resource_types import ENDPOINT
from protected_endpoints.review.plan.values import Json, as_dict, as_number, first_block
from protected_endpoints.review.rules.registry import RuleResult, rule

_PROTECTED = (
    "aws_appautoscaling_",
    "aws_cloudtrail",
    "aws_cloudwatch_metric_alarm",
    "aws_iam_",
    "aws_kms_",
    "aws_s3_bucket",
    "aws_sagemaker_",
    "aws_security_group",
    "aws_sns_topic",
    "aws_vpc_",
)
_WITH_DATA = ("aws_cloudwatch_log_group", "aws_kms_key", "aws_s3_bucket")
_GRADUAL = ("CANARY", "LINEAR")
_SIZES = ("canary_size", "linear_step_size", "maximum_batch_size")
_WAITS = ("wait_interval_in_seconds", "termination_wait_in_seconds")


@rule("state-moved", "block")
def state_moved(context: ReviewContext) -> RuleResult:
    """A state contains every value in plaintext, and with an empty one Terraform creates every resource again."""
    before, _ = context.plan.states
    if not _is_local(before):
        yield from _moved_state(context)


@rule("local-state-moved", "warn")
def local_state_moved(context: ReviewContext) -> RuleResult:
    """The next apply uses another state, to which `make move-state` has to move the local one first."""
    before, _ = context.plan.states
    if _is_local(before):
        yield from _moved_state(context)


def _moved_state(context: ReviewContext) -> RuleResult:
    before, after = context.plan.states
    if before and after and before != after:
        yield "terraform", f"State: {code(json.dumps(before))} → {code(json.dumps(after))}."


def _is_local(state: Json) -> bool:
    return "local" in as_dict(state.get("backend"))


@rule("tainted-replaced", "block")
def tainted_replaced(context: ReviewContext) -> RuleResult:
    """A tainted resource with a fixed name cannot be created before it is deleted: the apply fails or deletes both."""
    for change in context.plan.changes:
        if change.is_tainted and change.is_replaced and not change.is_deleted_first:
            yield (
                change.address,
                "The resource exists and is tainted by a failed apply. Its replacement is created first, under the "
                "same name: AWS refuses it, or takes both for one resource, which is then deleted. Keep it with "
                f"{code(f'terraform untaint {change.address}')}, and plan again.",
            )


@rule("runs-commands", "block")
def runs_commands(context: ReviewContext) -> RuleResult:
    """A command has all permissions of the identity that runs Terraform, and a plan does not show its effect."""
    changed = {configuration_address(change.address) for change in context.changed_resources}
    for address, _ in context.plan.commands:
        if resource_type(address) == "external":
            yield address, "Terraform runs this program during every plan, with the permissions of the planner."
        elif address in changed:
            yield address, "Terraform runs a command during the apply, with the permissions of the deployer."


@rule("plan-incomplete", "block")
def plan_incomplete(context: ReviewContext) -> RuleResult:
    """A change that the plan omits is not reviewed, and the next apply makes it."""
    plan = context.plan
    if plan.is_errored:
        yield "plan", "The plan failed: it has only the changes before the error. Correct the error, and plan again."
    elif plan.deferred:
        yield "plan", f"Terraform defers changes to a later plan: {code(', '.join(plan.deferred))}."
    elif not plan.is_complete:
        yield "plan", "The plan is incomplete: it has targets (-target). Plan again without them."
    elif context.changed_resources and not plan.is_applyable:
        yield "plan", "Terraform does not apply this plan, although it has changes. Plan again."
    if not context.plan.has_configuration:
        yield (
            "plan",
            "The plan has no configuration, which shows the commands that Terraform runs and the attributes it sets.",
        )


@rule("rollout-weaker", "warn")
def rollout_weaker(context: ReviewContext) -> RuleResult:
    """A failing version receives more requests before it is rolled back, or is observed for a shorter time."""
    for change in context.plan.of_type(ENDPOINT):
        if not change.before or not change.after or change.is_deleted:
            continue
        if _is_gradual(change.before) and not _is_gradual(change.after):
            before, after = (escape(describe_rollout(side)) for side in (change.before, change.after))
            yield change.address, f"The rollout is no longer gradual: {before} → {after}."
        elif changed := _rollout_weakenings(change.before, change.after):
            yield change.address, f"The rollout is weaker: {', '.join(changed)}."


@rule("changes-ignored", "warn")
def changes_ignored(context: ReviewContext) -> RuleResult:
    """What Terraform ignores stays as it is, whatever `endpoints.toml` says, and no later plan shows it."""
    for address, argument in context.plan.ignored:
        if resource_type(address) != TARGET:  # scheduled actions set its bounds
            yield address, f"Changes of {code(argument)} are ignored from now on: AWS keeps the value that it has."


@rule("removed-from-state", "warn")
def removed_from_state(context: ReviewContext) -> RuleResult:
    """The resource stays in AWS, and no later plan shows its changes."""
    for change in (*context.plan.changes, *context.plan.deposed):
        if change.is_removed_from_state:
            old = code(change.value_before("name") or change.value_before("id") or change.address)
            yield (
                change.address,
                f"Replaced, and the old one, {old}, is removed from the Terraform state. It stays in AWS and is no "
                "longer managed."
                if "create" in change.actions
                else "Removed from the Terraform state. It stays in AWS and is no longer managed.",
            )


@rule("drift-on-protected", "warn")
def drift_on_protected(context: ReviewContext) -> RuleResult:
    """A protection was changed outside of Terraform; the apply reverts or keeps that change."""
    for address, paths in find_drift(context.plan).items():
        if resource_type(address).startswith(_PROTECTED):
            change = context.by_address.get(address)
            if paths == [DELETED]:
                yield address, f"Deleted outside of Terraform. {_effect_on_deleted(change)}"
                continue
            is_reverted = change is not None and not change.is_unchanged
            effect = "This plan reverts it." if is_reverted else "This plan does not revert it."
            yield address, f"Changed outside of Terraform: {code(', '.join(paths))}. {effect}"


@rule("tags-only", "note")
def tags_only(context: ReviewContext) -> RuleResult:
    """No attribute except tags changes."""
    for change in context.plan.changes:
        paths = differences(change.before, change.after)
        has_only_tags = all(path.startswith("tags") for path in paths) and change.differs("tags", "tags_all")
        if change.actions == ("update",) and has_only_tags:
            yield change.address, "Only tags change."


@rule("moved", "note")
def moved(context: ReviewContext) -> RuleResult:
    """The address in the Terraform state changes; the resource in AWS does not."""
    for change in context.plan.changes:
        if change.previous_address and change.previous_address != change.address and not change.is_deleted:
            yield change.address, f"Moved from {code(change.previous_address)}."


@rule("import", "note")
def import_(context: ReviewContext) -> RuleResult:
    """Terraform manages an existing resource from this apply on."""
    for change in context.plan.changes:
        if change.is_imported:
            yield change.address, "The existing resource is imported."


def _effect_on_deleted(change: Change | None) -> str:
    if change is None or not change.is_created:
        return "This plan does not create it again."
    has_data = change.type in _WITH_DATA
    return "This plan creates another one, without the data." if has_data else "This plan creates it again."


def _is_gradual(endpoint: object) -> bool:
    policy, routing = _update_policy(endpoint)
    return "maximum_batch_size" in policy or routing.get("type") in _GRADUAL


def _rollout_weakenings(before: Json, after: Json) -> list[str]:
    """Return the settings by which more capacity changes at once, or an update is observed for a shorter time."""
    changed = []
    for old, new in zip(_update_policy(before), _update_policy(after), strict=True):
        for key in _SIZES:
            old_size, new_size = (first_block(side.get(key)) for side in (old, new))
            is_larger = as_number(old_size.get("value")) < as_number(new_size.get("value"))
            if old_size.get("type") == new_size.get("type") and is_larger:
                changed.append(f"`{key}` {as_number(old_size.get('value')):g} → {new_size.get('value')}")
        changed += [
            f"`{key}` {old.get(key)} → {as_number(new.get(key)):g} seconds"
            for key in _WAITS
            if as_number(new.get(key)) < as_number(old.get(key))
        ]
    return changed


def _update_policy(endpoint: object) -> tuple[Json, Json]:
    """Return the update policy of an endpoint and its traffic routing configuration."""
    config = first_block(as_dict(endpoint).get("deployment_config"))
    policy = first_block(config.get("rolling_update_policy")) or first_block(config.get("blue_green_update_policy"))
    return policy, first_block(policy.get("traffic_routing_configuration"))
