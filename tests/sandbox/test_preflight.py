"""A missing or old tool is named, with its version and its source, before anything is installed."""

import shutil
import subprocess
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
_SHELL_TOOLS = ("sh", "sed", "sort", "head")


def _preflight(tmp_path: Path, **versions: str | None) -> subprocess.CompletedProcess[str]:
    """Run the check where only the given tools exist, each saying the given version."""
    bin_ = tmp_path / "bin"
    bin_.mkdir()
    for tool in _SHELL_TOOLS:
        (bin_ / tool).symlink_to(str(shutil.which(tool)))
    for tool, version in versions.items():
        if version is not None:
            (bin_ / tool).write_text(f"#!/bin/sh\necho '{version}'\n")
            (bin_ / tool).chmod(0o755)
    return subprocess.run(
        ["sh", str(ROOT / "sandbox" / "preflight.sh")],
        env={"PATH": str(bin_)},
        capture_output=True,
        text=True,
        check=False,
    )


def _good() -> dict[str, str | None]:
    return {"python3": "Python 3.11.7", "node": "v20.20.2", "npm": "11.19.1", "terraform": "Terraform v1.11.4"}


def test_tools_that_are_new_enough_pass_without_a_word(tmp_path: Path) -> None:
    finished = _preflight(tmp_path, **_good())
    assert (finished.returncode, finished.stdout, finished.stderr) == (0, "", "")


def test_a_missing_terraform_is_named_with_what_to_get(tmp_path: Path) -> None:
    finished = _preflight(tmp_path, **{**_good(), "terraform": None})
    assert finished.returncode == 1
    assert finished.stderr == (
        "Terraform is missing: version 1.10 or newer is needed; "
        "get it from https://developer.hashicorp.com/terraform/install\n"
    )


def test_an_old_node_is_named_with_its_version(tmp_path: Path) -> None:
    finished = _preflight(tmp_path, **{**_good(), "node": "v18.19.0"})
    assert finished.returncode == 1
    assert (
        finished.stderr
        == "Node.js 18.19.0 is too old: version 20.16 or newer is needed; get it from https://nodejs.org/\n"
    )


def test_all_that_is_missing_is_named_at_once(tmp_path: Path) -> None:
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
    assert "Python is missing: version 3.11 or newer is needed" in finished.stderr
    assert not (copy / ".venv").exists()
    assert not (copy / "node_modules").exists()
