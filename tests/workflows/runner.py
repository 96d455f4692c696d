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

Json = dict[str, Any]
WORKFLOWS = {file.stem: file for file in sorted((ROOT / ".github" / "workflows").glob("*.yml"))}
_EXPRESSION = re.compile(r"\$\{\{ (.+?) \}\}")
_CHECKOUT, _SETUP, _CREDENTIALS = (
    "actions/checkout",
    "./head/.github/actions/setup",
    "aws-actions/configure-aws-credentials",
)


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


class Runner:
    """A machine on which jobs run, with checkouts and the credentials of roles."""

    def __init__(
        self,
        directory: Path,
        environment: Mapping[str, str],
        *,
        checkouts: Mapping[str, Path],
        credentials: Callable[[str], Mapping[str, str]],
    ) -> None:
        self.directory = directory
        self._environment, self._checkouts, self._credentials = environment, checkouts, credentials

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
                variables.update(self._use(step, machine, seen))
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

    def _use(self, step: Json, machine: Path, seen: Json) -> Mapping[str, str]:
        """Do what the action of a step does, and return the variables that it sets."""
        action, inputs = step["uses"].partition("@")[0], _resolved(step.get("with", {}), seen)
        if action == _CHECKOUT:
            assert inputs["persist-credentials"] == "False"
            shutil.copytree(self._checkouts[inputs["path"]], machine / inputs["path"])
            return {}
        if action == _CREDENTIALS:
            return {"AWS_REGION": inputs["aws-region"], **self._credentials(inputs["role-to-assume"])}
        assert action == _SETUP, f"{action} has no stand-in"
        return {}


def _is_due(condition: str | None, seen: Json, *, failed: bool) -> bool:
    """Return whether a step runs: its condition is about earlier steps, or a conjunction of comparisons."""
    if condition == "always()":
        return True
    if condition == "failure() || cancelled()":
        return failed
    return not failed and all(_holds(part, seen) for part in (condition or "").split(" && ") if part)


def _holds(comparison: str, seen: Json) -> bool:
    if comparison.startswith("!"):
        return not _value(comparison[1:], seen)
    left, operator, right = comparison.split(" ")
    return (_value(left, seen) == right.strip("'")) is (operator == "==")


def _resolved(table: Json, seen: Json) -> dict[str, str]:
    return {
        name: _EXPRESSION.sub(lambda match: _text(_value(match[1], seen)), str(value)) for name, value in table.items()
    }


def _value(expression: str, seen: Json) -> Any:
    """Return the value of an expression; an unknown name is an error, except for outputs of steps."""
    if whole := re.fullmatch(r"toJSON\((\w+)\)", expression):
        return json.dumps(seen[whole[1]])
    found: Any = seen
    for part in expression.split("."):
        if expression.startswith("steps.") and part not in found:
            return ""
        found = found[part]
    return found


def _text(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
