"""`main.py` works twice at the same time and with the safe path of Python, and only with the default output folder."""

import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from protected_endpoints.commands.synth_lock import only_one_synth
from tests.examples import EXAMPLES
from tests.project import ROOT, Project

# While the stacks are checked, a file is half written, until a file "go" exists.
_HALF_WRITTEN = """
import protected_endpoints.stacks.empty_blocks as blocks, pathlib, time
errors = blocks._errors
def slowly(file):
    whole = file.read_text()
    file.write_text(whole[:100])
    pathlib.Path("half-written").touch()
    while not pathlib.Path("go").exists():
        time.sleep(0.05)
    file.write_text(whole)
    return errors(file)
blocks._errors = slowly
"""
_MAIN = "import runpy; runpy.run_path('main.py', run_name='__main__')"


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return Project(tmp_path, home=Path.home())


def test_a_second_synth_waits_for_the_first(project: Project) -> None:
    shutil.copy(EXAMPLES["real-time"], project.directory / "endpoints.toml")  # one stack
    right, _ = project.synth()
    first = project.start("-c", _HALF_WRITTEN + _MAIN)
    while first.poll() is None and not (project.directory / "half-written").exists():
        time.sleep(0.05)
    second = project.start()
    assert second.stderr
    said = next((line for line in second.stderr if line.startswith("waiting")), "it did not wait")
    (project.directory / "go").touch()
    assert (first.wait(timeout=300), second.wait(timeout=300)) == (0, 0)
    assert said == "waiting for another synth in this folder\n"
    assert project.files() == right


def test_ctrl_c_while_waiting_is_one_line(project: Project) -> None:
    with only_one_synth(project.directory):
        waiting = project.start()
        assert waiting.stderr
        assert waiting.stderr.readline() == "waiting for another synth in this folder\n"
        waiting.send_signal(signal.SIGINT)
        assert waiting.stderr.read() == "interrupted; run the command again to continue\n"
    assert waiting.wait(timeout=60) == 130


def test_a_folder_that_cannot_be_locked_is_reported(project: Project) -> None:
    expected, _ = project.synth()
    code = "import fcntl\ndef flock(folder, how): raise OSError(9, 'Bad file descriptor')\nfcntl.flock = flock"
    written, said = project.synth(code)
    assert (
        f"warning: {project.directory} cannot be locked ([Errno 9] Bad file descriptor); run one synth at a time\n"
        in said
    )
    assert written == expected


def test_the_package_is_found_with_a_safe_path(tmp_path: Path) -> None:
    """The message about the missing file is from the package."""
    done = subprocess.run(
        [sys.executable, ROOT / "main.py"],
        cwd=tmp_path,
        env={**os.environ, "PYTHONSAFEPATH": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stderr.startswith("endpoints.toml: file not found; ")


def test_make_finds_the_package_as_well(tmp_path: Path) -> None:
    finished = _make("-f", "-", "show", typed="include Makefile\nshow:\n\t@env\n", PYTHONSAFEPATH="1")
    assert finished.returncode == 0, finished.stderr
    assert "PYTHONSAFEPATH" not in finished.stdout


@pytest.mark.parametrize("target", ["synth", "plan", "deploy", "bootstrap", "move-state"])
def test_make_refuses_another_output_folder(target: str) -> None:
    finished = _make("--dry-run", target, CDKTF_OUTDIR="elsewhere")
    assert finished.returncode != 0
    assert 'CDKTF_OUTDIR: must be cdktf.out, got "elsewhere"; unset it' in finished.stderr
    assert _make("--dry-run", "lint", CDKTF_OUTDIR="cdktf.out").returncode == 0


def test_a_workflow_synthesizes_into_the_default_folder(tmp_path: Path) -> None:
    (tmp_path / "main.py").write_text("import os; print(os.environ['CDKTF_OUTDIR'])")
    script = ROOT / ".github" / "scripts" / "synth.sh"
    done = subprocess.run(
        [script, tmp_path], env={**os.environ, "CDKTF_OUTDIR": "elsewhere"}, capture_output=True, text=True, check=True
    )
    assert done.stdout == "cdktf.out\n"


def _make(*arguments: str, typed: str = "", **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["make", *arguments],
        cwd=ROOT,
        env={**os.environ, **environment},
        input=typed,
        capture_output=True,
        text=True,
        check=False,
    )
