"""Rules about how a change is made, and about what somebody changed behind Terraform's back."""

from collections.abc import Iterator

from protected_endpoints.review.analysis.context import View
from protected_endpoints.review.analysis.difference import differences
from protected_endpoints.review.analysis.drift import drifted
from protected_endpoints.review.analysis.endpoints import ENDPOINT, alarms, rollout
from protected_endpoints.review.plan.plan import Change, in_configuration, type_of
from protected_endpoints.review.plan.values import Json, first, listed, number, table
from protected_endpoints.review.report.markdown import code, plain

_PROTECTED = (
    "aws_iam_",
    "aws_kms_",
    "aws_s3_bucket",
    "aws_sagemaker_",
    "aws_security_group",
    "aws_vpc_",
)
_CAREFUL = ("CANARY", "LINEAR")
_PARTS = ("canary_size", "linear_step_size", "maximum_batch_size")
_WAITS = ("wait_interval_in_seconds", "termination_wait_in_seconds")


def plan_incomplete(view: View) -> Iterator[tuple[str, str]]:
    """What a plan leaves out is not reviewed, and comes with the next apply."""
    if not view.plan.is_complete:
        yield (
            "plan",
            "The plan is not all that is to be done: it failed, was aimed at a part (-target), or deferred something.",
        )
    if not view.plan.has_configuration:
        yield (
            "plan",
            "The plan was written without its configuration, which says what Terraform runs and what AWS chooses.",
        )


def tainted_replaced(view: View) -> Iterator[tuple[str, str]]:
    """What keeps its name cannot be created again before it is deleted: it is refused, or both are deleted."""
    for each in view.plan.changes:
        if each.is_tainted and each.is_replaced and not each.is_old_first:
            yield (
                each.address,
                "An earlier apply was stopped at it, and it exists. Its replacement is created first, under the same "
                "name: AWS refuses that, or takes it for the same thing, which is then deleted. "
                f"Keep it: {code(f'terraform untaint {each.address}')}, and plan again.",
            )


def runs_commands(view: View) -> Iterator[tuple[str, str]]:
    """A command can do whatever its caller may, and no plan shows what that is."""
    changing = {in_configuration(each.address) for each in view.changing}
    for address, _ in view.plan.commands:
        if type_of(address) == "external":
            yield address, "Terraform runs this program with each plan, as whoever plans."
        elif address in changing:
            yield address, "Terraform runs a command when it applies this, as whoever deploys."


def alarms_removed(view: View) -> Iterator[tuple[str, str]]:
    """Nothing rolls an update back that an alarm would have noticed."""
    for each in view.plan.of_type(ENDPOINT):
        gone = sorted({*alarms(each.before)} - {*alarms(each.after)})
        if gone and each.after and not each.goes:
            yield each.address, f"{code(', '.join(gone))} rolls no update back any more."
    for each in view.plan.of_type("aws_cloudwatch_metric_alarm"):
        if each.goes:
            yield each.address, "The alarm is destroyed."
        elif each.before and each.after and (what := _loosened(each)):
            yield each.address, f"The alarm goes off later, or tells nobody: {what}."


def rollout_weaker(view: View) -> Iterator[tuple[str, str]]:
    """More requests meet a new version before anybody knows that it works, or it is watched for less long."""
    for each in view.plan.of_type(ENDPOINT):
        if not each.before or not each.after or each.goes:
            continue
        if _is_careful(each.before) and not _is_careful(each.after):
            yield each.address, f"{plain(rollout(each.before))} → {plain(rollout(each.after))}."
        elif less := _less_careful(each.before, each.after):
            yield each.address, f"The rollout is less careful: {', '.join(less)}."


def forgotten(view: View) -> Iterator[tuple[str, str]]:
    """It stays in AWS, and no later plan shows what becomes of it."""
    for each in view.plan.changes:
        if each.is_forgotten:
            yield each.address, "Terraform forgets it: it stays in AWS as it is, and nothing keeps it so."


def drift_on_protected(view: View) -> Iterator[tuple[str, str]]:
    """Somebody changed what protects an endpoint, and the apply takes it back, or keeps it."""
    for address, paths in drifted(view.plan).items():
        if type_of(address).startswith(_PROTECTED):
            planned = view.by_address.get(address)
            end = "This plan takes it back." if planned is not None and not planned.stays else "This plan leaves it so."
            yield address, f"Changed outside of Terraform: {code(', '.join(paths))}. {end}"


def tags_only(view: View) -> Iterator[tuple[str, str]]:
    """Nothing but tags changes."""
    for each in view.plan.changes:
        paths = differences(each.before, each.after)
        if (
            each.actions == ("update",)
            and all(path.startswith("tags") for path in paths)
            and each.differs("tags", "tags_all")
        ):
            yield each.address, "Only its tags change."


def moved(view: View) -> Iterator[tuple[str, str]]:
    """The same resource has another address; nothing happens in AWS."""
    for each in view.plan.changes:
        if each.previous_address and each.previous_address != each.address and not each.goes:
            yield each.address, f"Was {code(each.previous_address)}."


def imported(view: View) -> Iterator[tuple[str, str]]:
    """What was there already is of Terraform from then on."""
    for each in view.plan.changes:
        if each.imported:
            yield each.address, "Is taken over as it is there already."


def _loosened(alarm: Change) -> str:
    """Return which argument makes an alarm notice less, and nothing where none does."""
    before, after = alarm.was("threshold"), alarm.becomes("threshold")
    up = str(alarm.becomes("comparison_operator")).startswith("Greater")
    if (
        isinstance(before, int | float)
        and isinstance(after, int | float)
        and (after > before if up else after < before)
    ):
        return f"threshold {before} → {after}"
    if alarm.was("actions_enabled") is True and alarm.becomes("actions_enabled") is False:
        return "actions_enabled = false"
    if listed(alarm.was("alarm_actions")) and not listed(alarm.becomes("alarm_actions")):
        return "no alarm_actions"
    return ""


def _is_careful(endpoint: object) -> bool:
    policy, routing = _policy(endpoint)
    return "maximum_batch_size" in policy or routing.get("type") in _CAREFUL


def _less_careful(before: Json, after: Json) -> list[str]:
    """Return the settings of a rollout by which more changes at once, or less time is left to notice."""
    found = []
    for was, becomes in zip(_policy(before), _policy(after), strict=True):
        for key in _PARTS:
            old, new = (first(side.get(key)) for side in (was, becomes))
            if old.get("type") == new.get("type") and number(old.get("value")) < number(new.get("value")):
                found.append(f"`{key}` {old.get('value')} → {new.get('value')}")
        found += [
            f"`{key}` {was.get(key)} → {becomes.get(key)} seconds"
            for key in _WAITS
            if number(becomes.get(key)) < number(was.get(key))
        ]
    return found


def _policy(endpoint: object) -> tuple[Json, Json]:
    """Return how an endpoint is updated, and how requests are led to the new version meanwhile."""
    config = first(table(endpoint).get("deployment_config"))
    policy = first(config.get("rolling_update_policy")) or first(config.get("blue_green_update_policy"))
    return policy, first(policy.get("traffic_routing_configuration"))
