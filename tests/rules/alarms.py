"""CloudWatch alarms."""

from tests.loading.support import Table
from tests.rules.pair import Pair, component, components

_TOPIC = "arn:aws:sns:us-west-2:111122223333:alarms"
_IN_VIRGINIA, _IN_IRELAND = (_TOPIC.replace("us-west-2", region) for region in ("us-east-1", "eu-west-1"))
_FOREIGN = _TOPIC.replace("111122223333", "444455556666")
_PATH = "endpoints.kmeans.alarms"
_REMOVE = "remove it, or set it to false; this endpoint can have"
_ON_INSTANCES = "errors, client_errors, latency, overhead, cpu, memory, disk, silent"


def _alarms(**settings: object) -> Table:
    return {"alarms": settings}


def _environment(**settings: object) -> Table:
    return {"in_environment": {"alarms": settings}}


PAIRS = [
    Pair(
        "alarm-not-available",
        passes=_alarms(silent=True, backlog_age=False),
        fails=_alarms(backlog_age=True),
        messages=(
            f"{_PATH}.backlog_age: SageMaker publishes no ApproximateAgeOfOldestRequest for real-time endpoints, so "
            f"that the alarm would never fire, got true; {_REMOVE} {_ON_INSTANCES}",
        ),
    ),
    Pair(
        "alarm-not-available",  # asynchronous inference has no Invocations
        passes={"async_inference_config": {"output_config": {"s3_output_path": "s3://mine/x"}}, **_alarms(memory=True)},
        fails={"async_inference_config": {"output_config": {"s3_output_path": "s3://mine/x"}}, **_alarms(silent={})},
        messages=(
            f"{_PATH}.silent: SageMaker publishes no Invocations for asynchronous endpoints, so that the alarm would "
            f"never fire; {_REMOVE} errors, client_errors, latency, cpu, memory, disk, "
            "backlog_age, failures",
        ),
    ),
    Pair(
        "alarm-not-available",
        passes={"instance_type": "ml.g5.xlarge", **_alarms(gpu=True)},
        fails={"instance_type": "ml.m5.xlarge", **_alarms(gpu=True)},
        messages=(
            f"{_PATH}.gpu: the instances have no GPUs, so that the alarm would never fire, got true; {_REMOVE} "
            f"{_ON_INSTANCES}",
        ),
    ),
    Pair(
        "alarm-not-available",
        passes=components({"one": component()}, **_alarms(no_capacity=True, cpu=True)),
        fails=components({"one": component()}, **_alarms(spillover=True)),
        messages=(
            f"{_PATH}.spillover: SageMaker publishes no ServerlessProvisionedConcurrencySpilloverInvocations for "
            f"inference component endpoints, so that the alarm would never fire, got true; {_REMOVE} "
            "errors, client_errors, latency, overhead, cpu, memory, disk, no_capacity, silent",
        ),
    ),
    Pair(
        "alarm-period",
        passes=_alarms(cpu={"period": 120}),
        fails=_alarms(cpu={"period": 90}),
        messages=(f"{_PATH}.cpu.period: must be a multiple of 60 seconds, got 90; for example, set it to 120",),
    ),
    Pair(
        "alarm-datapoints",
        passes=_alarms(errors={"evaluation_periods": 2}, cpu={"datapoints_to_alarm": 3}),
        fails=_alarms(errors={"evaluation_periods": 2, "datapoints_to_alarm": 3}, cpu={"datapoints_to_alarm": 4}),
        messages=(
            f"{_PATH}.errors.datapoints_to_alarm: must not exceed evaluation_periods (2), got 3; set it to 2 or less, "
            "or raise evaluation_periods",
            f"{_PATH}.cpu.datapoints_to_alarm: must not exceed evaluation_periods (3), got 4; set it to 3 or less, or "
            "raise evaluation_periods",
        ),
    ),
    Pair(
        "alarm-window-too-long",
        passes=_alarms(silent={"period": 3600, "evaluation_periods": 168}, cpu={"evaluation_periods": 288}),
        fails=_alarms(silent={"period": 3600, "evaluation_periods": 169}, cpu={"evaluation_periods": 289}),
        messages=(
            f"{_PATH}.cpu.evaluation_periods: must not exceed 86400 s in periods of 300 s, got 289; set it to 288 or "
            "less",
            f"{_PATH}.silent.evaluation_periods: must not exceed 604800 s in periods of 3600 s, got 169; set it to "
            "168 or less",
        ),
    ),
    Pair(
        "alarm-latency-unit",
        passes=_alarms(latency={"threshold": 10_000}),
        fails=_alarms(latency={"threshold": 2000}),
        messages=(
            f"{_PATH}.latency.threshold: is 2 milliseconds, because latencies are in microseconds, got 2000; write 2 "
            "seconds as 2000000, or give a reason in acknowledge.alarm-latency-unit",
        ),
    ),
    Pair(
        "alarm-topic-conflict",
        passes=_environment(topic_arn=_TOPIC),
        fails=_environment(topic_arn=_TOPIC, create_topic=True),
        messages=(
            f'environments.dev.alarms.topic_arn: conflicts with create_topic, got "{_TOPIC}"; remove one of them',
        ),
    ),
    Pair(
        "alarm-topic-not-in-region",
        passes=_environment(topic_arn=_TOPIC) | _alarms(topic_arn=_TOPIC),
        fails=_environment(topic_arn=_IN_VIRGINIA) | _alarms(topic_arn=_IN_IRELAND),
        messages=(
            f'{_PATH}.topic_arn: the topic is not in region us-west-2, got "{_IN_IRELAND}"; use a topic in that '
            "region, or set one for this environment in environments.dev of this endpoint",
            f'environments.dev.alarms.topic_arn: the topic is not in region us-west-2, got "{_IN_VIRGINIA}"; use a '
            "topic in that region",
        ),
    ),
    Pair(
        "alarm-topic-in-other-account",
        passes=_environment(topic_arn=_TOPIC),
        fails=_environment(topic_arn=_FOREIGN),
        messages=(
            "environments.dev.alarms.topic_arn: the topic is not in account 111122223333, and its policy cannot be "
            f'checked here, got "{_FOREIGN}"; let cloudwatch.amazonaws.com publish to it with aws:SourceAccount '
            "111122223333, and give a reason in acknowledge.alarm-topic-in-other-account",
        ),
    ),
]
