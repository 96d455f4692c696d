"""Rules about keys, and about what is encrypted under them."""

from collections.abc import Iterator

from protected_endpoints.review.analysis.context import View
from protected_endpoints.review.analysis.endpoints import CONFIGURATION, variants
from protected_endpoints.review.analysis.protections import bucket_key, key_of
from protected_endpoints.review.plan.plan import Change
from protected_endpoints.review.plan.values import Json, Unknown, first
from protected_endpoints.review.report.markdown import code, plain


def key_destroyed(view: View) -> Iterator[tuple[str, str]]:
    """What is encrypted under a deleted key can never be read again."""
    deposed = (each for each in view.plan.deposed if each.type == "aws_kms_key")
    for each in (*view.plan.of_type("aws_kms_key"), *deposed):
        if each.goes or each.is_replaced:
            yield (
                each.address,
                "The key is destroyed. After its deletion window nothing that is under it can be read, ever.",
            )
        if each.was("is_enabled") is not False and each.becomes("is_enabled") is False:
            yield (
                each.address,
                "The key is disabled: until it is enabled nothing under it is read, and no instance starts.",
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
        if each.goes and not view.plan.goes_with_its_bucket(each):
            yield each.address, "The bucket encrypts with a key of AWS's from then on."


def key_changed(view: View) -> Iterator[tuple[str, str]]:
    """Who may use a key that this plan does not make is not for it to say."""
    own = [arn for each in view.plan.of_type("aws_kms_key") for arn in (each.was("arn"), each.becomes("arn"))]
    for each in view.plan.changes:
        for what, before, after in _keys(each):
            # A key that is known only after the apply is made by it.
            is_own = isinstance(after, Unknown) or after in own or str(after).startswith("${aws_kms_key.")
            if before and after and before != after and not is_own:
                yield each.address, f"{what} is under {code(after)} now, and this plan does not say who may use that."


def rotation_off(view: View) -> Iterator[tuple[str, str]]:
    """An old key that leaks opens everything."""
    for each in view.plan.of_type("aws_kms_key"):
        if each.was("enable_key_rotation") is True and each.after and each.becomes("enable_key_rotation") is not True:
            yield each.address, "The key is no longer rotated."


def _keys(change: Change) -> Iterator[tuple[str, object, object]]:
    """Yield what is under which key, before and after, of resources that stay."""
    if change.before is None or change.after is None or change.goes:
        return
    if change.type == CONFIGURATION:
        yield "Each instance's volume", change.was("kms_key_arn"), change.becomes("kms_key_arn")
        before, after = (first(side.get("data_capture_config")) for side in (change.before, change.after))
        if after.get("enable_capture") is True:
            yield "What is recorded", before.get("kms_key_id"), after.get("kms_key_id")
        before, after = (_output(side) for side in (change.before, change.after))
        if after:
            yield "What is answered", before.get("kms_key_id"), after.get("kms_key_id")
        before, after = (_core_dumps(side) for side in (change.before, change.after))
        for name in sorted({*before} & {*after}):
            yield f"A core dump of {code(name)}", before[name].get("kms_key_id"), after[name].get("kms_key_id")
    if change.type == "aws_cloudwatch_log_group":
        yield "The log group", change.was("kms_key_id"), change.becomes("kms_key_id")
    if change.type == "aws_s3_bucket_server_side_encryption_configuration":
        yield "The bucket", bucket_key(change.before), bucket_key(change.after)


def _output(configuration: Json) -> Json:
    """Return where and how the answers are written that nobody waits for."""
    return first(first(configuration.get("async_inference_config")).get("output_config"))


def _core_dumps(configuration: Json) -> dict[str, Json]:
    found = {str(each.get("variant_name")): first(each.get("core_dump_config")) for each in variants(configuration)}
    return {name: config for name, config in found.items() if config}
