"""Measured programs get the allowed environment variables and no others."""

import sys
from pathlib import Path

import pytest

from bench.environment import user_environment
from bench.measure import Program, measure, output_of

_SLOWER = (
    "PYTHONDONTWRITEBYTECODE",
    "PYTHONPATH",
    "PYTHONMALLOC",
    "NODE_EXTRA_CA_CERTS",
    "NODE_OPTIONS",
    "PLAIN_BINDINGS",
    "JSII_DEBUG",
    "CDK_VALIDATION",
    "GOGC",
    "LD_PRELOAD",
    "SOMETHING_NEW",
)


def test_only_allowed_variables_are_in_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in (*_SLOWER, "XDG_CACHE_HOME"):
        monkeypatch.setenv(name, "1")
    assert {"PATH", "HOME", "XDG_CACHE_HOME"} <= user_environment().keys()
    assert user_environment().keys() <= {"PATH", "HOME", "XDG_CACHE_HOME", "TMPDIR", "LANG", "LC_ALL"}


def test_a_program_gets_these_and_its_own(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in _SLOWER:
        if name != "LD_PRELOAD":  # it would be an error of the dynamic linker
            monkeypatch.setenv(name, "0")
    print_names = Program("names", [sys.executable, "-c", "import os; print(*os.environ)"], tmp_path, {"GOGC": "400"})
    measure(print_names)
    names = {*output_of(print_names).read_text().split()}
    assert names & {*_SLOWER} == {"GOGC"}
    assert "PATH" in names
