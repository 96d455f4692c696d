"""Run Terraform in the folder of a synthesized stack, as a person would type it there."""

import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from modules.problems import ConfigurationError

_STACKS = Path("cdktf.out/stacks")
_LOCKED = "Lock Info:"  # any other failure to lock is one to reach or to read the state
_INTERRUPTED = 130  # what a shell reports of a command that ended by Ctrl-C
# Terraform's variables that select another state than the one in the configuration, or other notes of which one it is.
_SELECT_A_STATE = ("TF_WORKSPACE", "TF_DATA_DIR")
_OPTIONS_OF_STATE = re.compile(r"-(state|state-out|backend|backend-config)\b")


class CommandError(Exception):
    """Raised with what a command did not do, and what to do about it."""


class SynthesizedStack:
    """The folder of a synthesized stack, below the current directory, which is the project's.

    Raises `CommandError` where there is no such stack, and where a variable of the environment would have Terraform
    use another state than the stack's.
    """

    def __init__(self, name: str) -> None:
        refuse_other_states()
        self.name, self.folder = name, _STACKS / name
        self.local_state = Path(f"terraform.{name}.tfstate")
        if not self._file.is_file():
            known = ", ".join(sorted(folder.name for folder in _STACKS.glob("*")))
            raise CommandError(f"there is no stack {name}; name one of {known or 'those that make synth writes'}")

    @property
    def content(self) -> dict[str, Any]:
        content: dict[str, Any] = json.loads(self._file.read_text())
        return content

    @property
    def is_local(self) -> bool:
        """Return whether there is a state beside the project, which Terraform leaves empty when it moves one itself."""
        return self.local_state.is_file() and self.local_state.stat().st_size > 0

    @property
    def has_resources(self) -> bool:
        """Return whether there is anything in the state that Terraform was told to use."""
        state = self.capture("state", "pull").strip()
        return bool(state and json.loads(state).get("resources"))

    def init(self) -> None:
        """Let Terraform use the state that the configuration names, whatever it used before."""
        self.capture("init", "-reconfigure", "-input=false")

    def capture(self, *arguments: str) -> str:
        """Return what Terraform prints; raises `CommandError` with that if it fails."""
        finished = self._terraform(arguments, stdout=subprocess.PIPE)
        if finished.returncode:
            raise CommandError(f"{finished.stdout}{finished.stderr}{self._what_to_do(finished.stderr)}")
        return finished.stdout

    def run(self, *arguments: str, folder: Path | None = None) -> None:
        """Run Terraform as a person does, who sees what it prints and may be asked."""
        finished = self._terraform(arguments, folder=folder)
        print(finished.stderr, end="", file=sys.stderr)
        if finished.returncode:
            raise CommandError(self._what_to_do(finished.stderr) or f"terraform {arguments[0]} of {self.name} failed")

    @property
    def _file(self) -> Path:
        return self.folder / "cdk.tf.json"

    def _terraform(
        self, arguments: tuple[str, ...], *, folder: Path | None = None, stdout: int | None = None
    ) -> subprocess.CompletedProcess[str]:
        """Return Terraform when it has ended by itself, also after Ctrl-C; raises `KeyboardInterrupt` then."""
        with _interrupts_left_to_terraform():
            return subprocess.run(
                ["terraform", *arguments],
                cwd=folder or self.folder,
                env={**os.environ, "TF_DATA_DIR": str((self.folder / ".terraform").resolve())},
                stdout=stdout,
                stderr=subprocess.PIPE,
                text=True,
                check=False,
            )

    def _what_to_do(self, errors: str) -> str:
        return lock_message(self.name) if _LOCKED in errors else ""


def lock_message(stack: str) -> str:
    """Return what to do when somebody else is applying."""
    return (
        f"{stack}: somebody else is at this state, as Who above says; wait until they are done and try again. "
        f"If nobody is, because it was killed: terraform -chdir={_STACKS / stack} force-unlock ID, with the ID above"
    )


def refuse_other_states() -> None:
    """Raise `CommandError` for variables of the environment that lead Terraform to another state than the stack's.

    What is applied into a workspace or a file of which the next command knows nothing would be made a second time.
    """
    for name, value in sorted(os.environ.items()):
        selects = name in _SELECT_A_STATE and value
        if selects or (name.startswith("TF_CLI_ARGS") and _OPTIONS_OF_STATE.search(value)):
            raise CommandError(
                f"{name}: would have Terraform use another state than the stack's, got {json.dumps(value)}; "
                f"unset it: unset {name}"
            )


@contextmanager
def command_line() -> Iterator[None]:
    """End this process with one message where a command failed or was interrupted, and never with a traceback."""
    try:
        yield
    except (ConfigurationError, CommandError) as failure:
        sys.exit(str(failure))
    except KeyboardInterrupt:
        print("interrupted; run it again to go on", file=sys.stderr)
        sys.exit(_INTERRUPTED)


@contextmanager
def _interrupts_left_to_terraform() -> Iterator[None]:
    """Wait for Terraform after Ctrl-C: it has the signal itself, saves its state and gives up its lock.

    Python would kill it after a quarter of a second, and leave the lock and what was being made without a trace.
    """
    received: list[int] = []
    before = signal.signal(signal.SIGINT, lambda number, _: received.append(number))
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
    if received:
        raise KeyboardInterrupt
