"""Rules about the limits of scaling, and about what can be scaled."""

from collections.abc import Iterator

from protected_endpoints.aws.scaling import COPIES, PROVISIONED_CONCURRENCY
from protected_endpoints.config.variant import Variant
from protected_endpoints.deployment import Deployment
from protected_endpoints.deployment.scaling import ScalingTarget
from protected_endpoints.errors import KeyPath, Problem
from protected_endpoints.rules.registry import endpoint_rule

_BURSTABLE = ("ml.t2.", "ml.t3.", "ml.t4g.")
_CAPACITIES = ("min_capacity", "max_capacity")
# An update that takes away more than half of the instances leaves the others with more than twice the load.
_SAFE_RESET = 2


@endpoint_rule("scaling-bounds")
def scaling_bounds(deployment: Deployment) -> Iterator[Problem]:
    """The initial capacity is between minimum and maximum (rule 91; RegisterScalableTarget)."""
    for target in deployment.scaling_targets:
        minimum, maximum = target.min_capacity, target.max_capacity
        if minimum > maximum:
            yield Problem(
                deployment.path(*target.path, "min_capacity"),
                f"must not exceed max_capacity ({maximum})",
                f"set it to {maximum} or less",
                value=minimum,
            )
            continue
        keys, initial = _initial(deployment, target)
        if initial is not None and initial > maximum:
            yield Problem(
                deployment.path(*keys),
                f"must not exceed max_capacity of scaling ({maximum})",
                f"set it to {maximum} or less",
                value=initial,
            )
        elif initial is not None and initial < minimum and target.resource is not COPIES:
            yield Problem(
                deployment.path(*keys),
                f"must not be less than min_capacity of scaling ({minimum}), because an update sets it",
                f"set it to {minimum} or more",
                value=initial,
            )


@endpoint_rule("scaling-above-max-concurrency")
def scaling_above_max_concurrency(deployment: Deployment) -> Iterator[Problem]:
    """Provisioned concurrency is a part of the maximum (rules 59 and 91; ProductionVariantServerlessConfig)."""
    for target in deployment.scaling_targets:
        variant = target.source.variant
        config = variant.serverless_config if variant else None
        if config and target.highest_capacity > config.max_concurrency:
            for keys, capacity in _maxima(target):
                if capacity > config.max_concurrency:
                    yield Problem(
                        deployment.path(*keys),
                        f"must not exceed max_concurrency of serverless_config ({config.max_concurrency})",
                        f"set it to {config.max_concurrency} or less",
                        value=capacity,
                    )


@endpoint_rule("scaling-to-zero")
def scaling_to_zero(deployment: Deployment) -> Iterator[Problem]:
    """Only asynchronous endpoints and inference components serve requests after zero (rule 91; SageMaker guide)."""
    for target in deployment.scaling_targets:
        if target.resource.wake_up_metric:
            continue
        for keys, table in _tables(target):
            for key in _CAPACITIES:
                if getattr(table, key) == 0:
                    yield Problem(
                        deployment.path(*keys, key),
                        f"{target.resource.kind} cannot be scaled to zero",
                        "set it to 1 or more, or use async_inference_config or inference components, which can",
                        value=0,
                    )


@endpoint_rule("scaling-without-provisioned-concurrency")
def scaling_without_provisioned_concurrency(deployment: Deployment) -> Iterator[Problem]:
    """Serverless inference scales by itself, except for provisioned concurrency (rule 89; serverless-endpoints)."""
    for target in deployment.scaling_targets:
        variant = target.source.variant
        config = variant.serverless_config if variant else None
        if config and config.provisioned_concurrency is None:
            yield Problem(
                deployment.path(*target.path[:-1], "serverless_config", "provisioned_concurrency"),
                "required with scaling, which changes it; without it, serverless inference scales by itself",
                f"add provisioned_concurrency = {max(target.min_capacity, 1)}, or remove scaling",
            )


@endpoint_rule("scaling-burstable-instances")
def scaling_burstable_instances(deployment: Deployment) -> Iterator[Problem]:
    """Automatic scaling does not support burstable instances, such as T2 (rule 94; endpoint-auto-scaling)."""
    for target in deployment.scaling_targets:
        instance_type = (target.source.variant.instance_type if target.source.variant else None) or ""
        if instance_type.startswith(_BURSTABLE):
            yield Problem(
                deployment.path(*target.path[:-1], "instance_type"),
                "scaling does not support burstable instances",
                "choose another type, such as ml.m5.large, or remove scaling",
                value=instance_type,
            )


@endpoint_rule("scaling-shadow-variant")
def scaling_shadow_variant(deployment: Deployment) -> Iterator[Problem]:
    """AWS documents no scaling of shadow variants, which get copies of the requests (rule 89; shadow-tests)."""
    for index, variant in enumerate(deployment.endpoint.shadow_variants):
        if variant.scaling:
            yield Problem(
                deployment.path("shadow_variants", index, "scaling"),
                "AWS does not document scaling of shadow variants",
                "remove it, and set initial_instance_count for the highest load",
            )


@endpoint_rule("scaling-shared-instances")
def scaling_shared_instances(deployment: Deployment) -> Iterator[Problem]:
    """SageMaker scales the instances of inference components itself (rule 36; ManagedInstanceScaling)."""
    if not deployment.endpoint.uses_inference_components:
        return
    for target in deployment.scaling_targets:
        variant = target.source.variant
        if variant:
            yield Problem(
                deployment.path(*target.path),
                "the instances of inference components are scaled by managed_instance_scaling",
                _managed_instead(variant, target),
            )


@endpoint_rule("scaling-keeps-instances", "warning")
def scaling_keeps_instances(deployment: Deployment) -> Iterator[Problem]:
    """Instances without copies are deleted only down to their own minimum (endpoint-auto-scaling-zero-instances)."""
    variants = {variant.variant_name: variant for variant in deployment.endpoint.production_variants}
    for target in deployment.scaling_targets:
        if target.component is None or target.lowest_capacity > 0:
            continue
        name = deployment.endpoint.inference_components[target.component].variant_name or next(iter(variants))
        managed = variants[name].managed_instance_scaling if name in variants else None
        if name in variants and (managed is None or managed.min_instance_count != 0):
            yield Problem(
                deployment.path(*target.path),
                f"instances of variant {name} keep running without copies, unless their own minimum is 0",
                "set managed_instance_scaling.min_instance_count = 0 in the variant to delete them",
            )


@endpoint_rule("scaling-reset", "warning")
def scaling_reset(deployment: Deployment) -> Iterator[Problem]:
    """An update starts with the initial capacity, not with the present one (rule 96; UpdateEndpoint, issue 48990).

    Terraform cannot set RetainAllVariantProperties, which would keep the capacity.
    """
    for target in deployment.scaling_targets:
        keys, initial = _initial(deployment, target)
        if target.resource is COPIES or initial is None:
            continue
        scheduled = [action.min_capacity or 0 for action in target.settings.scheduled_actions]
        restored, highest = max([initial, *scheduled]), target.highest_capacity
        if highest > _SAFE_RESET * restored:
            yield Problem(
                deployment.path(*target.path),
                f"each update of the endpoint resets up to {highest} {target.resource.unit} to {restored}",
                f"deploy at low load, or set min_capacity and {keys[-1]} to the present number for the deployment",
            )


def _initial(deployment: Deployment, target: ScalingTarget) -> tuple[KeyPath, int | None]:
    """Return the key path and the value of the capacity at creation, for variants also after each update."""
    table = target.path[:-1]
    if target.component:
        return (*table, "copy_count"), deployment.endpoint.inference_components[target.component].copy_count
    variant = target.source.variant
    if target.resource is PROVISIONED_CONCURRENCY and variant and variant.serverless_config:
        keys = (*table, "serverless_config", "provisioned_concurrency")
        return keys, variant.serverless_config.provisioned_concurrency
    return (*table, "initial_instance_count"), variant.instance_count if variant and variant.instance_type else None


def _tables(target: ScalingTarget) -> Iterator[tuple[KeyPath, object]]:
    """Yield the tables with a minimum and a maximum."""
    yield target.path, target.settings
    for index, action in enumerate(target.settings.scheduled_actions):
        yield (*target.path, "scheduled_actions", index), action


def _maxima(target: ScalingTarget) -> Iterator[tuple[KeyPath, int]]:
    for keys, table in _tables(target):
        for key in _CAPACITIES:
            if capacity := getattr(table, key):
                yield (*keys, key), capacity


def _managed_instead(variant: Variant, target: ScalingTarget) -> str:
    if variant.managed_instance_scaling:
        return "remove it, and set scaling in an inference component to scale its copies"
    return (
        f"set managed_instance_scaling = {{ min_instance_count = {target.min_capacity}, "
        f"max_instance_count = {target.max_capacity} }} instead, and scaling in an inference component for its copies"
    )
