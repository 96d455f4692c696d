"""Metrics of an endpoint by name, and what is wrong with a name that the endpoint does not publish."""

from collections.abc import Iterable
from difflib import get_close_matches

from protected_endpoints.aws.metrics import ENDPOINT, METRICS, MetricDefinition, Mode
from protected_endpoints.deployment.endpoint import Deployment
from protected_endpoints.deployment.endpoint_alarms import threshold_scale
from protected_endpoints.deployment.metrics import (
    Metric,
    MetricSource,
    component_sources,
    shadow_sources,
    variant_sources,
)
from protected_endpoints.errors import UNSET, ConfigurationError, Problem

_KINDS: dict[Mode, str] = {"component": "inference components", "instances": "the instances of inference components"}
_MINUTE, _SHORT_PERIODS = 60, (10, 20, 30)  # seconds


def find_metric(
    deployment: Deployment,
    name: str,
    *,
    variant: str | None = None,
    component: str | None = None,
    statistic: str | None = None,
    period: int = 60,
    label: str = "",
) -> Metric:
    """Return a metric of an endpoint; a statistic of None is the first one of the catalog.

    Raises:
        ConfigurationError: the endpoint does not publish the metric, or has no such variant, component or statistic.

    """
    source = _source(deployment, name, variant, component)
    definition = source.definition(name)
    if definition is None or threshold_scale(definition, source) == 0:
        raise _not_published(deployment, name, source)
    if not definition.allows(statistic := statistic or definition.statistics[0]):
        listed = ", ".join(definition.statistics).replace("Percentiles", "p0 to p100")
        raise _error(deployment, f"metric {name} does not have this statistic", f"use {listed}", value=statistic)
    if not _is_period(definition, period):
        short = f"{', '.join(map(str, _SHORT_PERIODS))} or " if definition.resolution < _MINUTE else ""
        raise _error(deployment, "not a period of the metric", f"use {short}a multiple of 60", value=period)
    return source.metric(name, statistic, period, label)


def _is_period(definition: MetricDefinition, period: int) -> bool:
    """Return whether CloudWatch has data for a period in seconds (PutMetricAlarm, Period)."""
    return period > 0 and (period % _MINUTE == 0 or (definition.resolution < _MINUTE and period in _SHORT_PERIODS))


def _source(deployment: Deployment, name: str, variant: str | None, component: str | None) -> MetricSource:
    """Return the variant or the component with a name, or the only variant."""
    variants, components = _sources(deployment)
    if component and variant:
        raise _error(deployment, "component conflicts with variant", "remove one of them", value=component)
    if component:
        return _by_name(deployment, "component", component, components)
    if variant:
        return _by_name(deployment, "variant", variant, variants)
    all_variants = variant_sources(deployment.endpoint, deployment.names)
    definitions = [definition for source in all_variants if (definition := source.definition(name))]
    if len(all_variants) == 1 or all(definition.dimensions == ENDPOINT for definition in definitions):
        return all_variants[0]
    message = f"metric {name} is published for each variant, and the endpoint has several"
    raise _error(deployment, message, f"add variant = {_one_of(variants)}")


def _sources(deployment: Deployment) -> tuple[dict[str, MetricSource], dict[str, MetricSource]]:
    """Return the variants, with those that are shadows, and the inference components by name."""
    endpoint, names = deployment.endpoint, deployment.names
    all_variants = (*variant_sources(endpoint, names), *shadow_sources(endpoint, names))
    variants = {source.variant.variant_name: source for source in all_variants if source.variant}
    components = {source.component: source for source in component_sources(endpoint, names) if source.component}
    return variants, components


def _by_name(deployment: Deployment, kind: str, name: str, sources: dict[str, MetricSource]) -> MetricSource:
    if name in sources:
        return sources[name]
    suggestion = f"use {_one_of(sources)}" if sources else f"remove {kind}"
    raise _error(deployment, f"the endpoint has no {kind} of this name", suggestion, value=name)


def _not_published(deployment: Deployment, name: str, source: MetricSource) -> ConfigurationError:
    """Return the error about a metric that something of the endpoint does not publish."""
    _, components = _sources(deployment)
    if not source.component and any(other.definition(name) for other in components.values()):
        message = f"metric {name} is published for each inference component"
        return _error(deployment, message, f"add component = {_one_of(components)}")
    instance_type = source.variant and source.variant.instance_type
    if source.definition(name) and instance_type:
        message = f"instances of type {instance_type} have no GPUs and do not publish this metric"
        return _error(deployment, message, "use another metric or instance_type", value=name)
    published = _published_names(source)
    kind = "inference component" if source.component else " ".join(source.modes[:1])
    message = f"SageMaker does not publish this metric for {kind} inference".replace(
        "component inference", "components"
    )
    # The name of a metric of something else is no typing error: only a longer name has the same meaning.
    is_known = any(metric.name == name for metric in METRICS)
    similar = [other for other in published if other.startswith(name)] if is_known else []
    close = similar or get_close_matches(name, published if not is_known else (), n=1)
    suggestion = f"use {close[0]}" if len(close) == 1 else f"use one of {', '.join(published)}"
    return _error(deployment, message, suggestion, value=name)


def _published_names(source: MetricSource) -> list[str]:
    return sorted(
        {
            metric.name
            for metric in METRICS
            if not {*metric.modes}.isdisjoint(source.modes) and threshold_scale(metric, source) != 0
        }
    )


def _one_of(names: Iterable[str]) -> str:
    return " or ".join(f'"{name}"' for name in names)


def _error(deployment: Deployment, message: str, suggestion: str, value: object = UNSET) -> ConfigurationError:
    return ConfigurationError([Problem(deployment.path(), message, suggestion, value=value)])
