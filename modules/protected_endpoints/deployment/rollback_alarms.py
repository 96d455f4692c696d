"""The managed alarms that roll an update back, resolved.

They evaluate metrics of the new endpoint configuration alone, which SageMaker publishes during and after an update
(deployment-guardrails-configuration): requests that the previous instances fail do not stop the update that repairs
them. Each deployment changes that dimension in place, and never the name, which the endpoint refers to.
"""

from protected_endpoints.config.alarms import LatencyAlarm
from protected_endpoints.deployment.alarm_kinds import ALARM_KINDS
from protected_endpoints.deployment.alarms import MetricAlarm
from protected_endpoints.deployment.endpoint import Deployment
from protected_endpoints.deployment.metrics import variant_sources
from protected_endpoints.deployment.rollout import ERRORS

_EVALUATION_PERIODS = 2  # of 60 seconds: the least that one bad minute does not reach
_ERROR_RATE = 0.05
_LATENCY = next(kind for kind in ALARM_KINDS if kind.key == "latency")


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
    # Of several variants the worst one counts. MAX ignores one without data; FILL would instead replace the data of the
    # latest minute, which is never there yet, so that two minutes in a row would never reach the threshold.
    terms = ", ".join(f"m{index}" for index in range(len(metrics)))
    actions = (deployment.alarm_topic_arn,) if deployment.alarm_topic_arn else ()
    return MetricAlarm(
        key=key.replace("_", "-").capitalize(),
        name=name,
        description=f"Rolls an update of endpoint {deployment.names.endpoint_name} back. "
        f"Read the log group {deployment.names.log_group}, then correct the new version.",
        metrics=metrics,
        threshold=threshold,
        comparison_operator="GreaterThanOrEqualToThreshold",
        evaluation_periods=_EVALUATION_PERIODS,
        datapoints_to_alarm=_EVALUATION_PERIODS,
        treat_missing_data="notBreaching",
        expression=f"MAX([{terms}])" if len(metrics) > 1 else "",
        alarm_actions=actions,
        ok_actions=actions,
    )


def _latency(deployment: Deployment) -> tuple[str, str, float]:
    """Return the metric, the statistic and the threshold of the alarm `latency`, also if that is off."""
    setting = deployment.endpoint.alarms.latency
    table = setting if isinstance(setting, LatencyAlarm) else LatencyAlarm()
    return "ModelLatency", table.statistic or _LATENCY.statistic, table.threshold or _LATENCY.threshold
