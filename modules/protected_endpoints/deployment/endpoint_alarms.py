"""The alarms of an endpoint: each kind for each variant or inference component that publishes its metric."""

import re
from collections.abc import Iterator

from protected_endpoints.aws.instance_sizes import gpus, vcpus
from protected_endpoints.aws.metrics import ENDPOINT, MetricDefinition
from protected_endpoints.config.alarms import AlarmWindow
from protected_endpoints.config.endpoint import Endpoint
from protected_endpoints.deployment import scaling
from protected_endpoints.deployment.alarm_kinds import ALARM_KINDS, AlarmKind, Window
from protected_endpoints.deployment.alarms import MetricAlarm
from protected_endpoints.deployment.endpoint_names import EndpointNames
from protected_endpoints.deployment.metrics import MetricSource, component_sources, variant_sources

_WORD_START = re.compile(r"(?<=[a-z])(?=[A-Z])")
# The metrics have 100 for each of these. Those of shared instances with this suffix have 100 for a whole instance.
_NORMALIZED = "Normalized"
_UNITS = {"CPUUtilization": vcpus, "GPUUtilization": gpus, "GPUMemoryUtilization": gpus}
_UNIT_NAMES = {"CPUUtilization": "vCPU", "GPUUtilization": "GPU", "GPUMemoryUtilization": "GPU"}


def resolve(endpoint: Endpoint, names: EndpointNames, topic_arn: str | None) -> tuple[MetricAlarm, ...]:
    """Return the alarms of an endpoint that are on, by default or by its configuration."""
    if not endpoint.alarms.enable_alarms:
        return ()
    publishers = metric_sources(endpoint, names)
    return tuple(
        alarm
        for kind in ALARM_KINDS
        for source in sources(kind, publishers)
        if _is_on(kind, source, endpoint)
        for alarm in _alarms(kind, source, endpoint, topic_arn)
    )


def metric_sources(endpoint: Endpoint, names: EndpointNames) -> tuple[MetricSource, ...]:
    """Return the variants and inference components that alarms can be about."""
    return (*variant_sources(endpoint, names), *component_sources(endpoint, names))


def sources(kind: AlarmKind, publishers: tuple[MetricSource, ...]) -> Iterator[MetricSource]:
    """Yield the variants and inference components that publish the metric of an alarm, with a known scale.

    For a metric of the whole endpoint, that is the first variant.
    """
    for source in publishers:
        if kind.is_of_instances and source.variant is None:
            continue
        definition = next(iter(definitions(kind, source)), None)
        if definition and threshold_scale(definition, source):
            yield source
            if definition.dimensions == ENDPOINT:
                return


def definitions(kind: AlarmKind, source: MetricSource) -> list[MetricDefinition]:
    """Return the metrics of an alarm that a variant or component publishes: several if each has an alarm of its own."""
    published = [definition for name in kind.metrics if (definition := source.definition(name))]
    return published if kind.is_split else published[:1]


def threshold_scale(definition: MetricDefinition, source: MetricSource) -> int | None:
    """Return what a threshold in `endpoints.toml` is multiplied by: the vCPUs or GPUs of an instance, or 1.

    It is 0 for the GPUs of an instance type without any, and None where the number is not known.
    """
    name, instance_type = definition.name.removesuffix(_NORMALIZED), source.variant and source.variant.instance_type
    if name not in _UNITS or not instance_type:
        return 1
    units = _UNITS[name](instance_type)
    return min(units, 1) if units is not None and definition.name.endswith(_NORMALIZED) else units


def _is_on(kind: AlarmKind, source: MetricSource, endpoint: Endpoint) -> bool:
    setting = endpoint.alarms.setting(kind.key)
    if setting is not None:
        return setting is not False
    if kind.key == "disk" and not endpoint.data_capture.enable_capture:
        return False
    if kind.key == "no_capacity" and _can_be_without_copies(endpoint, source):
        return False
    if kind.key == "throttled" and _every_request_uses_all(source):
        return False
    return not {*kind.modes}.isdisjoint(source.modes)


def _every_request_uses_all(source: MetricSource) -> bool:
    """Return whether a single request uses the whole concurrency of a serverless variant, as it is meant to."""
    settings = source.variant and source.variant.serverless_config
    return bool(settings and settings.max_concurrency == 1)


def _can_be_without_copies(endpoint: Endpoint, source: MetricSource) -> bool:
    """Return whether an inference component may have no copy, or is an adapter, whose base has the copies."""
    component = endpoint.inference_components[source.component or ""]
    name = component.variant_name or endpoint.production_variants[0].variant_name
    instances = [
        variant.managed_instance_scaling
        for variant in endpoint.production_variants
        if variant.variant_name == name and variant.managed_instance_scaling
    ]
    copies = [target for target in scaling.resolve(endpoint, source.names) if target.component == source.component]
    return (
        component.is_adapter
        or any(settings.min_instance_count == 0 for settings in instances)
        or any(target.lowest_capacity == 0 for target in copies)
    )


def _alarms(kind: AlarmKind, source: MetricSource, endpoint: Endpoint, topic_arn: str | None) -> Iterator[MetricAlarm]:
    setting = endpoint.alarms.setting(kind.key)
    table = setting if isinstance(setting, AlarmWindow) else None
    window = effective_window(kind, table)
    threshold = getattr(table, "threshold", None) or kind.threshold
    actions = (topic_arn,) if topic_arn else ()
    for definition in definitions(kind, source):
        alarm = _kebab_case(definition.name) if kind.is_split else kind.key
        scope = () if definition.dimensions == ENDPOINT else source.alarm_scope
        statistic = getattr(table, "statistic", None) or kind.statistic
        scale = threshold_scale(definition, source) or 1
        meaning = _threshold_meaning(definition, threshold, scale)
        yield MetricAlarm(
            key="_".join((*scope, alarm.replace("_", "-"))),
            name=source.names.alarm(alarm, scope=scope),
            description=_description(kind, source, endpoint, meaning),
            metrics=(source.metric(definition.name, statistic, window.period),),
            threshold=_scaled(threshold, scale),
            threshold_meaning=meaning,
            comparison_operator="LessThanThreshold" if kind.fires_below else "GreaterThanOrEqualToThreshold",
            evaluation_periods=window.evaluation_periods,
            datapoints_to_alarm=window.datapoints_to_alarm,
            treat_missing_data="breaching" if kind.fires_below else "notBreaching",
            alarm_actions=actions,
            ok_actions=actions,
        )


def effective_window(kind: AlarmKind, table: AlarmWindow | None) -> Window:
    """Return the periods of an alarm; without `datapoints_to_alarm`, all of a configured number of periods count."""
    if table is None:
        return kind.window
    default = table.evaluation_periods or kind.window.datapoints_to_alarm
    return Window(
        period=table.period or kind.window.period,
        evaluation_periods=table.evaluation_periods or kind.window.evaluation_periods,
        datapoints_to_alarm=table.datapoints_to_alarm or default,
    )


def _scaled(threshold: float, scale: int) -> float:
    """Return a threshold in the unit of its metric, without the noise of a product of floats."""
    return round(threshold * scale, 4)


def _threshold_meaning(definition: MetricDefinition, threshold: float, scale: int) -> str:
    """Return the part of an instance that a threshold is, or an empty string where the metric is in percent of it."""
    unit = _UNIT_NAMES.get(definition.name)
    return f"{threshold:g} % of {scale} {unit}{'' if scale == 1 else 's'}" if unit else ""


def _description(kind: AlarmKind, source: MetricSource, endpoint: Endpoint, meaning: str) -> str:
    """Return what has happened, what the threshold means, and what to do first."""
    component = endpoint.inference_components.get(source.component or "")
    with_container = (component.base_inference_component if component else None) or source.component
    names = source.names
    logs = names.inference_component_log_group(with_container) if with_container else names.log_group
    what = f"{kind.meaning}: the threshold is {meaning}" if meaning else kind.meaning
    return f"{what}. {kind.first_step.format(logs=logs)}."


def _kebab_case(name: str) -> str:
    return _WORD_START.sub("-", name).lower()
