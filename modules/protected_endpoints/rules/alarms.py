"""Rules about CloudWatch alarms and the SNS topics that they notify."""

from collections.abc import Iterator

from protected_endpoints.aws.arn import Arn
from protected_endpoints.config.alarms import AlarmWindow, DurationAlarm
from protected_endpoints.config.endpoint import Endpoint
from protected_endpoints.deployment import Deployment
from protected_endpoints.deployment.alarm_kinds import ALARM_KINDS, AlarmKind
from protected_endpoints.deployment.endpoint_alarms import definitions, effective_window, metric_sources, sources
from protected_endpoints.deployment.metrics import MetricSource
from protected_endpoints.errors import UNSET, KeyPath, Problem
from protected_endpoints.rules.helpers import REMOVE_ONE, environment_path, not_in_region
from protected_endpoints.rules.registry import endpoint_rule

_HOUR, _DAY = 3600, 86400
_SHORTEST_LATENCY = 10_000  # microseconds


@endpoint_rule("alarm-not-available")
def alarm_not_available(deployment: Deployment) -> Iterator[Problem]:
    """An alarm about a metric that is not published never fires (docs/metrics.md)."""
    alarms = deployment.endpoint.alarms
    on = [kind for kind in ALARM_KINDS if alarms.setting(kind.key) not in (None, False)]
    if not alarms.enable_alarms or not on:
        return
    publishers = metric_sources(deployment.endpoint, deployment.names)
    available = [kind.key for kind in ALARM_KINDS if any(sources(kind, publishers))]
    for kind in on:
        if kind.key not in available:
            setting = alarms.setting(kind.key)
            yield Problem(
                deployment.path("alarms", kind.key),
                f"{_reason(deployment.endpoint, kind, publishers)}, so that the alarm would never fire",
                f"remove it, or set it to false; this endpoint can have {', '.join(available)}",
                value=setting if isinstance(setting, bool) else UNSET,
            )


@endpoint_rule("alarm-period")
def alarm_period(deployment: Deployment) -> Iterator[Problem]:
    """A period is a multiple of 60 seconds, as the metrics have a value a minute (rule 99; PutMetricAlarm, Period)."""
    for path, _, table in _tables(deployment):
        if table.period and table.period % 60:
            yield Problem(
                (*path, "period"),
                "must be a multiple of 60 seconds",
                f"for example, set it to {-(-table.period // 60) * 60}",
                value=table.period,
            )


@endpoint_rule("alarm-datapoints")
def alarm_datapoints(deployment: Deployment) -> Iterator[Problem]:
    """An alarm compares as many values as it evaluates periods (rule 99; PutMetricAlarm, DatapointsToAlarm)."""
    for path, kind, table in _tables(deployment):
        window = effective_window(kind, table)
        if window.datapoints_to_alarm > window.evaluation_periods:
            yield Problem(
                (*path, "datapoints_to_alarm"),
                f"must not exceed evaluation_periods ({window.evaluation_periods})",
                f"set it to {window.evaluation_periods} or less, or raise evaluation_periods",
                value=window.datapoints_to_alarm,
            )


@endpoint_rule("alarm-window-too-long")
def alarm_window_too_long(deployment: Deployment) -> Iterator[Problem]:
    """An alarm evaluates a day at most, or seven in periods of an hour or more (rule 99; PutMetricAlarm, Period)."""
    for path, kind, table in _tables(deployment):
        window = effective_window(kind, table)
        longest = _DAY if window.period < _HOUR else 7 * _DAY
        if window.period * window.evaluation_periods > longest:
            yield Problem(
                (*path, "evaluation_periods"),
                f"must not exceed {longest} s in periods of {window.period} s",
                f"set it to {longest // window.period} or less",
                value=window.evaluation_periods,
            )


@endpoint_rule("alarm-latency-unit", "warning")
def alarm_latency_unit(deployment: Deployment) -> Iterator[Problem]:
    """CloudWatch measures latencies in microseconds (SageMaker guide, monitoring-cloudwatch)."""
    for path, _, table in _tables(deployment):
        if isinstance(table, DurationAlarm) and table.threshold and table.threshold < _SHORTEST_LATENCY:
            yield Problem(
                (*path, "threshold"),
                f"is {table.threshold / 1000:g} milliseconds, because latencies are in microseconds",
                "write 2 seconds as 2000000, or give a reason in acknowledge.alarm-latency-unit",
                value=int(table.threshold) if table.threshold.is_integer() else table.threshold,
            )


@endpoint_rule("alarm-topic-conflict")
def alarm_topic_conflict(deployment: Deployment) -> Iterator[Problem]:
    """The alarms of an environment notify one topic, an existing or a managed one."""
    alarms = deployment.environment.alarms
    if alarms.topic_arn and alarms.create_topic:
        path = environment_path(deployment.environment, "alarms", "topic_arn")
        yield Problem(path, "conflicts with create_topic", REMOVE_ONE, value=alarms.topic_arn)


@endpoint_rule("alarm-topic-not-in-region")
def alarm_topic_not_in_region(deployment: Deployment) -> Iterator[Problem]:
    """An alarm notifies topics of its own region and partition (rule 99; PutMetricAlarm, AlarmActions)."""
    for path, topic in _topics(deployment):
        yield from not_in_region(deployment, path, topic, "topic")


@endpoint_rule("alarm-topic-in-other-account", "warning")
def alarm_topic_in_other_account(deployment: Deployment) -> Iterator[Problem]:
    """The policy of a topic in another account, and of its key, decides whether an alarm can notify it (SNS)."""
    account = deployment.environment.account_id
    for path, topic in _topics(deployment):
        if topic and Arn.parse(topic).account_id != account:
            yield Problem(
                path,
                f"the topic is not in account {account}, and its policy cannot be checked here",
                f"let cloudwatch.amazonaws.com publish to it with aws:SourceAccount {account}, and give a reason in "
                "acknowledge.alarm-topic-in-other-account",
                value=topic,
            )


def _topics(deployment: Deployment) -> Iterator[tuple[KeyPath, str | None]]:
    """Yield the configured topics with their key paths."""
    yield deployment.path("alarms", "topic_arn"), deployment.endpoint.alarms.topic_arn
    path = environment_path(deployment.environment, "alarms", "topic_arn")
    yield path, deployment.environment.alarms.topic_arn


def _tables(deployment: Deployment) -> Iterator[tuple[KeyPath, AlarmKind, AlarmWindow]]:
    """Yield the configured tables of alarms with their key paths."""
    for kind in ALARM_KINDS:
        setting = deployment.endpoint.alarms.setting(kind.key)
        if isinstance(setting, AlarmWindow):
            yield deployment.path("alarms", kind.key), kind, setting


def _reason(endpoint: Endpoint, kind: AlarmKind, publishers: tuple[MetricSource, ...]) -> str:
    """Return why an alarm is not available: no such metric, or no GPUs."""
    if any(definitions(kind, source) for source in publishers):
        return "the instances have no GPUs"
    if endpoint.has_external_components:
        return f"{kind.metrics[-1]} is a metric of inference components, and other tools create those of this endpoint"
    option = "inference component" if endpoint.uses_inference_components else publishers[0].modes[0]
    return f"SageMaker publishes no {kind.metrics[-1]} for {option} endpoints"
