"""A user's own `endpoints.toml` changes nothing in the demonstrations and the tests, which have an example."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.checkout import checkout
from tests.examples import EXAMPLES, ROOT

_FOREIGN = EXAMPLES["everything"].read_text(encoding="utf-8")
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
print(*sorted(each.name for each in (workspace.directory / "cdktf.out" / "stacks").iterdir()))
"""


@pytest.fixture
def foreign(tmp_path: Path) -> Path:
    """A checkout whose user describes other endpoints."""
    return checkout(tmp_path, _FOREIGN)


def test_the_demonstrations_deploy_the_example(foreign: Path) -> None:
    assert _python(foreign, "-c", _DEMO).stdout == "dev-kmeans\n"


def test_the_tests_of_the_example_pass(foreign: Path) -> None:
    done = _python(foreign, "-m", "pytest", "-q", "-n", "0", "-k", "example or readme or schema or load", *_TESTS)
    assert re.search(r"^\d\d+ passed", done.stdout, flags=re.MULTILINE), done.stdout


def test_nothing_in_the_tests_and_the_sandbox_reads_the_file_of_the_project() -> None:
    reads = re.compile(r"""ROOT\s*/\s*["']endpoints\.toml""")
    files = [file for folder in ("tests", "sandbox", "bench") for file in (ROOT / folder).rglob("*.py")]
    assert [str(file) for file in files if reads.search(file.read_text(encoding="utf-8"))] == []


def _python(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    done = subprocess.run(
        [sys.executable, *arguments],
        cwd=folder,
        env={name: value for name, value in os.environ.items() if not name.startswith("PYTEST_")},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done
