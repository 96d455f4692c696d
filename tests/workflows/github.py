"""A stand-in for GitHub: a repository with a pull request, and a `gh` that records its arguments."""

import os
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from protected_endpoints.commands.provider_lock import LOCK
from sandbox.emulator import Emulator
from sandbox.workspace import ROOT, Workspace
from tests.workflows.runner import Finished, Runner

Json = dict[str, Any]

PRIVATE = "not-to-be-printed"  # the value of an environment variable that must not be printed
_GH = """#!/bin/sh
case "$*" in
*--paginate*) cat "$GH_FOLDER/earlier" ;;
*)
  echo "$*" >>"$GH_FOLDER/calls"
  for each in "$@"; do case $each in body=@*) cp "${each#body=@}" "$GH_FOLDER/body" ;; esac; done
  ;;
esac
"""


class GitHub:
    """A repository: the main branch, a pull request, and the comments of the pull request."""

    def __init__(self, aws: Emulator, folder: Path, environment: Mapping[str, str]) -> None:
        self.aws, self._folder, self.machines = aws, folder, folder / "machines"
        self._gh = folder / "gh"
        self._gh.mkdir(parents=True)
        (self._gh / "gh").write_text(_GH)
        (self._gh / "gh").chmod(0o755)
        self.main = self._checkout("main", environment)
        self._environment = {**self.main.environment, "GH_FOLDER": str(self._gh)}
        self._environment["PATH"] = os.pathsep.join([str(self._gh), self._environment["PATH"]])
        # Workflows and the listings of the documentation set these themselves.
        for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_REGION", "AWS_DEFAULT_REGION", "PYTHONPATH"):
            del self._environment[name]
        self._branches = 0

    def branch(self, *edits: tuple[str, str]) -> Workspace:
        """Return a copy of main with some edits of endpoints.toml."""
        self._branches += 1
        branch = self._checkout(f"branch-{self._branches}", self.main.environment, like=self.main)
        for old, new in edits:
            branch.edit(old, new)
        return branch

    def run(
        self, workflow: str, job: str, contexts: Json, *, head: Workspace, base: Workspace | None = None
    ) -> Finished:
        for name in ("calls", "body"):
            (self._gh / name).unlink(missing_ok=True)
        self.machines.mkdir(exist_ok=True)
        runner = Runner(
            self.machines,
            self._environment,
            checkouts={"head": head.directory, "base": (base or head).directory},
            credentials=lambda arn: self.aws.credentials(arn.rsplit("/", 1)[1]),
        )
        finished = runner.run(workflow, job, contexts)
        assert PRIVATE not in finished.printed + finished.summary
        return finished

    def shell(self, text: str, folder: Path, *, role: str) -> str:
        """Run a listing with the credentials of a role, and return its output."""
        process = subprocess.run(
            ["bash", "-eo", "pipefail", "-c", text],
            cwd=folder,
            env={**self._environment, "AWS_REGION": self.aws.region, **self.aws.credentials(role)},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        assert process.returncode == 0, process.stdout
        return process.stdout

    def earlier_comment(self, id_: str) -> None:
        (self._gh / "earlier").write_text(id_)

    @property
    def call(self) -> str:
        """The arguments of the call that changes something in GitHub."""
        return (self._gh / "calls").read_text() if (self._gh / "calls").exists() else ""

    @property
    def comment(self) -> str:
        return (self._gh / "body").read_text()

    def _checkout(self, name: str, environment: Mapping[str, str], like: Workspace | None = None) -> Workspace:
        checkout = Workspace(self._folder / name, dict(environment))
        shutil.copytree(ROOT / ".github", checkout.directory / ".github")
        if like:
            for file in ("endpoints.toml", LOCK):
                shutil.copy(like.directory / file, checkout.directory)
        return checkout
