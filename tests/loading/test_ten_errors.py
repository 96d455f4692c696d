"""Ten typical errors are reported at once, assert_cpu_below a second."""

import os
import subprocess
import sys
from pathlib import Path

from tests.examples import ROOT
from tests.loading.support import error_messages, write_file
from tests.measured import assert_cpu_below

_FILE = """\
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
    "endpoints.kmeans.image: must be an image URI with a registry and a tag or digest, of at most 255 characters, "
    'got "174872318107.dkr.ecr.us-west-2.amazonaws.com/kmeans"; '
    'use a value such as "174872318107.dkr.ecr.us-west-2.amazonaws.com/kmeans:1" [invalid-value]',
    "endpoints.kmeans.model_data_url: must be an S3 URI of a .tar.gz object, or of a prefix that ends with a slash, "
    'without wildcards, got "https://my-bucket.s3.amazonaws.com/model.tar.gz"; '
    'write "s3://my-bucket/model.tar.gz" [invalid-value]',
    "endpoints.kmeans.instance_type: must be a SageMaker hosting instance type, "
    'got "m5.xlarge"; did you mean "ml.m5.xlarge"? [invalid-value]',
    "endpoints.kmeans.instance_count: unknown key, got 1; did you mean initial_instance_count? [unknown-key]",
    'endpoints.kmeans.invokers[0]: must be an IAM role ARN, got "arn:aws:iam::111122223333:user/alice"; '
    'use a value such as "arn:aws:iam::111122223333:role/checkout-api" [invalid-value]',
    "endpoints.kmeans.data_capture.initial_sampling_percentage: must be an integer from 0 to 100, "
    "got 200; use 100 or less [invalid-value]",
    "endpoints.kmeans.relax.network_isolation: must be a reason of 10 to 200 characters, on one line and without "
    '$ { } %, got "because"; use a value such as "the container calls the feature store, RISK-881" [invalid-value]',
    'endpoints.kmeans.environments.prod: unknown environment, got "prod"; use dev [unknown-environment]',
    "environments.dev.account_id: must be an AWS account ID (12 digits, as a string), "
    'got 111122223333; write "111122223333" [invalid-value]',
    'project.name: required; add name = "kmeans" [required-key]',
]


def _run(folder: Path, *command: str) -> subprocess.CompletedProcess[str]:
    """Run Python with a command in a folder."""
    return subprocess.run(
        [sys.executable, *command],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT / "modules")},
        capture_output=True,
        text=True,
        check=False,
    )


def test_ten_errors_are_reported_in_the_order_of_the_file(tmp_path: Path) -> None:
    assert error_messages(tmp_path, _FILE) == _MESSAGES


def test_ten_errors_end_the_program_within_a_second_without_a_traceback(tmp_path: Path) -> None:
    write_file(tmp_path, _FILE)
    process = assert_cpu_below(1, lambda: _run(tmp_path, str(ROOT / "main.py")))
    assert process.returncode == 1
    assert process.stderr.splitlines() == _MESSAGES
    assert process.stdout == ""
    assert [file.name for file in tmp_path.iterdir()] == ["endpoints.toml"]


def test_errors_are_reported_before_anything_slow_is_imported(tmp_path: Path) -> None:
    write_file(tmp_path, _FILE)
    program = (
        "import atexit, runpy, sys\n"
        "names = {'cdktf', 'constructs', 'jsii', 'boto3', 'botocore', 'protected_endpoints.stacks.endpoint',"
        " 'protected_endpoints.loading.load'}\n"
        "atexit.register(lambda: print(*sorted(names & {*sys.modules})))\n"
        f"runpy.run_path({str(ROOT / 'main.py')!r}, run_name='__main__')\n"
    )
    process = _run(tmp_path, "-c", program)
    assert (process.returncode, process.stdout.split()) == (1, ["protected_endpoints.loading.load"])
