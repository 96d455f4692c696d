"""Run the scripts of a workflow's job as a runner of GitHub does, with stand-ins for its actions."""

import json
import re
import shutil
import subprocess
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from tests.examples import ROOT
from tests.workflows.artifacts import Artifacts

Json = dict[str, Any]
WORKFLOWS = {file.stem: file for file in sorted((ROOT / ".github" / "workflows").glob("*.yml"))}
_EXPRESSION = re.compile(r"\$\{\{ (.+?) \}\}")
_CHECKOUT, _UPLOAD, _DOWNLOAD, _CREDENTIALS = (
    "actions/checkout",
    "actions/upload-artifact",
    "actions/download-artifact",
    "aws-actions/configure-aws-credentials",
)
_TOOLS = {
    "./head/.github/actions/setup",
    "./base/.github/actions/setup",
    "actions/setup-python",
    "actions/setup-node",
}


def parsed(name: str) -> Json:
    """Return a workflow; YAML reads the key `on` as a boolean."""
    content: dict[Any, Any] = yaml.safe_load(WORKFLOWS[name].read_text())
    return {("on" if key is True else key): value for key, value in content.items()}


@dataclass
class Finished:
    """The result of a job."""

    outputs: dict[str, str] = field(default_factory=dict)
    failed: list[str] = field(default_factory=list)
    ran: list[str] = field(default_factory=list)
    printed: str = ""
    summary: str = ""

    @property
    def result(self) -> str:
        return "failure" if self.failed else "success"


class Runner:
    """A machine on which jobs run, with checkouts and the credentials of roles."""

    def __init__(
        self,
        directory: Path,
        environment: Mapping[str, str],
        *,
        checkouts: Mapping[str, Path],
        credentials: Callable[[str], Mapping[str, str]],
        artifacts: Artifacts | None = None,
    ) -> None:
        """Take the folder or the Git repository of each checkout by its path."""
        self.directory = directory
        self._environment, self._checkouts, self._credentials = environment, checkouts, credentials
        self._artifacts = artifacts

    def run(self, workflow: str, job: str, contexts: Json) -> Finished:
        """Return the result of a job whose steps see `contexts`; conditions decide which steps follow a failed one."""
        described = parsed(workflow)
        steps, finished = described["jobs"][job]["steps"], Finished()
        machine = self.directory / f"{workflow}-{job}-{len([*self.directory.iterdir()])}"
        (machine / "temp").mkdir(parents=True)
        seen = {**contexts, "steps": {}}
        variables = {
            **self._environment,
            "RUNNER_TEMP": str(machine / "temp"),
            "GITHUB_REPOSITORY": "acme/endpoints",
            "GITHUB_STEP_SUMMARY": str(machine / "summary.md"),
            **_resolved({**described.get("env", {}), **described["jobs"][job].get("env", {})}, seen),
        }
        for step in steps:
            if not _is_due(step.get("if"), seen, failed=bool(finished.failed)):
                continue
            if "uses" in step:
                variables.update(self._use(step, machine, seen, finished))
                continue
            finished.ran.append(step["name"])
            outputs = machine / "outputs"
            outputs.write_text("")
            process = subprocess.run(
                ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", step["run"]],
                cwd=machine / step.get("working-directory", described["defaults"]["run"]["working-directory"]),
                env={**variables, **_resolved(step.get("env", {}), seen), "GITHUB_OUTPUT": str(outputs)},
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
                check=False,
            )
            finished.printed += process.stdout
            if process.returncode:
                finished.failed.append(step["name"])
            if id_ := step.get("id"):
                lines = (line.partition("=") for line in outputs.read_text().splitlines())
                seen["steps"][id_] = {"outputs": {name: value for name, _, value in lines}}
        summary = machine / "summary.md"
        finished.summary = summary.read_text() if summary.exists() else ""
        finished.outputs = _resolved(described["jobs"][job].get("outputs", {}), seen)
        return finished

    def _use(self, step: Json, machine: Path, seen: Json, finished: Finished) -> Mapping[str, str]:
        """Do what the action of a step does, and return the variables that it sets."""
        action, inputs = step["uses"].partition("@")[0], _resolved(step.get("with", {}), seen)
        if action == _CHECKOUT:
            assert inputs["persist-credentials"] == "False"
            source, target = self._checkouts[inputs["path"]], machine / inputs["path"]
            if (source / "HEAD").exists():
                subprocess.run(["git", "clone", "--quiet", source, target], check=True)
            else:
                shutil.copytree(source, target)
            return {}
        if action == _UPLOAD:
            assert self._artifacts
            id_ = self._artifacts.upload(machine, inputs)
            seen["steps"][step.get("id", action)] = {"outputs": {"artifact-id": id_}}
            return {}
        if action == _DOWNLOAD:
            assert self._artifacts
            if not self._artifacts.download(machine, inputs):
                finished.failed.append(action)
            return {}
        if action == _CREDENTIALS:
            return {"AWS_REGION": inputs["aws-region"], **self._credentials(inputs["role-to-assume"])}
        assert action in _TOOLS, f"{action} has no stand-in"
        return {}


def _is_due(condition: str | None, seen: Json, *, failed: bool) -> bool:
    """Return whether a step runs: its condition is about earlier steps, or a conjunction of comparisons."""
    if condition == "always()":
        return True
    if condition in ("failure()", "failure() || cancelled()"):
        return failed
    return not failed and _all_hold(condition or "", seen)


def job_is_due(job: Json, seen: Json) -> bool:
    """Return whether a job runs; without a status function, all jobs that it needs have to succeed."""
    condition = re.sub(r"^\$\{\{ | \}\}$", "", " ".join(str(job.get("if", "")).split()))
    if condition == "always()":
        return True
    needs = [job["needs"]] if isinstance(job.get("needs"), str) else job.get("needs", [])
    if "!cancelled()" not in condition and any(seen["needs"][name]["result"] != "success" for name in needs):
        return False
    return _all_hold(condition.replace("!cancelled() && ", ""), seen)


def _all_hold(condition: str, seen: Json) -> bool:
    return all(_holds(part, seen) for part in condition.split(" && ") if part)


def _holds(comparison: str, seen: Json) -> bool:
    if comparison.startswith("!"):
        return not _value(comparison[1:], seen)
    left, operator, right = comparison.split(" ")
    expected = right.strip("'") if right.startswith("'") else _value(right, seen)
    return (_value(left, seen) == expected) is (operator == "==")


def _resolved(table: Json, seen: Json) -> dict[str, str]:
    return {
        name: _EXPRESSION.sub(lambda match: _text(_value(match[1], seen)), str(value)) for name, value in table.items()
    }


def _value(expression: str, seen: Json) -> Any:
    """Return the value of an expression; an unknown name is an error, except for outputs of steps and jobs."""
    if whole := re.fullmatch(r"toJSON\((\w+)\)", expression):
        return json.dumps(seen[whole[1]])
    found: Any = seen
    for part in expression.split("."):
        if part not in found and (expression.startswith("steps.") or ".outputs." in expression):
            return ""
        found = found[part]
    return found


def _text(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
