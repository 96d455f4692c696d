"""The targets of the Makefile accept names, and run nothing that is in the place of a name."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.examples import ROOT

_TAKES = {
    "STACK": ("plan", "deploy", "destroy", "move-state", "recover"),
    "ENVIRONMENT": ("bootstrap", "deployer-policy", "planner-policy"),
    "ENDPOINT": ("key-policy", "explain"),
}
_EXAMPLE = {"STACK": "dev-kmeans", "ENVIRONMENT": "dev", "ENDPOINT": "dev-kmeans"}
_TARGETS = [(target, variable) for variable, targets in _TAKES.items() for target in targets]
_INVALID_NAMES = (
    "a;touch pwned",
    "a touch",
    "a ",
    "a\n",
    "a && touch pwned",
    "a|touch pwned",
    "a>pwned",
    "a\ntouch pwned",
    "$(touch pwned)",
    "$$(touch pwned)",
    "$(shell touch pwned)",
    "`touch pwned`",
    "a'b",
    'a"b',
    "../a",
    "*",
    "--auto-approve",
    "DEV",
)
# Records its arguments, runs the program of with-mirror, and fails on demand.
_PROGRAM = """#!/bin/sh
echo "${0##*/} $*" >>calls
if [ "$3" = with-mirror ]; then shift 3; exec "$@"; fi
exit ${FAIL:-0}
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A folder in which everything is installed, and every program but make only records its arguments."""
    shutil.copy(ROOT / "Makefile", tmp_path)
    for name in (
        "requirements.txt",
        "requirements-dev.txt",
        "requirements-uv.txt",
        "package.json",
        "package-lock.json",
    ):
        (tmp_path / name).touch()
    for name in (".venv/bin/python", "node_modules/.bin/cdktf", "scripts/check_tools.sh", "scripts/stale_installs.sh"):
        program = tmp_path / name
        program.parent.mkdir(parents=True, exist_ok=True)
        program.write_text(_PROGRAM if "bin" in name else "exit 0\n")
        program.chmod(0o755)
    for name in (".venv/installed", "node_modules/installed"):
        (tmp_path / name).touch()
    (tmp_path / "cdktf.out" / "stacks" / "dev-kmeans").mkdir(parents=True)
    return tmp_path


def _make(project: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["make", *arguments],
        cwd=project,
        env={**os.environ, **environment},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )


def _calls(project: Path) -> list[str]:
    file = project / "calls"
    return file.read_text().splitlines() if file.exists() else []


@pytest.mark.parametrize("value", _INVALID_NAMES)
@pytest.mark.parametrize(("target", "variable"), _TARGETS)
def test_an_invalid_name_is_refused_before_anything_runs(project: Path, target: str, variable: str, value: str) -> None:
    for finished in (_make(project, target, f"{variable}={value}"), _make(project, target, **{variable: value})):
        assert finished.returncode != 0
        assert (
            f'{variable}: must contain only lowercase letters, digits and hyphens, got "{value}"; for example: '
            f"{variable}={_EXAMPLE[variable]}"
        ) in finished.stderr
    assert _calls(project) == []
    assert not (project / "pwned").exists()


@pytest.mark.parametrize("target", _TAKES["STACK"])
def test_a_blank_name_does_not_select_every_stack(project: Path, target: str) -> None:
    finished = _make(project, target, STACK=" ")
    assert 'STACK: must contain only lowercase letters, digits and hyphens, got " "' in finished.stderr
    assert _calls(project) == []


@pytest.mark.parametrize(
    "value", ["endpoints.a.image=a:1", "", "a=$(shell touch pwned)", "a=$$x `touch pwned`; touch pwned", "a=1\nb='2'"]
)
def test_values_reach_the_command_as_they_are(project: Path, value: str) -> None:
    program = project / ".venv" / "bin" / "python"
    program.write_text('#!/bin/sh\nprintf "%s|%s" "$PROTECTED_ENDPOINTS_SET" "${SET-unset}" >values\n')
    for arguments, environment in (((f"SET={value}",), {}), ((), {"PROTECTED_ENDPOINTS_SET": value})):
        finished = _make(project, "synth", *arguments, **environment)
        assert finished.returncode == 0, finished.stderr
        assert (project / "values").read_text() == f"{value}|unset"
    assert not (project / "pwned").exists()


def test_without_values_the_variable_is_not_set(project: Path) -> None:
    program = project / ".venv" / "bin" / "python"
    program.write_text('#!/bin/sh\nprintf "%s" "${PROTECTED_ENDPOINTS_SET-unset}" >values\n')
    assert _make(project, "synth").returncode == 0
    assert (project / "values").read_text() == "unset"


@pytest.mark.parametrize(("target", "variable"), _TARGETS)
def test_a_name_reaches_the_command(project: Path, target: str, variable: str) -> None:
    name = _EXAMPLE[variable]
    for finished in (_make(project, target, f"{variable}={name}"), _make(project, target, **{variable: name})):
        assert finished.returncode == 0, finished.stderr
    last = _calls(project)[-1].split()
    assert last.count(name) == 1
    assert sum(call.split() == last for call in _calls(project)) == 2


@pytest.mark.parametrize(("target", "variable"), _TARGETS)
def test_a_step_that_fails_fails_the_target(project: Path, target: str, variable: str) -> None:
    assert _make(project, target, f"{variable}={_EXAMPLE[variable]}", FAIL="3").returncode != 0


@pytest.mark.parametrize("target", ["deploy", "destroy"])
def test_a_failure_prints_how_to_recover_and_to_untaint(project: Path, target: str) -> None:
    (project / "node_modules" / ".bin" / "cdktf").write_text("#!/bin/sh\nexit 3\n")
    finished = _make(project, target, "STACK=dev-kmeans")
    assert "make recover STACK=dev-kmeans" in finished.stderr
    assert "python -m protected_endpoints tainted dev-kmeans" in _calls(project)


def test_one_stack_that_cannot_be_planned_fails_the_plan_of_all(project: Path) -> None:
    (project / "cdktf.out" / "stacks" / "dev-other").mkdir()
    failing = '#!/bin/sh\necho "cdktf $*" >>calls\n[ $2 != dev-kmeans ]\n'
    (project / "node_modules" / ".bin" / "cdktf").write_text(failing)
    assert _make(project, "plan").returncode != 0


def test_a_python_with_a_space_in_its_path_creates_the_virtual_environment(project: Path) -> None:
    python = project / "my python"
    shutil.copy(ROOT / "scripts" / "install_packages.sh", project / "scripts")
    for copy in (python, project / ".venv" / "bin" / "pip", project / ".venv" / "bin" / "uv"):
        shutil.copy(project / ".venv" / "bin" / "python", copy)
    (project / ".venv" / "installed").unlink()
    finished = _make(project, "deployer-policy", "ENVIRONMENT=dev", f"PYTHON={python}")
    assert finished.returncode == 0, finished.stderr
    assert "my python -m venv --clear .venv" in _calls(project)


@pytest.mark.parametrize("target", ["plan", "deploy", "destroy"])
def test_cdktf_runs_through_the_command_that_lets_terraform_outlive_it(project: Path, target: str) -> None:
    assert _make(project, target, "STACK=dev-kmeans").returncode == 0
    assert [call for call in _calls(project) if " with-mirror cdktf " in call]


def test_make_passes_the_program_of_the_user_on(project: Path) -> None:
    (project / "node_modules" / ".bin" / "cdktf").write_text('#!/bin/sh\necho "$TERRAFORM_BINARY_NAME" >>calls\n')
    assert _make(project, "deploy", "STACK=dev-kmeans", TERRAFORM_BINARY_NAME="tofu").returncode == 0
    assert _calls(project)[-1] == "tofu"


def test_a_deployment_of_all_stacks_is_as_parallel_as_the_machine_allows(project: Path) -> None:
    python = project / ".venv" / "bin" / "python"
    python.write_text(_PROGRAM.replace("exit ${", '[ "$3" != parallelism ] || echo "${PARALLELISM:-5}"\nexit ${'))
    assert _make(project, "deploy").returncode == 0
    assert _calls(project)[-1].split() == ["cdktf", "deploy", "*", "--parallelism", "5"]
    assert _make(project, "deploy", "PARALLELISM=2").returncode == 0
    assert _calls(project)[-1].split() == ["cdktf", "deploy", "*", "--parallelism", "2"]


def test_a_wrong_parallelism_deploys_nothing(project: Path) -> None:
    python = project / ".venv" / "bin" / "python"
    python.write_text(_PROGRAM.replace("exit ${", '[ "$3" != parallelism ]\nexit $?\nexit ${'))
    assert _make(project, "deploy").returncode != 0
    assert not [call for call in _calls(project) if call.startswith("cdktf")]


def _tests(project: Path, python: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run `make test` with this program as Python."""
    for name in ("scan", "bench", "cdktn"):
        (project / f"requirements-{name}.txt").touch()
        (project / f".venv-{name}").mkdir(exist_ok=True)
        (project / f".venv-{name}" / "installed").touch()
    (project / ".venv" / "bin" / "python").write_text(python)
    return _make(project, "test", *arguments)


def test_the_tests_that_a_change_affects_run_alone(project: Path) -> None:
    python = _PROGRAM.replace(
        "exit ${", 'if [ "$2" = tests.selection ]; then echo tests/a.py; echo tests/b.py; fi\nexit ${'
    )
    assert _tests(project, python, "CHANGED=1").returncode == 0
    assert _calls(project)[-1].split()[-2:] == ["tests/a.py", "tests/b.py"]
    assert _tests(project, python, "TESTS=tests/c.py").returncode == 0
    assert _calls(project)[-1].split()[-1] == "tests/c.py"


def test_tests_do_not_run_if_their_selection_fails(project: Path) -> None:
    assert _tests(project, _PROGRAM.replace("${FAIL:-0}", "3"), "CHANGED=1").returncode != 0
    assert not [call for call in _calls(project) if "pytest" in call]


def test_named_and_affected_tests_are_not_combined(project: Path) -> None:
    finished = _tests(project, _PROGRAM, "CHANGED=1", "TESTS=tests/c.py")
    assert "TESTS: cannot be combined with CHANGED; remove one of them" in finished.stderr
    assert _calls(project) == []
