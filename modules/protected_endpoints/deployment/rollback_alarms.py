"""The managed alarms that roll an update back, resolved.

They evaluate metrics of the new endpoint configuration alone, which SageMaker publishes during and after an update
(deployment-guardrails-configuration): requests that the previous instances fail do not stop the update that repairs
them. Each deployment changes that dimension in place, and never the name, which the endpoint refers to.
"""

from protected_endpoints.config.alarms import LatencyAlarm
from protected_endpoints.deployment.alarms import MetricAlarm
from protected_endpoints.deployment.endpoint import Deployment
from protected_endpoints.deployment.metrics import variant_sources
from protected_endpoints.deployment.rollout import ERRORS

_EVALUATION_PERIODS = 2  # of 60 seconds
_ERROR_RATE = 0.05
_LATENCY = 48_000_000  # microseconds: 80 percent of the 60 seconds in which a container has to respond


def rollback_metric_alarms(deployment: Deployment, configuration_name: str) -> tuple[MetricAlarm, ...]:
    """Return the managed rollback alarms about the instances of an endpoint configuration."""
    return tuple(
        _alarm(deployment, key, name, configuration_name) for key, name in deployment.managed_rollback_alarms.items()
    )


def _alarm(deployment: Deployment, key: str, name: str, configuration_name: str) -> MetricAlarm:
    metric, statistic, threshold = (
        ("Invocation5XXErrors", "Average", _ERROR_RATE) if key == ERRORS else _latency(deployment)
    )
    metrics = tuple(
        source.metric(metric, statistic).of_configuration(configuration_name)
        for source in variant_sources(deployment.endpoint, deployment.names)
    )
    # Of several variants the worst one counts. MAX ignores a variant without data; FILL would replace the latest
    # period, whose data is not there yet, and such an alarm never fires.
    terms = ", ".join(f"m{index}" for index in range(len(metrics)))
    return MetricAlarm(
        key=key.replace("_", "-").capitalize(),
        name=name,
        description=f"Rolls back an update of endpoint {deployment.names.endpoint_name}",
        metrics=metrics,
        threshold=threshold,
        comparison_operator="GreaterThanThreshold",
        evaluation_periods=_EVALUATION_PERIODS,
        datapoints_to_alarm=_EVALUATION_PERIODS,
        treat_missing_data="notBreaching",
        expression=f"MAX([{terms}])" if len(metrics) > 1 else "",
    )


def _latency(deployment: Deployment) -> tuple[str, str, float]:
    """Return the metric, the statistic and the limit of the endpoint's alarm about latency, also if that is off."""
    setting = deployment.endpoint.alarms.latency
    table = setting if isinstance(setting, LatencyAlarm) else LatencyAlarm()
    return "ModelLatency", table.statistic or "p99", table.threshold or _LATENCY
