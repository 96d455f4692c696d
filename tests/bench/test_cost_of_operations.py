"""The CPU time that scaling, alarms, a dashboard and events add to the synth of one endpoint: at most a tenth."""

import json
import os
import subprocess
import sys
from pathlib import Path

from bench.environment import user_environment
from tests.examples import ROOT
from tests.measured import assert_cpu_ratio_below

_ENDPOINT = """
[project]
name = "acme"

[environments.dev]
account_id = "111122223333"
region = "us-west-2"

[endpoints.kmeans]
image = "174872318107.dkr.ecr.us-west-2.amazonaws.com/kmeans:1"
model_data_url = "s3://my-bucket/model.tar.gz"
instance_type = "ml.m4.xlarge"
invokers = ["arn:aws:iam::111122223333:role/checkout"]
"""
_WITHOUT = """
alarms = { enable_alarms = false }

[endpoints.kmeans.deployment_config.blue_green_update_policy.traffic_routing_configuration]
type = "ALL_AT_ONCE"
wait_interval_in_seconds = 0
"""
_WITH = """
create_dashboard = true
data_capture = { eventbridge = true }
alarms = { silent = true, topic_arn = "arn:aws:sns:us-west-2:111122223333:alarms" }

[endpoints.kmeans.scaling]
min_capacity = 2
max_capacity = 4
target_value = 70

[[endpoints.kmeans.scaling.scheduled_actions]]
name = "night"
schedule = "cron(0 20 * * ? *)"
min_capacity = 1
max_capacity = 2
"""
_ONLY_WITH = {
    "aws_appautoscaling_policy",
    "aws_appautoscaling_scheduled_action",
    "aws_appautoscaling_target",
    "aws_cloudwatch_dashboard",
    "aws_cloudwatch_metric_alarm",
    "aws_s3_bucket_notification",
    "terraform_data",  # the limits of a target
}


def test_one_endpoint_with_everything_costs_at_most_a_tenth_more_than_without(tmp_path: Path) -> None:
    without, everything = _project(tmp_path / "without", _WITHOUT), _project(tmp_path / "with", _WITH)
    # The first synth prepares the bindings.
    assert _types(everything) - _types(without) == _ONLY_WITH
    assert_cpu_ratio_below(1.1, lambda: _synth(without), lambda: _synth(everything))


def test_a_synth_with_scaling_does_not_start_terraform(tmp_path: Path) -> None:
    """CDKTF's class for `terraform_data` starts it for each one, which takes longer than the other resources."""
    project = _project(tmp_path / "with", _WITH)
    programs = tmp_path / "programs"
    programs.mkdir()
    terraform = programs / "terraform"
    terraform.write_text(f"#!/bin/sh\ntouch {tmp_path}/started\n")
    terraform.chmod(0o755)
    _synth(project, PATH=f"{programs}:{os.environ['PATH']}")
    assert not (tmp_path / "started").exists()


def _project(folder: Path, keys: str) -> Path:
    folder.mkdir()
    (folder / "endpoints.toml").write_text(_ENDPOINT + keys)
    return folder


def _synth(folder: Path, **environment: str) -> None:
    subprocess.run(
        [sys.executable, str(ROOT / "main.py")],
        cwd=folder,
        env=user_environment() | environment,
        check=True,
        capture_output=True,
    )


def _types(folder: Path) -> set[str]:
    """Return the types of the resources of a synthesized project."""
    _synth(folder)
    return {*json.loads((folder / "cdktf.out" / "stacks" / "dev-kmeans" / "cdk.tf.json").read_text())["resource"]}
