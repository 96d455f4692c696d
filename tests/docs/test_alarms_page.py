"""The example of docs/alarms.md does what its comments say."""

import re
from pathlib import Path

from protected_endpoints.deployment.alarms import MetricAlarm
from protected_endpoints.loading.load import load
from tests.examples import ROOT

_FILE = """\
[project]
name = "acme"
[environments.dev]
account_id = "111122223333"
region = "eu-west-1"
[environments.prod]
account_id = "444455556666"
region = "eu-west-1"
[endpoints.fraud]
image = "111122223333.dkr.ecr.eu-west-1.amazonaws.com/fraud:1"
instance_type = "ml.m5.xlarge"
"""


def test_the_example_changes_alarms_as_its_comments_say(tmp_path: Path) -> None:
    page = (ROOT / "docs" / "alarms.md").read_text(encoding="utf-8")
    example = re.search(r"```toml\n(.*?)```", page, flags=re.DOTALL)
    assert example
    file = tmp_path / "endpoints.toml"
    file.write_text(_FILE + example[1], encoding="utf-8")
    dev, prod = load(file).deployments
    assert dev.metric_alarms == ()
    alarms: dict[str, MetricAlarm] = {alarm.key: alarm for alarm in prod.metric_alarms}
    assert prod.alarm_topic_arn == "arn:aws:sns:eu-west-1:444455556666:on-call"
    assert alarms["latency"].threshold == 2_000_000
    errors, silent = alarms["errors"], alarms["silent"]
    assert (errors.threshold, errors.datapoints_to_alarm, errors.evaluation_periods) == (0.05, 3, 3)
    assert silent.evaluation_periods * silent.metrics[0].period == 1800
    assert "cpu" not in alarms
