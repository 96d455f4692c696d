"""The table of a running endpoint in `endpoints.toml`.

It keeps what the endpoint has: its role, key, capacity and everything that is weaker than the defaults, with the reason
that it was so before. Nothing gets stricter that its owner does not see.
"""

from fractions import Fraction
from math import lcm
from typing import Any

from protected_endpoints.commands.adopt.adopted import AS_BEFORE, Adopted
from protected_endpoints.commands.adopt.api_tables import to_table
from protected_endpoints.commands.adopt.data_tables import data_tables
from protected_endpoints.commands.adopt.running_endpoint import Answer, RunningEndpoint
from protected_endpoints.commands.adopt.scaling_table import scaling_table
from protected_endpoints.commands.adopt.slug import model_keys
from protected_endpoints.config.container import Container, Model
from protected_endpoints.config.variant import Variant
from protected_endpoints.secret_scan import looks_secret

_SINGLE_VARIANT = "AllTraffic"
_OURS = ("project", "environment", "endpoint")
# Only AWS sets tags that begin like this, such as the one with the name of a CloudFormation stack.
_RESERVED_TAG, _CLOUDFORMATION_STACK = "aws:", "aws:cloudformation:stack-name"
_MODEL_FIELDS = ("InferenceExecutionConfig",)
_NOT_HOSTING = ("VariantName", "ModelName", "InitialVariantWeight", "InitialInstanceCount")
_MAX_WEIGHT = 1_000_000


def endpoint_table(running: RunningEndpoint) -> Adopted:
    """Return the table of an endpoint, with what it cannot express."""
    adopted = Adopted({"endpoint_name": running.name})
    _identity(running, adopted)
    relax: dict[str, Any] = {}
    keys = model_keys(running.models)
    models = {keys[name]: _model(name, answer, adopted, relax) for name, answer in running.models.items()}
    weights = _weights(running, adopted)
    variants, shadows = (
        [
            _variant(answer, running, adopted, relax)
            | (
                # Inference components have the models, and then variants have no weights.
                {"model": keys[answer["ModelName"]], "initial_variant_weight": weights[answer["VariantName"]]}
                if "ModelName" in answer
                else {}
            )
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
    adopted.table |= data_tables(running, adopted)
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
    _network(running, adopted)
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
    if running.components:
        names = ", ".join(running.components)
        adopted.notes.append(f"inference components stay with the tool that created them: {names}")


def _network(running: RunningEndpoint, adopted: Adopted) -> None:
    """Name what the endpoint loses, because models of one endpoint here share the VPC, and components have none."""
    networks = {
        frozenset((kind, frozenset(ids)) for kind, ids in answer.get("VpcConfig", {}).items())
        for answer in running.models.values()
    }
    if len(networks) > 1:
        adopted.left_out.append("VpcConfig: models have different subnets or security groups, and here they share them")
    adopted.left_out += [
        f"{name} of the endpoint configuration: the AWS provider cannot set it, so that inference components lose it"
        for name in ("VpcConfig", "EnableNetworkIsolation")
        if running.configuration.get(name)
    ]


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
    if key := running.customer_key(hosting.get("CoreDumpConfig", {}).get("KmsKeyId")):
        hosting["CoreDumpConfig"] = {**hosting["CoreDumpConfig"], "KmsKeyId": key}
    if "ServerlessConfig" in hosting:
        hosting["ServerlessConfig"] = current.get("DesiredServerlessConfig", hosting["ServerlessConfig"])
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
