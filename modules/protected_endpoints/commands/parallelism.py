"""Print how many stacks to plan or deploy at the same time on this machine.

The number fits the cores and the available memory. The variable PARALLELISM replaces it.

Examples:
  protected-endpoints parallelism plan
  make deploy PARALLELISM=2

"""

import os
import re
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from protected_endpoints.commands.command_line import CommandParser
from protected_endpoints.errors import CommandError, Problem

_GB = 1e9
_MEMINFO = Path("/proc/meminfo")
# The limit of a container, by the version of cgroups that the machine has: 2 or 1.
_CGROUP_LIMITS = (Path("/sys/fs/cgroup/memory.max"), Path("/sys/fs/cgroup/memory/memory.limit_in_bytes"))
_POSITIVE = re.compile("[1-9][0-9]{0,2}")


class Need(NamedTuple):
    """What a stack needs while Terraform runs: memory of Terraform and its provider in GB, and a part of a core."""

    memory: float
    cores: float


NEEDS = {
    # A plan waits for AWS. plan.sh lets Go collect garbage less often, which takes 0.2 GB more.
    "plan": Need(memory=1.1, cores=0.5),
    # An apply waits for SageMaker most of the time.
    "deploy": Need(memory=0.9, cores=0.25),
}


def parallelism(need: Need, *, cores: int, memory: float) -> int:
    """Return how many stacks fit the cores and the memory in GB, at least one."""
    return max(1, int(min(cores / need.cores, memory / need.memory)))


def run(arguments: Sequence[str]) -> None:
    """Print a number."""
    parser = CommandParser("parallelism", __doc__)
    parser.add_argument("command", choices=NEEDS, help="plan or deploy")
    need = NEEDS[parser.parse_args(arguments).command]
    print(_from_variable() or parallelism(need, cores=_cores(), memory=_available_memory()))


def _from_variable() -> int | None:
    text = os.environ.get("PARALLELISM", "")
    if not text:
        return None
    if not _POSITIVE.fullmatch(text):
        raise CommandError(
            str(Problem(("PARALLELISM",), "must be a number from 1 to 999", "set it to 4, or unset it", value=text))
        )
    return int(text)


def _cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _available_memory() -> float:
    """Return the GB that new processes can use without swapping; of a container, its limit if that is lower."""
    try:
        lines = dict(line.split(":") for line in _MEMINFO.read_text().splitlines())
        memory = int(lines["MemAvailable"].removesuffix("kB")) * 1024
    except (OSError, LookupError, ValueError):
        # Not Linux: half of what is installed.
        memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // 2
    for limit in _CGROUP_LIMITS:
        with suppress(OSError, ValueError):  # not a container, or one without a limit, which is "max"
            memory = min(memory, int(limit.read_text()))
    return memory / _GB
