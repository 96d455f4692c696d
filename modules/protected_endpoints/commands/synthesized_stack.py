"""Run Terraform in the folder of a synthesized stack, as a person would type it there."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from protected_endpoints.commands.state_checks import refuse_other_states, refuse_unsaved_states
from protected_endpoints.errors import CommandError

STACKS = Path("cdktf.out/stacks")
# What Terraform says of a state that it cannot use, the most telling first: it says the last of any failure to lock.
LOCKED, _DAMAGED, _NOT_LOCKED = "Lock Info:", "Unsupported state file format", "Error acquiring the state lock"

# What fails after it was created can only be created anew, and is destroyed first.
_REPLACED_WHEN_TAINTED = ("aws_sagemaker_endpoint", "aws_vpc_endpoint")


class SynthesizedStack:
    """The folder of a synthesized stack, below the current directory, which is the project's.

    Raises `CommandError` where there is no such stack, and where Terraform would not see the state that has it.
    """

    def __init__(self, name: str) -> None:
        self.name, self.folder = name, STACKS / name
        refuse_other_states()
        refuse_unsaved_states(self.folder)
        self.local_state = Path(f"terraform.{name}.tfstate")
        if not self._file.is_file():
            known = ", ".join(sorted(folder.name for folder in STACKS.glob("*")))
            raise CommandError(f"there is no stack {name}; name one of {known or 'those that make synth writes'}")

    @property
    def content(self) -> dict[str, Any]:
        content: dict[str, Any] = json.loads(self._file.read_text())
        return content

    @property
    def is_local(self) -> bool:
        """Return whether there is a state beside the project, which Terraform leaves empty when it moves one itself."""
        return self.local_state.is_file() and self.local_state.stat().st_size > 0

    def recorded(self, *, folder: Path | None = None) -> list[dict[str, Any]]:
        """Return the resources in the state that Terraform was told to use; none where there is no state."""
        state = json.loads(self.capture("state", "pull", folder=folder).strip() or "{}")
        resources: list[dict[str, Any]] = state.get("resources", [])
        return resources

    def tainted(self, *, folder: Path | None = None) -> list[str]:
        """Return the addresses of what was made and is marked to be replaced, although that cannot succeed.

        Terraform marks what it could not follow to the end. To replace a key or bucket is refused (`prevent_destroy`).
        The others keep their names and are created before they are destroyed: AWS refuses the second of a name, or
        takes it for the first, which is then deleted.
        """
        return [
            f"{resource['type']}.{resource['name']}"
            for resource in self.recorded(folder=folder)
            if resource["type"] not in _REPLACED_WHEN_TAINTED
            and any(
                instance.get("status") == "tainted" and "deposed" not in instance  # deposed: is deleted, not replaced
                for instance in resource["instances"]
            )
        ]

    def untaint(self, *, folder: Path | None = None) -> None:
        """Keep what was made although Terraform was stopped at it; the next apply completes what it lacks."""
        for address in self.tainted(folder=folder):
            self.run("untaint", address, folder=folder)

    def init(self) -> None:
        """Let Terraform use the state that the configuration names, whatever it used before."""
        # HCP Terraform refuses the option, and needs none.
        reconfigure = () if "cloud" in self.content.get("terraform", {}) else ("-reconfigure",)
        self.capture("init", *reconfigure, "-input=false")

    def capture(self, *arguments: str, folder: Path | None = None) -> str:
        """Return what Terraform prints; raises `CommandError` with that if it fails."""
        finished = self._terraform(arguments, folder=folder, stdout=subprocess.PIPE)
        if finished.returncode:
            raise CommandError(f"{finished.stdout}{finished.stderr}{self._what_to_do(finished.stderr)}")
        return finished.stdout

    def run(self, *arguments: str, folder: Path | None = None) -> None:
        """Run Terraform as a person does, who sees what it prints and may be asked."""
        finished = self._terraform(arguments, folder=folder)
        if finished.returncode:
            raise CommandError(self._what_to_do(finished.stderr) or f"terraform {arguments[0]} of {self.name} failed")

    @property
    def _file(self) -> Path:
        return self.folder / "cdk.tf.json"

    def _terraform(
        self, arguments: tuple[str, ...], *, folder: Path | None = None, stdout: int | None = None
    ) -> subprocess.CompletedProcess[str]:
        """Return Terraform when it has ended by itself, also after Ctrl-C; raises `KeyboardInterrupt` then."""
        with _interrupts_left_to_terraform() as interrupts:
            finished = subprocess.run(
                ["terraform", *arguments],
                cwd=folder or self.folder,
                env={**os.environ, "TF_DATA_DIR": str((self.folder / ".terraform").resolve())},
                stdout=stdout,
                stderr=subprocess.PIPE,
                text=True,
                check=False,
            )
        if stdout is None:
            print(finished.stderr, end="", file=sys.stderr)
        if interrupts:
            raise KeyboardInterrupt
        return finished

    def _what_to_do(self, errors: str) -> str:
        if LOCKED in errors:
            return lock_message(self.name)
        if _DAMAGED in errors:
            return f"{self.name}: its state is damaged; docs/state.md says how to go back to an earlier version"
        if _NOT_LOCKED in errors:
            return (
                f"{self.name}: its state could not be locked, for the reason above, so nothing was changed; try again, "
                "and where access is denied as one of the deployers of its environment"
            )
        return ""


def lock_message(stack: str) -> str:
    """Return what to do when somebody else is applying."""
    return (
        f"{stack}: somebody else is at this state, as Who above says; wait until they are done and try again. "
        f"If nobody is, because it was killed: terraform -chdir={STACKS / stack} force-unlock ID, with the ID above"
    )


@contextmanager
def _interrupts_left_to_terraform() -> Iterator[list[int]]:
    """Collect the signals of Ctrl-C while Terraform runs, which has them itself, saves its state and unlocks it.

    Python would kill it after a quarter of a second, and leave the lock and what was being made without a trace.
    """
    received: list[int] = []
    before = signal.signal(signal.SIGINT, lambda number, _: received.append(number))
    try:
        yield received
    finally:
        signal.signal(signal.SIGINT, before)
