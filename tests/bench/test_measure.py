"""A measurement includes child processes, programs alternate, and a failure is not a measurement."""

import subprocess
import sys
from pathlib import Path

import pytest

from bench.measure import Cost, Costs, Program, alternate, measure
from tests.examples import ROOT

_BUSY = "import time\nwhile time.process_time() < 0.3: pass"


def test_costs_have_minimum_and_median() -> None:
    costs = Costs([Cost(3, 9, 50), Cost(1, 8, 70), Cost(2, 7, 60), Cost(9, 30, 10)])
    assert (costs.cpu, costs.median_cpu, costs.wall, costs.memory) == (1, 2.5, 7, 70)


def test_the_cost_is_that_of_the_process_and_its_children(tmp_path: Path) -> None:
    code = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {_BUSY!r}], check=True)"
    cost = measure(Program("parent", [sys.executable, "-c", code], tmp_path))
    assert 0.3 <= cost.cpu < 5
    assert cost.wall >= 0.3
    idle = measure(Program("idle", [sys.executable, "-c", "import time; time.sleep(0.3)"], tmp_path))
    assert idle.cpu < 0.3 <= idle.wall


def test_memory_is_that_of_the_largest_process(tmp_path: Path) -> None:
    allocate = "text = b'x' * 300_000_000"
    code = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {allocate!r}], check=True)"
    program = f"Program('parent', [{sys.executable!r}, '-c', {code!r}], pathlib.Path({str(tmp_path)!r}))"
    # From a small process: a program counts at least the memory of the one that starts it, and that of tests is large.
    measuring = f"import pathlib; from bench.measure import Program, measure; print(measure({program}).memory)"
    printed = subprocess.run([sys.executable, "-c", measuring], cwd=ROOT, capture_output=True, text=True, check=True)
    assert 300 < float(printed.stdout) < 500


def test_a_failed_program_is_an_error_with_its_output(tmp_path: Path) -> None:
    command = [sys.executable, "-c", "raise SystemExit('no such endpoint')"]
    with pytest.raises(SystemExit, match=r"^synth failed with 1:\nno such endpoint$"):
        measure(Program("synth", command, tmp_path))
    measure(Program("synth", command, tmp_path, exit_codes=(1,)))
    with pytest.raises(SystemExit, match="failed with 0"):
        measure(Program("synth", [sys.executable, "-c", ""], tmp_path, exit_codes=(1,)))


def test_programs_alternate(tmp_path: Path) -> None:
    log = tmp_path / "runs"
    programs = [Program(name, ["sh", "-c", f"echo {name} >>{log}"], tmp_path) for name in ("a", "b")]
    costs = alternate(programs, 3)
    assert log.read_text().split() == ["a", "b"] * 3
    assert {name: len(runs) for name, runs in costs.items()} == {"a": 3, "b": 3}


def test_the_first_runs_may_be_unmeasured(tmp_path: Path) -> None:
    first = tmp_path / "first"
    program = Program("a", ["sh", "-c", f"test -e {first} || (touch {first}; sleep 0.5)"], tmp_path)
    costs = alternate([program], 2, unmeasured=1)["a"]
    assert len(costs) == 2
    assert max(cost.wall for cost in costs) < 0.5
