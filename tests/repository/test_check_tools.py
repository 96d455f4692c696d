"""A missing or old tool is named, with its version and its source, before anything is installed."""

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent
_SHELL_TOOLS = ("sh", "sed", "sort", "head", "cat")
_PREBUILDS = ROOT / "node_modules" / "@cdktf" / "node-pty-prebuilt-multiarch" / "prebuilds"
_ABI = {"18": "108", "20": "115", "22": "127", "24": "137"}
_PLATFORMS = ("linux-x64", "linux-arm64", "linux-arm", "darwin-arm64", "darwin-x64")
_COMPILER = {"make": "GNU Make 4.3", "c++": "c++ 12.2.0"}


def _preflight(
    tmp_path: Path, platform: str = "linux-x64", /, **versions: str | None
) -> subprocess.CompletedProcess[str]:
    """Run the check with these tools alone, which print these versions."""
    _write_tools(tmp_path, versions, platform)
    return _run_check(tmp_path)


def _run_check(folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["sh", str(ROOT / "scripts" / "check_tools.sh")],
        cwd=folder,
        env={"PATH": str(folder / "bin")},
        capture_output=True,
        text=True,
        check=False,
    )


def _write_tools(folder: Path, versions: dict[str, str | None], platform: str = "linux-x64") -> Path:
    """Write tools that print these versions to a folder without others, and return it."""
    bin_ = folder / "bin"
    bin_.mkdir(exist_ok=True)
    for tool in _SHELL_TOOLS:
        (bin_ / tool).unlink(missing_ok=True)
        (bin_ / tool).symlink_to(str(shutil.which(tool)))
    for tool, version in versions.items():
        if version is not None:
            (bin_ / tool).write_text(f"#!/bin/sh\necho '{version}'\n")
            (bin_ / tool).chmod(0o755)
    if version := versions.get("node"):
        _write_node(bin_, version, platform)
    return bin_


def _write_node(bin_: Path, version: str, platform: str = "linux-x64") -> None:
    """Write a Node that prints its version and its platform."""
    (bin_ / "node").write_text(f'#!/bin/sh\ncase "$*" in *arch*) echo {platform} ;; *) echo {version} ;; esac\n')
    (bin_ / "node").chmod(0o755)


def _good() -> dict[str, str | None]:
    return {"python3": "Python 3.11.7", "node": "v20.20.2", "npm": "11.19.1", "terraform": "Terraform v1.11.4"}


def test_tools_that_are_new_enough_pass_without_a_word(tmp_path: Path) -> None:
    finished = _preflight(tmp_path, **_good())
    assert (finished.returncode, finished.stdout, finished.stderr) == (0, "", "")


def test_a_missing_terraform_is_named_with_its_source(tmp_path: Path) -> None:
    finished = _preflight(tmp_path, **{**_good(), "terraform": None})
    assert finished.returncode == 1
    assert finished.stderr == (
        "Terraform is not installed; install version 1.10 or newer from "
        "https://developer.hashicorp.com/terraform/install\n"
    )


def test_an_old_node_is_named_with_its_version(tmp_path: Path) -> None:
    finished = _preflight(tmp_path, **{**_good(), "node": "v18.19.0"})
    assert finished.returncode == 1
    assert (
        finished.stderr == "Node.js must be version 20.16 or newer, got 18.19.0; install it from https://nodejs.org/\n"
    )


def test_a_tool_that_does_not_start_is_named_with_what_it_prints(tmp_path: Path) -> None:
    bin_ = _write_tools(tmp_path, _good())
    (bin_ / "node").write_text("#!/bin/sh\necho 'node: --cpu-prof is not allowed in NODE_OPTIONS' >&2\nexit 9\n")
    finished = _run_check(tmp_path)
    assert finished.returncode == 1
    assert finished.stderr == (
        'Node.js does not start; "node --version" prints: node: --cpu-prof is not allowed in NODE_OPTIONS\n'
    )


def test_a_node_without_a_terminal_module_is_refused_with_those_that_have_one(tmp_path: Path) -> None:
    finished = _preflight(tmp_path, **{**_good(), "node": "v24.1.0"})
    assert finished.returncode == 1
    assert finished.stderr == (
        "cdktf-cli 0.21 has no prebuilt terminal module for Node.js 24.1.0 on linux-x64; "
        "use Node.js 20 or 22, or install python3, make and a C++ compiler to build it\n"
    )


def test_a_platform_for_which_there_is_none_needs_a_compiler(tmp_path: Path) -> None:
    finished = _preflight(tmp_path, "darwin-x64", **_good())
    assert finished.returncode == 1
    assert "for Node.js 20.20.2 on darwin-x64; install python3, make and a C++ compiler to build it" in finished.stderr


def test_with_a_compiler_a_newer_node_passes_with_a_note_until_it_is_installed(tmp_path: Path) -> None:
    finished = _preflight(tmp_path, "linux-arm64", **{**_good(), **_COMPILER, "node": "v22.20.0"})
    assert finished.returncode == 0
    assert "for Node.js 22.20.0 on linux-arm64; npm compiles it during installation" in finished.stderr
    (tmp_path / "node_modules").mkdir()
    (tmp_path / "node_modules" / "installed").write_text("v22\n")
    again = _preflight(tmp_path, "linux-arm64", **{**_good(), **_COMPILER, "node": "v22.20.0"})
    assert (again.returncode, again.stderr) == (0, "")


@pytest.mark.parametrize("platform", _PLATFORMS)
@pytest.mark.parametrize("major", ["20", "22", "24"])
def test_platforms_that_pass_without_a_compiler_have_a_prebuilt_module(
    tmp_path: Path, platform: str, major: str
) -> None:
    prebuilt = (_PREBUILDS / platform / f"node.abi{_ABI[major]}.node").is_file()
    finished = _preflight(tmp_path, platform, **{**_good(), "node": f"v{major}.20.0"})
    assert (finished.returncode == 0) is prebuilt


def test_the_script_names_the_version_of_the_terminal_module() -> None:
    lock = (ROOT / "package-lock.json").read_text()
    version = re.search(r'"node_modules/@cdktf/node-pty-prebuilt-multiarch": \{\s*"version": "([^"]+)"', lock)
    script = (ROOT / "scripts" / "check_tools.sh").read_text()
    assert version
    assert f"node-pty-prebuilt-multiarch {version[1]}," in script


def test_all_missing_tools_are_named_at_once(tmp_path: Path) -> None:
    finished = _preflight(tmp_path, python3="Python 3.9.18")
    assert finished.returncode == 1
    assert [line.split(" ")[0] for line in finished.stderr.splitlines()] == ["Python", "Node.js", "npm", "Terraform"]


def test_nothing_is_installed_when_a_tool_is_missing(tmp_path: Path) -> None:
    copy = tmp_path / "checkout"
    shutil.copytree(ROOT, copy, ignore=shutil.ignore_patterns(".git", ".venv*", "node_modules", "cdktf.out"))
    finished = subprocess.run(
        ["make", "demo", "PYTHON=no-such-python"], cwd=copy, capture_output=True, text=True, check=False
    )
    assert finished.returncode != 0
    assert "Python is not installed; install version 3.11 or newer from" in finished.stderr
    assert not (copy / ".venv").exists()
    assert not (copy / "node_modules").exists()


@pytest.fixture
def installed(tmp_path: Path) -> Path:
    """A checkout in which everything is installed, for Python 3.11 and Node 20."""
    shutil.copy(ROOT / "Makefile", tmp_path)
    shutil.copytree(ROOT / "scripts", tmp_path / "scripts")
    for listed in ("package.json", "package-lock.json", *(file.name for file in ROOT.glob("requirements*"))):
        shutil.copy(ROOT / listed, tmp_path)
        os.utime(tmp_path / listed, (0, 0))
    for folder, version in ((".venv", "3.11"), ("node_modules", "v20")):
        (tmp_path / folder / "bin").mkdir(parents=True)
        (tmp_path / folder / "installed").write_text(f"{version}\n")
    _write_python(tmp_path, "3.11")
    (tmp_path / "bin").mkdir()
    _write_node(tmp_path / "bin", "v20.20.2")
    return tmp_path


def _write_python(checkout: Path, version: str) -> None:
    python = checkout / ".venv" / "bin" / "python"
    python.write_text(f"#!/bin/sh\necho {version}\n")
    python.chmod(0o755)


def _would_install(checkout: Path) -> list[str]:
    """Return what make would install before it synthesizes."""
    path = f"{checkout / 'bin'}{os.pathsep}{os.environ['PATH']}"
    printed = subprocess.run(
        ["make", "-n", "setup"],
        cwd=checkout,
        env={**os.environ, "PATH": path},
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    return [
        name
        for name, command in ((".venv", "install_packages.sh .venv "), ("node_modules", "npm ci"))
        if command in printed
    ]


def test_installed_packages_are_not_installed_again(installed: Path) -> None:
    assert _would_install(installed) == []


def test_another_node_installs_the_command_line_again(installed: Path) -> None:
    _write_node(installed / "bin", "v22.20.0")
    assert _would_install(installed) == ["node_modules"]


def test_another_python_installs_the_packages_again(installed: Path) -> None:
    _write_python(installed, "3.12")
    assert _would_install(installed) == [".venv"]


def test_a_removed_python_installs_the_packages_again(installed: Path) -> None:
    python = installed / ".venv" / "bin" / "python"
    python.unlink()
    python.symlink_to(installed / "python-of-before")
    assert _would_install(installed) == [".venv"]


def test_without_npm_the_command_line_is_not_installed_again(installed: Path) -> None:
    tools = _write_tools(installed, {**_good(), "node": "v22.20.0", "npm": None})
    finished = subprocess.run(
        [str(shutil.which("make")), "setup"],
        cwd=installed,
        env={"PATH": str(tools)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert finished.returncode == 2
    message, failed = finished.stderr.splitlines()
    assert message == "npm is not installed; install version 10 or newer from https://nodejs.org/"
    assert "node_modules/installed] Error 1" in failed
    assert (installed / "node_modules" / "installed").read_text() == "v20\n"
