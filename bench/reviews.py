"""Measure the review of a plan, checkov on the same plan, and `terraform show -json`, without which neither can run."""

import json
from collections.abc import Mapping
from pathlib import Path

from bench.installed import ROOT, program
from bench.measure import Costs, Program, alternate, output_of
from bench.planned_stack import DEFAULT_GOGC, PlannedStack

REVIEW, CHECKOV, SHOW = "this project, review", "checkov", "terraform show -json"
RESOURCES = 30
"""The resources of an endpoint with every default, which the plan creates."""


def compare_reviews(folder: Path, stack: PlannedStack, plan: Path, runs: int, unmeasured: int) -> Mapping[str, Costs]:
    """Return the costs of each for the plan of a stack. Raises `SystemExit` if one of them read nothing."""
    review, scan = folder / "review", folder / "checkov"
    for subfolder in (review, scan):
        subfolder.mkdir(parents=True)
    options = ["--framework", "terraform_plan", "--skip-download", "--compact", "-o", "json"]
    programs = (
        review_program(REVIEW, review, plan, "--output", "review.md"),
        # 1: a check failed.
        Program(CHECKOV, [program(".venv-scan", "checkov"), "-f", plan, *options], scan, exit_codes=(0, 1)),
        stack.show(SHOW, DEFAULT_GOGC),
    )
    costs = alternate(programs, runs, unmeasured=unmeasured)
    require_results(review / "review.md", output_of(programs[1]))
    return costs


def review_program(name: str, folder: Path, *arguments: str | Path) -> Program:
    """Return a run of the review in a folder."""
    command = [program(".venv"), "-m", "protected_endpoints.review", *arguments]
    return Program(name, command, folder, {"PYTHONPATH": str(ROOT / "modules")})


def require_results(review: Path, scan: Path) -> None:
    """Raise `SystemExit` if the review or checkov has read nothing: both then find nothing, and quickly."""
    if f"{RESOURCES} created" not in review.read_text():
        raise SystemExit(f"the review does not have every resource of the plan:\n{review.read_text()}")
    if not json.loads(scan.read_text())["summary"]["passed"]:
        raise SystemExit(f"checkov has no result:\n{scan.read_text()}")
