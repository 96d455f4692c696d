"""The console script: its help texts, its messages for a wrong command line, and what it does not import."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from protected_endpoints.commands.cli import COMMANDS, main
from protected_endpoints.commands.command_line import find_by_name
from protected_endpoints.errors import CommandError
from tests.examples import EXAMPLES, ROOT

_PASSED_ON = "review"  # its arguments and its help text are those of protected_endpoints.review
_HEAVY = ("cdktf", "jsii", "boto3", "constructs")


def _run(*arguments: str, folder: Path = ROOT) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "protected_endpoints", *arguments],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT / "modules")},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize("arguments", [[], ["--help"], ["-h"], ["help"]])
def test_the_help_text_has_a_line_for_each_command(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(arguments) == 0
    lines = capsys.readouterr().out.splitlines()
    width = max(map(len, COMMANDS))
    assert all(f"  {name:<{width}} {command.summary}" in lines for name, command in COMMANDS.items())
    assert max(map(len, lines)) <= 100


@pytest.mark.parametrize("name", COMMANDS)
def test_each_command_describes_itself(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main([name, "--help"])
    text = capsys.readouterr().out
    assert ended.value.code == 0
    if name != _PASSED_ON:
        assert text.startswith(f"usage: protected-endpoints {name} ")
        assert len(text.splitlines()) >= 5
        assert max(map(len, text.splitlines())) <= 120


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["chek"], 'command: unknown, got "chek"; use one of check, explain, '),
        (["--verbose"], 'command: unknown, got "--verbose"; use one of '),
        (["check", "--fil", "a"], "unrecognized arguments: --fil a; see: protected-endpoints check --help"),
        (["explain"], "the following arguments are required: ENDPOINT; see: protected-endpoints explain --help"),
        (
            ["with-mirror", "no-such-program"],
            "no-such-program: cannot be started (No such file or directory); check PATH",
        ),
        (["check", "--file", "missing.toml"], "missing.toml: "),
    ],
)
def test_a_wrong_command_line_is_one_message(
    arguments: list[str], message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    printed = capsys.readouterr()
    text = printed.err or str(ended.value.code)
    assert text.startswith(message)
    assert (printed.out, len(text.splitlines())) == ("", 1)
    assert ended.value.code == 1 or printed.err == ""


def test_a_valid_file_is_counted_and_its_warnings_are_printed() -> None:
    checked = _run("check", "--file", str(EXAMPLES["everything"]))
    assert (checked.returncode, checked.stdout) == (0, "valid: 2 endpoints in 1 environment\n")
    assert checked.stderr.startswith("warning: this protection is relaxed; ")
    assert checked.stderr.splitlines()[-1].startswith("acknowledged warnings: local-storage-not-under-key (1); ")


def test_an_invalid_file_is_every_error_and_exit_code_1() -> None:
    checked = _run("check", "--file", "tests/loading/fifty_errors.toml")
    assert (checked.returncode, checked.stdout) == (1, "")
    assert len(checked.stderr.splitlines()) == 50


def test_errors_of_a_strict_project_end_with_how_to_accept_a_warning(tmp_path: Path) -> None:
    file = tmp_path / "endpoints.toml"
    text = EXAMPLES["model-data-prefix"].read_text(encoding="utf-8")
    file.write_text(text.replace("[project]", "[project]\nstrict = true"), encoding="utf-8")
    checked = _run("check", "--file", str(file))
    error, note = checked.stderr.splitlines()
    assert error.endswith("[local-storage-not-under-key]")
    assert note.startswith(
        "note: strict = true in [project] makes warnings errors; to accept one with a reason, add to "
    )


@pytest.mark.parametrize("arguments", [["--help"], ["check"], ["policy", "deployer", "dev"], ["schema"], ["tainted"]])
def test_a_command_that_synthesizes_nothing_starts_no_node(arguments: list[str]) -> None:
    code = (
        "import sys; from protected_endpoints.commands.cli import main; code = main(sys.argv[1:]); "
        f"sys.exit(code or [name for name in {_HEAVY} if name in sys.modules] or 0)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, *arguments], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr


def test_a_name_that_is_not_known_is_reported_with_the_known_ones() -> None:
    assert find_by_name("stack", "a", {"a": 1, "b": 2}) == 1
    for known, suggestion in (({"a": 1, "b": 2}, "use one of a, b, or run make synth"), ({}, "run make synth")):
        with pytest.raises(CommandError) as raised:
            find_by_name("stack", "c", known, message="not synthesized", alternative="run make synth")
        assert str(raised.value) == f'stack: not synthesized, got "c"; {suggestion}'


@pytest.mark.parametrize("program", [["-m", "protected_endpoints", "check"], ["main.py"]], ids=["check", "main.py"])
def test_a_missing_package_is_one_message(program: list[str]) -> None:
    done = subprocess.run([sys.executable, "-S", *program], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.stderr == "pydantic is not installed; activate .venv, or run: pip install -r requirements.txt\n"
    assert (done.returncode, done.stdout) == (1, "")


def test_a_reader_that_ends_early_causes_no_traceback() -> None:
    command = f"{sys.executable} -u -m protected_endpoints schema | head -n 1"
    done = subprocess.run(["sh", "-c", command], cwd=ROOT, capture_output=True, text=True, check=True)
    assert (done.stdout, done.stderr) == ("{\n", "")
