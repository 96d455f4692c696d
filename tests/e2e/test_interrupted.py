"""Ctrl-C and variables of Terraform do not leave anything behind that the next command does not see, on the sandbox."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from sandbox.emulator import Emulator
from sandbox.workspace import Workspace

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
    return subprocess.Popen(
        [sys.executable, "-m", "modules.bootstrap", "dev", "-auto-approve"],
        cwd=workspace.directory,
        env={**workspace.environment, **environment},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )


def _state(workspace: Workspace) -> dict[str, Any]:
    state: dict[str, Any] = json.loads((workspace.directory / "terraform.dev-state.tfstate").read_text())
    return state


def _runs(process: Path, session: int) -> bool:
    try:
        return os.getsid(int(process.name)) == session
    except ProcessLookupError:  # it has ended in between
        return False


def _key_rotates(aws: Emulator) -> bool:
    kms = aws.client("kms")
    return any(kms.get_key_rotation_status(KeyId=key["KeyId"])["KeyRotationEnabled"] for key in kms.list_keys()["Keys"])


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
        [
            f"{name}: would have Terraform use another state than the stack's, got {json.dumps(variable[name])}; "
            f"unset it: unset {name}"
        ],
    )
    assert aws.client("kms").list_keys()["Keys"] == []


def test_ctrl_c_in_a_bootstrap_leaves_no_lock_and_the_next_one_goes_on_with_the_same_key(
    workspace: Workspace, aws: Emulator
) -> None:
    process = _bootstrap(workspace)
    deadline = time.monotonic() + 120
    while not _key_rotates(aws):  # so that Terraform knows which key was made, and waits until it is complete
        assert time.monotonic() < deadline
        assert process.poll() is None
        time.sleep(0.05)
    os.killpg(process.pid, signal.SIGINT)
    printed, _ = process.communicate(timeout=300)
    assert process.returncode == 130, printed
    assert printed.splitlines()[-1] == "interrupted; run it again to go on"
    assert "Traceback" not in printed
    assert not [each for each in Path("/proc").glob("[0-9]*") if _runs(each, process.pid)]
    assert [*workspace.directory.glob(".*.lock.info")] == []
    (key,) = aws.client("kms").list_keys()["Keys"]
    (recorded,) = [each for each in _state(workspace)["resources"] if each["type"] == "aws_kms_key"]
    assert recorded["instances"][0]["attributes"]["id"] == key["KeyId"]
    assert recorded["instances"][0]["status"] == "tainted"
    again = _bootstrap(workspace)
    printed, _ = again.communicate(timeout=300)
    assert again.returncode == 0, printed
    assert "Resource instance aws_kms_key.Key has been successfully untainted." in printed
    assert "0 destroyed" in printed
    assert [each["KeyId"] for each in aws.client("kms").list_keys()["Keys"]] == [key["KeyId"]]
    assert workspace.stack("dev-state").is_settled()
