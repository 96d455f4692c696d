"""The effect of a plan on each endpoint: created, deleted, interrupted, updated in place, or stale."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from protected_endpoints.review.markdown import code, escape, pluralize
from protected_endpoints.review.plan.plan import REMOVED_FROM_STATE, Change, Plan
from protected_endpoints.review.plan.resource_types import CONFIGURATION, ENDPOINT, MODEL
from protected_endpoints.review.plan.values import Json, as_dict, as_list, as_strings, first_block


class EndpointAction(StrEnum):
    """The effect of a plan on an endpoint, from the view of its invokers."""

    CREATED = "created"
    DELETED = "deleted"
    INTERRUPTED = "interrupted"  # deleted before its replacement is created
    NAME_CONFLICT = "name conflict"  # the replacement has the same name and is created first
    RENAMED = "renamed"  # created under another name, then deleted under the old one
    STALE = "stale"  # the change does not reach it, and the apply succeeds
    UPDATED = "updated"  # to another configuration
    SETTINGS = "settings"  # updated, with the same configuration
    TAGS = "tags"
    UNCHANGED = "unchanged"

    @property
    def keeps_serving(self) -> bool:
        """Return whether the same endpoint exists before and after, and requires its configuration and models."""
        return self in (
            EndpointAction.UPDATED,
            EndpointAction.SETTINGS,
            EndpointAction.TAGS,
            EndpointAction.UNCHANGED,
        )


@dataclass(frozen=True)
class EndpointChange:
    """The change of one endpoint; `description` completes a sentence that begins with its name."""

    change: Change
    action: EndpointAction
    description: str

    @property
    def name(self) -> str:
        change = self.change
        return str(change.value_after("name") or change.value_before("name") or change.address)


def endpoint_changes(plan: Plan) -> list[EndpointChange]:
    """Return the change of each endpoint of a plan."""
    stale = _stale_configurations(plan)
    return [EndpointChange(change, *_action(change, stale)) for change in plan.of_type(ENDPOINT)]


def _action(change: Change, stale: dict[str, str]) -> tuple[EndpointAction, str]:
    name = change.value_before("endpoint_config_name")
    if change.is_unchanged and isinstance(name, str) and (reason := stale.get(name)):
        return EndpointAction.STALE, f"keeps serving the old version: {reason}"
    if change.actions == ("update",):
        return _update(change)
    if change.actions == ("create", "delete") and change.differs("name"):
        old = code(change.value_before("name"))
        return EndpointAction.RENAMED, f"is created, and the endpoint {old} is deleted after it"
    because = f" because {code(change.replace_paths[0])} changes" if change.replace_paths else ""
    because = " because it is tainted" if change.is_tainted else because
    by_actions: dict[tuple[str, ...], tuple[EndpointAction, str]] = {
        ("create",): (EndpointAction.CREATED, "is created"),
        ("delete",): (EndpointAction.DELETED, "is deleted and stops serving"),
        ("delete", "create"): (
            EndpointAction.INTERRUPTED,
            f"stops serving during the apply: it is deleted before its replacement is created{because}",
        ),
        ("create", "delete"): (
            EndpointAction.NAME_CONFLICT,
            "is replaced under the same name, which the old endpoint still has: the apply fails",
        ),
        ("create", "forget"): (
            EndpointAction.CREATED,
            "is created; the old endpoint is removed from the Terraform state and keeps serving",
        ),
        REMOVED_FROM_STATE: (
            EndpointAction.UNCHANGED,
            "keeps serving; it is removed from the Terraform state",
        ),
    }
    return by_actions.get(change.actions, (EndpointAction.UNCHANGED, "does not change"))


def _update(change: Change) -> tuple[EndpointAction, str]:
    if change.differs("endpoint_config_name"):
        rollout = escape(describe_rollout(change.after))
        return EndpointAction.UPDATED, f"is updated in place without downtime ({rollout})"
    attributes = {*(change.before or {}), *(change.after or {})} - {"tags", "tags_all"}
    if change.differs(*attributes):
        return EndpointAction.SETTINGS, "is updated in place and keeps its endpoint configuration"
    return EndpointAction.TAGS, "changes only its tags"


def _stale_configurations(plan: Plan) -> dict[str, str]:
    """Return by the name of a configuration why its change does not reach an endpoint that does not change."""
    replaced_models: dict[str, str] = {}
    for model in plan.of_type(MODEL):
        name = model.value_before("name")
        if model.is_replaced and not model.differs("name") and isinstance(name, str):
            replaced_models.setdefault(name, model.address)
    reasons: dict[str, str] = {}
    for configuration in plan.of_type(CONFIGURATION):
        name = configuration.value_before("name")
        models = [variant.get("model_name") for variant in variants(configuration.before)]
        address = configuration.address if configuration.is_replaced else None
        address = address or next((replaced_models[model] for model in models if model in replaced_models), None)
        if isinstance(name, str) and address:
            reasons.setdefault(name, f"{code(address)} is replaced under the same name")
    return reasons


def variants(configuration: Json | None) -> list[Json]:
    """Return the production and shadow variants of an endpoint configuration."""
    keys = ("production_variants", "shadow_production_variants")
    return [as_dict(variant) for key in keys for variant in as_list(as_dict(configuration).get(key))]


def describe_rollout(endpoint: Json | None) -> str:
    """Return the update policy of an endpoint, such as `blue/green, canary 10%, automatic rollback on 1 alarm`."""
    config = first_block(as_dict(endpoint).get("deployment_config"))
    alarms = rollback_alarms(endpoint)
    rollback = f", automatic rollback on {pluralize(len(alarms), 'alarm')}" if alarms else ""
    if rolling := first_block(config.get("rolling_update_policy")):
        return f"rolling, {_size(rolling.get('maximum_batch_size'))} per batch{rollback}"
    routing = first_block(first_block(config.get("blue_green_update_policy")).get("traffic_routing_configuration"))
    match routing.get("type"):
        case "CANARY":
            return f"blue/green, canary {_size(routing.get('canary_size'))}{rollback}"
        case "LINEAR":
            return f"blue/green, linear {_size(routing.get('linear_step_size'))}{rollback}"
        case _:
            return f"blue/green, all at once{rollback}"


def rollback_alarms(endpoint: Json | None) -> list[str]:
    """Return the names of the alarms that roll an update back."""
    config = first_block(as_dict(endpoint).get("deployment_config"))
    rollback = first_block(config.get("auto_rollback_configuration"))
    return [name for alarm in as_list(rollback.get("alarms")) for name in as_strings(as_dict(alarm).get("alarm_name"))]


def instance_counts(configuration: Json | None) -> dict[tuple[str, str], int]:
    """Return the number of instances by variant name and instance type."""
    return {
        (str(variant.get("variant_name")), str(variant.get("instance_type"))): count
        for variant in variants(configuration)
        if isinstance(count := variant.get("initial_instance_count"), int) and variant.get("instance_type")
    }


def initial_capacity(variant: Json) -> int | None:
    """Return the instances of a variant after an update, or the provisioned concurrency of a serverless one."""
    serverless = first_block(variant.get("serverless_config"))
    count = serverless.get("provisioned_concurrency") if serverless else variant.get("initial_instance_count")
    return count if isinstance(count, int) else None


def describe_capacity(configuration: Json | None) -> str:
    """Return the number and type of the instances of all variants."""
    instances = [f"{count} × {type_}" for (_, type_), count in instance_counts(configuration).items()]
    serverless = [_serverless(first_block(variant.get("serverless_config"))) for variant in variants(configuration)]
    return " + ".join([*instances, *filter(None, serverless)]) or "none"


def _serverless(config: Json) -> str:
    memory, concurrency = (config.get(key) or "?" for key in ("memory_size_in_mb", "max_concurrency"))
    return f"serverless, {memory} MB × {concurrency}" if config else ""


def _size(blocks: Any) -> str:
    size = first_block(blocks)
    unit = "%" if size.get("type") == "CAPACITY_PERCENT" else " instances" if size.get("value") != 1 else " instance"
    return f"{size.get('value', '?')}{unit}"
