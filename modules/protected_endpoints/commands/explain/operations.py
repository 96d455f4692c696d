"""How an endpoint is operated: scaling, alarms, updates, dashboards and audit, and what this project does not know."""

from collections import Counter
from collections.abc import Iterator

from protected_endpoints.aws.console import alarms_url, dashboard_url
from protected_endpoints.config import CapacitySize, ScheduledAction, TrafficRoutingConfiguration
from protected_endpoints.deployment import Deployment
from protected_endpoints.deployment.environment_names import SSM_ATTRIBUTES
from protected_endpoints.deployment.scaling import ScalingTarget
from protected_endpoints.errors import to_toml


def operations(deployment: Deployment) -> Iterator[tuple[str, str]]:
    """Yield pairs of a subject and a description."""
    yield from _scaling(deployment)
    yield from _alarms(deployment)
    yield "update", _update(deployment)
    yield from _dashboards(deployment)
    if deployment.endpoint.create_ssm_parameters:
        yield "SSM parameters", " and ".join(map(deployment.names.ssm_parameter, SSM_ATTRIBUTES))
    yield from _audit(deployment)
    yield from _unknown(deployment)


def _scaling(deployment: Deployment) -> Iterator[tuple[str, str]]:
    for target in deployment.scaling_targets:
        yield f"scaling of {target.variant or target.component}", _scaling_of(target)
    if not deployment.scaling_targets:
        yield "scaling", "none; the capacity changes with endpoints.toml only"


def _scaling_of(target: ScalingTarget) -> str:
    settings = target.settings
    tracking = f" to keep {_tracked_metric(target)} at {settings.target_value:g}" if settings.target_value else ""
    wake_up = "the first one is added minutes after a request without capacity" if target.wakes_up else ""
    parts = [
        f"from {target.min_capacity} to {target.max_capacity} {target.resource.unit}{tracking}",
        *(f"by steps of {policy.name} on {policy.metric_name}" for policy in settings.step_scaling_policies),
        *map(_scheduled, settings.scheduled_actions),
        wake_up,
    ]
    return "; ".join(part for part in parts if part)


def _scheduled(action: ScheduledAction) -> str:
    bounds = {"min_capacity": action.min_capacity, "max_capacity": action.max_capacity}
    changes = " and ".join(f"{key} {value}" for key, value in bounds.items() if value is not None)
    return f"{action.name} sets {changes} at {action.schedule}, {action.timezone or 'UTC'}"


def _tracked_metric(target: ScalingTarget) -> str:
    settings, resource = target.settings, target.resource
    if customized := settings.customized_metric_specification:
        return f"{customized.statistic} of {customized.metric_name}"
    defaults = (*resource.predefined_metrics, *([resource.default_metric] if resource.default_metric else []))
    return settings.predefined_metric_type or defaults[0]


def _alarms(deployment: Deployment) -> Iterator[tuple[str, str]]:
    names, environment = deployment.names, deployment.environment
    count = len(deployment.metric_alarms)
    if not count:
        yield "alarms", "none, all are switched off in alarms"
        return
    nobody = f"nobody; set topic_arn or create_topic in [environments.{environment.name}.alarms]"
    yield "alarms", f"{count}, listed below; they notify {deployment.alarm_topic_arn or nobody}"
    if url := alarms_url(names.partition, environment.region, names.base_name):
        yield "alarms in the console", url
    if off := [key for key, setting in deployment.endpoint.alarms if setting is False]:
        yield "alarms switched off", ", ".join(off)


def _update(deployment: Deployment) -> str:
    rollout = deployment.rollout
    if rollout is None and deployment.endpoint.uses_inference_components:
        return "of the endpoint: changes the instances only; of a component: in place, rolled back if it does not start"
    if rollout is None:
        return "all requests at once when the new version is healthy; rolled back by health checks only"
    if policy := rollout.blue_green_update_policy:
        wait = policy.termination_wait_in_seconds or 0
        kept = f"; the previous instances are kept for {wait} s" if wait else ""
        text = f"{_shift(policy.traffic_routing_configuration)}{kept}"
    elif rolling := rollout.rolling_update_policy:
        text = f"in batches of {_size(rolling.maximum_batch_size)}, {rolling.wait_interval_in_seconds} s apart"
    else:
        text = "all requests at once when the new version is healthy"
    older = (
        "; the default, while an endpoint that was created before it keeps what it has"
        if deployment.uses_default_rollout
        else ""
    )
    return f"{text}; {_rollback(deployment)}{older}"


def _shift(routing: TrafficRoutingConfiguration) -> str:
    wait = f"after {routing.wait_interval_in_seconds} s"
    if routing.canary_size:
        return f"a canary of {_size(routing.canary_size)}, {wait} all requests"
    if routing.linear_step_size:
        return f"in steps of {_size(routing.linear_step_size)}, each {wait}"
    return f"all requests at once, watched for {routing.wait_interval_in_seconds} s"


def _size(size: CapacitySize) -> str:
    if size.type == "CAPACITY_PERCENT":
        return f"{size.value} % of the capacity"
    return f"{size.value} {'instance' if size.value == 1 else 'instances'}"


def _rollback(deployment: Deployment) -> str:
    prefix = f"{deployment.names.base_name}/"
    names = [name.removeprefix(prefix) for name in deployment.rollback_alarms]
    return f"rolled back by {', '.join(names)}" if names else "rolled back by health checks only"


def _dashboards(deployment: Deployment) -> Iterator[tuple[str, str]]:
    names, environment = deployment.names, deployment.environment
    is_managed = deployment.endpoint.create_dashboard
    yield "dashboard", _console_url(deployment, names.dashboard) if is_managed else "none; set create_dashboard = true"
    if environment.create_dashboard:
        yield f"dashboard of {environment.name}", _console_url(deployment, names.overview_dashboard())


def _console_url(deployment: Deployment, dashboard: str) -> str:
    """Return the address of a dashboard, or its name where the console has no public address."""
    return dashboard_url(deployment.names.partition, deployment.environment.region, dashboard) or dashboard


def _audit(deployment: Deployment) -> Iterator[tuple[str, str]]:
    audit, names = deployment.environment.audit, deployment.names
    if audit.create_trail:
        detail = (
            f"{names.trail} records invocations and requests for captured objects, for {audit.retention_in_days} days"
        )
        readers = ", ".join(audit.readers) or "nobody"
        yield "audit", f"{detail}; read by {readers}"
    else:
        yield "audit", "none; CloudTrail does not record invocations by default"
    if deployment.endpoint.data_capture.eventbridge and deployment.capture_location:
        yield "captured data", "each object is an event of Amazon EventBridge; rules are yours"


def _unknown(deployment: Deployment) -> Iterator[tuple[str, str]]:
    """Yield what only the account shows."""
    scaled = {target.variant: target.highest_capacity for target in deployment.scaling_targets}
    counts: Counter[str] = Counter()
    for _, variant in deployment.endpoint.iter_variants_with_path():
        if variant.instance_type:
            counts[variant.instance_type] += max(variant.instance_count, scaled.get(variant.variant_name, 0))
    for instance_type, count in counts.items():
        quota = to_toml(f"{instance_type} for endpoint usage")
        detail = f"not checked: {quota} in Service Quotas has to allow {count}, and the new instances of an update"
        yield f"quota of {instance_type}", detail
    topic = deployment.alarm_topic_arn
    if topic and deployment.metric_alarms:
        is_managed = deployment.environment.alarms.create_topic and topic == deployment.names.alarm_topic_arn
        policy = "" if is_managed else "whether its policy and its key let CloudWatch publish, and "
        yield "topic of alarms", f"not checked: {policy}who has subscribed"
