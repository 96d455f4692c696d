"""The folder of a synthesized stack, and Terraform in it as a person would run it there."""

import json
import os
import subprocess
from pathlib import Path
from typing import Any

from protected_endpoints.commands.command_line import find_by_name
from protected_endpoints.commands.provider_lock import LOCK
from protected_endpoints.commands.state_checks import refuse_other_states, refuse_unsaved_states
from protected_endpoints.commands.terraform import run_terraform, terraform_program
from protected_endpoints.errors import CommandError

STACKS = Path("cdktf.out/stacks")
# What Terraform prints about a state that it cannot use, the most specific first: the last is printed in every case.
LOCKED, _DAMAGED, _NOT_LOCKED = "Lock Info:", "Unsupported state file format", "Error acquiring the state lock"
_OTHER_PROVIDER = "Provider dependency changes detected"

# These can only be replaced if their creation failed; Terraform destroys them first.
_REPLACED_WHEN_TAINTED = ("aws_sagemaker_endpoint", "aws_vpc_endpoint")


def synthesized_stacks() -> dict[str, Path]:
    """Return the folders of the synthesized stacks by name, below the current folder."""
    return {file.parent.name: file.parent for file in sorted(STACKS.glob("*/cdk.tf.json"))}


def find_stack(name: str) -> Path:
    """Return the folder of a synthesized stack; raises `CommandError` with the known names for another one."""
    stacks = synthesized_stacks()
    alternative = "" if stacks else "run make synth"
    return find_by_name("stack", name, stacks, message="not synthesized", alternative=alternative)


class SynthesizedStack:
    """The folder of a synthesized stack, below the current folder, which is the project's.

    Raises `CommandError` where the stack does not exist, and where Terraform would use another state than the stack's.
    """

    def __init__(self, name: str) -> None:
        self.name, self.folder = name, STACKS / name
        refuse_other_states()
        refuse_unsaved_states(self.folder)
        self.local_state = Path(f"terraform.{name}.tfstate")
        find_stack(name)

    @property
    def content(self) -> dict[str, Any]:
        content: dict[str, Any] = json.loads(self._file.read_text())
        return content

    @property
    def is_local(self) -> bool:
        """Return whether a local state exists; Terraform leaves an empty file when it migrates one."""
        return self.local_state.is_file() and self.local_state.stat().st_size > 0

    def recorded(self, *, folder: Path | None = None) -> list[dict[str, Any]]:
        """Return the resources in the state that Terraform is initialized with; none where there is no state."""
        state = json.loads(self.capture("state", "pull", folder=folder).strip() or "{}")
        resources: list[dict[str, Any]] = state.get("resources", [])
        return resources

    def tainted(self, *, folder: Path | None = None) -> list[str]:
        """Return the addresses of resources that exist and are marked for a replacement that cannot succeed.

        Terraform marks a resource whose creation it could not observe to the end. `prevent_destroy` refuses to replace
        a key or a bucket. The others keep their names and are created before they are destroyed: AWS refuses the second
        resource of a name, or returns the first one, which is then deleted.
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
        """Keep resources whose creation was interrupted; the next apply completes their settings."""
        for address in self.tainted(folder=folder):
            self.run("untaint", address, folder=folder)

    def init(self) -> None:
        """Initialize Terraform with the state of the configuration, whichever it used before."""
        # HCP Terraform refuses the option, and does not need it.
        reconfigure = () if "cloud" in self.content.get("terraform", {}) else ("-reconfigure",)
        self.capture("init", *reconfigure, "-input=false")

    def capture(self, *arguments: str, folder: Path | None = None) -> str:
        """Return the output of Terraform; raises `CommandError` with the output if it fails."""
        finished = self._terraform(arguments, folder=folder, stdout=subprocess.PIPE)
        if finished.returncode:
            raise CommandError(f"{finished.stdout}{finished.stderr}{self._suggestion(finished.stderr)}")
        return finished.stdout

    def run(self, *arguments: str, folder: Path | None = None) -> None:
        """Run Terraform with the terminal of the user, who sees the output and answers its questions."""
        finished = self._terraform(arguments, folder=folder)
        if finished.returncode:
            raise CommandError(self._suggestion(finished.stderr) or f"{self.name}: terraform {arguments[0]} failed")

    @property
    def _file(self) -> Path:
        return self.folder / "cdk.tf.json"

    def _terraform(
        self, arguments: tuple[str, ...], *, folder: Path | None = None, stdout: int | None = None
    ) -> subprocess.CompletedProcess[str]:
        """Run Terraform, with the lock file of a folder read-only.

        Terraform installs every provider that a state names, also if no configuration does, and runs its program with
        the credentials of the next command. With the lock file read-only, `init` fails at such a provider instead.
        """
        folder = folder or self.folder
        if arguments[0] == "init" and (folder / LOCK.name).is_file():
            arguments = (*arguments, "-lockfile=readonly")
        return run_terraform(
            arguments,
            folder=folder,
            environment={**os.environ, "TF_DATA_DIR": str((self.folder / ".terraform").resolve())},
            stdout=stdout,
        )

    def _suggestion(self, errors: str) -> str:
        if LOCKED in errors:
            return lock_message(self.name)
        if _OTHER_PROVIDER in errors:
            return (
                f"{self.name}: the state or the configuration names a provider that {LOCK} does not; stop if nobody "
                "added one, because Terraform would run its program with your credentials: docs/state.md explains how "
                f"to restore an earlier version. Otherwise add it to {LOCK} as the comment in the file describes"
            )
        if _DAMAGED in errors:
            return f"{self.name}: the state is damaged; docs/state.md explains how to restore an earlier version"
        if _NOT_LOCKED in errors:
            return (
                f"{self.name}: the state could not be locked for the reason above, and nothing was changed; retry, "
                "and if access is denied, use the role of a deployer of the environment, or of an administrator for "
                "the stack of the state"
            )
        return ""


def lock_message(stack: str) -> str:
    """Return what to do about a state that is locked."""
    return (
        f'{stack}: the state is locked by the user shown in "Who" above; retry when their run ends. If that run was '
        f"killed: {terraform_program()} -chdir={STACKS / stack} force-unlock ID, with the ID shown above"
    )
