"""The protections of the resources of a plan, before and after."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from protected_endpoints.review.analysis.comparison import Comparisons
from protected_endpoints.review.analysis.defaults import PUBLIC_ACCESS_SETTINGS
from protected_endpoints.review.analysis.endpoints import describe_rollout, rollback_alarms, variants
from protected_endpoints.review.analysis.execution_roles import existing_role
from protected_endpoints.review.analysis.scaling import TARGET, bounds, scaled, unit
from protected_endpoints.review.plan.plan import Change, Plan
from protected_endpoints.review.plan.resource_types import ALARM, CONFIGURATION, ENDPOINT, MODEL, TOPIC, TRAIL
from protected_endpoints.review.plan.values import Json, Unknown, as_dict, as_list, first_block

_CAPTURED = {("Input", "Output"): "requests and responses", ("Input",): "requests", ("Output",): "responses"}
_NEW_KEY = "new managed key"
_Sides = tuple[Change, Json | None, Json | None]  # a resource, before and after
_SIGNS = {
    "GreaterThanThreshold": ">",
    "GreaterThanOrEqualToThreshold": "≥",
    "LessThanThreshold": "<",
    "LessThanOrEqualToThreshold": "≤",
}
_DEFAULT_WINDOW = 30  # days that KMS waits without deletion_window_in_days


@dataclass(frozen=True)
class Protection:
    """One protection of one resource, before and after; None if the resource does not exist then."""

    name: str
    address: str
    before: str | None
    after: str | None

    @property
    def is_changed(self) -> bool:
        return self.before != self.after and self.before is not None


def protections(comparisons: Comparisons) -> list[Protection]:
    """Return every protection of the resources of a plan, in the order of the plan, then existing execution roles.

    A model or configuration that an endpoint serves instead of one with another address, which is deleted, has the
    protections of that one before.
    """
    plan = comparisons.plan
    served_before = {
        compared.address: compared.before
        for type_ in (MODEL, CONFIGURATION)
        for compared in comparisons.of_type(type_)
        if compared.change.is_created and not compared.is_new
    }
    replaced = {
        change.address
        for endpoint in comparisons.served.endpoints
        if endpoint.before
        for change in (*endpoint.before.configurations, *endpoint.before.models)
        if change.is_deleted and served_before
    }
    sides = [
        (change, served_before.get(change.address, change.before), _after(change))
        for change in plan.changes
        if change.address not in replaced
    ]
    return [*_of_resources(sides), *_execution_roles(plan, sides)]


def _of_resources(sides: Sequence[_Sides]) -> list[Protection]:
    return [
        Protection(name, change.address, _describe(describe, before), _describe(describe, after))
        for change, before, after in sides
        for name, describe in _DESCRIPTIONS.get(change.type, {}).items()
    ]


def _execution_roles(plan: Plan, sides: Sequence[_Sides]) -> list[Protection]:
    """Return the resources with an existing execution role before or after the plan."""
    return [
        Protection(
            "execution role",
            change.address,
            None if before is None else _describe_role(existing_role(plan, before)),
            None if after is None else _describe_role(existing_role(plan, after)),
        )
        for change, before, after in sides
        if change.type in (MODEL, CONFIGURATION) and (existing_role(plan, before) or existing_role(plan, after))
    ]


def _describe_role(existing: str | None) -> str:
    return f"existing {existing}" if existing else "managed"


def _after(change: Change) -> Json | None:
    return None if change.is_deleted else change.after


def _describe(describe: Callable[[Json], str], attributes: Json | None) -> str | None:
    return None if attributes is None else describe(attributes)


def describe_capture(configuration: Json) -> str:
    """Return the part of requests and responses that data capture records, or `off`."""
    config = first_block(configuration.get("data_capture_config"))
    if config.get("enable_capture") is not True:
        return "off"
    options = as_list(config.get("capture_options"))
    modes = tuple(sorted({str(as_dict(option).get("capture_mode")) for option in options}))
    captured = _CAPTURED.get(modes) or ", ".join(modes) or "neither requests nor responses"
    rate = config.get("initial_sampling_percentage")
    return f"{rate}% of {captured}" if isinstance(rate, int | float) else f"an unknown share of {captured}"


def describe_key(value: Any) -> str:
    """Return the ID of a KMS key; a key that is only referenced, or known after apply, is a new one."""
    if value in (None, ""):
        return "none"
    text = str(value)
    if isinstance(value, Unknown) or text.startswith("${"):
        return _NEW_KEY
    return text.rpartition("/")[2] or text


def deletion_window(key: Json | None) -> object:
    """Return the days before a key is deleted, which are 30 if the argument is not set; None without a key."""
    return None if key is None else key.get("deletion_window_in_days") or _DEFAULT_WINDOW


def bucket_key(encryption: Json | None) -> object:
    """Return the customer managed key of a bucket's default encryption, or None."""
    rule = first_block(as_dict(encryption).get("rule"))
    default = first_block(rule.get("apply_server_side_encryption_by_default"))
    return default.get("kms_master_key_id") if str(default.get("sse_algorithm")).startswith("aws:kms") else None


def _describe_bucket_key(encryption: Json) -> str:
    return describe_key(key) if (key := bucket_key(encryption)) else "no customer managed key"


def _on_or_off(*, is_on: bool) -> str:
    return "on" if is_on else "off"


def _isolation(model: Json) -> str:
    return _on_or_off(is_on=model.get("enable_network_isolation") is True)


def _rotation(key: Json) -> str:
    return _on_or_off(is_on=key.get("enable_key_rotation") is True)


def _shell_access(configuration: Json) -> str:
    return _on_or_off(is_on=any(variant.get("enable_ssm_access") for variant in variants(configuration)))


def _vpc(model: Json) -> str:
    subnets = as_list(first_block(model.get("vpc_config")).get("subnets"))
    return f"{len(subnets)} subnets" if subnets else "attached" if as_list(model.get("vpc_config")) else "none"


def _public_access(block: Json) -> str:
    return "blocked" if all(block.get(setting) is True for setting in PUBLIC_ACCESS_SETTINGS) else "allowed"


def _versioning(versioning: Json) -> str:
    return str(first_block(versioning.get("versioning_configuration")).get("status", "Disabled")).lower()


def _bounds(target: Json) -> str:
    return f"{bounds(target)} {unit(scaled(target))}"


def describe_alarm(alarm: Json) -> str:
    """Return when an alarm fires, such as `Invocation5XXErrors > 0.01, 3 of 5 periods of 60 s`."""
    queries = [as_dict(query) for query in as_list(alarm.get("metric_query"))]
    expressions = [str(query["expression"]) for query in queries if query.get("expression")]
    what = alarm.get("metric_name") or ", ".join(expressions) or "a metric"
    sign = _SIGNS.get(str(alarm.get("comparison_operator")), "outside of")
    periods = alarm.get("evaluation_periods")
    points = alarm.get("datapoints_to_alarm") or periods
    metrics = [as_dict(metric) for query in queries for metric in as_list(query.get("metric"))]
    period = next((item["period"] for item in (alarm, *metrics) if item.get("period")), "?")
    state = ", actions disabled" if alarm.get("actions_enabled") is False else ""
    return f"{what} {sign} {_number(alarm.get('threshold'))}, {points} of {periods} periods of {period} s{state}"


def _number(value: object) -> str:
    # Latencies in microseconds are too large for the format `g`.
    return f"{value:.10g}" if isinstance(value, int | float) else str(value)


def _recording(trail: Json) -> str:
    state = "off" if trail.get("enable_logging") is False else "on"
    validated = "validated" if trail.get("enable_log_file_validation") is True else "not validated"
    return f"{state}, log files {validated}"


def _log_retention(group: Json) -> str:
    return f"{days} days" if (days := group.get("retention_in_days")) else "never expires"


_DESCRIPTIONS: dict[str, dict[str, Callable[[Json], str]]] = {
    MODEL: {"network isolation": _isolation, "VPC": _vpc},
    CONFIGURATION: {
        "volume key": lambda configuration: describe_key(configuration.get("kms_key_arn")),
        "data capture": describe_capture,
        "shell access": _shell_access,
    },
    ENDPOINT: {
        "update policy": describe_rollout,
        "rollback alarms": lambda endpoint: ", ".join(rollback_alarms(endpoint)) or "none",
    },
    "aws_kms_key": {
        "key rotation": _rotation,
        "key deletion window": lambda key: f"{deletion_window(key)} days",
    },
    "aws_s3_bucket_server_side_encryption_configuration": {"bucket encryption key": _describe_bucket_key},
    "aws_s3_bucket_public_access_block": {"public access": _public_access},
    "aws_s3_bucket_versioning": {"versioning": _versioning},
    TARGET: {"scaling": _bounds},
    ALARM: {"alarm": describe_alarm},
    TOPIC: {"topic key": lambda topic: describe_key(topic.get("kms_master_key_id"))},
    TRAIL: {"trail": _recording, "trail key": lambda trail: describe_key(trail.get("kms_key_id"))},
    "aws_cloudwatch_log_group": {
        "log key": lambda group: describe_key(group.get("kms_key_id")),
        "log retention": _log_retention,
    },
}
