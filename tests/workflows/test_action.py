"""The action reviews plans or folders of any repository, with its own code and the Python of the runner."""

import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.examples import EXAMPLES, ROOT
from tests.review.fragments import NEW_FIRST, raw
from tests.support import write_stacks

_FILE = ROOT / "action.yml"
_OPENED = {"aws_sagemaker_model.Model": (NEW_FIRST, {"name": "b", "enable_network_isolation": False})}


class _Runner:
    """A runner of GitHub with the checkout of another repository."""

    def __init__(self, folder: Path) -> None:
        self.checkout = folder / "checkout"
        (self.checkout / "plans").mkdir(parents=True)
        self._outputs, self._summary = folder / "outputs", folder / "summary"

    def plan(self, name: str, changed: dict[str, Any]) -> None:
        (self.checkout / "plans" / f"{name}.json").write_text(json.dumps(raw(changed)))

    def run(self, **inputs: str) -> subprocess.CompletedProcess[str]:
        """Run the step of the action, with the defaults of the inputs that are not set."""
        action = yaml.safe_load(_FILE.read_text())
        (step,) = action["runs"]["steps"]
        values = {**{name: input_["default"] for name, input_ in action["inputs"].items()}, **inputs}
        known = {f"${{{{ inputs.{name} }}}}": value for name, value in values.items()}
        variables = {
            name: known.get(value, value.replace("${{ github.action_path }}", str(ROOT)))
            for name, value in step["env"].items()
        }
        self._outputs.write_text("")
        return subprocess.run(
            ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", step["run"]],
            cwd=self.checkout,
            env={
                "PATH": os.environ["PATH"],
                "GITHUB_OUTPUT": str(self._outputs),
                "GITHUB_STEP_SUMMARY": str(self._summary),
                **variables,
            },
            capture_output=True,
            text=True,
            check=False,
        )

    @property
    def outputs(self) -> dict[str, str]:
        return dict(line.split("=", 1) for line in self._outputs.read_text().splitlines())

    @property
    def review(self) -> str:
        return (self.checkout / "review.md").read_text(encoding="utf-8")


@pytest.fixture
def runner(tmp_path: Path) -> _Runner:
    return _Runner(tmp_path)


def test_a_finding_that_blocks_fails_the_step(runner: _Runner) -> None:
    runner.plan("dev-kmeans", _OPENED)
    runner.plan("dev-fraud", {})
    done = runner.run(plans="plans/*.json", sarif="review.sarif")
    assert (done.returncode, done.stderr) == (2, "")
    assert "## 2 stacks: 1 blocked" in runner.review
    assert (runner.outputs["blocked"], len(runner.outputs["fingerprint"])) == ("true", 64)
    assert json.loads((runner.checkout / "review.sarif").read_text())["runs"][0]["results"]


def test_a_plan_without_findings_passes(runner: _Runner) -> None:
    runner.plan("dev-kmeans", {})
    assert runner.run(plans="plans/*.json").returncode == 0
    assert runner.outputs["blocked"] == "false"
    assert not [*runner.checkout.glob("*.sarif")]


def test_two_synthesized_folders_are_compared(runner: _Runner) -> None:
    write_stacks(EXAMPLES["example"], runner.checkout / "base")
    shutil.copytree(runner.checkout / "base", runner.checkout / "head")
    shutil.rmtree(next((runner.checkout / "head" / "stacks").iterdir()))
    assert runner.run(synthesized="base head").returncode == 2
    assert "`endpoint-down`" in runner.review
    assert runner.outputs["blocked"] == "true"


def test_an_acknowledged_finding_passes(runner: _Runner) -> None:
    runner.plan("dev-kmeans", _OPENED)
    assert runner.run(plans="plans/*.json").returncode == 2
    entry = runner.review.partition("```toml\n")[2].partition("\n```")[0]
    (runner.checkout / "review.toml").write_text(entry.replace('""', '"it calls the feature store"'))
    assert runner.run(plans="plans/*.json").returncode == 0
    missing = runner.run(plans="plans/*.json", acknowledged="another.toml")
    assert (missing.returncode, runner.outputs) == (1, {})
    assert missing.stderr.startswith("another.toml: cannot be read")


@pytest.mark.parametrize("plans", ["", "plans/none.json", "plans/*.json"])
def test_plans_that_cannot_be_read_fail_without_outputs(runner: _Runner, plans: str) -> None:
    (runner.checkout / "plans" / "damaged.json").write_text("{")
    done = runner.run(plans=plans)
    assert (done.returncode, done.stdout, runner.outputs) == (1, "", {})
    assert not (runner.checkout / "review.md").exists()


def test_no_file_of_the_checkout_is_run_or_taken_for_an_option(runner: _Runner) -> None:
    runner.plan("dev-kmeans", {})
    for name in ("argparse.py", "json.py", "sitecustomize.py", "usercustomize.py"):
        (runner.checkout / name).write_text("raise SystemExit('code of the checkout')\n")
    (runner.checkout / "protected_endpoints").mkdir()
    (runner.checkout / "protected_endpoints" / "__init__.py").write_text("raise SystemExit('code of the checkout')\n")
    assert runner.run(plans="plans/*.json").returncode == 0
    (runner.checkout / "--today=2020-01-01").write_text(json.dumps(raw(_OPENED)))
    assert runner.run(plans="*2020-01-01").returncode == 2


def test_an_old_python_is_one_message(runner: _Runner, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "python3").write_text("#!/bin/sh\nexit 1\n")
    (tmp_path / "bin" / "python3").chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path / 'bin'}:{os.environ['PATH']}")
    done = runner.run(plans="plans/*.json")
    assert (done.returncode, done.stdout) == (
        1,
        "::error::python3 must be 3.11 or newer; run actions/setup-python before this step\n",
    )


def test_it_checks_nothing_out_and_installs_nothing() -> None:
    assert not [line for line in _FILE.read_text().splitlines() if "uses:" in line or "pip " in line]
