"""Rules about the compute of a variant."""

import re
from collections.abc import Iterator

from protected_endpoints.aws.instance_types import eight_or_more_accelerators, has_local_storage
from protected_endpoints.aws.provider_versions import allows_major, instance_types_unknown_to_provider_5
from protected_endpoints.deployment import Deployment
from protected_endpoints.errors import Problem
from protected_endpoints.rules.helpers import provider_6_required
from protected_endpoints.rules.registry import endpoint_rule

# The instance families whose drivers an AMI version contains, by the word in its name.
_DRIVERS = {"gpu": re.compile(r"g[0-9]\w*|p[0-9][\w-]*"), "neuron": re.compile(r"inf[0-9]\w*|trn[0-9]\w*")}


@endpoint_rule("variant-without-compute")
def variant_without_compute(deployment: Deployment) -> Iterator[Problem]:
    """CreateEndpointConfig requires instances or serverless inference (rule 37; ProductionVariant, InstanceType)."""
    endpoint = deployment.endpoint
    for keys, variant in endpoint.iter_variants_with_path():
        is_reported = bool(keys) or not endpoint.models  # else models-without-variants reports it
        if is_reported and variant.instance_type is None and variant.serverless_config is None:
            yield Problem(
                deployment.path(*keys, "instance_type"),
                "required unless serverless_config is set",
                'for example, add instance_type = "ml.m5.xlarge"',
            )


@endpoint_rule("instance-type-requires-provider-6", "warning")
def instance_type_requires_provider_6(deployment: Deployment) -> Iterator[Problem]:
    """AWS provider 5 has an older list of instance types than the API (rule 38; terraform validate with 5.100.0)."""
    for keys, variant in deployment.endpoint.iter_variants_with_path():
        is_unknown = variant.instance_type in instance_types_unknown_to_provider_5()
        if is_unknown and allows_major(deployment.project.aws_provider_version, 5):
            path = deployment.path(*keys, "instance_type")
            yield provider_6_required(deployment, path, value=variant.instance_type)


@endpoint_rule("default-count-of-large-instances", "warning")
def default_count_of_large_instances(deployment: Deployment) -> Iterator[Problem]:
    """Large accelerated instances are expensive and scarce, and the default is two of them (EC2 on-demand pricing)."""
    for keys, variant in deployment.endpoint.iter_variants_with_path():
        number = eight_or_more_accelerators(variant.instance_type or "")
        if number and variant.initial_instance_count is None:
            yield Problem(
                deployment.path(*keys, "initial_instance_count"),
                f"the default is {variant.instance_count} instances of {variant.instance_type}, which has {number} "
                "accelerators",
                "set initial_instance_count = 1, or 2 for availability during an outage of an Availability Zone",
            )


@endpoint_rule("volume-size-with-local-storage")
def volume_size_with_local_storage(deployment: Deployment) -> Iterator[Problem]:
    """An instance with local NVMe storage has no volume to size (rule 41; SageMaker SDK, volume_size_supported)."""
    for keys, variant in deployment.endpoint.iter_variants_with_path():
        if variant.volume_size_in_gb and variant.instance_type and has_local_storage(variant.instance_type):
            yield Problem(
                deployment.path(*keys, "volume_size_in_gb"),
                f"cannot be combined with {variant.instance_type}, which has local storage of a fixed size",
                "remove it, or choose a type without local storage",
                value=variant.volume_size_in_gb,
            )


@endpoint_rule("ami-driver-mismatch", "warning")
def ami_driver_mismatch(deployment: Deployment) -> Iterator[Problem]:
    """An inference AMI contains drivers for one kind of accelerator (rule 44; InferenceAmiVersion)."""
    for keys, variant in deployment.endpoint.iter_variants_with_path():
        version, family = variant.inference_ami_version or "", (variant.instance_type or "ml..").split(".")[1]
        for kind, families in _DRIVERS.items():
            if f"-{kind}-" in version and not families.fullmatch(family):
                yield Problem(
                    deployment.path(*keys, "inference_ami_version"),
                    f"contains drivers for {kind} instances, but instance_type is {variant.instance_type or 'not set'}",
                    "remove it, or choose a version for this instance type",
                    value=version,
                )


@endpoint_rule("ssm-access-without-reason")
def ssm_access_without_reason(deployment: Deployment) -> Iterator[Problem]:
    """A shell in the container can read every request and the model (ProductionVariant, EnableSSMAccess)."""
    endpoint = deployment.endpoint
    if endpoint.relax.ssm_access or endpoint.uses_inference_components:
        return
    for keys, variant in endpoint.iter_variants_with_path():
        if variant.enable_ssm_access:
            yield Problem(
                deployment.path(*keys, "enable_ssm_access"),
                "allows shell access to the container and every request in it",
                "remove it, or give a reason in relax.ssm_access",
                value=True,
            )


@endpoint_rule("relax-ssm-access-unused")
def relax_ssm_access_unused(deployment: Deployment) -> Iterator[Problem]:
    """A relaxation without effect misleads those who review the configuration."""
    endpoint = deployment.endpoint
    has_access = any(variant.enable_ssm_access for _, variant in endpoint.iter_variants_with_path())
    if endpoint.relax.ssm_access and not has_access:
        yield Problem(
            deployment.path("relax", "ssm_access"),
            "has no effect, because no variant sets enable_ssm_access",
            "remove it",
            value=endpoint.relax.ssm_access,
        )
