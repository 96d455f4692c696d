"""Rules about endpoints with inference components, managed or created by other tools, and about their variants."""

from collections.abc import Iterator

from protected_endpoints.aws.provider_versions import allows_major
from protected_endpoints.deployment import Deployment
from protected_endpoints.errors import Problem
from protected_endpoints.rules.helpers import REMOVE_ONE, provider_6_required, refuse_keys
from protected_endpoints.rules.registry import endpoint_rule

_NO_SCALE_TO_ZERO = {"eu-west-3"}
_SET_MODEL = "set model in each variant"


@endpoint_rule("inference-components-require-provider-6")
def inference_components_require_provider_6(deployment: Deployment) -> Iterator[Problem]:
    """AWS provider 5 requires a model in each variant (rule 35; provider pull request 44977)."""
    if not allows_major(deployment.project.aws_provider_version, 5):
        return
    if deployment.endpoint.inference_components:
        yield provider_6_required(
            deployment, deployment.path("inference_components"), "an endpoint with inference components requires"
        )
    elif deployment.endpoint.has_external_components:
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
            f"remove it, or {_SET_MODEL}" if deployment.endpoint.has_external_components else "remove it",
        )


@endpoint_rule("variant-model-with-inference-components")
def variant_model_with_inference_components(deployment: Deployment) -> Iterator[Problem]:
    """CreateInferenceComponent rejects an endpoint whose variant has a model (rule 35; Pulumi AWS issue 4940)."""
    if not deployment.endpoint.inference_components:
        return
    for keys, variant in deployment.endpoint.iter_variants_with_path():
        if variant.model is not None:
            yield Problem(
                deployment.path(*keys, "model"),
                "cannot be combined with inference_components, which have the models of the endpoint",
                f'remove it, and set model = "{variant.model}" in an inference component',
                value=variant.model,
            )


@endpoint_rule("inference-components-async-or-serverless")
def inference_components_async_or_serverless(deployment: Deployment) -> Iterator[Problem]:
    """A component reserves parts of instances, and InvokeEndpointAsync cannot name one (rule 35; SageMaker Runtime)."""
    endpoint, message = deployment.endpoint, "cannot be combined with inference components"
    if not endpoint.uses_inference_components:
        return
    if endpoint.async_inference_config:
        yield Problem(deployment.path("async_inference_config"), message, REMOVE_ONE)
    for keys, variant in endpoint.iter_variants_with_path():
        if variant.serverless_config:
            yield Problem(deployment.path(*keys, "serverless_config"), message, "set instance_type instead")


@endpoint_rule("inference-component-network-undocumented", "warning")
def inference_component_network_undocumented(deployment: Deployment) -> Iterator[Problem]:
    """CreateEndpointConfig isolates inference components, and no AWS provider can set it (provider issue 48713)."""
    endpoint = deployment.endpoint
    settings = ["network isolation"] * endpoint.network_isolation_enabled
    settings += ["VPC"] * (deployment.environment.network is not None)
    if endpoint.uses_inference_components and settings:
        yield Problem(
            deployment.path("variants" if endpoint.has_external_components else "inference_components"),
            f"the network settings of the models ({', '.join(settings)}) may not apply, because AWS documents them for "
            "inference components in the endpoint configuration, where the AWS provider cannot set them",
            "test the connections of a deployed container, or serve the models without inference components",
        )


@endpoint_rule("inference-component-containers-undocumented", "warning")
def inference_component_containers_undocumented(deployment: Deployment) -> Iterator[Problem]:
    """AWS documents inference components with one container and one model (rule 35; CreateInferenceComponent)."""
    endpoint = deployment.endpoint
    if not endpoint.inference_components:
        return
    for keys, model in endpoint.iter_models_with_path():
        if model.container:
            path, kind = (*keys, "container"), "several containers"
        elif model.mode == "MultiModel":
            path, kind = (*keys, "mode"), "mode MultiModel"
        else:
            continue
        yield Problem(
            deployment.path(*path),
            f"AWS does not document inference components with {kind}",
            "add an inference component for each model, or serve the model without inference components",
        )


@endpoint_rule("managed-scaling-with-model")
def managed_scaling_with_model(deployment: Deployment) -> Iterator[Problem]:
    """SageMaker rejects ManagedInstanceScaling in a variant with a model (rule 36; provider pull request 45926)."""
    for keys, variant in deployment.endpoint.iter_variants_with_path():
        managed = variant.managed_instance_scaling
        if managed and variant.model and not deployment.endpoint.uses_inference_components:
            minimum = max(managed.min_instance_count or 1, 1)
            maximum = max(managed.max_instance_count or variant.instance_count, minimum)
            yield Problem(
                deployment.path(*keys, "managed_instance_scaling"),
                "requires inference components, but the variant has a model",
                f"set scaling = {{ min_capacity = {minimum}, max_capacity = {maximum}, target_value = 70 }} instead, "
                "where 70 is the number of invocations per minute for each instance, or deploy the model in "
                "inference_components",
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
