"""Which protections an endpoint has, before and after."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from protected_endpoints.review.analysis.endpoints import CONFIGURATION, MODEL, alarms, rollout, variants
from protected_endpoints.review.plan.plan import Change, Plan
from protected_endpoints.review.plan.values import Json, Unknown, first, listed, table

_PUBLIC_ACCESS = ("block_public_acls", "block_public_policy", "ignore_public_acls", "restrict_public_buckets")
_MODES = {("Input", "Output"): "requests and responses", ("Input",): "requests", ("Output",): "responses"}


@dataclass(frozen=True)
class Protection:
    """Define one protection of one resource, before and after; None is where the resource is not there."""

    name: str
    address: str
    before: str | None
    after: str | None

    @property
    def changes(self) -> bool:
        return self.before != self.after and self.before is not None


def protections(plan: Plan) -> list[Protection]:
    """Return every protection of a plan's resources, in the order of the plan."""
    return [
        Protection(name, change.address, _told(say, change.before), _told(say, _after(change)))
        for change in plan.changes
        for name, say in _SAID.get(change.type, {}).items()
    ]


def _after(change: Change) -> Json | None:
    return None if change.goes else change.after


def _told(say: Callable[[Json], str], attributes: Json | None) -> str | None:
    return None if attributes is None else say(attributes)


def capture(configuration: Json) -> str:
    """Return what is recorded of requests."""
    config = first(configuration.get("data_capture_config"))
    if config.get("enable_capture") is not True:
        return "off"
    modes = tuple(sorted({str(table(each).get("capture_mode")) for each in listed(config.get("capture_options"))}))
    return f"{config.get('initial_sampling_percentage')} % of {_MODES.get(modes, ', '.join(modes))}"


def key_of(value: Any) -> str:
    """Return a key in short, whether it is known or only referred to."""
    if value in (None, ""):
        return "none"
    if isinstance(value, Unknown):
        return "a key that is made"
    text = str(value)
    return "a key that is made" if text.startswith("${") else text.rpartition("/")[2] or text


def bucket_key(encryption: Json | None) -> object:
    """Return the key that a bucket encrypts with, and nothing where that is one of AWS's."""
    default = first(first(table(encryption).get("rule")).get("apply_server_side_encryption_by_default"))
    return default.get("kms_master_key_id") if str(default.get("sse_algorithm")).startswith("aws:kms") else None


def _isolation(model: Json) -> str:
    return "on" if model.get("enable_network_isolation") is True else "off"


def _network(model: Json) -> str:
    subnets = listed(first(model.get("vpc_config")).get("subnets"))
    return f"in {len(subnets)} subnets" if subnets else "in a VPC" if listed(model.get("vpc_config")) else "no VPC"


def _shell(configuration: Json) -> str:
    return (
        "people get in" if any(each.get("enable_ssm_access") for each in variants(configuration)) else "nobody gets in"
    )


def _public(block: Json) -> str:
    return "blocked" if all(block.get(each) is True for each in _PUBLIC_ACCESS) else "possible"


_SAID: dict[str, dict[str, Callable[[Json], str]]] = {
    MODEL: {"network isolation": _isolation, "network": _network},
    CONFIGURATION: {
        "volumes under": lambda each: key_of(each.get("kms_key_arn")),
        "recorded": capture,
        "shell in the container": _shell,
    },
    "aws_sagemaker_endpoint": {
        "updates": rollout,
        "rollback by alarms": lambda each: ", ".join(alarms(each)) or "none",
    },
    "aws_kms_key": {
        "key rotation": lambda each: "on" if each.get("enable_key_rotation") is True else "off",
        "a deleted key can be saved for": lambda each: f"{each.get('deletion_window_in_days')} days",
    },
    "aws_s3_bucket_server_side_encryption_configuration": {
        "bucket under": lambda each: key_of(key) if (key := bucket_key(each)) else "no key of yours"
    },
    "aws_s3_bucket_public_access_block": {"public access": _public},
    "aws_s3_bucket_versioning": {
        "versions": lambda each: str(first(each.get("versioning_configuration")).get("status", "Disabled")).lower()
    },
    "aws_cloudwatch_log_group": {
        "logs under": lambda each: key_of(each.get("kms_key_id")),
        "logs kept for": lambda each: f"{each.get('retention_in_days') or 'ever'} days".replace("ever days", "ever"),
    },
}
