"""The table of a running endpoint in `endpoints.toml`.

It keeps what the endpoint has: its role, key, capacity and everything that is weaker than the defaults, with the reason
that it was so before. Nothing gets stricter that its owner does not see.
"""

import re
from dataclasses import dataclass, field
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
_MODEL_FIELDS = ("InferenceExecutionConfig",)
_NOT_HOSTING = ("VariantName", "ModelName", "InitialVariantWeight", "InitialInstanceCount")


@dataclass
class Adopted:
    """The table, what it cannot express, and what its owner should know."""

    table: dict[str, Any] = field(default_factory=dict)
    left_out: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def slug(name: str) -> str:
    """Return a name as a key of a table: lowercase letters, digits and single hyphens."""
    return re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")[:36].rstrip("-")


def endpoint_table(running: RunningEndpoint) -> Adopted:
    """Return the table of an endpoint, with what it cannot express."""
    adopted = Adopted({"endpoint_name": running.name})
    _identity(running, adopted)
    relax: dict[str, Any] = {}
    models = {slug(name): _model(name, answer, adopted, relax) for name, answer in running.models.items()}
    if len(models) < len(running.models):
        adopted.left_out.append("models whose names differ in case or punctuation only: give them names of your own")
    variants = [_variant(answer, running, adopted, relax) for answer in running.configuration["ProductionVariants"]]
    shadows = [
        _variant(answer, running, adopted, relax)
        for answer in running.configuration.get("ShadowProductionVariants", [])
    ]
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
    adopted.table["tags"] = {key: value for key, value in running.tags.items() if key not in _OURS}
    adopted.notes += [
        f"tag {key} is {running.tags[key]} so far; if another stack manages the endpoint, do not adopt it"
        for key in _OURS
        if key in running.tags
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
    """Return the table of a variant with its capacity and weight of now, which an update would otherwise reset."""
    name = answer["VariantName"]
    path = f"variant {name}: "
    current: Answer = _summary(running, name)
    hosting = {key: value for key, value in answer.items() if key not in _NOT_HOSTING}
    table: dict[str, Any] = {
        "variant_name": name,
        "model": slug(answer["ModelName"]) if "ModelName" in answer else None,
    }
    table |= to_table(Variant, hosting, adopted.left_out, path)
    if "InstanceType" in answer:
        table["initial_instance_count"] = current.get("DesiredInstanceCount") or answer.get("InitialInstanceCount")
    weight: float = {"DesiredWeight": answer.get("InitialVariantWeight", 1.0), **current}["DesiredWeight"]
    if weight != int(weight):
        adopted.left_out.append(f"{path}weight {weight}: weights are whole numbers; multiply those of all variants")
    table["initial_variant_weight"] = int(weight)
    table["scaling"] = scaling_table(name, running, adopted.left_out, adopted.notes)
    if table.get("enable_ssm_access"):
        relax["ssm_access"] = AS_BEFORE
    return {key: value for key, value in table.items() if value is not None}


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
