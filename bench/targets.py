"""The limits that this project sets itself, and whether a run of the benchmark is below them."""

from collections.abc import Iterator
from dataclasses import dataclass

from bench.pull_request import CORES, pull_request_seconds
from bench.results import Results
from bench.synths import PROJECT, UNCHECKED_CDK

# CPU seconds, and the ratio to AWS CDK in Python without its validation, by number of endpoints.
_SYNTHS = {1: (0.55, 0.75), 100: (1.7, 0.6)}
_FIRST_RUN_MEMORY = 300.0
_MISTAKE_SECONDS = 1.0
_ONE_CHANGED_MINUTES, _ALL_CHANGED_MINUTES = 3.0, 15.0


@dataclass(frozen=True)
class Target:
    """A limit: what is limited, in which unit, the limit and what was measured."""

    name: str
    unit: str
    limit: float
    measured: float

    @property
    def is_met(self) -> bool:
        """Whether the measured value is not above the limit."""
        return self.measured <= self.limit


def targets(results: Results) -> Iterator[Target]:
    """Yield the targets; of synths, those whose number of endpoints was measured."""
    for endpoints, (cpu, ratio) in _SYNTHS.items():
        if costs := results.synths.get(endpoints):
            name = f"synth of {endpoints} endpoint{'s' if endpoints > 1 else ''}"
            yield Target(name, "CPU s", cpu, costs[PROJECT].cpu)
            yield Target(
                f"{name}, relative to {UNCHECKED_CDK}", "", ratio, costs[PROJECT].cpu / costs[UNCHECKED_CDK].cpu
            )
    yield Target("first run, the largest process", "MB", _FIRST_RUN_MEMORY, results.first_run.memory)
    yield Target("report of a mistake in the configuration", "s", _MISTAKE_SECONDS, results.mistake.wall)
    endpoints = results.fleet.endpoints
    for changed, minutes in ((1, _ONE_CHANGED_MINUTES), (endpoints, _ALL_CHANGED_MINUTES)):
        number = f"{changed} of {endpoints}" if changed < endpoints else f"all {endpoints}"
        name = f"a pull request that changes {number} endpoints, on {CORES} cores"
        yield Target(name, "minutes", minutes, pull_request_seconds(results.fleet, changed) / 60)
