"""Rules about KMS keys, and the keys under which data is encrypted."""

from collections.abc import Iterator

from protected_endpoints.review.analysis.comparison import Comparison
from protected_endpoints.review.analysis.context import ReviewContext
from protected_endpoints.review.analysis.endpoints import variants
from protected_endpoints.review.analysis.protections import bucket_key, deletion_window, describe_key
from protected_endpoints.review.markdown import code, escape
from protected_endpoints.review.plan.plan import Change, account_id
from protected_endpoints.review.plan.resource_types import BUCKET_ENCRYPTION, CONFIGURATION, TOPIC, TRAIL
from protected_endpoints.review.plan.values import Json, Unknown, as_number, first_block
from protected_endpoints.review.rules.registry import RuleResult, rule

_CANCELED_IN_WINDOW = "A deletion can be canceled only in that time."
_NOT_SHOWN = "this plan does not show who can use that key."
_LOG_GROUP = "aws_cloudwatch_log_group"
# Resources with one key: what is encrypted with it, and the argument.
_WITH_KEY = {
    _LOG_GROUP: ("The log group", "kms_key_id"),
    TOPIC: ("The topic", "kms_master_key_id"),
    TRAIL: ("The trail", "kms_key_id"),
}
_OF_AWS = "alias/aws/"  # begins the alias of a key that AWS manages, whose policy does not let CloudWatch in

# Days between two rotations, and what KMS uses without it (EnableKeyRotation).
_PERIOD, _DEFAULT_PERIOD = "rotation_period_in_days", 365


@rule("key-destroyed", "block")
def key_destroyed(context: ReviewContext) -> RuleResult:
    """Data that is encrypted with a deleted key becomes unreadable for good."""
    for drifted in context.plan.drift:
        key = context.by_address.get(drifted.address)
        if drifted.type == "aws_kms_key" and drifted.is_deleted and key and key.is_created:
            yield key.address, _deleted_elsewhere(drifted)
    deposed = (key for key in context.plan.deposed if key.type == "aws_kms_key")
    for key in (*context.plan.of_type("aws_kms_key"), *deposed):
        if key.is_deleted or key.is_replaced:
            yield (
                key.address,
                "The key is scheduled for deletion. Data encrypted with it becomes unreadable when the window ends.",
            )
        if key.value_before("is_enabled") is not False and key.value_after("is_enabled") is False:
            yield (
                key.address,
                "The key is disabled. Until it is enabled, data encrypted with it is unreadable and no instance "
                "starts.",
            )
    for compared, before, after in _shorter_windows(context):
        if not compared.is_new:
            yield compared.address, f"Key deletion window: {before} → {after} days. {_CANCELED_IN_WINDOW}"


@rule("key-window-short", "warn")
def key_window_short(context: ReviewContext) -> RuleResult:
    """The deletion of a key can be canceled only in its deletion window."""
    for compared, default, days in _shorter_windows(context):
        if compared.is_new:
            yield compared.address, f"Key deletion window: {days} days (default: {default}). {_CANCELED_IN_WINDOW}"


@rule("encryption-removed", "block")
def encryption_removed(context: ReviewContext) -> RuleResult:
    """Data is no longer encrypted with a customer managed key."""
    for compared in _encrypted(context):
        for subject, before, after in _keys(compared):
            if before and not after:
                yield (
                    compared.address,
                    f"{subject} is not encrypted with a customer managed key."
                    if compared.is_new
                    else f"{subject} is no longer encrypted with {_name_key(before)}.",
                )
    for change in context.plan.of_type(BUCKET_ENCRYPTION):
        if change.is_deleted and not context.plan.is_deleted_with_bucket(change):
            yield change.address, "The bucket is no longer encrypted with a customer managed key."
    for bucket in context.comparisons.buckets_without(BUCKET_ENCRYPTION):
        yield bucket.address, "The bucket is not encrypted with a customer managed key."


@rule("key-changed", "warn")
def key_changed(context: ReviewContext) -> RuleResult:
    """The plan does not show who can use an existing key."""
    keys = context.plan.of_type("aws_kms_key")
    managed = {str(arn) for key in keys for arn in (key.value_before("arn"), key.value_after("arn"))}
    new: dict[str, list[tuple[str, str]]] = {}
    for compared in _encrypted(context):
        for subject, before, after in _keys(compared):
            # A key that is known only after apply is managed by the plan.
            is_managed = isinstance(after, Unknown) or str(after) in managed or str(after).startswith("${aws_kms_key.")
            if not before or not after or before == after or is_managed:
                continue
            if compared.is_new:
                new.setdefault(str(after), []).append((compared.address, subject))
            else:
                key = _existing_key(context, after)
                yield compared.address, f"{subject} is now encrypted with {key}; {_NOT_SHOWN}"
    for arn, uses in new.items():
        subjects = [f"{subject[0].lower()}{subject[1:]}" for _, subject in uses]
        yield uses[0][0], f"{_existing_key(context, arn)} encrypts {', '.join(subjects)}; {_NOT_SHOWN}"


@rule("rotation-off", "warn")
def rotation_off(context: ReviewContext) -> RuleResult:
    """Without rotation, the same key material encrypts all data."""
    for key in context.compared("aws_kms_key"):
        if key.before.get("enable_key_rotation") is True and key.after.get("enable_key_rotation") is not True:
            yield key.address, "Automatic key rotation is disabled."
        before, after = (as_number(side.get(_PERIOD)) or _DEFAULT_PERIOD for side in (key.before, key.after))
        if after > before:
            yield key.address, f"The key is rotated less often: every {before:.0f} → {after:.0f} days."


def _deleted_elsewhere(key: Change) -> str:
    """Return what to do about a key that is scheduled for deletion; the AWS provider takes it for a deleted one."""
    arn = str(key.value_before("arn") or key.value_before("key_id") or "KEY")
    return (
        f"The key {code(arn)} is deleted outside of Terraform, or scheduled for deletion. The apply creates another "
        "key, and data encrypted with the old one becomes unreadable when its deletion window ends. Cancel the "
        f"deletion ({code(f'aws kms cancel-key-deletion --key-id {arn}')}), enable the key "
        f"({code(f'aws kms enable-key --key-id {arn}')}), and plan again."
    )


def _name_key(key: object) -> str:
    is_managed = isinstance(key, Unknown) or str(key).startswith("${")
    return "the managed key" if is_managed else f"customer managed key {escape(describe_key(key))}"


def _shorter_windows(context: ReviewContext) -> Iterator[tuple[Comparison, int, int]]:
    """Yield the keys with a shorter deletion window than before, or than the default, and both in days."""
    for compared in context.compared("aws_kms_key"):
        before, after = (deletion_window(side) for side in (compared.before, compared.after))
        if isinstance(before, int) and isinstance(after, int) and after < before:
            yield compared, before, after


def _existing_key(context: ReviewContext, key: object) -> str:
    account = account_id(str(key))
    owner = f" of another account ({code(account)})" if account not in ("", context.plan.account) else ""
    return f"{code(key)}{owner}"


def _encrypted(context: ReviewContext) -> list[Comparison]:
    """Return the resources with encrypted data, by address."""
    types = (CONFIGURATION, BUCKET_ENCRYPTION, *_WITH_KEY)
    return sorted((item for type_ in types for item in context.compared(type_)), key=lambda item: item.address)


def _keys(compared: Comparison) -> Iterator[tuple[str, object, object]]:
    """Yield the encrypted data of a resource, with its key before and after."""
    before, after = compared.before, compared.after
    if compared.change.type == CONFIGURATION:
        yield from _configuration_keys(before, after)
    elif compared.change.type in _WITH_KEY:
        subject, argument = _WITH_KEY[compared.change.type]
        yield subject, _customer_key(before.get(argument)), _customer_key(after.get(argument))
    else:
        yield "The bucket", bucket_key(before), bucket_key(after)


def _customer_key(key: object) -> object:
    """Return a key, and None instead of one that AWS manages."""
    return None if isinstance(key, str) and _OF_AWS in key else key


def _configuration_keys(before: Json, after: Json) -> Iterator[tuple[str, object, object]]:
    yield "The instance volume", before.get("kms_key_arn"), after.get("kms_key_arn")
    captures = [first_block(side.get("data_capture_config")) for side in (before, after)]
    if captures[1].get("enable_capture") is True:
        yield "Captured data", captures[0].get("kms_key_id"), captures[1].get("kms_key_id")
    outputs = [_async_output(side) for side in (before, after)]
    if outputs[1]:
        yield "Asynchronous output", outputs[0].get("kms_key_id"), outputs[1].get("kms_key_id")
    dumps = [_core_dumps(side) for side in (before, after)]
    for name in sorted({*dumps[0]} & {*dumps[1]}):
        yield (
            f"The core dump of variant {code(name)}",
            dumps[0][name].get("kms_key_id"),
            dumps[1][name].get("kms_key_id"),
        )


def _async_output(configuration: Json) -> Json:
    return first_block(first_block(configuration.get("async_inference_config")).get("output_config"))


def _core_dumps(configuration: Json) -> dict[str, Json]:
    """Return the core dump settings by variant name."""
    by_variant = {
        str(variant.get("variant_name")): first_block(variant.get("core_dump_config"))
        for variant in variants(configuration)
    }
    return {name: config for name, config in by_variant.items() if config}
