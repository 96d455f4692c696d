"""Rules about endpoints whose models are deployed later as inference components."""

from collections.abc import Iterator

from protected_endpoints.aws.provider_versions import allows_major
from protected_endpoints.deployment import Deployment
from protected_endpoints.errors import Problem
from protected_endpoints.rules.helpers import provider_6_required, refuse_keys
from protected_endpoints.rules.registry import endpoint_rule

_NO_SCALE_TO_ZERO = {"eu-west-3"}
_SET_MODEL = "set model in each variant"


@endpoint_rule("inference-components-require-provider-6")
def inference_components_require_provider_6(deployment: Deployment) -> Iterator[Problem]:
    """AWS provider 5 requires a model in each variant (rule 35; provider pull request 44977)."""
    if deployment.endpoint.uses_inference_components and allows_major(deployment.project.aws_provider_version, 5):
        yield provider_6_required(
            deployment,
            deployment.path("variants"),
            "variants without a model require",
            alternative=f", or {_SET_MODEL}",
        )


@endpoint_rule("inference-component-setting")
def inference_component_setting(deployment: Deployment) -> Iterator[Problem]:
    """SageMaker rejects weights and SSM access with inference components (rule 35; measured on AWS, HTTP 400)."""
    if not deployment.endpoint.uses_inference_components:
        return
    for keys, variant in deployment.endpoint.iter_variants_with_path():
        yield from refuse_keys(
            deployment.path(*keys),
            variant,
            ("initial_variant_weight", "enable_ssm_access"),
            "cannot be combined with inference components",
            f"remove it, or {_SET_MODEL}",
        )


@endpoint_rule("managed-scaling-with-model")
def managed_scaling_with_model(deployment: Deployment) -> Iterator[Problem]:
    """SageMaker rejects ManagedInstanceScaling in a variant with a model (rule 36; provider pull request 45926)."""
    for keys, variant in deployment.endpoint.iter_variants_with_path():
        if variant.managed_instance_scaling and not deployment.endpoint.uses_inference_components:
            yield Problem(
                deployment.path(*keys, "managed_instance_scaling"),
                "requires inference components, but the variant has a model",
                "remove it and set initial_instance_count, because scaling of such a variant is not supported yet, or "
                "deploy the model in inference_components",
            )


@endpoint_rule("managed-scaling-bounds")
def managed_scaling_bounds(deployment: Deployment) -> Iterator[Problem]:
    """The initial count is between minimum and maximum (rule 36; ProductionVariantManagedInstanceScaling)."""
    for keys, variant in deployment.endpoint.iter_variants_with_path():
        scaling = variant.managed_instance_scaling
        if not scaling:
            continue
        initial = variant.instance_count
        minimum, maximum = scaling.min_instance_count or 0, scaling.max_instance_count
        if maximum is not None and minimum > maximum:
            yield Problem(
                deployment.path(*keys, "managed_instance_scaling", "min_instance_count"),
                f"must not exceed max_instance_count ({maximum})",
                f"set it to {maximum} or less",
                value=minimum,
            )
        elif initial < minimum or (maximum is not None and initial > maximum):
            yield Problem(
                deployment.path(*keys, "initial_instance_count"),
                "must be between min_instance_count and max_instance_count of managed_instance_scaling",
                f"set it to {minimum} or more" if initial < minimum else f"set it to {maximum} or less",
                value=initial,
            )


@endpoint_rule("scale-to-zero-region", "warning")
def scale_to_zero_region(deployment: Deployment) -> Iterator[Problem]:
    """SageMaker rejects scaling to zero instances in some regions (rule 36; measured on AWS in eu-west-3)."""
    region = deployment.environment.region
    for keys, variant in deployment.endpoint.iter_variants_with_path():
        scaling = variant.managed_instance_scaling
        if scaling and scaling.min_instance_count == 0 and region in _NO_SCALE_TO_ZERO:
            yield Problem(
                deployment.path(*keys, "managed_instance_scaling", "min_instance_count"),
                f"SageMaker may reject scaling to zero in {region}",
                "set it to 1 if the apply fails",
                value=0,
            )
