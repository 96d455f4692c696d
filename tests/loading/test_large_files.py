"""A large file is read and judged before anybody waits, right or wrong, and what is no file is refused."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.examples import ROOT
from tests.loading.support import MINIMAL, written, wrong
from tests.measured import within

_MANY = 500
_MOST_SECONDS = 2  # of CPU; measured are 0.7 for right files, 1.0 for wrong ones
_FOREIGN = "arn:aws:iam::444455556666:role/role-"
_HEAD = """
[project]
name = "acme"
[environments.dev]
account_id = "111122223333"
region = "us-west-2"
[environments.prod]
account_id = "111122223333"
region = "us-west-2"
"""
_PROGRAM = """
import sys
from pathlib import Path
from protected_endpoints.loading.load import load
from protected_endpoints.errors import ConfigurationError
try:
    configuration = load(Path("endpoints.toml"))
    print("right", len(configuration.deployments))
except ConfigurationError as error:
    print("wrong", len({problem.path[1:2] for problem in error.problems} - {()}))
print(*sorted({"cdktf", "constructs", "jsii", "botocore", "protected_endpoints.stacks.endpoint"} & {*sys.modules}))
"""


def _ways() -> list[str]:
    """Return what follows the name of the endpoint in each example that needs no network, which is called NAME."""
    ways = []
    for file in sorted((ROOT / "examples").glob("*.toml")):
        text = file.read_text(encoding="utf-8")
        before, _, after = text.partition("\n[endpoints.")
        name = after[: after.index("]")]
        if ".network]" not in before:
            ways.append(f"[endpoints.{after}".replace(f"[endpoints.{name}", "[endpoints.NAME"))
    return ways


def _fleet() -> str:
    ways = [each.replace("role/", "role/NAME-") for each in _ways()]  # one role has no policies for all of them
    return _HEAD + "\n".join(ways[number % len(ways)].replace("NAME", f"e{number}") for number in range(_MANY))


@pytest.mark.parametrize(
    ("right", "wrong", "outcome"),
    [
        ("", "", f"right {2 * _MANY}"),
        ('name = "acme"', 'name = "acme"\nstrict = 1', "wrong 1"),
        ("s3://acme", "s3:acme", "wrong "),
        ('"ml.', '"', "wrong "),
        ("invokers = [", 'color = "red"\ninvokers = ["api", ', f"wrong {_MANY}"),
    ],
)
def test_five_hundred_endpoints_of_every_mode_in_two_environments_take_less_than_two_seconds(
    right: str, wrong: str, outcome: str, tmp_path: Path
) -> None:
    text = _fleet()
    assert right in text
    (tmp_path / "endpoints.toml").write_text(text.replace(right, wrong) if right else text, encoding="utf-8")
    done = within(_MOST_SECONDS, lambda: _loaded(tmp_path))
    said, heavy = done.stdout.split("\n")[:2]
    assert said.startswith(outcome)
    assert heavy == ""


_ROLES = 8000
_KEYS = 50000


@pytest.mark.parametrize(
    ("text", "outcome"),
    [
        (f"{MINIMAL}{''.join(f'key_{number} = 1{chr(10)}' for number in range(_KEYS))}", "wrong 1"),
        (f"{''.join(f'key_{number} = 1{chr(10)}' for number in range(_KEYS))}{MINIMAL}", "wrong 0"),
        (f"{MINIMAL}invokers = {[f'role-{number}' for number in range(_ROLES)]}", "wrong 1"),
        (f"{MINIMAL}invokers = {[f'{_FOREIGN}{number}' for number in range(_ROLES)]}", "wrong 1"),
        (f"{MINIMAL}revision = -1\ninvokers = {[f'{_FOREIGN}{number}' for number in range(_ROLES)]}", "wrong 1"),
        (f"{MINIMAL}invokers = {[f'{_FOREIGN}1' for _ in range(_ROLES)]}", "wrong 1"),
        (f"{MINIMAL}data_capture.readers = {[f'{_FOREIGN}{number}' for number in range(_ROLES)]}", "wrong 1"),
    ],
    ids=["keys", "keys of the file", "no roles", "foreign roles", "and a mistake", "the same role", "readers"],
)
def test_thousands_of_mistakes_in_one_table_take_less_than_two_seconds(text: str, outcome: str, tmp_path: Path) -> None:
    written(tmp_path, text)
    done = within(_MOST_SECONDS, lambda: _loaded(tmp_path))
    assert done.stdout.startswith(outcome)


def test_two_hundred_mistakes_of_a_table_are_told_and_how_many_more_there_are(tmp_path: Path) -> None:
    keys = "".join(f"key_{number} = 1\n" for number in range(1000))
    omitted = "800 more errors are not listed; correct the 200 listed errors first [too-many-errors]"
    more, *told = wrong(tmp_path, f"{MINIMAL}{keys}")
    assert more == f"endpoints.kmeans: {omitted}"
    assert [each.split(":")[0] for each in told] == [f"endpoints.kmeans.key_{number}" for number in range(200)]
    *told, more = wrong(tmp_path, f"{keys}{MINIMAL}")
    assert more == f"endpoints.toml: {omitted}"
    assert len(told) == 200


_NOT_A_FILE = "endpoints.toml: not a regular file; replace it with a UTF-8 text file [file-not-readable]\n"


def test_a_pipe_is_refused_and_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "endpoints.toml")
    assert _main(tmp_path) == _NOT_A_FILE


def test_a_device_is_refused_and_not_read_for_ever(tmp_path: Path) -> None:
    (tmp_path / "endpoints.toml").symlink_to("/dev/zero")
    assert _main(tmp_path) == _NOT_A_FILE


def test_a_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "endpoints.toml").mkdir()
    assert _main(tmp_path) == _NOT_A_FILE


def test_a_file_that_is_no_description_of_endpoints_is_not_read(tmp_path: Path) -> None:
    written(tmp_path, f"{MINIMAL}a = '{'a' * 100_000_000}'")
    said = within(_MOST_SECONDS, lambda: _main(tmp_path))
    size = (tmp_path / "endpoints.toml").stat().st_size
    assert said == (
        f"endpoints.toml: the file has {size} bytes, more than the maximum of 10000000; "
        "split the endpoints into several projects [file-too-large]\n"
    )


@pytest.mark.parametrize(
    "text", ["[x%s]", "[endpoints.kmeans.x%s]", "[endpoints.kmeans.environment%s]", "[project.tags%s]"]
)
def test_tables_that_no_reader_follows_are_one_mistake(text: str, tmp_path: Path) -> None:
    right = MINIMAL.replace("[project]\n", "").replace("name", "project.name")
    assert wrong(tmp_path, f"{right}{text % ('.a' * 3000)}\n") == [
        "endpoints.toml: tables are nested more than 50 levels deep; remove dots or brackets [nesting-too-deep]"
    ]


def _main(folder: Path) -> str:
    """Return what main.py says before it fails, with memory that a file without an end would fill."""
    done = subprocess.run(
        ["sh", "-c", f"ulimit -v 2000000; exec {sys.executable} {ROOT / 'main.py'}"],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert done.returncode == 1
    return done.stderr


def _loaded(folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", _PROGRAM],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT / "modules")},
        capture_output=True,
        text=True,
        check=True,
    )
