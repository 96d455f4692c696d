"""Rules about endpoints whose models inference components bring, after the endpoint is there."""

from collections.abc import Iterator

from protected_endpoints.aws.provider_versions import DEFAULT_CONSTRAINT, allows_major
from protected_endpoints.deployment import Deployment
from protected_endpoints.errors import Problem
from protected_endpoints.rules.helpers import each_written
from protected_endpoints.rules.registry import endpoint_rule

_FEWEST_REFUSED_IN = {"eu-west-3"}


@endpoint_rule("inference-components-require-provider-6")
def inference_components_require_provider_6(deployment: Deployment) -> Iterator[Problem]:
    """The AWS provider demands a model up to version 5 (rule 35; provider pull request 44977)."""
    constraint = deployment.project.aws_provider_version
    if deployment.endpoint.uses_inference_components and allows_major(constraint, 5):
        yield Problem(
            deployment.path("variants"),
            f"the AWS provider takes variants without a model from version 6, and aws_provider_version {constraint} "
            "admits 5",
            f'write aws_provider_version = "{DEFAULT_CONSTRAINT}" in [project], or name a model in each variant',
        )


@endpoint_rule("inference-component-setting")
def inference_component_setting(deployment: Deployment) -> Iterator[Problem]:
    """No weights and no shells where components bring the models (rule 35; measured on AWS, 400)."""
    if not deployment.endpoint.uses_inference_components:
        return
    for place, variant in deployment.endpoint.iter_variants_with_path():
        yield from each_written(
            deployment.path(*place),
            variant,
            ("initial_variant_weight", "enable_ssm_access"),
            "cannot be had where inference components bring the models",
            "leave it out, or name a model in each variant",
        )


@endpoint_rule("managed-scaling-with-model")
def managed_scaling_with_model(deployment: Deployment) -> Iterator[Problem]:
    """The API refuses ManagedInstanceScaling with a model (rule 36; provider pull request 45926)."""
    for place, variant in deployment.endpoint.iter_variants_with_path():
        if variant.managed_instance_scaling and not deployment.endpoint.uses_inference_components:
            yield Problem(
                deployment.path(*place, "managed_instance_scaling"),
                "is for inference components only, and this variant has a model",
                "leave it out",
            )


@endpoint_rule("managed-scaling-bounds")
def managed_scaling_bounds(deployment: Deployment) -> Iterator[Problem]:
    """The first instances are between the fewest and the most (rule 36; ProductionVariantManagedInstanceScaling)."""
    for place, variant in deployment.endpoint.iter_variants_with_path():
        scaling = variant.managed_instance_scaling
        if not scaling:
            continue
        first = variant.instance_count
        fewest, most = scaling.min_instance_count or 0, scaling.max_instance_count
        if most is not None and fewest > most:
            yield Problem(
                deployment.path(*place, "managed_instance_scaling", "min_instance_count"),
                f"above max_instance_count, which is {most}",
                f"write {most} or fewer",
                value=fewest,
            )
        elif first < fewest or (most is not None and first > most):
            yield Problem(
                deployment.path(*place, "initial_instance_count"),
                "not between min_instance_count and max_instance_count of managed_instance_scaling",
                f"write {fewest} or more" if first < fewest else f"write {most} or fewer",
                value=first,
            )


@endpoint_rule("scale-to-zero-region", "warning")
def scale_to_zero_region(deployment: Deployment) -> Iterator[Problem]:
    """Scaling to no instance is refused in some regions (rule 36; measured on AWS in eu-west-3)."""
    region = deployment.environment.region
    for place, variant in deployment.endpoint.iter_variants_with_path():
        scaling = variant.managed_instance_scaling
        if scaling and scaling.min_instance_count == 0 and region in _FEWEST_REFUSED_IN:
            yield Problem(
                deployment.path(*place, "managed_instance_scaling", "min_instance_count"),
                f"SageMaker has refused this in {region}",
                "write 1 if an apply says so",
                value=0,
            )
