"""Move the local state of a stack to S3: `python -m modules.moving dev-kmeans`, or `make move-state STACK=dev-kmeans`.

It pushes, because Terraform then refuses to put a state over a newer one or over another stack's. What was moved stays
beside the project under another name. If it is interrupted, it can be repeated.
"""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from modules.load import Configuration

_STACKS = Path("cdktf.out/stacks")
_LOCKED = "Error acquiring the state lock"


class NotDone(Exception):
    """Raised with what was not done, and what to do."""


class StackFolder:
    """Define the folder of a synthesized stack, in the folder of the project."""

    def __init__(self, name: str) -> None:
        self.name, self.folder = name, _STACKS / name
        self.local_state = Path(f"terraform.{name}.tfstate")
        if not self._file.is_file():
            known = ", ".join(sorted(each.name for each in _STACKS.glob("*")))
            raise NotDone(f"there is no stack {name}; name one of {known or 'those that make synth writes'}")

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
        state = self.ask("state", "pull").strip()
        return bool(state and json.loads(state).get("resources"))

    def init(self) -> None:
        """Let Terraform use the state that the configuration names, whatever it used before."""
        self.ask("init", "-reconfigure", "-input=false")

    def ask(self, *arguments: str) -> str:
        """Return what Terraform prints; raises `NotDone` with that if it fails."""
        finished = subprocess.run(
            ["terraform", *arguments], cwd=self.folder, capture_output=True, text=True, check=False
        )
        if finished.returncode:
            raise NotDone(f"{finished.stdout}{finished.stderr}{self._what_to_do(finished.stderr)}")
        return finished.stdout

    def run(self, *arguments: str, folder: Path | None = None) -> None:
        """Run Terraform as a person does, who sees what it prints and may be asked."""
        environment = {**os.environ, "TF_DATA_DIR": str((self.folder / ".terraform").resolve())}
        finished = subprocess.run(
            ["terraform", *arguments],
            cwd=folder or self.folder,
            env=environment,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
        )
        print(finished.stderr, end="", file=sys.stderr)
        if finished.returncode:
            raise NotDone(self._what_to_do(finished.stderr) or f"terraform {arguments[0]} of {self.name} failed")

    @property
    def _file(self) -> Path:
        return self.folder / "cdk.tf.json"

    def _what_to_do(self, errors: str) -> str:
        return locked(self.name) if _LOCKED in errors else ""


def locked(stack: str) -> str:
    """Return what to do when somebody else is applying."""
    return (
        f"{stack}: somebody else is at this state, as Who above says; wait until they are done and try again. "
        f"If nobody is, because it was killed: terraform -chdir={_STACKS / stack} force-unlock ID, with the ID above"
    )


def move(stack: StackFolder) -> None:
    """Put the local state of a stack where its configuration says, and keep it beside the project as `.moved`."""
    backend = stack.content["terraform"].get("backend", {})
    if "s3" not in backend:
        raise NotDone(f"{stack.name}: has no state in S3; add a table [environments.<name>.state] and run make synth")
    if not stack.is_local:
        raise NotDone(f"{stack.name}: there is no state to move, because there is no {stack.local_state}")
    try:
        stack.init()
        stack.ask("state", "push", str(stack.local_state.resolve()))
    except NotDone as failure:
        raise NotDone(
            f"{failure}\n{stack.name}: was not moved, and its state is still in {stack.local_state}. Where access is "
            "denied: a bucket that is made lets in deployers of its environment alone, so move it as one of them. "
            "Where the bucket has another state of this stack, and that is the right one: rename the file"
        ) from None
    stack.local_state.rename(f"{stack.local_state}.moved")
    place = f"s3://{backend['s3']['bucket']}/{backend['s3']['key']}"
    print(f"{stack.name}: the state is in {place}; {stack.local_state}.moved is what it was", flush=True)


def left_behind(configuration: Configuration) -> list[str]:
    """Return the stacks with a state in S3 that have one beside the project as well: it would be made a second time."""
    endpoints = [each.names.stack for each in configuration.deployments if each.environment.state]
    networks = [each.names.network_stack for each in configuration.networks if each.environment.state]
    return [each for each in (*endpoints, *networks) if Path(f"terraform.{each}.tfstate").is_file()]


def main() -> None:
    """Move the states of the stacks that are named."""
    if not (stacks := sys.argv[1:]):
        sys.exit("usage: python -m modules.moving STACK...")
    try:
        for each in stacks:
            move(StackFolder(each))
    except NotDone as failure:
        sys.exit(str(failure))


if __name__ == "__main__":
    main()
