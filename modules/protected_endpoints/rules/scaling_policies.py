"""Rules about target tracking: its target value and its metric."""

from collections.abc import Iterator
from difflib import get_close_matches

from protected_endpoints.aws.instance_sizes import gpus, vcpus
from protected_endpoints.aws.metrics import METRICS
from protected_endpoints.aws.scaling import PROVISIONED_CONCURRENCY
from protected_endpoints.config.scaling import CustomizedMetricSpecification, StepScalingPolicy
from protected_endpoints.deployment import Deployment
from protected_endpoints.deployment.scaling import ScalingTarget
from protected_endpoints.errors import KeyPath, Problem, to_toml
from protected_endpoints.rules.helpers import REMOVE_ONE, plain_number, refuse_keys
from protected_endpoints.rules.registry import endpoint_rule

_TRACKING_KEYS = (
    "predefined_metric_type",
    "customized_metric_specification",
    "scale_in_cooldown",
    "scale_out_cooldown",
    "disable_scale_in",
)
_SAGEMAKER_NAMESPACES = {metric.namespace for metric in METRICS}
# Metrics whose full value is 100 for each unit of an instance, with the name of the unit.
_PER_UNIT = {
    "CPUUtilization": (vcpus, "vCPUs"),
    "GPUUtilization": (gpus, "GPUs"),
    "GPUMemoryUtilization": (gpus, "GPUs"),
}


@endpoint_rule("scaling-without-policy")
def scaling_without_policy(deployment: Deployment) -> Iterator[Problem]:
    """A target without a policy and without scheduled actions keeps its capacity (PutScalingPolicy)."""
    for target in deployment.scaling_targets:
        settings = target.settings
        if settings.target_value is None and not (settings.step_scaling_policies or settings.scheduled_actions):
            example = target.resource.example_target
            if settings.customized_metric_specification:  # its values have another meaning
                example = example.partition(", ")[0]
            yield Problem(
                deployment.path(*target.path, "target_value"),
                "required unless step_scaling_policies or scheduled_actions change the capacity",
                f"for example, add target_value = {example}",
            )


@endpoint_rule("scaling-setting-unused")
def scaling_setting_unused(deployment: Deployment) -> Iterator[Problem]:
    """A setting of target tracking applies with a target value only (TargetTrackingScalingPolicyConfiguration)."""
    for target in deployment.scaling_targets:
        settings = target.settings
        if settings.target_value is None and (settings.step_scaling_policies or settings.scheduled_actions):
            yield from refuse_keys(
                deployment.path(*target.path),
                settings,
                [key for key in _TRACKING_KEYS if key in settings.model_fields_set],
                "has no effect without target_value",
                "remove it, or add target_value",
            )
        metric = settings.customized_metric_specification
        if metric and metric.namespace is None:
            yield from refuse_keys(
                deployment.path(*target.path, "customized_metric_specification"),
                metric,
                ("dimensions", "unit"),
                "has no effect without namespace, because it follows from SageMaker's metric",
                "remove it, or add the namespace of a metric of your own",
            )


@endpoint_rule("scaling-metric-conflict")
def scaling_metric_conflict(deployment: Deployment) -> Iterator[Problem]:
    """Target tracking has one metric (rule 92; the provider's ConflictsWith)."""
    for target in deployment.scaling_targets:
        settings = target.settings
        if settings.predefined_metric_type and settings.customized_metric_specification:
            path = deployment.path(*target.path, "customized_metric_specification")
            yield Problem(path, "conflicts with predefined_metric_type", REMOVE_ONE)


@endpoint_rule("scaling-metric-mode")
def scaling_metric_mode(deployment: Deployment) -> Iterator[Problem]:
    """A predefined metric is for one kind of capacity (rule 92; endpoint-auto-scaling-add-code-define)."""
    for target in deployment.scaling_targets:
        settings, resource = target.settings, target.resource
        metric = settings.predefined_metric_type
        if metric and metric not in resource.predefined_metrics:
            yield Problem(
                deployment.path(*target.path, "predefined_metric_type"),
                f"is not a metric of {resource.kind}",
                f"remove it to track {(*resource.predefined_metrics, resource.default_metric)[0]}",
                value=metric,
            )
        if settings.customized_metric_specification and resource is PROVISIONED_CONCURRENCY:
            yield Problem(
                deployment.path(*target.path, "customized_metric_specification"),
                f"Application Auto Scaling accepts only {resource.predefined_metrics[0]} for {resource.kind}",
                "remove it",
            )


@endpoint_rule("scaling-target-too-high")
def scaling_target_too_high(deployment: Deployment) -> Iterator[Problem]:
    """The utilization of provisioned concurrency is between 0 and 1 (rule 92; serverless-endpoints-autoscale)."""
    for target in deployment.scaling_targets:
        value, most = target.settings.target_value, target.resource.max_target
        if value is not None and most is not None and value > most:
            yield Problem(
                deployment.path(*target.path, "target_value"),
                f"must not exceed {most}, which is all of the provisioned concurrency",
                "for example, set it to 0.7",
                value=plain_number(value),
            )


@endpoint_rule("scaling-metric-unknown")
def scaling_metric_unknown(deployment: Deployment) -> Iterator[Problem]:
    """A policy never acts on a metric that SageMaker does not publish (docs/metrics.md, from the SageMaker guide)."""
    for path, target, metric in _sagemaker_metrics(deployment):
        if target.source.definition(metric.metric_name) is None:
            published = [known.name for known in METRICS if target.source.definition(known.name)]
            similar = get_close_matches(metric.metric_name, published, n=1)
            own = isinstance(metric, CustomizedMetricSpecification)
            yield Problem(
                (*path, "metric_name"),
                f"SageMaker publishes no such metric of {target.resource.kind}",
                (f"use {to_toml(similar[0])}" if similar else "use a metric of docs/metrics.md")
                + ", or set namespace for a metric of your own" * own,
                value=metric.metric_name,
            )


@endpoint_rule("scaling-metric-namespace")
def scaling_metric_namespace(deployment: Deployment) -> Iterator[Problem]:
    """A metric of SageMaker has the dimensions of the endpoint, which docs/metrics.md lists (SageMaker guide)."""
    for target in deployment.scaling_targets:
        metric = target.settings.customized_metric_specification
        if metric and metric.namespace in _SAGEMAKER_NAMESPACES:
            yield Problem(
                deployment.path(*target.path, "customized_metric_specification", "namespace"),
                "is a namespace of SageMaker, whose metrics have the dimensions of the endpoint",
                "remove namespace, dimensions and unit",
                value=metric.namespace,
            )


@endpoint_rule("scaling-metric-statistic")
def scaling_metric_statistic(deployment: Deployment) -> Iterator[Problem]:
    """Other statistics of a metric have no meaning, or no data (docs/metrics.md, from the SageMaker guide)."""
    for path, target, metric in _sagemaker_metrics(deployment):
        definition = target.source.definition(metric.metric_name)
        if definition and not definition.allows(metric.statistic):
            statistics = [valid for valid in definition.statistics if valid != "Percentiles"]
            yield Problem(
                (*path, "statistic"),
                f"{metric.metric_name} has no such statistic",
                f"use {'one of ' * (len(statistics) > 1)}{', '.join(map(to_toml, statistics))}",
                value=metric.statistic,
            )


@endpoint_rule("scaling-utilization-target", "warning")
def scaling_utilization_target(deployment: Deployment) -> Iterator[Problem]:
    """CPUUtilization is 100 for each vCPU, and GPUUtilization for each GPU (monitoring-cloudwatch)."""
    for path, target, metric in _sagemaker_metrics(deployment):
        key, value = deployment.path(*target.path, "target_value"), target.settings.target_value
        if isinstance(metric, StepScalingPolicy):
            key, value = (*path, "threshold"), metric.threshold
        instance_type = target.source.variant.instance_type if target.source.variant else None
        if value is None or instance_type is None or metric.metric_name not in _PER_UNIT:
            continue
        count_units, unit = _PER_UNIT[metric.metric_name]
        number = count_units(instance_type) or 1
        if number > 1 and 0 < value <= 100:
            yield Problem(
                key,
                f"{metric.metric_name} of {instance_type} is up to {number * 100}, 100 for each of {number} {unit}",
                f"set it to {value * number:g} for {value:g} percent of the instance",
                value=plain_number(value),
            )


def _sagemaker_metrics(
    deployment: Deployment,
) -> Iterator[tuple[KeyPath, ScalingTarget, CustomizedMetricSpecification | StepScalingPolicy]]:
    """Yield each table that names a metric of SageMaker."""
    for target in deployment.scaling_targets:
        metric = target.settings.customized_metric_specification
        if metric and metric.namespace is None:
            yield deployment.path(*target.path, "customized_metric_specification"), target, metric
        for index, policy in enumerate(target.settings.step_scaling_policies):
            yield deployment.path(*target.path, "step_scaling_policies", index), target, policy
