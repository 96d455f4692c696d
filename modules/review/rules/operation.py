"""Rules about how a change is made, and about what somebody changed behind Terraform's back."""

from collections.abc import Iterator

from modules.review.difference import differences
from modules.review.drift import drifted
from modules.review.endpoints import ENDPOINT, alarms, rollout
from modules.review.plan import Change
from modules.review.text import code, plain
from modules.review.values import first, listed, table
from modules.review.view import View

_PROTECTED = (
    "aws_iam_",
    "aws_kms_key",
    "aws_s3_bucket_policy",
    "aws_s3_bucket_public_access_block",
    "aws_sagemaker_",
    "aws_security_group",
    "aws_vpc_endpoint",
)
_CAREFUL = ("CANARY", "LINEAR")


def plan_incomplete(view: View) -> Iterator[tuple[str, str]]:
    """What a plan leaves out is not reviewed, and comes with the next apply."""
    if not view.plan.is_complete:
        yield (
            "plan",
            "The plan is not all that is to be done: it failed, was aimed at a part (-target), or deferred something.",
        )


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
    """All requests meet a new version at once."""
    for each in view.plan.of_type(ENDPOINT):
        if each.before and each.after and _is_careful(each.before) and not _is_careful(each.after):
            yield each.address, f"{plain(rollout(each.before))} → {plain(rollout(each.after))}."


def drift_on_protected(view: View) -> Iterator[tuple[str, str]]:
    """Somebody changed what protects an endpoint, and the apply takes it back, or keeps it."""
    for address, paths in drifted(view.plan).items():
        if address.startswith(_PROTECTED):
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
        if each.previous_address and each.previous_address != each.address:
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
    config = first(table(endpoint).get("deployment_config"))
    routing = first(first(config.get("blue_green_update_policy")).get("traffic_routing_configuration"))
    return bool(first(config.get("rolling_update_policy"))) or routing.get("type") in _CAREFUL
