"""The benchmark runs, and every row of its tables comes from a measurement."""

import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from bench.installed import program, versions
from tests.examples import ROOT

# A row of a table with numbers alone after its name, which can follow a number of endpoints.
_ROW = re.compile(r"\| (?:1 \| )?(?P<name>[^|]*[^|\d.][^|]*) \| (?P<cells>[\d.]+(?: \| [\d.]+)*) \|")
_MEASURED = [
    "this project",
    "this project on CDK Terrain",
    "CDKTF in JavaScript",
    "AWS CDK in Python",
    "AWS CDK in Python, unchecked",
    "first run",
    "a mistake",
    "this project, review",
    "checkov",
    "terraform show -json",
    "synthesize 5 endpoints; a review does it 4 times",
    "admit their stacks; a review does it 2 times",
    "find the stacks that differ",
    "`terraform init` of one stack, without a backend",
    "plan and show one stack, offline, `GOGC=400`",
    "the same with the default of Go",
    "review the plan of one stack",
    "review the plans of all 5",
    "one endpoint",
    "all 5",
]


@pytest.fixture
def terraform_path(tmp_path: Path, sharing_variables: dict[str, str]) -> str:
    """A PATH whose `terraform` shares processes of the provider: measured programs have few other variables.

    Its `init`, which is measured, installs the provider instead of a stand-in.
    """
    path = sharing_variables["PATH"]
    program = tmp_path / "terraform"
    names = [name for name in sharing_variables if name in {"PATH", "TF_REATTACH_PROVIDERS"}]
    variables = " ".join(shlex.quote(f"{name}={sharing_variables[name]}") for name in names)
    program.write_text(f'#!/bin/sh\nexec env {variables} {shutil.which("terraform", path=path)} "$@"\n')
    program.chmod(0o755)
    return os.pathsep.join([str(tmp_path), path])


def _bench(*arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "bench", *arguments],
        cwd=ROOT,
        env={**os.environ, **variables},
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_short_run_checks_and_measures_everything(terraform_path: str) -> None:
    finished = _bench("--quick", "--endpoints", "1", "--runs", "1", PATH=terraform_path)
    assert finished.returncode == 0, finished.stderr
    rows = [_ROW.fullmatch(line) for line in finished.stdout.splitlines()]
    measured = {row["name"]: [float(cell) for cell in row["cells"].split(" | ")] for row in rows if row}
    assert [*measured] == _MEASURED
    assert [name for name, (cost, *_) in measured.items() if cost <= 0] == []
    assert finished.stdout.startswith("Measured on 20")
    assert re.search(r"cdktf 0\.\d+.* cdktn 0\.\d+.* AWS provider \d+\.\d+", finished.stdout.replace("\n", " "))
    assert re.search(r"^ +\d+ s: a fleet, endpoints: 5$", finished.stderr, flags=re.MULTILINE)


def test_the_page_is_not_updated_from_a_part_of_the_measurements() -> None:
    page = (ROOT / "docs" / "speed.md").read_bytes()
    for arguments in (("--quick",), ("--endpoints", "1", "100")):
        finished = _bench("--update", *arguments)
        assert (finished.returncode, finished.stdout) == (2, "")
        assert "--update requires all measurements" in finished.stderr
    assert (ROOT / "docs" / "speed.md").read_bytes() == page


@pytest.mark.parametrize("arguments", [("--runs", "0"), ("--endpoints", "1", "-1")])
def test_nothing_is_measured_for_a_number_that_is_not_positive(arguments: tuple[str, ...]) -> None:
    finished = _bench(*arguments)
    assert (finished.returncode, finished.stdout) == (2, "")
    assert "must be positive" in finished.stderr


def test_a_tool_that_is_not_installed_is_an_error() -> None:
    with pytest.raises(SystemExit, match=r"^\.venv-other/bin/python: not installed; run: make bench$"):
        program(".venv-other")


def test_versions_are_those_of_the_installed_packages() -> None:
    pins = "\n".join(file.read_text(encoding="utf-8") for file in ROOT.glob("requirements*.in"))
    listed = dict(item.split(" ") for item in versions().split(", "))
    for package in ("cdktf", "cdktf-cdktf-provider-aws", "cdktn", "cdktn-provider-aws", "aws-cdk-lib", "checkov"):
        assert f"\n{package}=={listed[package]}\n" in f"\n{pins}\n"
    assert {"jsii", "Python", "Node", "Terraform"} <= listed.keys()
