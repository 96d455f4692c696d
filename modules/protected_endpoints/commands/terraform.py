"""Run Terraform in a folder, and let it end by itself after Ctrl-C."""

import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from protected_endpoints.errors import CommandError

_PROGRAM, _WRAPPED, _DEFAULT = "TERRAFORM_BINARY_NAME", "WRAPPED_TERRAFORM", "terraform"
_SCRIPT = Path(__file__).with_name("terraform.sh")


def terraform_program() -> str:
    """Return the program that runs as Terraform, `terraform` by default, from the variable that `cdktf` reads as well.

    It is a name on PATH, such as `tofu`, or an absolute path, because it runs in the folders of stacks.
    """
    program = os.environ.get(_PROGRAM) or _DEFAULT
    # The script is for cdktf alone: for commands it would only be a detour.
    return os.environ.get(_WRAPPED) or _DEFAULT if Path(program).name == _SCRIPT.name else program


def variables_for_cdktf() -> dict[str, str]:
    """Return the variables with which `cdktf` runs Terraform through `terraform.sh`, which explains why."""
    return {_PROGRAM: str(_SCRIPT), _WRAPPED: terraform_program()}


def run_terraform(
    arguments: tuple[str, ...],
    *,
    folder: Path,
    environment: Mapping[str, str],
    stdout: int | None = None,
    stderr: int = subprocess.PIPE,
) -> subprocess.CompletedProcess[str]:
    """Return the finished process.

    Raises `KeyboardInterrupt` after Terraform ended because of Ctrl-C, and `CommandError` where it cannot be started.
    Output that is not captured goes to the terminal. Errors are printed then as well, when Terraform has ended.
    """
    with _interrupts_left_to_terraform() as interrupts:
        program = terraform_program()
        try:
            finished = subprocess.run(
                [program, *arguments],
                cwd=folder,
                env=environment,
                stdout=stdout,
                stderr=stderr,
                text=True,
                check=False,
            )
        except OSError as error:
            raise CommandError(
                f"{program}: cannot be started in {folder} ({error.strerror}); install Terraform, or set {_PROGRAM} to "
                "a name on PATH or an absolute path"
            ) from None
    if stdout is None:
        print(finished.stderr, end="", file=sys.stderr)
    if interrupts:
        raise KeyboardInterrupt
    return finished


class Terraform:
    """A folder of Terraform JSON and the environment variables with which Terraform runs there."""

    def __init__(self, directory: Path, environment: Mapping[str, str]) -> None:
        self.directory = directory
        self._environment = environment

    def run(self, *arguments: str, accept: tuple[int, ...] = (0,)) -> subprocess.CompletedProcess[str]:
        """Return the finished process with its whole output in `stdout`.

        Raises `CommandError` with the output for an exit code that is not in `accept`.
        """
        finished = run_terraform(
            (*arguments, "-no-color"),
            folder=self.directory,
            environment=self._environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )
        if finished.returncode not in accept:
            raise CommandError(f"{terraform_program()} {' '.join(arguments)} in {self.directory}:\n{finished.stdout}")
        return finished

    def init(self) -> None:
        self.run("init", "-input=false")

    def plan(self) -> dict[str, Any]:
        """Return the plan in the format of `terraform show -json`."""
        self.run("plan", "-input=false", "-out=plan.bin")
        plan: dict[str, Any] = json.loads(self.run("show", "-json", "plan.bin").stdout)
        return plan

    def remove_from_state(self, address: str) -> None:
        """Remove a resource from the state; the resource itself stays."""
        self.run("state", "rm", address)

    def has_no_changes(self) -> bool:
        """Return whether a plan is empty."""
        return self.run("plan", "-input=false", "-detailed-exitcode", accept=(0, 2)).returncode == 0


@contextmanager
def _interrupts_left_to_terraform() -> Iterator[list[int]]:
    """Collect the signals of Ctrl-C while Terraform runs.

    Terraform receives them as well, saves its state and releases the lock. Python would kill it after a quarter of a
    second, and leave the lock in place and created resources out of the state. Signals are handled in the main thread
    alone, so nothing is collected in another one.
    """
    received: list[int] = []
    if threading.current_thread() is not threading.main_thread():
        yield received
        return
    previous = signal.signal(signal.SIGINT, lambda number, _: received.append(number))
    try:
        yield received
    finally:
        signal.signal(signal.SIGINT, previous)
