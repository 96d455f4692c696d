"""A stand-in for GitHub: a repository with a pull request, and a `gh` that records its arguments."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from protected_endpoints.commands.provider_lock import LOCK
from sandbox.emulator import Emulator
from sandbox.workspace import ROOT, Workspace
from tests.workflows.artifacts import Artifacts
from tests.workflows.runner import Finished, Runner, job_is_due, parsed

Json = dict[str, Any]

REPOSITORY = "acme/endpoints"
PRIVATE = "not-to-be-printed"  # the value of an environment variable that must not be printed
_GH = """#!/bin/sh
case "$*" in
*--paginate*) cat "$GH_FOLDER/earlier" ;;
*)
  echo "$*" >>"$GH_FOLDER/calls"
  for each in "$@"; do case $each in body=@*) cat "${each#body=@}" >>"$GH_FOLDER/body" ;; esac; done
  ;;
esac
"""
# The packages are those of the tests, and the user is the same.
_SUDO = """#!/bin/sh
[ "$1" = --user=nobody ] && shift && exec "$@"
"""
_PYTHON = f"""#!/bin/sh
case "$1 $2" in
"-m venv") mkdir -p "$3/bin" && cp "$0" "$3/bin/python" ;;
"-m pip") ;;
*) exec {sys.executable} "$@" ;;
esac
"""
_GIT_USER = {
    f"GIT_{who}_{what}": value
    for who in ("AUTHOR", "COMMITTER")
    for what, value in (("NAME", "me"), ("EMAIL", "me@example.com"))
}


def write_programs(folder: Path) -> None:
    """Write the programs of a runner of GitHub that tests replace."""
    folder.mkdir(parents=True)
    for name, program in (("gh", _GH), ("sudo", _SUDO), ("python", _PYTHON)):
        (folder / name).write_text(program)
        (folder / name).chmod(0o755)


class GitHub:
    """A repository: the main branch, a pull request, and the comments of the pull request."""

    def __init__(self, aws: Emulator, folder: Path, environment: Mapping[str, str]) -> None:
        self.aws, self._folder, self.machines = aws, folder, folder / "machines"
        # Reviews share the sessions of their roles, and so the processes of the provider.
        self._credentials = cache(aws.credentials)
        self._gh = folder / "gh"
        write_programs(self._gh)
        self.origin = folder / "origin"
        subprocess.run(["git", "init", "--quiet", "--bare", "--initial-branch=main", self.origin], check=True)
        (self.origin / "info" / "exclude").write_text("cdktf.out\n__pycache__\n*.tfstate*\n.terraform\n")
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

    def pull_request(
        self, head: Workspace, *, base: Workspace | None = None, of: str = REPOSITORY, variables: Json | None = None
    ) -> dict[str, Finished]:
        """Run the jobs of the review workflow that are due, and return their results by name."""
        for name in ("calls", "body"):
            (self._gh / name).unlink(missing_ok=True)
        directory = self.machines / f"run-{len([*self.machines.iterdir()]) if self.machines.exists() else 0}"
        (directory / "artifacts").mkdir(parents=True)
        runner = Runner(
            directory,
            self._environment,
            checkouts={"base": self.origin},
            credentials=lambda arn: self._credentials(arn.rsplit("/", 1)[1]),
            artifacts=Artifacts(directory / "artifacts"),
        )
        merged = self._commit(base or self.main, "refs/heads/main")
        commit = self._commit(head, "refs/pull/7/head", parent=merged)
        contexts = {
            "github": {
                "event": {"pull_request": {"number": 7, "head": {"sha": commit, "repo": {"full_name": of}}}},
                "repository": REPOSITORY,
                "token": "token",
            },
            "vars": variables or {},
            "needs": {},
        }
        finished: dict[str, Finished] = {}
        for name, job in parsed("review")["jobs"].items():
            entries: list[Json] = [{}]
            if due := job_is_due(job, contexts):
                if matrix := job.get("strategy", {}).get("matrix"):
                    expression = matrix["include"].removeprefix("${{ fromJSON(needs.").removesuffix(") }}")
                    needed, _, output = expression.split(".")
                    entries = json.loads(contexts["needs"][needed]["outputs"][output])
                for entry in entries:
                    finished[name] = runner.run("review", name, {**contexts, "matrix": entry})
                    assert PRIVATE not in finished[name].printed + finished[name].summary
            done = finished[name] if due else None
            contexts["needs"][name] = {
                "result": done.result if done else "skipped",
                "outputs": done.outputs if done else {},
            }
        return finished

    def _commit(self, workspace: Workspace, ref: str, *, parent: str = "") -> str:
        """Commit the files of a workspace to the repository, and return the commit."""
        environment = {
            **os.environ,
            **_GIT_USER,
            "GIT_DIR": str(self.origin),
            "GIT_WORK_TREE": str(workspace.directory),
            "GIT_INDEX_FILE": str(self.origin / "index-of-tests"),
        }

        def git(*arguments: str) -> str:
            command = ["git", *arguments]
            return subprocess.run(
                command, env=environment, check=True, text=True, stdout=subprocess.PIPE
            ).stdout.strip()

        git("add", "--all", ".")
        commit = git("commit-tree", git("write-tree"), "-m", "a change", *(["-p", parent] if parent else []))
        git("update-ref", ref, commit)
        return commit

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

    def earlier_comments(self, *lines: str) -> None:
        """Let GitHub have comments: the ID and the first line of each."""
        (self._gh / "earlier").write_text("".join(f"{line}\n" for line in lines))

    @property
    def call(self) -> str:
        """The arguments of the call that changes something in GitHub."""
        return (self._gh / "calls").read_text() if (self._gh / "calls").exists() else ""

    @property
    def comment(self) -> str:
        return (self._gh / "body").read_text()

    def _checkout(self, name: str, environment: Mapping[str, str], like: Workspace | None = None) -> Workspace:
        checkout = Workspace(self._folder / name, dict(environment))
        (checkout.directory / "modules").unlink()  # a link
        # With the compiled modules, but without those that another process is writing.
        for folder in ("modules", ".github"):
            shutil.copytree(ROOT / folder, checkout.directory / folder, ignore=shutil.ignore_patterns("*.pyc.*"))
        if like:
            for file in ("endpoints.toml", LOCK):
                shutil.copy(like.directory / file, checkout.directory)
        return checkout
