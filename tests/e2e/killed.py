"""Terraform that is killed during its calls, and the command that recovers the created resources."""

import json
import subprocess
import sys
import time
from contextlib import ExitStack
from pathlib import Path

from sandbox.emulator import Emulator
from sandbox.faults import Fault
from tests.workspace import Workspace


def run(workspace: Workspace, *command: str, answer: str = "") -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command,
        cwd=workspace.directory,
        env=workspace.environment,
        input=answer,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )


def recover(workspace: Workspace, stack: str, *arguments: str, answer: str = "") -> subprocess.CompletedProcess[str]:
    return run(workspace, sys.executable, "-m", "protected_endpoints", "recover", stack, *arguments, answer=answer)


def kill_apply(aws: Emulator, workspace: Workspace, stack: str, *calls: str) -> None:
    """Kill an apply when the first of each call has taken effect without an answer.

    Every call of a kind is held, not the first alone: with two policies at the same time, the other one would let the
    apply continue with what depends on it.
    """
    with ExitStack() as faults:
        held = [faults.enter_context(aws.inject(Fault(call, held=True))) for call in calls]
        process = subprocess.Popen(
            ["terraform", "apply", "-auto-approve", "-input=false"],
            cwd=workspace.stack(stack).directory,
            env=workspace.environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.STDOUT,
        )
        try:
            for fault in held:
                fault.wait()
            _wait_until_written(workspace.directory / f"terraform.{stack}.tfstate")
        finally:
            process.kill()
            process.wait()


def _wait_until_written(state: Path) -> None:
    """Wait until Terraform has saved the resources that it has: a file that it was writing would be damaged."""
    before, now = None, _saved(state)
    while now is None or now != before:
        time.sleep(0.5)
        before, now = now, _saved(state)


def _saved(state: Path) -> object:
    """Return the content of a state, or None while it is being written."""
    try:
        return json.loads(state.read_text()) if state.exists() else {}
    except ValueError:
        return None
