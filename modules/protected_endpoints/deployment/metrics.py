"""The metrics of one endpoint: a definition of the catalog with the values of its dimensions."""

from dataclasses import dataclass, replace
from typing import Any

from protected_endpoints.aws.metrics import CONFIGURATION, MetricDefinition, Mode, find_metric
from protected_endpoints.config.endpoint import Endpoint
from protected_endpoints.config.variant import Variant
from protected_endpoints.deployment.endpoint_names import EndpointNames


@dataclass(frozen=True)
class Metric:
    """A metric of an endpoint, a variant or an inference component, with a statistic over a period in seconds.

    Raises:
        ValueError: the catalog has no such statistic for the metric.

    """

    definition: MetricDefinition
    dimensions: tuple[tuple[str, str], ...]
    statistic: str
    period: int = 60
    label: str = ""

    def __post_init__(self) -> None:
        if not self.definition.allows(self.statistic):
            raise ValueError(f"{self.definition.name} has no statistic {self.statistic}")

    @property
    def is_percentile(self) -> bool:
        """Return whether the statistic is a percentile, which Terraform calls an extended statistic."""
        return self.statistic not in self.definition.statistics

    def of_configuration(self, configuration: str) -> "Metric":
        """Return the metric of the instances of one endpoint configuration, for the time of a deployment.

        Raises:
            ValueError: SageMaker does not publish the metric for each configuration.

        """
        if not self.definition.is_per_fleet:
            raise ValueError(f"{self.definition.name} is not published for each endpoint configuration")
        return replace(self, dimensions=(*self.dimensions, (CONFIGURATION, configuration)))

    def to_widget_row(self, **options: object) -> list[object]:
        """Return the row of `metrics` in a graph of a dashboard (CloudWatch, "Metric Widget Object").

        `options` are further rendering options, such as `id`, `visible` or `color`.
        """
        label = {"label": self.label} if self.label else {}
        dimensions = [part for dimension in self.dimensions for part in dimension]
        rendering = {"stat": self.statistic, "period": self.period, **label, **options}
        return [self.definition.namespace, self.definition.name, *dimensions, rendering]

    def to_alarm_arguments(self) -> dict[str, Any]:
        """Return the arguments of `aws_cloudwatch_metric_alarm` that select the metric, its statistic and its period.

        The percentile of an alarm has an argument of its own.
        """
        statistic = "extended_statistic" if self.is_percentile else "statistic"
        return {
            "namespace": self.definition.namespace,
            "metric_name": self.definition.name,
            "dimensions": dict(self.dimensions),
            statistic: self.statistic,
            "period": self.period,
        }


@dataclass(frozen=True)
class MetricSource:
    """A variant or an inference component, which publishes metrics.

    `modes` decide which metrics it publishes. `alarm_scope` is the part of its alarms' names that distinguishes it from
    other variants and components; it is empty for the only variant of an endpoint.
    """

    names: EndpointNames
    modes: tuple[Mode, ...]
    variant: Variant | None = None
    component: str | None = None
    alarm_scope: tuple[str, ...] = ()

    def definition(self, name: str) -> MetricDefinition | None:
        """Return the definition of a metric that this source publishes, or None."""
        return find_metric(name, self.modes)

    def metric(self, name: str, statistic: str, period: int = 60, label: str = "") -> Metric:
        """Return a metric of this source.

        Raises:
            ValueError: SageMaker does not publish the metric for this source, or it has no such statistic.

        """
        definition = self.definition(name)
        if definition is None:
            raise ValueError(f"{name} is not published for {', '.join(self.modes)}")
        values = {
            "EndpointName": self.names.endpoint_name,
            "VariantName": self.variant.variant_name if self.variant else "",
            "InferenceComponentName": self.names.inference_component(self.component) if self.component else "",
        }
        dimensions = tuple((dimension, values[dimension]) for dimension in definition.dimensions)
        return Metric(definition, dimensions, statistic, period, label)

    def alarm_name(self, alarm: str) -> str:
        """Return the name of an alarm about this source."""
        return self.names.alarm(alarm, scope=self.alarm_scope)


def variant_sources(endpoint: Endpoint, names: EndpointNames) -> tuple[MetricSource, ...]:
    """Return the production variants of an endpoint. Shadow variants have no alarms: nobody gets their responses."""
    return tuple(
        MetricSource(
            names,
            _modes(endpoint, variant),
            variant=variant,
            alarm_scope=(variant.variant_name,) if endpoint.variants else (),
        )
        for variant in endpoint.production_variants
    )


def shadow_sources(endpoint: Endpoint, names: EndpointNames) -> tuple[MetricSource, ...]:
    """Return the shadow variants of an endpoint, whose metrics people compare with those of production."""
    return tuple(MetricSource(names, _modes(endpoint, shadow), variant=shadow) for shadow in endpoint.shadow_variants)


def component_sources(endpoint: Endpoint, names: EndpointNames) -> tuple[MetricSource, ...]:
    """Return the managed inference components of an endpoint."""
    return tuple(
        MetricSource(names, ("component",), component=name, alarm_scope=("components", name))
        for name in endpoint.inference_components
    )


def _modes(endpoint: Endpoint, variant: Variant) -> tuple[Mode, ...]:
    """Return what a variant is, in the words of the catalog."""
    if endpoint.uses_inference_components:
        return ("instances", "shared-instances")
    if variant.serverless_config:
        return ("serverless", "provisioned") if variant.serverless_config.provisioned_concurrency else ("serverless",)
    mode: Mode = "asynchronous" if endpoint.async_inference_config else "real-time"
    return (mode, "multi-model", "instances") if endpoint.is_multi_model else (mode, "instances")
