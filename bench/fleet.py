"""Measure what a pull request for a fleet consists of: the steps of the workflow *review* that take time."""

import json
import os
import shutil
from dataclasses import dataclass
from pathlib import Path

from bench.configuration import FIRST_STACK, write_project
from bench.installed import MAIN, program
from bench.measure import Costs, Program, measure, output_of
from bench.planned_stack import DEFAULT_PLAN, DEFAULT_SHOW, INIT, PLAN, SHOW, PlannedStack
from bench.reviews import review_program


@dataclass(frozen=True)
class Parts:
    """CPU seconds of the steps: those for all endpoints of a fleet, and those for one stack or its plan.

    Attributes:
        endpoints: the size of the fleet.
        synth: synthesize every stack.
        admit: admit the synthesized folder.
        changed: find the stacks that differ between two folders.
        init, plan, show: `terraform init`, `plan` and `show -json` for one stack, as plan.sh runs them.
        default_plan, default_show: the same with the default of GOGC.
        review: review the plan of one stack.
        review_all: review a plan of every stack.

    """

    endpoints: int
    synth: float
    admit: float
    changed: float
    init: float
    plan: float
    show: float
    default_plan: float
    default_show: float
    review: float
    review_all: float


def measure_fleet(folder: Path, stack: PlannedStack, plan: Path, endpoints: int, runs: int) -> Parts:
    """Return the parts. `plan` is that of `stack`."""
    base = write_project(folder / "base", endpoints)
    synth = _least(Program("synth of a fleet", [program(".venv"), MAIN], base), runs)
    base_output, head = base / "cdktf.out", folder / "head"
    shutil.copytree(base_output, head)
    _change(head / "stacks" / FIRST_STACK / "cdk.tf.json")
    changed = review_program("review changed", folder, "changed", base_output, head)
    changed_cost = _least(changed, runs)
    if (output := output_of(changed).read_text()) != f"{FIRST_STACK}\n":
        raise SystemExit(f"the only stack that differs is {FIRST_STACK}, got:\n{output}")
    admit = review_program("review admit", folder, "admit", base_output)
    review = review_program("review", folder, plan, "--output", "review.md")
    plans = _copies(folder / "plans", plan, endpoints)
    review_all = review_program("review of all", folder, *plans, "--output", "review.md")
    terraform = stack.measured(runs)
    return Parts(
        endpoints=endpoints,
        synth=synth,
        admit=_least(admit, runs),
        changed=changed_cost,
        init=terraform[INIT].cpu,
        plan=terraform[PLAN].cpu,
        show=terraform[SHOW].cpu,
        default_plan=terraform[DEFAULT_PLAN].cpu,
        default_show=terraform[DEFAULT_SHOW].cpu,
        review=_least(review, runs),
        review_all=_least(review_all, 1),
    )


def _least(program: Program, runs: int) -> float:
    return Costs(measure(program) for _ in range(runs)).cpu


def _change(file: Path) -> None:
    stack = json.loads(file.read_text())
    (configuration,) = stack["resource"]["aws_sagemaker_endpoint_configuration"].values()
    configuration["production_variants"][0]["initial_instance_count"] += 1
    file.write_text(json.dumps(stack))


def _copies(folder: Path, plan: Path, number: int) -> list[Path]:
    """Return files with the same plan, each named after a stack."""
    folder.mkdir()
    files = [folder / f"dev-kmeans-{index}.json" for index in range(number)]
    for file in files:
        os.link(plan, file)
    return files
