"""What a run of the benchmark has measured."""

from collections.abc import Mapping
from dataclasses import dataclass

from bench.fleet import Parts
from bench.measure import Costs


@dataclass(frozen=True)
class Results:
    """The results of a run.

    Attributes:
        synths: the costs of each tool, by number of endpoints and tool.
        first_run: those of a synth with empty caches.
        mistake: those of a synth that reports a mistake in the configuration.
        reviews: those of each tool that reads a plan.
        fleet: the parts of a pull request for a fleet.
        provider: the version of the AWS provider that planned.

    """

    synths: Mapping[int, Mapping[str, Costs]]
    first_run: Costs
    mistake: Costs
    reviews: Mapping[str, Costs]
    fleet: Parts
    provider: str
