"""TERRAFORM_BINARY_NAME is the one setting for the program that runs as Terraform: nothing runs `terraform` itself."""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from protected_endpoints.commands.terraform import run_terraform, terraform_program, variables_for_cdktf
from protected_endpoints.errors import CommandError
from sandbox.workspace import Workspace
from tests.examples import ROOT

_SCRIPT = ROOT / "modules" / "protected_endpoints" / "commands" / "terraform.sh"
_SCRIPTS = sorted([*(ROOT / ".github" / "scripts").glob("*.sh"), *(ROOT / "scripts").glob("*.sh"), _SCRIPT])
_STACK = "dev-kmeans"
# A start of the program by this name, as opposed to a mention in a message or a comment.
_SHELL_CALL = re.compile(r"^[^#\n]*?(?:^\s*|[;|&({`!]\s*|\bexec\s+)terraform\s+[-a-z\"$]", re.MULTILINE)
_PYTHON_CALL = re.compile(r"""\[\s*["']terraform["']\s*,""")


@pytest.fixture
def renamed(tmp_path: Path) -> dict[str, str]:
    """Variables with Terraform as `other-terraform`, and a `terraform` on PATH that fails and leaves a trace."""
    programs = tmp_path / "bin"
    programs.mkdir()
    (programs / "other-terraform").symlink_to(str(shutil.which("terraform")))
    (programs / "terraform").write_text(f'#!/bin/sh\necho "$@" >>{tmp_path}/direct-calls\nexit 9\n')
    (programs / "terraform").chmod(0o755)
    path = os.pathsep.join([str(Path(sys.executable).parent), str(programs), os.environ["PATH"]])
    return {"PATH": path, "TERRAFORM_BINARY_NAME": "other-terraform"}


@pytest.fixture
def workspace(tmp_path: Path, terraform_environment: dict[str, str], renamed: dict[str, str]) -> Workspace:
    workspace = Workspace(tmp_path / "project", {**terraform_environment, **renamed})
    workspace.environment["PYTHONPATH"] = str(workspace.directory / "modules")
    workspace.synth()
    return workspace


def _run(workspace: Workspace, *command: str | Path, **variables: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command,
        cwd=workspace.directory,
        env={**workspace.environment, **variables},
        capture_output=True,
        text=True,
        check=False,
    )


def test_commands_and_scripts_of_workflows_run_the_program_of_the_setting(workspace: Workspace, tmp_path: Path) -> None:
    """One real plan, and every script as far as it comes without AWS: to its first answer of Terraform."""
    commands = (sys.executable, "-m", "protected_endpoints")
    planned = _run(workspace, *commands, "offline-plan", _STACK)
    assert "Plan: " in planned.stdout, planned.stderr
    (workspace.directory / "cdktf.out" / "stacks" / _STACK / "errored.tfstate").write_text("{}")
    saved = _run(workspace, ROOT / ".github/scripts/save_state.sh", "cdktf.out", _STACK)
    assert "could not be saved" in saved.stderr
    assert (
        f"other-terraform -chdir=cdktf.out/stacks/{_STACK} state push errored.tfstate"
        in _run(workspace, *commands, "synth").stderr
    )
    (workspace.directory / "cdktf.out" / "stacks" / _STACK / "errored.tfstate").unlink()
    outputs = {"GITHUB_OUTPUT": str(tmp_path / "outputs")}
    _run(workspace, ROOT / ".github/scripts/plan.sh", "plans", "cdktf.out", "cdktf.out", _STACK, **outputs)
    (workspace.directory / "plans").mkdir(exist_ok=True)
    _run(workspace, *commands, "recover", _STACK)
    _run(workspace, *commands, "tainted", _STACK)
    assert not (tmp_path / "direct-calls").exists(), (tmp_path / "direct-calls").read_text()


def test_cdktf_runs_the_program_of_the_setting_through_the_script(workspace: Workspace, tmp_path: Path) -> None:
    (tmp_path / "bin" / "cdktf").write_text(
        f'#!/bin/sh\ncd cdktf.out/stacks/{_STACK}\necho "$TERRAFORM_BINARY_NAME"\nexec "$TERRAFORM_BINARY_NAME" "$@"\n'
    )
    (tmp_path / "bin" / "cdktf").chmod(0o755)
    program = str(tmp_path / "bin" / "cdktf")
    finished = _run(workspace, sys.executable, "-m", "protected_endpoints", "with-mirror", program, "version", "-json")
    script, _, version = finished.stdout.partition("\n")
    assert script == str(workspace.directory / _SCRIPT.relative_to(ROOT))
    assert "terraform_version" in json.loads(version)
    assert not (tmp_path / "direct-calls").exists()


def test_the_check_of_tools_reads_the_version_of_the_program(tmp_path: Path) -> None:
    (tmp_path / "tofu").write_text("#!/bin/sh\necho 'OpenTofu v1.9.0'\n")
    (tmp_path / "tofu").chmod(0o755)
    variables = {"PATH": f"{tmp_path}{os.pathsep}{os.environ['PATH']}", "TERRAFORM_BINARY_NAME": "tofu"}
    checked = subprocess.run(
        ["sh", str(ROOT / "scripts" / "check_tools.sh")],
        env={**os.environ, **variables},
        capture_output=True,
        text=True,
        check=False,
    )
    assert "Terraform must be version 1.10 or newer, got 1.9.0" in checked.stderr


@pytest.mark.parametrize(
    ("setting", "wrapped", "program"),
    [
        (None, None, "terraform"),
        ("", "", "terraform"),
        ("tofu", None, "tofu"),
        ("/opt/tofu", "terraform", "/opt/tofu"),
        (str(_SCRIPT), None, "terraform"),  # as earlier versions documented for `cdktf deploy`
        (str(_SCRIPT), "tofu", "tofu"),
    ],
)
def test_the_script_never_wraps_itself(
    monkeypatch: pytest.MonkeyPatch, setting: str | None, wrapped: str | None, program: str
) -> None:
    for name, value in (("TERRAFORM_BINARY_NAME", setting), ("WRAPPED_TERRAFORM", wrapped)):
        monkeypatch.delenv(name, raising=False)
        if value is not None:
            monkeypatch.setenv(name, value)
    assert terraform_program() == program
    assert variables_for_cdktf() == {"TERRAFORM_BINARY_NAME": str(_SCRIPT), "WRAPPED_TERRAFORM": program}


@pytest.mark.parametrize("file", _SCRIPTS, ids=lambda file: file.name)
def test_no_script_starts_terraform_by_its_name(file: Path) -> None:
    assert _SHELL_CALL.findall(file.read_text(encoding="utf-8")) == []


def test_no_module_starts_terraform_by_its_name() -> None:
    files = [*(ROOT / "modules").rglob("*.py"), *(ROOT / "sandbox").rglob("*.py")]
    assert [file.name for file in files if _PYTHON_CALL.search(file.read_text(encoding="utf-8"))] == []


@pytest.mark.parametrize(
    "line",
    [
        "terraform -chdir=a init",
        "  terraform plan",
        "x=$(terraform show)",
        'exec terraform "$@"',
        "a && terraform apply",
    ],
)
def test_a_start_by_its_name_is_recognized(line: str) -> None:
    assert _SHELL_CALL.search(f"set -e\n{line}\n")
    assert not _SHELL_CALL.search(f"# {line}\n")


@pytest.mark.parametrize("program", ["./tofu", "/no such/tofu", "no-such-program"])
def test_a_program_that_cannot_be_started_is_named(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, program: str
) -> None:
    monkeypatch.setenv("TERRAFORM_BINARY_NAME", program)
    with pytest.raises(CommandError, match=rf"^{re.escape(program)}: cannot be started in .*; install Terraform"):
        run_terraform(("version",), folder=tmp_path, environment={})
