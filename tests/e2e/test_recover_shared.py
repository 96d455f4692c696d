"""Recovery of the stacks that endpoints share, and of a stack whose state is in S3, on the sandbox."""

import os
import re
import signal
import subprocess
import sys
from pathlib import Path

from sandbox.emulator import Emulator
from sandbox.faults import Fault
from tests.e2e.killed import kill_apply, recover, run
from tests.network import Vpc
from tests.workspace import Workspace

_BUCKET = "acme-tfstate-dev"
_DEPLOYERS = 'region = "us-west-2"\ndeployers = ["arn:aws:iam::111122223333:role/platform"]\n'
_STATE = f'[environments.dev.state]\nbucket = "{_BUCKET}"\n'
_NOT_RECORDED = ('initial_sampling_percentage = 100\ncapture_mode = "All"', "enable_capture = false")


def _workspace(aws: Emulator, directory: Path, environment: dict[str, str], *edits: tuple[str, str]) -> Workspace:
    workspace = Workspace(directory / "project", {**environment, **aws.environment})
    for edit in edits:
        workspace.edit(*edit)
    workspace.synth()
    return workspace


def test_private_endpoints_whose_state_was_lost_are_imported(
    aws: Emulator, tmp_path: Path, terraform_environment: dict[str, str]
) -> None:
    table = Vpc.create(aws).table("dev")
    workspace = _workspace(
        aws, tmp_path, terraform_environment, ("[endpoints.kmeans]\n", f"{table}\n[endpoints.kmeans]\n")
    )
    terraform = workspace.stack("dev-network")
    terraform.init()
    terraform.run("apply", "-auto-approve")
    (workspace.directory / "terraform.dev-network.tfstate").unlink()
    recovered = recover(workspace, "dev-network", "--auto-approve")
    assert recovered.returncode == 0, recovered.stdout
    assert recovered.stdout.count("import   ") == 3, recovered.stdout
    assert "if the plan above is correct, run: make deploy STACK=dev-network." in recovered.stdout
    terraform.run("apply", "-auto-approve")
    assert terraform.has_no_changes()
    ec2 = aws.client("ec2")
    assert len(ec2.describe_vpc_endpoints()["VpcEndpoints"]) == 2


def test_a_killed_bootstrap_continues_with_its_bucket_and_its_key(
    aws: Emulator, tmp_path: Path, terraform_environment: dict[str, str]
) -> None:
    managed = f"{_STATE}create_bucket = true\n\n[endpoints.kmeans]\n"
    workspace = _workspace(
        aws,
        tmp_path,
        terraform_environment,
        ('region = "us-west-2"\n', _DEPLOYERS),
        ("[endpoints.kmeans]\n", managed),
    )
    command = [sys.executable, "-m", "protected_endpoints", "bootstrap", "dev", "-auto-approve"]
    with (
        aws.inject(Fault("kms:CreateKey", held=True, times=1)) as key,
        aws.inject(Fault(f"s3:PUT /{_BUCKET}", held=True, times=1)) as bucket,
    ):
        bootstrap = subprocess.Popen(
            command,
            cwd=workspace.directory,
            env=workspace.environment,
            stdin=subprocess.DEVNULL,
            start_new_session=True,
        )
        key.wait()
        bucket.wait()
        _kill_session(bootstrap)
    refused = run(workspace, *command)
    assert refused.returncode == 1
    recovered = recover(workspace, "dev-state", "--auto-approve")
    assert recovered.returncode == 0, recovered.stdout
    assert f"import   aws_s3_bucket.Bucket <- {_BUCKET}" in recovered.stdout
    assert "run: make bootstrap ENVIRONMENT=dev." in recovered.stdout
    again = run(workspace, *command)
    assert again.returncode == 0, again.stdout
    assert workspace.stack("dev-state").has_no_changes()


def test_the_lock_of_a_killed_apply_is_reported_first_and_the_printed_command_releases_it(
    aws: Emulator, tmp_path: Path, terraform_environment: dict[str, str]
) -> None:
    """A state in S3 is saved every 20 seconds, so the bucket contains none of the created resources."""
    aws.client("iam").create_role(RoleName="checkout-api", AssumeRolePolicyDocument='{"Statement":[]}')
    location = {"LocationConstraint": aws.region}
    aws.client("s3").create_bucket(Bucket="acme-elsewhere", CreateBucketConfiguration=location)
    state = _STATE.replace(_BUCKET, "acme-elsewhere")
    workspace = _workspace(
        aws, tmp_path, terraform_environment, ("[endpoints.kmeans]\n", f"{state}\n[endpoints.kmeans]\n"), _NOT_RECORDED
    )
    terraform = workspace.stack("dev-kmeans")
    terraform.init()
    kill_apply(aws, workspace, "dev-kmeans", "iam:CreateRole")
    locked = recover(workspace, "dev-kmeans", "--auto-approve")
    assert locked.returncode == 1
    assert "import   " not in locked.stdout
    (id_,) = re.findall(r"ID: +(\S+)", locked.stdout)
    (command,) = re.findall(r"terraform -chdir=\S+ force-unlock ID", locked.stdout)
    freed = run(workspace, "sh", "-c", command.replace("unlock ID", f"unlock -force {id_}"))
    assert freed.returncode == 0, freed.stdout
    recovered = recover(workspace, "dev-kmeans", "--auto-approve")
    assert recovered.returncode == 0, recovered.stdout
    assert "import   aws_iam_role.Role <- acme-dev-kmeans-exec-de91fccc" in recovered.stdout
    terraform.run("apply", "-auto-approve")
    assert terraform.has_no_changes()


def _kill_session(process: subprocess.Popen[bytes]) -> None:
    """Kill a process and its children."""
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()
