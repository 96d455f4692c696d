"""Measure everything, with a line on stderr for each part."""

import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from bench.configuration import FIRST_STACK
from bench.fleet import measure_fleet
from bench.javascript import unpack_javascript
from bench.planned_stack import PlannedStack
from bench.results import Results
from bench.reviews import compare_reviews
from bench.special_synths import first_run, mistake
from bench.synths import PLAIN, compare, plain_imports, stack_folder

# Those of a fleet take long, so that other load matters less.
_FLEET_RUNS = 3


def run(sizes: Sequence[int], runs: int, fleet: int, *, quick: bool) -> Results:
    """Return the results for these numbers of endpoints, and for a fleet. Raises `Different`."""
    unmeasured = 0 if quick else 1
    say = _progress()
    with tempfile.TemporaryDirectory(prefix="bench-") as name:
        folder = Path(name)
        synth_folder = folder / "synths"
        script = unpack_javascript(folder / "javascript")
        synths = {}
        for endpoints in sizes:
            say(f"synths, endpoints: {endpoints}")
            synths[endpoints] = compare(synth_folder, script, endpoints, runs, unmeasured)
        if not quick:
            say("synths with plain imports")
            for endpoints, costs in plain_imports(synth_folder, sizes).items():
                synths[endpoints][PLAIN] = costs
        say("a first run and a mistake")
        first, wrong = first_run(folder / "first", runs), mistake(folder / "mistake", runs)
        say("reviews of a plan")
        stack = PlannedStack(folder / "planned", stack_folder(synth_folder, sizes[0], FIRST_STACK))
        plan = stack.plan()
        reviews = compare_reviews(folder / "reviews", stack, plan, runs, unmeasured)
        say(f"a fleet, endpoints: {fleet}")
        parts = measure_fleet(folder / "fleet", stack, plan, fleet, min(runs, _FLEET_RUNS))
        say("done")
    return Results(synths, first, wrong, reviews, parts, stack.provider_version)


def _progress() -> Callable[[str], None]:
    started = time.monotonic()
    return lambda text: print(f"{time.monotonic() - started:4.0f} s: {text}", file=sys.stderr, flush=True)
