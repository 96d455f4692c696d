"""The table of a running endpoint in `endpoints.toml`.

It keeps what the endpoint has: its role, key, capacity and everything that is weaker than the defaults, with the reason
that it was so before. Nothing gets stricter that its owner does not see.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from fractions import Fraction
from math import lcm
from typing import Any

from protected_endpoints.commands.adopt.api_tables import to_table
from protected_endpoints.commands.adopt.running_endpoint import Answer, RunningEndpoint
from protected_endpoints.commands.adopt.scaling_table import scaling_table
from protected_endpoints.config.async_inference import AsyncInferenceConfig
from protected_endpoints.config.container import Container, Model
from protected_endpoints.config.endpoint import DataCapture
from protected_endpoints.config.variant import Variant
from protected_endpoints.secret_scan import looks_secret

AS_BEFORE = "as it was before"
_SINGLE_VARIANT = "AllTraffic"
_MAX_RETENTION = 3653
_OURS = ("project", "environment", "endpoint")
# Only AWS sets tags that begin like this, such as the one with the name of a CloudFormation stack.
_RESERVED_TAG, _CLOUDFORMATION_STACK = "aws:", "aws:cloudformation:stack-name"
_MODEL_FIELDS = ("InferenceExecutionConfig",)
_NOT_HOSTING = ("VariantName", "ModelName", "InitialVariantWeight", "InitialInstanceCount")
_MAX_SLUG = 36
_MAX_WEIGHT = 1_000_000


@dataclass
class Adopted:
    """The table, what it cannot express, and what its owner should know."""

    table: dict[str, Any] = field(default_factory=dict)
    left_out: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def slug(name: str) -> str:
    """Return a name as a key of a table: lowercase letters, digits and single hyphens."""
    return re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")[:_MAX_SLUG].rstrip("-")


def _model_keys(names: Iterable[str]) -> dict[str, str]:
    """Return a key for each model. Names that begin alike, such as those with the time at the end, get a number."""
    keys: dict[str, str] = {}
    for name in names:
        key, number = slug(name), 2
        while key in keys.values():
            ending = f"-{number}"
            key, number = f"{slug(name)[: _MAX_SLUG - len(ending)].rstrip('-')}{ending}", number + 1
        keys[name] = key
    return keys


def endpoint_table(running: RunningEndpoint) -> Adopted:
    """Return the table of an endpoint, with what it cannot express."""
    adopted = Adopted({"endpoint_name": running.name})
    _identity(running, adopted)
    relax: dict[str, Any] = {}
    keys = _model_keys(running.models)
    models = {keys[name]: _model(name, answer, adopted, relax) for name, answer in running.models.items()}
    weights = _weights(running, adopted)
    variants, shadows = (
        [
            _variant(answer, running, adopted, relax)
            | ({"model": keys[answer["ModelName"]]} if "ModelName" in answer else {})
            | {"initial_variant_weight": weights[answer["VariantName"]]}
            for answer in running.configuration.get(kind, [])
        ]
        for kind in ("ProductionVariants", "ShadowProductionVariants")
    )
    if len(variants) == len(models) == 1 and not shadows and variants[0]["variant_name"] == _SINGLE_VARIANT:
        (model,), (variant,) = models.values(), variants
        adopted.table |= model | {key: variant[key] for key in variant if key not in ("variant_name", "model")}
        adopted.table.pop("initial_variant_weight", None)
    else:
        adopted.table |= {"models": models, "variants": variants, "shadow_variants": shadows}
    _data(running, adopted)
    isolated = [answer.get("EnableNetworkIsolation") for answer in running.models.values()]
    if not all(isolated or [running.configuration.get("EnableNetworkIsolation")]):
        relax["network_isolation"] = AS_BEFORE
        if any(isolated):
            adopted.left_out.append("EnableNetworkIsolation of single models: none of them would have it")
    adopted.table["relax"] = relax
    adopted.table = {key: value for key, value in adopted.table.items() if value not in ({}, [], None)}
    return adopted


def _identity(running: RunningEndpoint, adopted: Adopted) -> None:
    answers = [running.configuration, *running.models.values()]
    roles = {answer["ExecutionRoleArn"] for answer in answers if answer.get("ExecutionRoleArn")}
    groups = {group for answer in answers for group in answer.get("VpcConfig", {}).get("SecurityGroupIds", [])}
    if len(roles) > 1:
        adopted.left_out.append(f"ExecutionRoleArn: models have {len(roles)} roles, and an endpoint has one")
    adopted.table["execution_role_arn"] = min(roles, default=None)
    adopted.table["security_group_ids"] = sorted(groups)
    adopted.table["tags"] = {
        key: value for key, value in running.tags.items() if key not in _OURS and not key.startswith(_RESERVED_TAG)
    }
    adopted.notes += [
        f"tag {key} is {running.tags[key]} so far; if another stack manages the endpoint, do not adopt it"
        for key in running.tags
        if key in (*_OURS, _CLOUDFORMATION_STACK)
    ]
    adopted.notes += [f"inference component {name} stays with the tool that created it" for name in running.components]


def _model(name: str, answer: Answer, adopted: Adopted, relax: dict[str, Any]) -> dict[str, Any]:
    containers = answer.get("Containers") or [answer["PrimaryContainer"]]
    tables = [_container(name, container, adopted, relax) for container in containers]
    if len(tables) == 1:
        return tables[0]
    settings = {key: answer[key] for key in _MODEL_FIELDS if key in answer}
    return {"container": tables, **to_table(Model, settings, adopted.left_out, f"{name}: ")}


def _container(name: str, answer: Answer, adopted: Adopted, relax: dict[str, Any]) -> dict[str, Any]:
    """Return the table of a container, without variables that look like secrets: they belong in no file."""
    environment = answer.get("Environment", {})
    secrets = sorted(key for key, value in environment.items() if looks_secret(key, value))
    adopted.left_out += [
        f"{name}: environment variable {key}: its value may be a secret; add it, with a reason in "
        "relax.secret_like_environment, or let the container read a secret"
        for key in secrets
    ]
    visible = {key: value for key, value in environment.items() if key not in secrets}
    if str(answer.get("Image", "")).endswith(":latest"):
        relax["image_tag"] = AS_BEFORE
    # An artifact has the same location in both forms.
    both = "ModelDataSource" if "ModelDataUrl" in answer else ""
    values = {key: value for key, value in answer.items() if key != both}
    return to_table(Container, {**values, "Environment": visible}, adopted.left_out, f"{name}: ")


def _variant(answer: Answer, running: RunningEndpoint, adopted: Adopted, relax: dict[str, Any]) -> dict[str, Any]:
    """Return the table of a variant with its capacity of now, which an update would otherwise reset."""
    name = answer["VariantName"]
    path = f"variant {name}: "
    current: Answer = _summary(running, name)
    hosting = {key: value for key, value in answer.items() if key not in _NOT_HOSTING}
    table: dict[str, Any] = {"variant_name": name, **to_table(Variant, hosting, adopted.left_out, path)}
    if "InstanceType" in answer:
        table["initial_instance_count"] = current.get("DesiredInstanceCount") or answer.get("InitialInstanceCount")
    table["scaling"] = scaling_table(name, running, adopted.left_out, adopted.notes)
    if table.get("enable_ssm_access"):
        relax["ssm_access"] = AS_BEFORE
    return {key: value for key, value in table.items() if value is not None}


def _weights(running: RunningEndpoint, adopted: Adopted) -> dict[str, int]:
    """Return the weights of now as whole numbers in the same proportion. The API has floats, such as 0.9 and 0.1."""
    weights: dict[str, Fraction] = {}
    for answer in running.variants:
        name = answer["VariantName"]
        weight: float = {"DesiredWeight": answer.get("InitialVariantWeight", 1.0), **_summary(running, name)}[
            "DesiredWeight"
        ]
        # AWS stores single precision: 0.1 comes back as 0.10000000149.
        weights[name] = Fraction(weight).limit_denominator(1000)
        if weight and not weights[name]:
            adopted.left_out.append(f"variant {name}: weight {weight}: weights below 0.001 are too small to keep")
    factor = lcm(*(weight.denominator for weight in weights.values()))
    whole = {name: int(weight * factor) for name, weight in weights.items()}
    if max(whole.values()) > _MAX_WEIGHT:
        adopted.left_out.append(f"variant weights: above {_MAX_WEIGHT} as whole numbers; divide those of all variants")
    return whole


def _summary(running: RunningEndpoint, name: str) -> Answer:
    variants = [
        *running.endpoint.get("ProductionVariants", []),
        *running.endpoint.get("ShadowProductionVariants", []),
    ]
    return next((variant for variant in variants if variant["VariantName"] == name), {})


def _data(running: RunningEndpoint, adopted: Adopted) -> None:
    configuration = running.configuration
    if explainer := configuration.get("ExplainerConfig"):
        adopted.left_out.append(f"ExplainerConfig: {', '.join(explainer)}")
    adopted.table["data_capture"] = _capture(configuration.get("DataCaptureConfig", {}), adopted)
    asynchronous = configuration.get("AsyncInferenceConfig", {})
    adopted.table["async_inference_config"] = to_table(
        AsyncInferenceConfig, asynchronous, adopted.left_out, "AsyncInferenceConfig."
    )
    if running.key_arn:
        adopted.table["kms"] = {"key_arn": running.key_arn}
    if running.log_group:
        retention = running.log_group.get("retentionInDays", _MAX_RETENTION)
        adopted.table["logs"] = {"retention_in_days": retention}
        if "retentionInDays" not in running.log_group:
            adopted.notes.append(f"logs were kept for ever; {_MAX_RETENTION} days is the longest time here")


def _capture(answer: Answer, adopted: Adopted) -> dict[str, Any]:
    if not answer.get("EnableCapture"):
        return {"enable_capture": False}
    modes = [option["CaptureMode"] for option in answer["CaptureOptions"]]
    if key := answer.get("KmsKeyId"):
        adopted.notes.append(f"captured data was encrypted with {key}, and will be with the key of the endpoint")
    values = {key: value for key, value in answer.items() if key not in ("CaptureOptions", "KmsKeyId")}
    table = to_table(DataCapture, values, adopted.left_out, "DataCaptureConfig.")
    return {**table, "capture_mode": modes[0]} if len(modes) == 1 else table
