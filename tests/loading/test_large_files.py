"""A large file loads, or reports its errors, in less than two seconds, and a special file is an error."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.examples import ROOT
from tests.loading.support import MINIMAL, error_messages, write_file
from tests.measured import assert_cpu_below

_ENDPOINTS = 500
_MAX_SECONDS = 2  # of CPU time; valid and invalid files take 0.6 to 1.0 s
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
import gc
import sys
gc.disable()  # as main.py does
from pathlib import Path
from protected_endpoints.loading.load import load
from protected_endpoints.errors import ConfigurationError
try:
    configuration = load(Path("endpoints.toml"))
    print("valid", len(configuration.deployments))
except ConfigurationError as error:
    print("invalid", len({problem.path[1:2] for problem in error.problems} - {()}))
print(*sorted({"cdktf", "constructs", "jsii", "botocore", "protected_endpoints.stacks.endpoint"} & {*sys.modules}))
"""


def _endpoints() -> list[str]:
    """Return the endpoint of each example without a network, with NAME instead of its name."""
    endpoints = []
    for file in sorted((ROOT / "examples").glob("*.toml")):
        text = file.read_text(encoding="utf-8")
        before, _, after = text.partition("\n[endpoints.")
        name = after[: after.index("]")]
        if ".network]" not in before:
            endpoints.append(f"[endpoints.{after}".replace(f"[endpoints.{name}", "[endpoints.NAME"))
    return endpoints


def _fleet() -> str:
    # A role of its own for each: the policies of so many endpoints do not fit into one role.
    endpoints = [endpoint.replace("role/", "role/NAME-") for endpoint in _endpoints()]
    return _HEAD + "\n".join(
        endpoints[number % len(endpoints)].replace("NAME", f"e{number}") for number in range(_ENDPOINTS)
    )


@pytest.mark.parametrize(
    ("valid", "invalid", "outcome"),
    [
        ("", "", f"valid {2 * _ENDPOINTS}"),
        ('name = "acme"', 'name = "acme"\nstrict = 1', "invalid 1"),
        ("s3://acme", "s3:acme", "invalid "),
        ('"ml.', '"', "invalid "),
        ("invokers = [", 'color = "red"\ninvokers = ["api", ', f"invalid {_ENDPOINTS}"),
    ],
)
def test_five_hundred_endpoints_of_every_mode_in_two_environments_take_less_than_two_seconds(
    valid: str, invalid: str, outcome: str, tmp_path: Path
) -> None:
    text = _fleet()
    assert valid in text
    (tmp_path / "endpoints.toml").write_text(text.replace(valid, invalid) if valid else text, encoding="utf-8")
    process = assert_cpu_below(_MAX_SECONDS, lambda: _loaded(tmp_path))
    output, slow = process.stdout.split("\n")[:2]
    assert output.startswith(outcome)
    assert slow == ""


_ROLES = 8000
_KEYS = 50000


@pytest.mark.parametrize(
    ("text", "outcome"),
    [
        (f"{MINIMAL}{''.join(f'key_{number} = 1{chr(10)}' for number in range(_KEYS))}", "invalid 1"),
        (f"{''.join(f'key_{number} = 1{chr(10)}' for number in range(_KEYS))}{MINIMAL}", "invalid 0"),
        (f"{MINIMAL}invokers = {[f'role-{number}' for number in range(_ROLES)]}", "invalid 1"),
        (f"{MINIMAL}invokers = {[f'{_FOREIGN}{number}' for number in range(_ROLES)]}", "invalid 1"),
        (f"{MINIMAL}revision = -1\ninvokers = {[f'{_FOREIGN}{number}' for number in range(_ROLES)]}", "invalid 1"),
        (f"{MINIMAL}invokers = {[f'{_FOREIGN}1' for _ in range(_ROLES)]}", "invalid 1"),
        (f"{MINIMAL}data_capture.readers = {[f'{_FOREIGN}{number}' for number in range(_ROLES)]}", "invalid 1"),
    ],
    ids=["keys", "keys of the file", "no roles", "foreign roles", "one error", "the same role", "readers"],
)
def test_thousands_of_errors_in_one_table_take_less_than_two_seconds(text: str, outcome: str, tmp_path: Path) -> None:
    write_file(tmp_path, text)
    process = assert_cpu_below(_MAX_SECONDS, lambda: _loaded(tmp_path))
    assert process.stdout.startswith(outcome)


def test_two_hundred_errors_of_a_table_are_listed_and_the_others_counted(tmp_path: Path) -> None:
    keys = "".join(f"key_{number} = 1\n" for number in range(1000))
    omitted = "800 more errors are not listed; correct the 200 listed errors first [too-many-errors]"
    more, *listed = error_messages(tmp_path, f"{MINIMAL}{keys}")
    assert more == f"endpoints.kmeans: {omitted}"
    assert [message.split(":")[0] for message in listed] == [f"endpoints.kmeans.key_{number}" for number in range(200)]
    *listed, more = error_messages(tmp_path, f"{keys}{MINIMAL}")
    assert more == f"endpoints.toml: {omitted}"
    assert len(listed) == 200


def test_rules_check_invalid_endpoints_until_two_hundred_have_errors(tmp_path: Path) -> None:
    head, _, endpoint = MINIMAL.partition("[endpoints.kmeans]")
    tables = [
        f'[endpoints.e{number}]{endpoint}revision = -1\ninvokers = ["{_FOREIGN}{number}"]\n' for number in range(203)
    ]
    more, *listed = error_messages(tmp_path, head + "".join(tables))
    assert more == (
        "endpoints: rules are not checked for 3 endpoints with invalid values; correct the listed errors first "
        "[too-many-errors]"
    )
    assert sum("[invalid-value]" in message for message in listed) == len(tables)
    assert sum("[invoker-not-in-account]" in message for message in listed) == 200
    assert len(error_messages(tmp_path, head + "".join(tables[:200]))) == 400


_NOT_A_FILE = "endpoints.toml: not a regular file; replace it with a UTF-8 text file [file-not-readable]\n"


def test_a_pipe_is_an_error_without_waiting(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "endpoints.toml")
    assert _main(tmp_path) == _NOT_A_FILE


def test_a_device_is_an_error_without_reading(tmp_path: Path) -> None:
    (tmp_path / "endpoints.toml").symlink_to("/dev/zero")
    assert _main(tmp_path) == _NOT_A_FILE


def test_a_folder_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "endpoints.toml").mkdir()
    assert _main(tmp_path) == _NOT_A_FILE


def test_a_file_that_is_too_large_is_not_read(tmp_path: Path) -> None:
    write_file(tmp_path, f"{MINIMAL}a = '{'a' * 100_000_000}'")
    output = assert_cpu_below(_MAX_SECONDS, lambda: _main(tmp_path))
    size = (tmp_path / "endpoints.toml").stat().st_size
    assert output == (
        f"endpoints.toml: the file has {size} bytes, more than the maximum of 10000000; "
        "split the endpoints into several projects [file-too-large]\n"
    )


@pytest.mark.parametrize(
    "text", ["[x%s]", "[endpoints.kmeans.x%s]", "[endpoints.kmeans.environment%s]", "[project.tags%s]"]
)
def test_tables_that_are_nested_too_deep_are_one_error(text: str, tmp_path: Path) -> None:
    valid = MINIMAL.replace("[project]\n", "").replace("name", "project.name")
    assert error_messages(tmp_path, f"{valid}{text % ('.a' * 3000)}\n") == [
        "endpoints.toml: tables are nested more than 50 levels deep; use fewer levels of tables and "
        "lists [nesting-too-deep]"
    ]


@pytest.mark.parametrize("number", [f"0x{'f' * 4000}", f"-{2**63 + 1}"], ids=["hexadecimal", "negative"])
def test_an_integer_beyond_64_bits_is_one_error(number: str, tmp_path: Path) -> None:
    assert error_messages(tmp_path, f"{MINIMAL}revision = {number}\n") == [
        "endpoints.toml: invalid TOML: an integer exceeds the 64-bit range; use a smaller number, or a string in "
        "quotes [toml-syntax]"
    ]


def _main(folder: Path) -> str:
    """Return the error output of main.py, with a memory limit that an endless file would exceed."""
    process = subprocess.run(
        ["sh", "-c", f"ulimit -v 2000000; exec {sys.executable} {ROOT / 'main.py'}"],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert process.returncode == 1
    return process.stderr


def _loaded(folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", _PROGRAM],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT / "modules")},
        capture_output=True,
        text=True,
        check=True,
    )
