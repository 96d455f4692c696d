"""How each endpoint changes: in place, interrupted, not at all although it should, or it comes or goes."""

from dataclasses import dataclass
from typing import Any, Literal

from protected_endpoints.review.plan.plan import FORGET, Change, Plan
from protected_endpoints.review.plan.values import Json, first, listed, strings, table
from protected_endpoints.review.report.markdown import code, plain

Way = Literal["comes", "goes", "interrupted", "collides", "stale", "updated", "settings", "tags", "stays"]
ENDPOINT, CONFIGURATION, MODEL = (
    "aws_sagemaker_endpoint",
    "aws_sagemaker_endpoint_configuration",
    "aws_sagemaker_model",
)


@dataclass(frozen=True)
class EndpointChange:
    """Define what happens to one endpoint, in the words of a reviewer."""

    change: Change
    way: Way
    says: str

    @property
    def name(self) -> str:
        return endpoint_name(self.change)


def endpoint_changes(plan: Plan) -> list[EndpointChange]:
    """Return how each endpoint of a plan changes."""
    return [EndpointChange(each, *_way(each, plan)) for each in plan.of_type(ENDPOINT)]


def endpoint_name(change: Change) -> str:
    return str(change.becomes("name") or change.was("name") or change.address)


def _way(change: Change, plan: Plan) -> tuple[Way, str]:
    if change.stays and (stale := _stale(change, plan)):
        return "stale", f"stays silently on the old version: {stale}"
    because = f" because {code(change.replace_paths[0])} changes" if change.replace_paths else ""
    by_actions: dict[tuple[str, ...], tuple[Way, str]] = {
        ("create",): ("comes", "comes"),
        ("delete",): ("goes", "goes down for good: it is destroyed"),
        ("delete", "create"): ("interrupted", f"goes down: it is destroyed before the new one exists{because}"),
        FORGET: ("stays", "serves on, and Terraform looks after it no more"),
        ("create", "forget"): ("comes", "comes, and Terraform no longer manages the one before, which goes on serving"),
        ("create", "delete"): ("collides", "is made anew beside the old one, which has its name: the apply fails"),
    }
    if change.actions == ("update",):
        return _update(change)
    return by_actions.get(change.actions, ("stays", "does not change"))


def _update(change: Change) -> tuple[Way, str]:
    if change.differs("endpoint_config_name"):
        return "updated", f"is updated in place by {plain(rollout(change.after))}, without an outage"
    others = {*(change.before or {}), *(change.after or {})} - {"tags", "tags_all"}
    if change.differs(*others):
        return "settings", "is updated in place, with the configuration that it has"
    return "tags", "gets other tags"


def _stale(endpoint: Change, plan: Plan) -> str:
    """Return why a change does not reach an endpoint that goes on with its configuration, and nothing otherwise."""
    for configuration in plan.of_type(CONFIGURATION):
        serves = configuration.was("name") is not None and configuration.was("name") == endpoint.was(
            "endpoint_config_name"
        )
        if not serves:
            continue
        if configuration.is_replaced:
            return f"{code(configuration.address)} is replaced under the same name"
        models = [each.get("model_name") for each in variants(configuration.before)]
        for model in plan.of_type(MODEL):
            keeps_its_name = model.is_replaced and model.was("name") == model.becomes("name")
            if keeps_its_name and model.was("name") in models:
                return f"{code(model.address)} is replaced under the same name"
    return ""


def variants(configuration: Json | None) -> list[Json]:
    """Return the variants of an endpoint configuration, shadows as well."""
    both = ("production_variants", "shadow_production_variants")
    return [table(each) for key in both for each in listed(table(configuration).get(key))]


def rollout(endpoint: Json | None) -> str:
    """Return how an update is rolled out."""
    config = first(table(endpoint).get("deployment_config"))
    watched = f", rolled back by {count(len(alarms(endpoint)), 'alarm')}" if alarms(endpoint) else ""
    if rolling := first(config.get("rolling_update_policy")):
        return f"a rolling update, {_size(rolling.get('maximum_batch_size'))} at a time{watched}"
    routing = first(first(config.get("blue_green_update_policy")).get("traffic_routing_configuration"))
    match routing.get("type"):
        case "CANARY":
            return f"blue/green, {_size(routing.get('canary_size'))} first{watched}"
        case "LINEAR":
            return f"blue/green, {_size(routing.get('linear_step_size'))} at a time{watched}"
        case _:
            return f"blue/green, all at once{watched}"


def alarms(endpoint: Json | None) -> list[str]:
    """Return the alarms that roll an update back."""
    rollback = first(first(table(endpoint).get("deployment_config")).get("auto_rollback_configuration"))
    return [name for each in listed(rollback.get("alarms")) for name in strings(table(each).get("alarm_name"))]


def capacity(configuration: Json | None) -> dict[tuple[str, str], int]:
    """Return how many instances each variant has, by its name and their type."""
    return {
        (str(each.get("variant_name")), str(each.get("instance_type"))): count_
        for each in variants(configuration)
        if isinstance(count_ := each.get("initial_instance_count"), int) and each.get("instance_type")
    }


def shown_capacity(configuration: Json | None) -> str:
    """Return the instances in words."""
    each = [f"{number} × {kind}" for (_, kind), number in capacity(configuration).items()]
    serverless = [_serverless(first(each.get("serverless_config"))) for each in variants(configuration)]
    return " + ".join([*each, *filter(None, serverless)]) or "none"


def _serverless(config: Json) -> str:
    return f"serverless, {config.get('memory_size_in_mb')} MB × {config.get('max_concurrency')}" if config else ""


def count(number: int, noun: str) -> str:
    """Return a number of things: `1 alarm`, `2 alarms`."""
    return f"{number} {noun}{'' if number == 1 else 's'}"


def _size(size: Any) -> str:
    part = first(size)
    unit = "%" if part.get("type") == "CAPACITY_PERCENT" else " instances" if part.get("value") != 1 else " instance"
    return f"{part.get('value', '?')}{unit}"
