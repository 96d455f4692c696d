"""How commands run Terraform: they wait for it after Ctrl-C, and use no other state than the stack's."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from modules.synthesized_stack import CommandError, SynthesizedStack
from tests.unit.support import ROOT

# Ends two seconds after Ctrl-C, as Terraform does when it has saved its state.
_SLOW_TO_END = """#!/bin/sh
trap 'sleep 2; echo "saved $1" >>saved; exit 1' INT
touch started
while :; do sleep 0.1; done
"""
_COMMAND = """
from modules.synthesized_stack import SynthesizedStack, command_line
with command_line():
    SynthesizedStack("dev-kmeans").{0}("apply")
"""
_LOCK_INFO = "Error: Error acquiring the state lock\n\nLock Info:\n  ID:  4c8d0f3e\n"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of a stack below the current directory, which comes first on PATH."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
    folder = tmp_path / "cdktf.out" / "stacks" / "dev-kmeans"
    folder.mkdir(parents=True)
    (folder / "cdk.tf.json").write_text("{}")
    return folder


def _terraform(folder: Path, script: str) -> None:
    program = folder.parent.parent.parent / "terraform"
    program.write_text(script)
    program.chmod(0o755)


@pytest.mark.parametrize("way", ["run", "capture"])
def test_ctrl_c_waits_for_terraform_and_ends_with_one_line(folder: Path, way: str) -> None:
    _terraform(folder, _SLOW_TO_END)
    process = subprocess.Popen(
        [sys.executable, "-c", _COMMAND.format(way)],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    deadline = time.monotonic() + 30
    while not (folder / "started").exists():
        assert time.monotonic() < deadline
        time.sleep(0.05)
    os.killpg(process.pid, signal.SIGINT)
    _, errors = process.communicate(timeout=30)
    assert (process.returncode, errors) == (130, "interrupted; run it again to go on\n")
    assert (folder / "saved").read_text() == "saved apply\n"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("TF_WORKSPACE", "mine"),
        ("TF_DATA_DIR", "/elsewhere"),
        ("TF_CLI_ARGS", "-state=other.tfstate"),
        ("TF_CLI_ARGS_apply", "-lock-timeout=10m -state-out other.tfstate"),
        ("TF_CLI_ARGS_init", "--backend-config=bucket=other"),
    ],
)
def test_a_variable_that_selects_another_state_is_refused(
    folder: Path, monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(CommandError) as raised:
        SynthesizedStack("dev-kmeans")
    assert str(raised.value) == (
        f'{name}: would have Terraform use another state than the stack\'s, got "{value}"; unset it: unset {name}'
    )


def test_other_variables_of_terraform_are_taken(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TF_WORKSPACE", "")
    monkeypatch.setenv("TF_CLI_ARGS_apply", "-lock-timeout=10m")
    monkeypatch.setenv("TF_PLUGIN_CACHE_DIR", "/a/cache-state")
    _terraform(folder, "#!/bin/sh\necho $TF_CLI_ARGS_apply")
    assert SynthesizedStack("dev-kmeans").capture("apply") == "-lock-timeout=10m\n"


def test_both_ways_to_run_terraform_keep_its_notes_in_the_folder_of_the_stack(folder: Path) -> None:
    _terraform(folder, '#!/bin/sh\necho "$TF_DATA_DIR" >>seen')
    stack, scratch = SynthesizedStack("dev-kmeans"), folder / "scratch"
    scratch.mkdir()
    stack.run("init", folder=scratch)
    stack.capture("init")
    assert (scratch / "seen").read_text() == (folder / "seen").read_text() == f"{folder / '.terraform'}\n"


@pytest.mark.parametrize(("errors", "is_told"), [(_LOCK_INFO, True), (_LOCK_INFO[:40], False)])
def test_somebody_else_is_told_of_only_where_terraform_says_who(folder: Path, errors: str, is_told: bool) -> None:
    _terraform(folder, f"#!/bin/sh\nprintf '{errors}' >&2\nexit 1")
    with pytest.raises(CommandError) as raised:
        SynthesizedStack("dev-kmeans").run("apply")
    assert ("dev-kmeans: somebody else is at this state" in str(raised.value)) is is_told
