"""Compare the speed of this project with that of other tools: `make bench`.

Prints tables in Markdown, or writes them to docs/speed.md, which explains them. All rows are of one run, in which the
tools alternate.
"""

import argparse
import os
import sys
import textwrap
import time

from bench.equivalence import Different
from bench.installed import ROOT, versions
from bench.page import update_page
from bench.run import run
from bench.tables import tables

_SIZES, _FLEET, _QUICK_FLEET = [1, 10, 100], 500, 5
_PAGE = ROOT / "docs" / "speed.md"


def main() -> None:
    """Measure, and print or write the tables."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument(
        "--endpoints", type=int, nargs="+", default=_SIZES, help="numbers of endpoints (default: 1 10 100)"
    )
    parser.add_argument("--runs", type=int, default=5, help="measured runs of each tool (default: 5)")
    parser.add_argument(
        "--quick",
        action="store_true",
        help="a fleet of 5 endpoints, no plain imports, and every run is measured: the first ones fill caches",
    )
    parser.add_argument("--update", action="store_true", help="write the tables to docs/speed.md")
    options = parser.parse_args()
    if min(*options.endpoints, options.runs) < 1:
        parser.error("--endpoints and --runs must be positive")
    if options.update and (options.quick or options.endpoints != _SIZES):
        parser.error("--update requires all measurements: remove --endpoints and --quick")
    date, programs = time.strftime("%Y-%m-%d"), versions()
    machine = f"{_cores()} cores (load average before: {os.getloadavg()[0]:.1f})"
    started = time.monotonic()
    try:
        fleet = _QUICK_FLEET if options.quick else _FLEET
        results = run(options.endpoints, options.runs, fleet, quick=options.quick)
    except Different as difference:
        sys.exit(f"the tools do not define the same resources: {difference}")
    minutes = (time.monotonic() - started) / 60
    runs = f"{options.runs} run{'s' if options.runs > 1 else ''} of each tool, in {minutes:.0f} minutes"
    summary = f"Measured on {date} with {programs} and AWS provider {results.provider}, on {machine}: {runs}."
    parts = {"machine": textwrap.fill(summary, 120, break_on_hyphens=False), **tables(results)}
    if options.update:
        update_page(_PAGE, parts)
    else:
        print("\n\n".join(parts.values()))


def _cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


if __name__ == "__main__":
    main()
