"""Rules about what runs a model."""

import re
from collections.abc import Iterator

from protected_endpoints.aws.provider_versions import (
    DEFAULT_CONSTRAINT,
    allows_major,
    instance_types_unknown_to_provider_5,
)
from protected_endpoints.aws.service_models import has_local_storage
from protected_endpoints.deployment import Deployment
from protected_endpoints.errors import Problem
from protected_endpoints.rules.registry import endpoint_rule

# What the drivers of an instance image are for, by the family of the instance.
_DRIVERS = {"gpu": re.compile(r"g[0-9]\w*|p[0-9][\w-]*"), "neuron": re.compile(r"inf[0-9]\w*|trn[0-9]\w*")}


@endpoint_rule("variant-without-compute")
def variant_without_compute(deployment: Deployment) -> Iterator[Problem]:
    """CreateEndpointConfig refuses a variant with neither (rule 37; ProductionVariant, InstanceType)."""
    endpoint = deployment.endpoint
    for place, variant in endpoint.iter_variants_with_path():
        in_variants = bool(place) or not endpoint.models  # with models, a table of variants is asked for instead
        if in_variants and variant.instance_type is None and variant.serverless_config is None:
            yield Problem(
                deployment.path(*place, "instance_type"),
                "required, and missing",
                'add instance_type = "ml.m5.xlarge"',
            )


@endpoint_rule("instance-type-requires-provider-6", "warning")
def instance_type_requires_provider_6(deployment: Deployment) -> Iterator[Problem]:
    """The AWS provider 5 has an older list than the API (rule 38; terraform validate with 5.100.0)."""
    constraint = deployment.project.aws_provider_version
    for place, variant in deployment.endpoint.iter_variants_with_path():
        if variant.instance_type in instance_types_unknown_to_provider_5() and allows_major(constraint, 5):
            yield Problem(
                deployment.path(*place, "instance_type"),
                f"the AWS provider 5 does not know it, and aws_provider_version {constraint} admits that",
                f'write aws_provider_version = "{DEFAULT_CONSTRAINT}" in [project]',
                value=variant.instance_type,
            )


@endpoint_rule("volume-size-with-local-storage")
def volume_size_with_local_storage(deployment: Deployment) -> Iterator[Problem]:
    """Instances with NVMe storage of their own take no volume size (rule 41; SageMaker SDK, volume_size_supported)."""
    for place, variant in deployment.endpoint.iter_variants_with_path():
        if variant.volume_size_in_gb and variant.instance_type and has_local_storage(variant.instance_type):
            yield Problem(
                deployment.path(*place, "volume_size_in_gb"),
                f"{variant.instance_type} has local storage of a fixed size",
                "leave it out, or choose a type without local storage",
                value=variant.volume_size_in_gb,
            )


@endpoint_rule("ami-driver-mismatch", "warning")
def ami_driver_mismatch(deployment: Deployment) -> Iterator[Problem]:
    """An instance image brings drivers of one kind of accelerator (rule 44; InferenceAmiVersion)."""
    for place, variant in deployment.endpoint.iter_variants_with_path():
        version, family = variant.inference_ami_version or "", (variant.instance_type or "ml..").split(".")[1]
        for kind, families in _DRIVERS.items():
            if f"-{kind}-" in version and not families.fullmatch(family):
                yield Problem(
                    deployment.path(*place, "inference_ami_version"),
                    f"brings drivers of {kind} instances, which {variant.instance_type} is not",
                    "leave it out, or choose the one for this instance type",
                    value=version,
                )


@endpoint_rule("ssm-access-without-reason")
def ssm_access_without_reason(deployment: Deployment) -> Iterator[Problem]:
    """A shell in the container sees every request and the model (ProductionVariant, EnableSSMAccess)."""
    for place, variant in deployment.endpoint.iter_variants_with_path():
        unasked = not deployment.endpoint.relax.ssm_access and not deployment.endpoint.uses_inference_components
        if variant.enable_ssm_access and unasked:
            yield Problem(
                deployment.path(*place, "enable_ssm_access"),
                "lets people into the container, where every request can be read",
                "leave it out, or give a reason in relax.ssm_access",
                value=True,
            )


@endpoint_rule("relax-ssm-access-unused")
def relax_ssm_access_unused(deployment: Deployment) -> Iterator[Problem]:
    """A relaxation that relaxes nothing hides what is meant."""
    endpoint = deployment.endpoint
    if endpoint.relax.ssm_access and not any(each.enable_ssm_access for _, each in endpoint.iter_variants_with_path()):
        yield Problem(
            deployment.path("relax", "ssm_access"),
            "no variant has enable_ssm_access",
            "leave it out",
            value=endpoint.relax.ssm_access,
        )
