"""The CDKTF command line works as in any CDKTF project, and shows errors as `python main.py` does."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from protected_endpoints.commands.provider_lock import LOCK
from protected_endpoints.commands.registry_mirror import mirrored_version
from protected_endpoints.errors import ConfigurationError
from protected_endpoints.loading.load import load
from sandbox.emulator import Emulator
from sandbox.workspace import ROOT, Workspace


@pytest.fixture
def workspace(aws: Emulator, tmp_path: Path, installing_environment: dict[str, str]) -> Workspace:
    return Workspace(tmp_path / "project", {**installing_environment, **aws.environment, "CI": "1", "FORCE_COLOR": "0"})


def _run(workspace: Workspace, *command: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command,
        cwd=workspace.directory,
        env=workspace.environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )


def _output(workspace: Workspace) -> bytes:
    return (workspace.directory / "cdktf.out" / "stacks" / "dev-kmeans" / "cdk.tf.json").read_bytes()


def test_cdktf_synth_and_main_write_the_same(workspace: Workspace) -> None:
    workspace.synth()
    by_main = _output(workspace)
    finished = _run(workspace, "cdktf", "synth")
    assert finished.returncode == 0, finished.stdout
    assert _output(workspace) == by_main


def test_cdktf_passes_the_variable_with_values_to_the_app(workspace: Workspace) -> None:
    workspace.environment["PROTECTED_ENDPOINTS_SET"] = "endpoints.kmeans.initial_instance_count=7"
    finished = _run(workspace, "cdktf", "synth")
    assert finished.returncode == 0, finished.stdout
    assert b'"initial_instance_count": 7' in _output(workspace)


def test_cdktf_diff_plans_in_a_fresh_folder(workspace: Workspace) -> None:
    finished = _run(workspace, "cdktf", "diff", "dev-kmeans")
    assert finished.returncode == 0, finished.stdout
    assert "Plan: 30 to add, 0 to change, 0 to destroy." in finished.stdout


def test_cdktf_does_not_upgrade_past_the_lock_file_whatever_range_the_project_names(workspace: Workspace) -> None:
    version = mirrored_version()
    if version:
        workspace.edit(f'aws_provider_version = "{version}"', 'aws_provider_version = "> 4.0, < 7"')
    workspace.synth()
    stack = workspace.stack("dev-kmeans")
    stack.init()
    shutil.move(stack.directory / LOCK, workspace.directory / LOCK)
    finished = _run(workspace, "cdktf", "diff", "dev-kmeans")
    assert "Reusing previous version of hashicorp/aws from the dependency lock file" in finished.stdout
    assert "Plan: 30 to add, 0 to change, 0 to destroy." in finished.stdout


def test_an_error_is_shown_by_cdktf_synth_and_nothing_is_written(workspace: Workspace) -> None:
    workspace.edit('"ml.m4.xlarge"', '"m5.xlarge"')
    finished = _run(workspace, "cdktf", "synth")
    assert finished.returncode != 0
    assert (
        'endpoints.kmeans.instance_type: must be a SageMaker hosting instance type, got "m5.xlarge"' in finished.stdout
    )
    assert "Traceback" not in finished.stdout
    assert not (workspace.directory / "cdktf.out" / "stacks").exists()


def test_fifty_errors_are_fifty_messages_of_cdktf_synth(workspace: Workspace) -> None:
    file = ROOT / "tests" / "loading" / "fifty_errors.toml"
    (workspace.directory / "endpoints.toml").write_text(file.read_text(encoding="utf-8"), encoding="utf-8")
    with pytest.raises(ConfigurationError) as raised:
        load(file)
    expected = [str(problem) for problem in raised.value.problems]
    finished = _run(workspace, "cdktf", "synth")
    assert finished.returncode != 0
    places = [finished.stdout.find(message) for message in expected]
    assert -1 not in places
    assert places == sorted(places)
    assert len(expected) == 50
    assert "Traceback" not in finished.stdout


def test_a_warning_is_printed_and_does_not_stop_the_synth(workspace: Workspace) -> None:
    workspace.edit('"ml.m4.xlarge"', '"ml.g5.xlarge"')
    finished = _run(workspace, sys.executable, "main.py")
    assert finished.returncode == 0
    assert "warning: endpoints.kmeans.instance_type: has local NVMe storage" in finished.stdout


def test_an_offline_plan_needs_no_account_and_does_not_change_the_stack(workspace: Workspace) -> None:
    workspace.synth()
    before = sorted((workspace.directory / "cdktf.out").rglob("*"))
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_ENDPOINT_URL"):
        workspace.environment.pop(name)
    workspace.environment["PYTHONPATH"] = str(ROOT / "modules")
    finished = _run(workspace, sys.executable, "-m", "protected_endpoints", "offline-plan", "dev-kmeans")
    assert finished.returncode == 0, finished.stdout
    assert "Plan: 30 to add, 0 to change, 0 to destroy." in finished.stdout
    assert sorted((workspace.directory / "cdktf.out").rglob("*")) == before
    unknown = _run(workspace, sys.executable, "-m", "protected_endpoints", "offline-plan", "prod-kmeans")
    assert unknown.stdout == 'stack: not synthesized, got "prod-kmeans"; use dev-kmeans\n'
    assert unknown.returncode == 1
