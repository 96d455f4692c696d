"""Rules about availability, capacity and traffic of endpoints."""

from protected_endpoints.review.analysis.context import ReviewContext
from protected_endpoints.review.analysis.endpoints import EndpointAction, describe_capacity, instance_counts, variants
from protected_endpoints.review.markdown import code, escape
from protected_endpoints.review.plan.plan import Change
from protected_endpoints.review.plan.resource_types import CONFIGURATION, ENDPOINT, MODEL, SSM_PARAMETER
from protected_endpoints.review.plan.values import Json, as_dict, as_list, identifier
from protected_endpoints.review.rules.registry import RuleResult, rule

# The attribute that is unique within an account and region, by type.
_UNIQUE_NAMES = {
    MODEL: "name",
    CONFIGURATION: "name",
    "aws_iam_role": "name",
    "aws_iam_policy": "name",
    "aws_kms_alias": "name",
    "aws_s3_bucket": "bucket",
    "aws_cloudwatch_log_group": "name",
    SSM_PARAMETER: "name",
}
_MIN_INSTANCES = 2


@rule("endpoint-down", "block")
def endpoint_down(context: ReviewContext) -> RuleResult:
    """Requests fail while the endpoint does not exist."""
    for endpoint in context.endpoints:
        change = endpoint.change
        if endpoint.action is EndpointAction.DELETED:
            yield change.address, "The endpoint is deleted. All later requests fail."
        if endpoint.action is EndpointAction.RENAMED:
            old, new = code(change.value_before("name")), code(change.value_after("name"))
            yield (
                change.address,
                f"The name changes: {new} is created, then {old} is deleted, and requests to {old} fail. Create "
                "another endpoint, let the invokers call it, and delete this one later.",
            )
        if endpoint.action is EndpointAction.INTERRUPTED and change.is_tainted:
            yield (
                change.address,
                "The endpoint is tainted, because an earlier apply failed at it: it is deleted before its replacement "
                "is created, and requests fail until the replacement is in service. If the endpoint is in service, "
                f"keep it with {code(f'terraform untaint {change.address}')}, and plan again.",
            )
        elif endpoint.action is EndpointAction.INTERRUPTED:
            because = f" because {code(change.replace_paths[0])} changes" if change.replace_paths else ""
            yield (
                change.address,
                f"The endpoint is deleted before its replacement is created{because}. Requests fail until the "
                "replacement is in service. Revert the change, or create another endpoint first and delete this one "
                "later.",
            )


@rule("stale-serving", "block")
def stale_serving(context: ReviewContext) -> RuleResult:
    """SageMaker does not notice a replacement under the same name, and the apply succeeds."""
    for endpoint in context.endpoints:
        if endpoint.action is EndpointAction.STALE:
            yield (
                endpoint.change.address,
                f"The endpoint {endpoint.description}. The apply succeeds without any effect on the endpoint. Give the "
                "replacement another name.",
            )


@rule("serving-destroyed-first", "block")
def serving_destroyed_first(context: ReviewContext) -> RuleResult:
    """An endpoint without its configuration or model cannot be updated, scaled or patched."""
    configurations, models = context.plan.of_type(CONFIGURATION), context.plan.of_type(MODEL)
    names_in_use = [endpoint.change.value_after("endpoint_config_name") for endpoint in context.endpoints]
    names_in_use += [variant.get("model_name") for change in configurations for variant in variants(change.after)]
    if not any(endpoint.action.keeps_serving for endpoint in context.endpoints):
        return
    for change in (*configurations, *models):
        if change.is_deleted and change.value_before("name") in names_in_use:
            yield change.address, "Deleted while in use: the endpoint cannot be updated, scaled or patched."
        if change.is_deleted_first:
            yield (
                change.address,
                "Deleted before the endpoint uses its replacement: the update fails, or AWS cannot patch the endpoint "
                f"meanwhile. {_instead(change)}",
            )


def _instead(change: Change) -> str:
    if change.is_tainted:
        return f"It is tainted by a failed apply; keep it with {code(f'terraform untaint {change.address}')}."
    return "Set create_before_destroy."


@rule("name-collision", "block")
def name_collision(context: ReviewContext) -> RuleResult:
    """Two resources cannot have the same name, so that the apply fails before it is complete."""
    deposed = [
        (change.type, change.value_before(_UNIQUE_NAMES[change.type]))
        for change in context.plan.deposed
        if change.type in _UNIQUE_NAMES
    ]
    for change in context.plan.changes:
        name = change.value_after(_UNIQUE_NAMES.get(change.type, ""))
        if "create" in change.actions and (change.type, name) in deposed:
            yield change.address, "A failed apply left a resource with this name. Increase `revision`."
    deleted = {
        (change.type, identifier(change.value_before(_UNIQUE_NAMES[change.type]))): change.address
        for change in context.plan.changes
        if change.is_deleted and change.type in _UNIQUE_NAMES
    }
    for change in context.plan.changes:
        name = identifier(change.value_after(_UNIQUE_NAMES.get(change.type, "")))
        same = deleted.get((change.type, name)) if name else None
        if change.is_created and same:
            yield (
                change.address,
                f"{code(same)} with the same name is deleted in the same apply, before or after it: AWS refuses the "
                "second one, or the new one is deleted. Change the name; of a model, increase `revision`.",
            )
    for change in context.plan.changes:
        key = "name" if change.type == ENDPOINT else _UNIQUE_NAMES.get(change.type, "")
        is_created_first = change.is_replaced and not change.is_deleted_first and not change.is_tainted
        if key and is_created_first and isinstance(change.value_before(key), str) and not change.differs(key):
            yield (
                change.address,
                f"The replacement is created first, with the same {code(key)}: AWS refuses it, and the apply fails. "
                "Change the name together with the content.",
            )


@rule("single-instance", "warn")
def single_instance(context: ReviewContext) -> RuleResult:
    """A single instance is in one Availability Zone, and no other instance takes over if it fails."""
    for compared in context.compared(CONFIGURATION):
        sides = (compared.before, compared.after)
        before, after = (instance_counts(_without_shadows(side)) for side in sides)
        if before and after and min(after.values()) < _MIN_INSTANCES <= min(before.values()):
            old, new = (escape(describe_capacity(side)) for side in sides)
            yield compared.address, f"{old} → {new}: a variant has fewer than {_MIN_INSTANCES} instances."


@rule("capacity-changed", "note")
def capacity_changed(context: ReviewContext) -> RuleResult:
    """Capacity and cost change."""
    for compared in context.compared(CONFIGURATION):
        sides = (compared.before, compared.after)
        before, after = map(instance_counts, sides)
        if before != after and not compared.is_new:
            added = sum(after.values()) - sum(before.values())
            hours = f" ({added:+d} instance-hours per hour)" if added else ""
            old, new = (escape(describe_capacity(side)) for side in sides)
            yield compared.address, f"Instances: {old} → {new}{hours}."


@rule("traffic-changed", "note")
def traffic_changed(context: ReviewContext) -> RuleResult:
    """The distribution of requests over variants changes."""
    for compared in context.compared(CONFIGURATION):
        before, after = _traffic_shares(compared.before), _traffic_shares(compared.after)
        if before and after and before != after:
            yield compared.address, f"Traffic: {_describe_shares(before)} → {_describe_shares(after)}."


@rule("rollback-unseen", "note")
def rollback_unseen(context: ReviewContext) -> RuleResult:
    """Terraform reports success although SageMaker rolled the update back, and no postcondition detects it."""
    statuses = dict(context.plan.conditions)
    for endpoint in context.endpoints:
        change = endpoint.change
        if endpoint.action is EndpointAction.UPDATED and not _is_verified(change, statuses.get(change.address)):
            yield (
                change.address,
                "If SageMaker rolls the update back, the apply still succeeds. Add a postcondition on "
                "`endpoint_config_name`; without it, plan again after the apply.",
            )


def _is_verified(endpoint: Change, status: str | None) -> bool:
    """Return whether a condition compares the configuration that an endpoint serves.

    A plan has the status of conditions and not their text. A condition on a name that is known only after apply has the
    status unknown, so that a decided condition compares something else.
    """
    name = endpoint.value_after("endpoint_config_name")
    return status == "unknown" or (status is not None and isinstance(name, str) and "${" not in name)


def _without_shadows(configuration: Json | None) -> Json:
    """Return a configuration without shadow variants, whose responses are discarded."""
    return {"production_variants": as_dict(configuration).get("production_variants")}


def _traffic_shares(configuration: Json | None) -> dict[str, float]:
    """Return the share of requests by variant, from 0 to 1."""
    weights = {
        str(variant.get("variant_name")): weight
        for variant in map(as_dict, as_list(as_dict(configuration).get("production_variants")))
        if isinstance(weight := variant.get("initial_variant_weight"), int | float)
    }
    total = sum(weights.values())
    return {name: weight / total for name, weight in weights.items()} if total > 0 else {}


def _describe_shares(shares: dict[str, float]) -> str:
    return " + ".join(f"{code(name)} {100 * share:.3g}%" for name, share in shares.items())
