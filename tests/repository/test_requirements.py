"""All packages are pinned with their hashes, so that pip refuses a package that was replaced."""

import re
from importlib.metadata import distributions
from pathlib import Path

import pytest
from packaging.requirements import Requirement

ROOT = Path(__file__).parent.parent.parent
_PACKAGES_OF = {
    "requirements": 10,
    "requirements-dev": 50,
    "requirements-scan": 50,
    "requirements-bench": 10,
    "requirements-cdktn": 10,
    "requirements-uv": 1,
}
# Installed in this order: scripts/install_packages.sh installs one package at a time.
_WITH_THE_SAME_FILE = {frozenset({"aws_cdk_cloud_assembly_schema", "aws_cdk_lib"})}
# A version for some Pythons or systems has a marker; every line of a requirement but the last one continues.
_PINNED = re.compile(r"([\w.-]+)(?:\[\w+\])?==([\w.]+)(?: ; [^\\]+?)?((?: \\\n    --hash=sha256:[0-9a-f]{64})+)\n")


def _pins(name: str) -> set[tuple[str, str]]:
    return {(_normalized(pin[1]), pin[2]) for pin in _PINNED.finditer((ROOT / f"{name}.txt").read_text())}


def _normalized(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


@pytest.mark.parametrize(("name", "least"), _PACKAGES_OF.items())
def test_every_line_is_a_package_with_its_version_and_its_hashes(name: str, least: int) -> None:
    text = re.sub(r"^#.*\n", "", (ROOT / f"{name}.txt").read_text(), flags=re.MULTILINE)
    assert len(_pins(name)) >= least
    assert _PINNED.sub("", text) == ""


def _required(name: str) -> set[tuple[str, str]]:
    asked = re.findall(r"^([\w.-]+)(?:\[\w+\])?==(\S+)$", (ROOT / f"{name}.in").read_text(), flags=re.MULTILINE)
    return {(_normalized(package), version) for package, version in asked}


@pytest.mark.parametrize("name", _PACKAGES_OF)
def test_every_required_package_is_pinned(name: str) -> None:
    assert _required(name)
    assert _required(name) - _pins(name) == set()


def test_the_requirements_with_cdk_terrain_differ_only_in_the_framework() -> None:
    for pins in (_required, _pins):
        with_cdktf, with_cdk_terrain = pins("requirements"), pins("requirements-cdktn")
        assert {name for name, _ in with_cdktf - with_cdk_terrain} == {"cdktf", "cdktf-cdktf-provider-aws"}
        assert {name for name, _ in with_cdk_terrain - with_cdktf} == {"cdktn", "cdktn-provider-aws"}


def test_tests_run_with_the_pinned_runtime_packages() -> None:
    assert _pins("requirements") - _pins("requirements-dev") == set()


def test_the_dependencies_of_a_pinned_package_are_pinned_as_well() -> None:
    pinned = dict(_pins("requirements-dev"))
    installed = {_normalized(package.metadata["Name"]): package.requires or [] for package in distributions()}
    needed = {
        (package, _normalized(requirement.name))
        for package in pinned.keys() & installed.keys()
        for requirement in map(Requirement, installed[package])
        if requirement.marker is None or requirement.marker.evaluate({"extra": ""})
    }
    assert len(needed) >= 50
    assert {(package, need) for package, need in needed if need not in pinned} == set()


def test_workflows_require_hashes() -> None:
    setup = (ROOT / ".github" / "actions" / "setup" / "action.yml").read_text()
    (install,) = re.findall("pip install.*", setup)
    assert "--require-hashes" in install


@pytest.mark.parametrize("environment", [".venv", ".venv-scan", ".venv-bench", ".venv-cdktn"])
def test_no_file_is_in_two_packages(environment: str) -> None:
    """The package that is installed last would decide what it contains."""
    packages_with: dict[str, list[str]] = {}
    for record in (ROOT / environment).glob("lib/python*/site-packages/*.dist-info/RECORD"):
        for line in record.read_text(encoding="utf-8").splitlines():
            file = line.split(",")[0]
            if not file.startswith("../"):  # a program
                packages_with.setdefault(file, []).append(record.parent.name.split("-")[0])
    assert len(packages_with) > 1000
    assert {frozenset(names) for names in packages_with.values() if len(names) > 1} <= _WITH_THE_SAME_FILE
