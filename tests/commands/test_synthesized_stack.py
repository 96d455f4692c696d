"""Commands wait for Terraform after Ctrl-C, and print what to do about a state that it cannot use."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from protected_endpoints.commands.recover.state_copy import Copy, State
from protected_endpoints.commands.synthesized_stack import SynthesizedStack
from protected_endpoints.errors import CommandError
from tests.examples import ROOT

# Ends two seconds after Ctrl-C, as Terraform does when it has saved its state.
_SLOW_TO_END = """#!/bin/sh
trap 'sleep 2; echo "saved $1" >>saved; exit 1' INT
touch started
while :; do sleep 0.1; done
"""
_COMMAND = """
from protected_endpoints.commands.command_line import command_line
from protected_endpoints.commands.synthesized_stack import SynthesizedStack
with command_line():
    SynthesizedStack("dev-kmeans").{0}("apply")
"""
_NOT_LOCKED = "Error: Error acquiring the state lock"


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
        env={**os.environ, "PYTHONPATH": str(ROOT / "modules")},
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
    assert (process.returncode, errors) == (130, "interrupted; run the command again to continue\n")
    assert (folder / "saved").read_text() == "saved apply\n"


def test_terraform_keeps_its_data_in_the_folder_of_the_stack(folder: Path) -> None:
    _terraform(folder, '#!/bin/sh\necho "$TF_DATA_DIR" >>seen')
    stack, scratch = SynthesizedStack("dev-kmeans"), folder / "scratch"
    scratch.mkdir()
    stack.run("init", folder=scratch)
    stack.capture("init")
    assert (scratch / "seen").read_text() == (folder / "seen").read_text() == f"{folder / '.terraform'}\n"


@pytest.mark.parametrize("way", ["run", "capture"])
@pytest.mark.parametrize(
    ("errors", "advice"),
    [
        (f"{_NOT_LOCKED}\n\nLock Info:\n  ID:  4c8d0f3e\n", "the state is locked by the user shown in"),
        (
            f"{_NOT_LOCKED}: Unsupported state file format",
            "the state is damaged; docs/state.md explains how to",
        ),
        (f"{_NOT_LOCKED}: StatusCode: 403, AccessDenied", "the state could not be locked for the reason above"),
        (f"{_NOT_LOCKED}: StatusCode: 500", "the state could not be locked for the reason above"),
    ],
)
def test_each_reason_for_a_failed_lock_has_its_own_suggestion(folder: Path, way: str, errors: str, advice: str) -> None:
    _terraform(folder, f"#!/bin/sh\nprintf '{errors}' >&2\nexit 1")
    with pytest.raises(CommandError) as raised:
        getattr(SynthesizedStack("dev-kmeans"), way)("apply")
    assert f"dev-kmeans: {advice}" in str(raised.value)
    assert str(raised.value).count("dev-kmeans: ") == 1


def test_who_may_write_a_state_is_an_administrator_for_the_stack_of_the_state(folder: Path) -> None:
    _terraform(folder, f"#!/bin/sh\nprintf '{_NOT_LOCKED}: StatusCode: 403, AccessDenied' >&2\nexit 1")
    with pytest.raises(CommandError, match="the role of a deployer of the environment, or of an administrator for the"):
        SynthesizedStack("dev-kmeans").run("apply")


def test_terraform_does_not_run_in_a_stack_with_an_unsaved_state(folder: Path) -> None:
    (folder / "errored.tfstate").write_text("{}")
    with pytest.raises(CommandError, match=r"dev-kmeans/errored.tfstate: contains the only record"):
        SynthesizedStack("dev-kmeans")


def test_deposed_instances_are_not_untainted(folder: Path) -> None:
    instances = {"A": [{"status": "tainted", "deposed": "1f"}], "B": [{"deposed": "2e"}, {"status": "tainted"}]}
    resources = [{"type": "aws_iam_role", "name": name, "instances": held} for name, held in instances.items()]
    _terraform(folder, f"#!/bin/sh\necho '{json.dumps({'resources': resources})}'")
    assert SynthesizedStack("dev-kmeans").tainted() == ["aws_iam_role.B"]


@pytest.mark.parametrize(
    ("settings", "seen"),
    [({"cloud": {}}, "init -input=false\n"), ({"backend": {"s3": {}}}, "init -reconfigure -input=false\n")],
)
def test_hcp_terraform_is_not_asked_to_reconfigure(folder: Path, settings: dict[str, object], seen: str) -> None:
    (folder / "cdk.tf.json").write_text(json.dumps({"terraform": settings}))
    _terraform(folder, '#!/bin/sh\necho "$@" >>seen')
    SynthesizedStack("dev-kmeans").init()
    assert (folder / "seen").read_text() == seen


@pytest.mark.parametrize(
    ("state", "of_file"),
    [('{"resources": [{"name": "in the file"}]}', True), ('{"encrypted_data": "x"}', False), (None, False)],
    ids=["as Terraform writes it", "encrypted by OpenTofu", "none"],
)
def test_the_copy_of_a_state_is_read_without_terraform_where_possible(
    folder: Path, tmp_path: Path, state: str | None, of_file: bool
) -> None:
    (folder / "cdk.tf.json").write_text(json.dumps({"terraform": {}}))
    _terraform(folder, '#!/bin/sh\necho \'{"resources": [{"name": "printed"}]}\'')
    (tmp_path / "copy").mkdir()
    copy = Copy(SynthesizedStack("dev-kmeans"), tmp_path / "copy")
    if state:
        copy.state.write_text(state)
    assert copy.recorded() == [{"name": "in the file" if of_file else "printed"}]


def test_a_state_that_has_changed_in_the_meantime_is_not_replaced(folder: Path) -> None:
    (folder / "cdk.tf.json").write_text(json.dumps({"terraform": {}, "resource": {}}))
    _terraform(folder, '#!/bin/sh\necho "$@" >>seen\ncase "$*" in "state pull") cat serial ;; esac')
    (folder / "serial").write_text("1")
    state = State(SynthesizedStack("dev-kmeans"))
    assert state.pull() == "1"
    (folder / "serial").write_text("5")
    with pytest.raises(CommandError, match="the state has changed in the meantime"):
        state.push(folder / "serial")
    assert "state push" not in (folder / "seen").read_text()
