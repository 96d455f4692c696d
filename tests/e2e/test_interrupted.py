"""After Ctrl-C, or with variables of Terraform, the next command sees every resource, on the sandbox."""

import json
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from sandbox.emulator import Emulator
from tests.workspace import Workspace

_STATE = """region = "us-west-2"
deployers = ["arn:aws:iam::111122223333:role/platform"]

[environments.dev.state]
bucket = "acme-tfstate-dev"
create_bucket = true
"""


@pytest.fixture
def workspace(aws: Emulator, tmp_path: Path, terraform_environment: dict[str, str]) -> Workspace:
    workspace = Workspace(tmp_path / "project", {**terraform_environment, **aws.environment})
    workspace.edit('region = "us-west-2"\n', _STATE)
    workspace.synth()
    return workspace


def _bootstrap(workspace: Workspace, **environment: str) -> subprocess.Popen[str]:
    return _start(
        workspace, sys.executable, "-m", "protected_endpoints", "bootstrap", "dev", "-auto-approve", **environment
    )


def _start(workspace: Workspace, *command: str, **environment: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        command,
        cwd=workspace.directory,
        env={**workspace.environment, **environment},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )


def _tainted_key(state: str) -> str:
    """Return the key that a state has, which Terraform was interrupted at."""
    (recorded,) = [resource for resource in json.loads(state)["resources"] if resource["type"] == "aws_kms_key"]
    (instance,) = recorded["instances"]
    assert instance["status"] == "tainted"
    return str(instance["attributes"]["id"])


def _runs(process: Path, session: int) -> bool:
    try:
        return os.getsid(int(process.name)) == session
    except ProcessLookupError:  # it has ended in between
        return False


def _interrupt(process: subprocess.Popen[str], aws: Emulator, *, keys: int) -> str:
    """Press Ctrl-C when Terraform knows of another key and waits until it is complete; return what was printed."""
    kms, deadline = aws.client("kms"), time.monotonic() + 300
    while len([key for key in _keys(aws) if kms.get_key_rotation_status(KeyId=key)["KeyRotationEnabled"]]) < keys:
        assert time.monotonic() < deadline
        assert process.poll() is None
        time.sleep(0.05)
    os.killpg(process.pid, signal.SIGINT)
    printed, _ = process.communicate(timeout=300)
    assert "Traceback" not in printed
    return printed


def _keys(aws: Emulator) -> list[str]:
    return [key["KeyId"] for key in aws.client("kms").list_keys()["Keys"]]


@pytest.mark.parametrize(
    "variable", [{"TF_WORKSPACE": "mine"}, {"TF_DATA_DIR": "elsewhere"}, {"TF_CLI_ARGS_apply": "-state=other.tfstate"}]
)
def test_a_bootstrap_whose_state_would_go_elsewhere_makes_nothing(
    workspace: Workspace, aws: Emulator, variable: dict[str, str]
) -> None:
    process = _bootstrap(workspace, **variable)
    printed, _ = process.communicate(timeout=300)
    (name,) = variable
    assert (process.returncode, printed.splitlines()) == (
        1,
        [f"{name}: selects another state than the stack's, got {json.dumps(variable[name])}; run: unset {name}"],
    )
    assert _keys(aws) == []


def test_a_damaged_state_is_reported_as_damaged_and_not_as_locked(workspace: Workspace, aws: Emulator) -> None:
    (workspace.directory / "terraform.dev-state.tfstate").write_text('{"version": 4, "ser')
    process = _bootstrap(workspace)
    printed, _ = process.communicate(timeout=300)
    assert process.returncode == 1
    message = "dev-state: the state is damaged; docs/state.md explains how to restore an earlier version"
    assert printed.splitlines()[-1] == message
    assert "the state is locked" not in printed
    assert _keys(aws) == []


def test_a_state_that_a_bootstrap_could_not_save_is_saved_by_the_printed_command(workspace: Workspace) -> None:
    """Before the bucket exists, the state is a local file, and Terraform runs in a folder of its own."""
    local = workspace.directory / "terraform.dev-state.tfstate"
    local.write_text("damaged")
    _bootstrap(workspace).communicate(timeout=300)
    local.unlink()
    unsaved = workspace.directory / "cdktf.out" / "stacks" / "dev-state" / "local" / "errored.tfstate"
    output = {"state_bucket": {"value": "acme-tfstate-dev", "type": "string"}}
    unsaved.write_text(json.dumps({"version": 4, "serial": 1, "lineage": "5d5b60d1", "outputs": output}))
    printed, _ = _bootstrap(workspace).communicate(timeout=300)
    (save,) = re.findall(r"with valid credentials: (.+)", printed)
    saved = _start(workspace, "sh", "-c", save)
    printed, _ = saved.communicate(timeout=300)
    assert saved.returncode == 0, printed
    assert json.loads(local.read_text())["lineage"] == "5d5b60d1"
    assert not unsaved.exists()


def test_ctrl_c_in_a_bootstrap_leaves_no_lock_and_the_next_one_continues_with_the_same_key(
    workspace: Workspace, aws: Emulator
) -> None:
    process = _bootstrap(workspace)
    printed = _interrupt(process, aws, keys=1)
    assert (process.returncode, printed.splitlines()[-1]) == (130, "interrupted; run the command again to continue")
    assert not [folder for folder in Path("/proc").glob("[0-9]*") if _runs(folder, process.pid)]
    assert [*workspace.directory.glob(".*.lock.info")] == []
    (key,) = _keys(aws)
    assert _tainted_key((workspace.directory / "terraform.dev-state.tfstate").read_text()) == key
    again = _bootstrap(workspace)
    printed, _ = again.communicate(timeout=300)
    assert again.returncode == 0, printed
    assert "Resource instance aws_kms_key.Key has been successfully untainted." in printed
    assert _keys(aws) == [key]
    assert workspace.stack("dev-state").has_no_changes()


def test_ctrl_c_in_a_deployment_by_cdktf_leaves_no_lock_and_a_state_with_the_created_resources(
    workspace: Workspace, aws: Emulator
) -> None:
    """cdktf ends at once; the Terraform script of `make` continues until the state is saved."""
    before = _keys(aws)
    terraform = str(workspace.directory / "modules/protected_endpoints/commands/terraform.sh")
    command = ("cdktf", "deploy", "dev-kmeans", "--auto-approve")
    process = _start(workspace, *command, TERRAFORM_BINARY_NAME=terraform, CI="1")
    _interrupt(process, aws, keys=len(before) + 1)
    s3: Any = aws.client("s3")
    held, deadline = {"acme/dev-kmeans.tfstate.tflock"}, time.monotonic() + 60
    while "acme/dev-kmeans.tfstate.tflock" in held and time.monotonic() < deadline:
        held = {item["Key"] for item in s3.list_objects_v2(Bucket="acme-tfstate-dev")["Contents"]}
        time.sleep(0.2)
    assert held == {"acme/dev-state.tfstate", "acme/dev-kmeans.tfstate"}
    state = s3.get_object(Bucket="acme-tfstate-dev", Key="acme/dev-kmeans.tfstate")["Body"].read().decode()
    assert _tainted_key(state) in {*_keys(aws)} - {*before}
