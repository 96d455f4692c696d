"""How many stacks are planned or deployed at the same time."""

from pathlib import Path

import pytest

from protected_endpoints.commands import parallelism as command
from protected_endpoints.commands.parallelism import NEEDS, parallelism
from protected_endpoints.errors import CommandError


@pytest.mark.parametrize(
    ("name", "cores", "memory", "expected"),
    [
        ("plan", 4, 16, 8),  # a runner of GitHub
        ("plan", 16, 4, 3),
        ("plan", 2, 16, 4),
        ("plan", 2, 0.5, 1),
        ("deploy", 4, 16, 16),
        ("deploy", 4, 4, 4),
        ("deploy", 1, 0.1, 1),
    ],
)
def test_stacks_fit_cores_and_memory(name: str, cores: int, memory: float, expected: int) -> None:
    assert parallelism(NEEDS[name], cores=cores, memory=memory) == expected


def _printed(capsys: pytest.CaptureFixture[str], name: str = "plan") -> int:
    command.run([name])
    return int(capsys.readouterr().out)


def test_the_number_is_that_of_this_machine(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("PARALLELISM", raising=False)
    monkeypatch.setattr(command, "_cores", lambda: 64)
    meminfo, limit, older = tmp_path / "meminfo", tmp_path / "memory.max", tmp_path / "memory.limit_in_bytes"
    monkeypatch.setattr(command, "_MEMINFO", meminfo)
    monkeypatch.setattr(command, "_CGROUP_LIMITS", (limit, older))
    meminfo.write_text("MemTotal:       32000000 kB\nMemAvailable:   11000000 kB\n")
    limit.write_text("max\n")
    assert _printed(capsys) == 10
    limit.write_text("4500000000\n")
    assert _printed(capsys) == 4
    assert _printed(capsys, "deploy") == 5
    older.write_text("2300000000\n")  # cgroups version 1
    assert _printed(capsys) == 2
    older.write_text("9223372036854771712\n")  # no limit
    assert _printed(capsys) == 4
    meminfo.unlink()
    assert _printed(capsys) in range(1, 5)


def test_a_variable_replaces_it(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setenv("PARALLELISM", "7")
    assert _printed(capsys) == 7
    for text in ("0", "-1", "2.5", "two", "²", "9" * 5000):
        monkeypatch.setenv("PARALLELISM", text)
        with pytest.raises(CommandError, match="PARALLELISM: must be a number from 1 to 999, got "):
            command.run(["plan"])
