"""Measure two synths of one endpoint that users meet: the first on a machine, and one with a mistake."""

from pathlib import Path

from bench.configuration import write_project
from bench.installed import MAIN, program
from bench.measure import Costs, Program, measure, output_of

_MISTAKE = "endpoints.kmeans-0.instance_type: "


def first_run(folder: Path, runs: int) -> Costs:
    """Return the costs with empty caches of this project and of jsii. Both are in the home directory."""
    return Costs(measure(_with_new_home(folder / str(run))) for run in range(runs))


def _with_new_home(folder: Path) -> Program:
    write_project(folder, 1)
    home = folder / "home"
    home.mkdir()
    environment = {"HOME": str(home), "XDG_CACHE_HOME": str(home / ".cache")}
    return Program("this project, first run", [program(".venv"), MAIN], folder, environment)


def mistake(folder: Path, runs: int) -> Costs:
    """Return the costs of a synth that reports an instance type with a typo, as the message of it shows."""
    synth = Program(
        "this project, a mistake",
        [program(".venv"), MAIN],
        write_project(folder, 1, instance_type="ml.m4.xlagre"),
        exit_codes=(1,),
    )
    costs = Costs(measure(synth) for _ in range(runs))
    message = output_of(synth).read_text()
    if _MISTAKE not in message:
        raise SystemExit(f"{synth.name} ended with another message:\n{message}")
    return costs
