"""Commands take values by `--set` and by the environment variable, print them, and refuse an empty variable."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.examples import EXAMPLES, ROOT

_KEY, _OLD = "endpoints.kmeans.image", "174872318107.dkr.ecr.us-west-2.amazonaws.com/kmeans:1"
_NEW = _OLD.replace(":1", ":2")
_COUNT = "endpoints.kmeans.initial_instance_count"
_SHOWN = f'--set {_KEY}: "{_NEW}" instead of "{_OLD}"\n'


def _run(folder: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    shutil.copy(EXAMPLES["example"], folder / "endpoints.toml")
    return subprocess.run(
        [sys.executable, "-m", "protected_endpoints", *arguments],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT / "modules"), "COLUMNS": "200", **environment},
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_option_and_the_variable_set_values(tmp_path: Path) -> None:
    by_option = _run(tmp_path, "check", "--set", f"{_KEY}={_NEW}", "--set", f"{_COUNT}=2")
    by_variable = _run(tmp_path, "check", PROTECTED_ENDPOINTS_SET=f"\n{_KEY}={_NEW}\n\n{_COUNT}=2\n")
    by_both = _run(tmp_path, "check", "--set", f"{_COUNT}=2", PROTECTED_ENDPOINTS_SET=f"{_KEY}={_NEW}")
    for finished in (by_option, by_variable, by_both):
        assert finished.stderr == f"{_SHOWN}--set {_COUNT}: 2 instead of 1\n"
        assert finished.stdout == "valid: 1 endpoint in 1 environment\n"


@pytest.mark.parametrize("text", ["", " ", "\n"])
def test_an_empty_variable_does_not_stand_for_the_values_of_the_file(text: str, tmp_path: Path) -> None:
    finished = _run(tmp_path, "check", PROTECTED_ENDPOINTS_SET=text)
    assert finished.returncode == 1
    assert finished.stderr.startswith("PROTECTED_ENDPOINTS_SET: is set and empty; set it to <key>=<value>, such as ")
    assert finished.stderr.endswith(", or unset it for the values of endpoints.toml\n")


def test_explain_shows_where_a_value_is_from(tmp_path: Path) -> None:
    finished = _run(tmp_path, "explain", "dev-kmeans", "--markdown", "--set", f"{_KEY}={_NEW}")
    assert finished.returncode == 0, finished.stderr
    section = finished.stdout.partition("### Set outside of endpoints.toml\n")[2].partition("###")[0]
    assert "image" in section
    assert section.index("kmeans:2") < section.index("instead of") < section.index("kmeans:1")
    assert "### Set outside" not in _run(tmp_path, "explain", "dev-kmeans", "--markdown").stdout


def test_policies_are_those_of_the_set_value(tmp_path: Path) -> None:
    other = _NEW.replace("/kmeans:", "/other:")
    finished = _run(tmp_path, "policy", "role", "dev-kmeans", "--set", f"{_KEY}={other}")
    assert "repository/other" in finished.stdout
    assert "repository/kmeans" not in finished.stdout


def test_set_writes_the_file_for_a_pull_request(tmp_path: Path) -> None:
    before = EXAMPLES["example"].read_bytes()
    done = _run(tmp_path, "set", f"{_KEY}={_NEW}")
    assert (done.returncode, done.stderr, done.stdout) == (0, "", f'{_KEY}: "{_NEW}" instead of "{_OLD}"\n')
    assert (tmp_path / "endpoints.toml").read_bytes() == before.replace(_OLD.encode(), _NEW.encode())


def test_set_writes_nothing_for_an_invalid_file(tmp_path: Path) -> None:
    refused = _run(tmp_path, "set", f"{_KEY}={_NEW}", f"{_COUNT}=two", PROTECTED_ENDPOINTS_SET="is for other commands")
    assert refused.returncode == 1
    assert refused.stderr.startswith(f'{_COUNT}: must be an integer from 1 to 1000, got "two"; ')
    unknown = _run(tmp_path, "set", "image")
    assert unknown.stderr.startswith(
        "set: must be a key of an endpoint and a value; write endpoints.<name>.<key>=<value>"
    )
    assert (tmp_path / "endpoints.toml").read_bytes() == EXAMPLES["example"].read_bytes()


def test_set_leaves_a_file_that_it_cannot_write_whole(tmp_path: Path) -> None:
    """A limit of the size of files stands for a full disk."""
    before = EXAMPLES["example"].read_bytes()
    (tmp_path / "endpoints.toml").write_bytes(before)
    refused = subprocess.run(
        ["sh", "-c", f"ulimit -f 0; exec {sys.executable} -m protected_endpoints set {_KEY}={_NEW}"],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT / "modules"), "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert refused.returncode == 1
    assert refused.stderr.startswith("endpoints.toml: cannot be written (File too large); free space, or ")
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == {"endpoints.toml": before}
