"""Measure programs: each run is a process of its own, and programs alternate, so that other load affects all of them.

Other load makes a program slower and never faster, so the minimum is what a program needs; the median shows the load.
"""

import os
import statistics
import subprocess
import sys
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from bench.environment import user_environment


@dataclass(frozen=True)
class Program:
    """A program to measure.

    Attributes:
        name: its name in tables.
        command: the program and its arguments.
        folder: where it runs.
        environment: variables in addition to `user_environment`.
        exit_codes: those that are no failure.

    """

    name: str
    command: Sequence[str | Path]
    folder: Path
    environment: Mapping[str, str] = field(default_factory=dict)
    exit_codes: tuple[int, ...] = (0,)


@dataclass(frozen=True)
class Cost:
    """The cost of one run: CPU and wall time in seconds, and the peak memory of its largest process in MB.

    CPU time is that of the process and its children, in user and system mode.
    """

    cpu: float
    wall: float
    memory: float


class Costs(tuple[Cost, ...]):
    """The costs of all runs of a program."""

    __slots__ = ()

    @property
    def cpu(self) -> float:
        """The least CPU time in seconds."""
        return min(cost.cpu for cost in self)

    @property
    def median_cpu(self) -> float:
        """The median CPU time in seconds."""
        return statistics.median(cost.cpu for cost in self)

    @property
    def wall(self) -> float:
        """The least wall time in seconds."""
        return min(cost.wall for cost in self)

    @property
    def memory(self) -> float:
        """The peak memory in MB of the largest process in any run."""
        return max(cost.memory for cost in self)


def measure(program: Program) -> Cost:
    """Run a program once, with its output in `output_of`. Raises `SystemExit` with the output if it fails."""
    log = output_of(program)
    started = time.perf_counter()
    with log.open("w") as output:
        process = subprocess.Popen(
            program.command,
            cwd=program.folder,
            env={**user_environment(), **program.environment},
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
        )
        _, status, used = os.wait4(process.pid, 0)
    wall = time.perf_counter() - started
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode not in program.exit_codes:
        raise SystemExit(f"{program.name} failed with {process.returncode}:\n{log.read_text()}")
    # Linux counts in KB, macOS in bytes. On Linux, a process counts at least the memory of the one that started it,
    # so this one imports little.
    unit = 1 if sys.platform == "darwin" else 1024
    return Cost(used.ru_utime + used.ru_stime, wall, used.ru_maxrss * unit / 1e6)


def output_of(program: Program) -> Path:
    """Return the file with the output of the last run."""
    return program.folder / "log.txt"


def alternate(programs: Iterable[Program], runs: int, *, unmeasured: int = 0) -> dict[str, Costs]:
    """Run the programs by turns, and return the costs of each by its name, without the first runs if unmeasured."""
    programs = [*programs]
    costs: dict[str, list[Cost]] = {program.name: [] for program in programs}
    for _ in range(unmeasured + runs):
        for program in programs:
            costs[program.name].append(measure(program))
    return {name: Costs(measured[unmeasured:]) for name, measured in costs.items()}
