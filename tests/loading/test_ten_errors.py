"""Ten mistakes, as people meet them: ten messages, at once and quickly."""

import os
import subprocess
import sys
from pathlib import Path

from tests.examples import ROOT
from tests.loading.support import written, wrong
from tests.measured import assert_cpu_below

_MISTAKES = """\
[endpoints.kmeans]
image = "174872318107.dkr.ecr.us-west-2.amazonaws.com/kmeans"
model_data_url = "https://my-bucket.s3.amazonaws.com/model.tar.gz"
instance_type = "m5.xlarge"
instance_count = 1
invokers = ["arn:aws:iam::111122223333:user/alice"]

[endpoints.kmeans.data_capture]
initial_sampling_percentage = 200

[endpoints.kmeans.relax]
network_isolation = "because"

[endpoints.kmeans.environments.prod]
revision = 1

[environments.dev]
account_id = 111122223333
region = "us-west-2"

[project]
"""
_MESSAGES = [
    "endpoints.kmeans.image: not an image with its registry and its tag or digest, at most 255 characters, "
    'got "174872318107.dkr.ecr.us-west-2.amazonaws.com/kmeans"; '
    'write for example "174872318107.dkr.ecr.us-west-2.amazonaws.com/kmeans:1"',
    "endpoints.kmeans.model_data_url: not an S3 URI of one .tar.gz file, or of a prefix that ends with a slash, "
    'without wildcards, got "https://my-bucket.s3.amazonaws.com/model.tar.gz"; write for example "s3://my-bucket/model.tar.gz"',
    "endpoints.kmeans.instance_type: not an instance type that SageMaker hosts, "
    'got "m5.xlarge"; did you mean "ml.m5.xlarge"?',
    "endpoints.kmeans.instance_count: unknown key, got 1; did you mean initial_instance_count?",
    'endpoints.kmeans.invokers[0]: not an IAM role ARN, got "arn:aws:iam::111122223333:user/alice"; '
    'write for example "arn:aws:iam::111122223333:role/checkout-api"',
    "endpoints.kmeans.data_capture.initial_sampling_percentage: not a whole number from 0 to 100, "
    "got 200; write for example 100",
    'endpoints.kmeans.relax.network_isolation: not a reason in words, from 10 to 200 characters, got "because"; '
    'write for example "the container calls the feature store, RISK-881"',
    'endpoints.kmeans.environments.prod: there is no such environment, got "prod"; name one of dev',
    "environments.dev.account_id: not an AWS account id (12 digits, as a string), "
    'got 111122223333; write for example "111122223333"',
    'project.name: required, and missing; add name = "kmeans"',
]


def _run(folder: Path, *command: str) -> subprocess.CompletedProcess[str]:
    """Return what a Python command did in a folder."""
    return subprocess.run(
        [sys.executable, *command],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT / "modules")},
        capture_output=True,
        text=True,
        check=False,
    )


def test_ten_mistakes_are_ten_messages_in_the_order_of_the_file(tmp_path: Path) -> None:
    assert wrong(tmp_path, _MISTAKES) == _MESSAGES


def test_ten_mistakes_end_the_program_within_a_second_and_without_a_traceback(tmp_path: Path) -> None:
    written(tmp_path, _MISTAKES)
    done = assert_cpu_below(1, lambda: _run(tmp_path, str(ROOT / "main.py")))
    assert done.returncode == 1
    assert done.stderr.splitlines() == _MESSAGES
    assert done.stdout == ""
    assert [file.name for file in tmp_path.iterdir()] == ["endpoints.toml"]


def test_a_mistake_is_told_before_anything_heavy_is_imported(tmp_path: Path) -> None:
    written(tmp_path, _MISTAKES)
    program = (
        "import atexit, runpy, sys\n"
        "names = {'cdktf', 'constructs', 'jsii', 'boto3', 'botocore', 'protected_endpoints.stacks.endpoint',"
        " 'protected_endpoints.loading.load'}\n"
        "atexit.register(lambda: print(*sorted(names & {*sys.modules})))\n"
        f"runpy.run_path({str(ROOT / 'main.py')!r}, run_name='__main__')\n"
    )
    done = _run(tmp_path, "-c", program)
    assert (done.returncode, done.stdout.split()) == (1, ["protected_endpoints.loading.load"])
