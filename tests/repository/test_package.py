"""The package can be built and installed without a network, and works from any folder once it is installed."""

import json
import os
import shutil
import subprocess
import sys
import sysconfig
import textwrap
import tomllib
import venv
from pathlib import Path
from zipfile import ZipFile

import pytest

from tests.examples import ROOT

_SOURCES = ("pyproject.toml", "requirements.in", "README.md")
_README = (ROOT / "README.md").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The package, built from a copy of its sources: a build leaves files beside them."""
    folder = tmp_path_factory.mktemp("sources")
    for name in _SOURCES:
        shutil.copy(ROOT / name, folder)
    shutil.copytree(ROOT / "modules", folder / "modules", ignore=shutil.ignore_patterns("__pycache__"))
    _pip("wheel", "--no-deps", "--no-build-isolation", "--wheel-dir", str(folder), str(folder))
    (file,) = folder.glob("*.whl")
    return file


@pytest.fixture(scope="module")
def bare(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The programs of a virtual environment that has the package and nothing else."""
    return _environment(tmp_path_factory.mktemp("bare"), wheel)


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The programs of a virtual environment that has the package, and finds its dependencies in the project's one."""
    folder = tmp_path_factory.mktemp("installed")
    programs = _environment(folder, wheel)
    (site_packages,) = folder.glob("lib/python*/site-packages")
    (site_packages / "dependencies.pth").write_text(sysconfig.get_path("purelib"), encoding="utf-8")
    return programs


def _environment(folder: Path, wheel: Path) -> Path:
    venv.create(folder, symlinks=True)
    _pip("--python", str(folder / "bin" / "python"), "install", "--no-deps", str(wheel))
    return folder / "bin"


def _pip(*arguments: str) -> None:
    finished = _run(Path.cwd(), sys.executable, "-m", "pip", "--no-input", "--quiet", *arguments, PIP_NO_INDEX="1")
    assert finished.returncode == 0, finished.stderr


def _run(folder: Path, *command: str | Path, **variables: str) -> subprocess.CompletedProcess[str]:
    outside = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    return subprocess.run(
        command, cwd=folder, env={**outside, **variables}, capture_output=True, text=True, check=False
    )


def _block(language: str) -> str:
    """Return the first code block of a language in the README."""
    return textwrap.dedent(_README.partition(f"```{language}\n")[2].partition("```")[0])


def test_the_package_contains_its_data_and_its_types(wheel: Path) -> None:
    with ZipFile(wheel) as archive:
        files = {info.filename: info.external_attr >> 16 for info in archive.infolist()}
    data = {str(file.relative_to(ROOT / "modules")) for file in (ROOT / "modules").rglob("*.*") if file.is_file()}
    assert {name for name in data if "__pycache__" not in name} - files.keys() == set()
    assert "protected_endpoints/py.typed" in files
    assert files["protected_endpoints/commands/terraform.sh"] & 0o111


def test_the_package_requires_exactly_the_pins_of_requirements_in(installed: Path, tmp_path: Path) -> None:
    code = "from importlib.metadata import metadata as m; print(*m('protected-endpoints').get_all('Requires-Dist'))"
    lines = (ROOT / "requirements.in").read_text(encoding="utf-8").splitlines()
    assert _run(tmp_path, installed / "python", "-c", code).stdout.split() == [
        line for line in lines if not line.startswith("#")
    ]


def test_the_build_uses_the_pinned_setuptools() -> None:
    build = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["build-system"]
    (pin,) = build["requires"]
    assert f"\n{pin}\n" in (ROOT / "requirements-dev.in").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    "command", [("protected-endpoints", "review"), ("python", "-m", "protected_endpoints.review")], ids=" ".join
)
def test_the_review_needs_no_other_package(bare: Path, tmp_path: Path, command: tuple[str, ...]) -> None:
    program, *arguments = command
    assert "No module named 'pydantic'" in _run(tmp_path, bare / "python", "-c", "import pydantic").stderr
    plan = ROOT / "tests" / "plans" / "first-plan.json"
    reviewed = _run(tmp_path, bare / program, *arguments, plan)
    assert reviewed.returncode in {0, 2}, reviewed.stderr
    assert reviewed.stdout.startswith("<!-- endpoint-review ")


def test_the_help_text_needs_no_other_package(bare: Path, tmp_path: Path) -> None:
    shown = _run(tmp_path, bare / "protected-endpoints", "--help")
    assert (shown.returncode, shown.stderr) == (0, "")
    assert shown.stdout.startswith("usage: protected-endpoints COMMAND [ARGUMENTS]\n")


def test_an_installed_package_checks_and_synthesizes_the_first_endpoint(installed: Path, tmp_path: Path) -> None:
    (tmp_path / "endpoints.toml").write_text(_block("toml"), encoding="utf-8")
    checked = _run(tmp_path, installed / "protected-endpoints", "check")
    assert (checked.returncode, checked.stdout) == (0, "valid: 1 endpoint in 1 environment\n"), checked.stderr
    synthesized = _run(tmp_path, installed / "protected-endpoints", "synth")
    assert (synthesized.returncode, synthesized.stdout) == (0, "written to cdktf.out\n"), synthesized.stderr
    assert (tmp_path / "cdktf.out" / "stacks" / "dev-kmeans" / "cdk.tf.json").is_file()


def test_an_installed_package_synthesizes_the_python_example(installed: Path, tmp_path: Path) -> None:
    finished = _run(tmp_path, installed / "python", "-c", _block("python"))
    assert finished.returncode == 0, finished.stderr
    stack = json.loads((tmp_path / "cdktf.out" / "stacks" / "dev-kmeans" / "cdk.tf.json").read_text(encoding="utf-8"))
    (attachment,) = stack["resource"]["aws_iam_role_policy_attachment"].values()
    assert attachment["role"] == "checkout-api"


def test_an_installed_package_synthesizes_the_example_app(installed: Path, tmp_path: Path) -> None:
    app = tmp_path / "app"
    shutil.copytree(ROOT / "examples" / "app", app, ignore=shutil.ignore_patterns("__pycache__", "cdktf.out"))
    synthesized = _run(app, installed / "python", "main.py")
    assert (synthesized.returncode, "Warning" in synthesized.stderr) == (0, False), synthesized.stderr
    stack = json.loads((app / "cdktf.out" / "stacks" / "serving" / "cdk.tf.json").read_text())
    assert {"aws_sagemaker_endpoint", "aws_lambda_function"} <= stack["resource"].keys()
