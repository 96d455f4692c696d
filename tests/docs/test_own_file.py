"""Demonstrations and tests use an example, so that a user's own `endpoints.toml` does not change them."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.checkout import checkout
from tests.examples import EXAMPLES, ROOT

_OTHER_CONFIGURATION = EXAMPLES["everything"].read_text(encoding="utf-8")
_TESTS = (
    "tests/loading/test_load.py",
    "tests/loading/test_schema.py",
    "tests/docs/test_readme.py",
    "tests/stacks/test_snapshots.py",
)
_DEMO = """
import pathlib, os
from sandbox.workspace import Workspace
workspace = Workspace(pathlib.Path("demo"), dict(os.environ))
workspace.synth()
print(*sorted(stack.name for stack in (workspace.directory / "cdktf.out" / "stacks").iterdir()))
"""


@pytest.fixture(scope="module")
def other_project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A checkout whose `endpoints.toml` has other endpoints."""
    return checkout(tmp_path_factory.mktemp("other"), _OTHER_CONFIGURATION, tests=True)


def test_the_demonstrations_deploy_the_example(other_project: Path) -> None:
    assert _python(other_project, "-c", _DEMO).stdout == "dev-kmeans\n"


def test_the_tests_of_the_example_pass(other_project: Path) -> None:
    pytest_run = _python(
        other_project, "-m", "pytest", "-q", "-n", "0", "-k", "example or readme or schema or load", *_TESTS
    )
    assert re.search(r"^\d\d+ passed", pytest_run.stdout, flags=re.MULTILINE), pytest_run.stdout


def test_neither_tests_nor_sandbox_read_the_endpoints_of_the_project() -> None:
    reads = re.compile(r"""ROOT\s*/\s*["']endpoints\.toml""")
    files = [file for folder in ("tests", "sandbox", "bench") for file in (ROOT / folder).rglob("*.py")]
    assert [str(file) for file in files if reads.search(file.read_text(encoding="utf-8"))] == []


def _python(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    completed = subprocess.run(
        [sys.executable, *arguments],
        cwd=folder,
        env={name: value for name, value in os.environ.items() if not name.startswith("PYTEST_")},
        capture_output=True,
        text=True,
        check=False,
    )
    assert completed.returncode == 0, completed.stdout + completed.stderr
    return completed
