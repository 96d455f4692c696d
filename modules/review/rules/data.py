"""Rules about what is encrypted, recorded and kept, and about what must not be lost."""

import re
from collections.abc import Iterator

from modules.review.endpoints import CONFIGURATION, MODEL
from modules.review.plan import Change
from modules.review.protections import capture, key_of
from modules.review.text import code, plain
from modules.review.values import Hidden, Json, first, listed, table
from modules.review.view import View

# Names of variables that hold secrets, in whole words.
_SECRET = re.compile(
    r"(^|_)(API_?KEY|AUTH|CREDENTIALS?|PASSWD|PASSWORD|PRIVATE_?KEY|SECRET|TOKEN)(_|$)|SECRET_ACCESS_KEY", re.IGNORECASE
)
_KEPT = {"aws_cloudwatch_log_group": "Logs are", "aws_s3_bucket_lifecycle_configuration": "What is recorded is"}
_VERSIONING = "versioning_configuration"
_STATEFUL = {"aws_s3_bucket": "what was recorded", "aws_cloudwatch_log_group": "its logs"}


def key_destroyed(view: View) -> Iterator[tuple[str, str]]:
    """What is encrypted under a deleted key can never be read again."""
    for each in view.plan.of_type("aws_kms_key"):
        if each.goes or each.is_replaced:
            yield (
                each.address,
                "The key is destroyed. After its deletion window nothing that is under it can be read, ever.",
            )
        before, after = each.was("deletion_window_in_days"), each.becomes("deletion_window_in_days")
        if isinstance(before, int) and isinstance(after, int) and after < before:
            yield each.address, f"A deleted key can be saved for {after} days only, not {before}."


def encryption_removed(view: View) -> Iterator[tuple[str, str]]:
    """What was under a key of yours is under none, or under one of AWS's."""
    for each in view.plan.changes:
        for what, before, after in _keys(each):
            if before and not after:
                yield each.address, f"{what} is no longer under a key of yours ({plain(key_of(before))} → none)."
    for each in view.plan.of_type("aws_s3_bucket_server_side_encryption_configuration"):
        if each.goes and "aws_s3_bucket" not in {other.type for other in view.plan.changes if other.goes}:
            yield each.address, "The bucket encrypts with a key of AWS's from then on."


def secret_in_env(view: View) -> Iterator[tuple[str, str]]:
    """The environment stands in clear in plan and state."""
    for each in view.plan.of_type(MODEL):
        known = {*_secrets(each.before)}
        for name in _secrets(each.after):
            if name not in known or each.is_replaced or each.comes:
                yield (
                    each.address,
                    f"The variable {code(name)} looks like a secret, and stands in clear in plan and state.",
                )


def stateful_destroyed(view: View) -> Iterator[tuple[str, str]]:
    """Nothing brings back what was in it."""
    for each in view.plan.changes:
        if each.type in _STATEFUL and (each.goes or each.is_replaced):
            yield each.address, f"It is destroyed with {_STATEFUL[each.type]}."
        if (
            each.type == "aws_s3_bucket"
            and each.was("force_destroy") is False
            and each.becomes("force_destroy") is True
        ):
            yield each.address, "`force_destroy` comes on: from then on it can be destroyed with all that is in it."
        was, becomes = (first(side(_VERSIONING)).get("status") for side in (each.was, each.becomes))
        if each.type == "aws_s3_bucket_versioning" and was == "Enabled" != becomes and not each.goes:
            yield each.address, "Versions are no longer kept: a deletion cannot be taken back."


def capture_off(view: View) -> Iterator[tuple[str, str]]:
    """Nobody can tell afterwards what was asked and answered."""
    for each in view.plan.of_type(CONFIGURATION):
        if each.before and each.after and capture(each.before) != "off" and capture(each.after) == "off":
            yield each.address, f"Nothing is recorded any more (before: {plain(capture(each.before))})."


def capture_reduced(view: View) -> Iterator[tuple[str, str]]:
    """Less is recorded than before."""
    for each in view.plan.of_type(CONFIGURATION):
        if not each.before or not each.after or "off" in (capture(each.before), capture(each.after)):
            continue
        before, after = (first(side.get("data_capture_config")) for side in (each.before, each.after))
        less = _number(after.get("initial_sampling_percentage")) < _number(before.get("initial_sampling_percentage"))
        if less or len(listed(after.get("capture_options"))) < len(listed(before.get("capture_options"))):
            yield each.address, f"{plain(capture(each.before))} → {plain(capture(each.after))}."


def rotation_off(view: View) -> Iterator[tuple[str, str]]:
    """An old key that leaks opens everything."""
    for each in view.plan.of_type("aws_kms_key"):
        if each.was("enable_key_rotation") is True and each.after and each.becomes("enable_key_rotation") is not True:
            yield each.address, "The key is no longer rotated."


def retention_lowered(view: View) -> Iterator[tuple[str, str]]:
    """What was asked and answered is gone before somebody asks for it."""
    for each in view.plan.changes:
        if each.before is None or each.after is None or each.goes or each.type not in _KEPT:
            continue
        before, after = _days(each.before), _days(each.after)
        if before and after and after < before:
            yield each.address, f"{_KEPT[each.type]} kept for {after} days and not {before}."


def image_unpinned(view: View) -> Iterator[tuple[str, str]]:
    """What runs can change without a change that anybody reviews."""
    for each in view.plan.of_type(MODEL):
        if each.comes or each.is_replaced:
            for image in _images(each.after):
                name = image.rpartition("/")[2]
                if "@sha256:" not in image and (":" not in name or name.endswith(":latest")):
                    yield each.address, f"The image {code(name)} is named by a tag that moves. Use its digest."


def _days(attributes: Json) -> int:
    """Return for how many days something is kept, and 0 for ever."""
    if isinstance(days := attributes.get("retention_in_days"), int):
        return days
    rules = [first(table(each).get("expiration")).get("days") for each in listed(attributes.get("rule"))]
    return min((each for each in rules if isinstance(each, int) and each), default=0)


def _keys(change: Change) -> Iterator[tuple[str, object, object]]:
    """Yield what is under which key, before and after, of resources that stay."""
    if change.before is None or change.after is None or change.goes:
        return
    if change.type == CONFIGURATION:
        yield "Each instance's volume", change.was("kms_key_arn"), change.becomes("kms_key_arn")
        before, after = (first(side.get("data_capture_config")) for side in (change.before, change.after))
        if after.get("enable_capture") is True:
            yield "What is recorded", before.get("kms_key_id"), after.get("kms_key_id")
    if change.type == "aws_cloudwatch_log_group":
        yield "The log group", change.was("kms_key_id"), change.becomes("kms_key_id")
    if change.type == "aws_s3_bucket_server_side_encryption_configuration":
        before, after = (_default_of(side) for side in (change.before, change.after))
        yield "The bucket", before.get("kms_master_key_id"), after.get("kms_master_key_id")


def _default_of(encryption: Json) -> Json:
    return first(first(encryption.get("rule")).get("apply_server_side_encryption_by_default"))


def _containers(model: Json | None) -> list[Json]:
    return [table(each) for key in ("primary_container", "container") for each in listed(table(model).get(key))]


def _secrets(model: Json | None) -> list[str]:
    return [
        str(name)
        for container in _containers(model)
        for name, value in table(container.get("environment")).items()
        if _SECRET.search(str(name)) and isinstance(value, Hidden)
    ]


def _images(model: Json | None) -> list[str]:
    return [image for each in _containers(model) if isinstance(image := each.get("image"), str)]


def _number(value: object) -> float:
    return value if isinstance(value, int | float) else 0.0
