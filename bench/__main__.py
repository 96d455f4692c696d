"""Compare the synthesis time of this project with other tools that define the same resources: `make bench`.

Every measurement is a separate process. The tools alternate (A B A B), so that other load on the machine affects all of
them, and the table shows medians. The first run of a tool fills its caches and is not measured.
"""

import argparse
import os
import platform
import shutil
import statistics
import subprocess
import sys
import tarfile
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.metadata import version
from importlib.resources import files
from pathlib import Path

from bench.equivalence import Different, check_cloudformation, check_terraform

ROOT = Path(__file__).parent.parent
_CDK_PYTHON = ROOT / ".venv-bench" / "bin" / "python"

# Prefixes of environment variables of a developer or CI machine that slow down Python, Node, jsii or AWS CDK.
# PYTHONDONTWRITEBYTECODE, for example, compiles every module again in every run.
_EXCLUDED_VARIABLES = ("PYTHON", "NODE_", "JSII_", "CDK", "PLAIN_BINDINGS")

_PROJECT = """
[project]
name = "acme"

[environments.dev]
account_id = "111122223333"
region = "us-west-2"
"""
_ENDPOINT = """
[endpoints.kmeans-{number}]
image = "174872318107.dkr.ecr.us-west-2.amazonaws.com/kmeans:1"
model_data_url = "s3://my-bucket/model.tar.gz"
instance_type = "ml.m4.xlarge"
invokers = ["arn:aws:iam::111122223333:role/checkout-{number}"]
# The other tools define neither alarms nor the rollout that they roll back.
alarms = {{ enable_alarms = false }}

[endpoints.kmeans-{number}.deployment_config.blue_green_update_policy.traffic_routing_configuration]
type = "ALL_AT_ONCE"
wait_interval_in_seconds = 0
"""


@dataclass(frozen=True)
class Tool:
    """A tool that is compared: its command and additional environment variables."""

    name: str
    command: list[str]
    environment: dict[str, str]


@dataclass(frozen=True)
class Cost:
    """The cost of a process and its children: CPU time and wall time in seconds, and peak memory of a process in MB."""

    cpu: float
    wall: float
    memory: float


def user_environment() -> dict[str, str]:
    """Return the environment of this process without variables that slow down Python or Node."""
    return {name: value for name, value in os.environ.items() if not name.startswith(_EXCLUDED_VARIABLES)}


def measure(tool: Tool, directory: Path) -> Cost:
    """Run a tool once, in a folder with an endpoints.toml and its synthesized cdktf.out."""
    log = directory / "log.txt"
    started = time.perf_counter()
    with log.open("w") as output:
        process = subprocess.Popen(
            tool.command, cwd=directory, env={**user_environment(), **tool.environment}, stdout=output, stderr=output
        )
        _, status, used = os.wait4(process.pid, 0)
    if status:
        raise SystemExit(f"{tool.name} failed:\n{log.read_text()}")
    # Linux counts in KB, macOS in bytes.
    unit = 1 if sys.platform == "darwin" else 1024
    return Cost(used.ru_utime + used.ru_stime, time.perf_counter() - started, used.ru_maxrss * unit / 1e6)


def tools(node_modules: Path, *, quick: bool) -> Iterator[Tool]:
    """Yield this project and the other tools; AWS CDK only if it is installed for the benchmark."""
    command = [sys.executable, str(ROOT / "main.py")]
    source = {"PYTHONPATH": str(ROOT / "modules")}
    yield Tool("this project", command, source)
    if not quick:
        yield Tool("the same with plain imports", command, {**source, "PLAIN_BINDINGS": "1"})
    yield Tool("CDKTF in JavaScript", ["node", str(node_modules.parent / "javascript.js"), "cdktf.out", "out.js"], {})
    if _CDK_PYTHON.exists():
        script = str(ROOT / "bench" / "cloudformation.py")
        yield Tool("AWS CDK in Python", [str(_CDK_PYTHON), script, "cdktf.out", "out.cdk"], {})
        unchecked = {"CDK_VALIDATION": "false"}
        yield Tool("the same, CDK_VALIDATION=false", [str(_CDK_PYTHON), script, "cdktf.out", "out.cdk"], unchecked)


@contextmanager
def unpacked() -> Iterator[Path]:
    """Yield a `node_modules` folder next to the script, with the JavaScript of the installed Python packages."""
    with tempfile.TemporaryDirectory() as directory:
        shutil.copy(ROOT / "bench" / "javascript.js", directory)
        node_modules = Path(directory) / "node_modules"
        for name, module in (
            ("constructs", "constructs"),
            ("cdktf", "cdktf"),
            ("@cdktf/provider-aws", "cdktf_cdktf_provider_aws"),
        ):
            # Found without an import: the package of the provider would import all of its submodules.
            (archive,) = Path(str(files("jsii"))).parent.joinpath(module, "_jsii").glob("*.jsii.tgz")
            with tarfile.open(archive) as packed:
                packed.extractall(node_modules / name, filter="data")
            (node_modules / name / "package").rename(node_modules / f"{module}.unpacked")
            (node_modules / name).rmdir()
            (node_modules / f"{module}.unpacked").rename(node_modules / name)
        yield node_modules


def compare(endpoints: int, runs: int, compared: list[Tool]) -> list[str]:
    """Return the rows of the result table for a number of endpoints."""
    with tempfile.TemporaryDirectory() as name:
        directory = Path(name)
        text = _PROJECT + "".join(_ENDPOINT.format(number=number) for number in range(endpoints))
        (directory / "endpoints.toml").write_text(text)
        for tool in compared:
            measure(tool, directory)
        check_terraform(directory / "cdktf.out", directory / "out.js")
        if _CDK_PYTHON.exists():
            check_cloudformation(directory / "cdktf.out", directory / "out.cdk")
        costs: dict[str, list[Cost]] = {tool.name: [] for tool in compared}
        for run in range(runs):
            print(f"{endpoints} endpoints, run {run + 1} of {runs}", file=sys.stderr)
            for tool in compared:
                costs[tool.name].append(measure(tool, directory))
    medians = {name: _median(measured) for name, measured in costs.items()}
    project = medians["this project"]
    return [
        f"| {endpoints} | {name} | {cost.cpu:.2f} | {cost.cpu / project.cpu:.1f} | {cost.wall:.2f} "
        f"| {cost.memory:.0f} | {cost.memory / project.memory:.1f} |"
        for name, cost in medians.items()
    ]


def _median(costs: list[Cost]) -> Cost:
    return Cost(*(statistics.median(getattr(cost, field) for cost in costs) for field in ("cpu", "wall", "memory")))


def main() -> None:
    """Print the results as a Markdown table, with the versions of the tools."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--endpoints", type=int, nargs="+", default=[1, 10, 100], help="default: 1 10 100")
    parser.add_argument("--runs", type=int, default=5, help="measured runs per tool, default: 5")
    parser.add_argument("--quick", action="store_true", help="skip plain imports, to check that the benchmark works")
    options = parser.parse_args()
    if not _CDK_PYTHON.exists():
        print("AWS CDK is not compared: it is not installed in .venv-bench (make bench installs it)", file=sys.stderr)
    packages = ("cdktf", "cdktf-cdktf-provider-aws", "jsii")
    node = subprocess.run(["node", "--version"], capture_output=True, text=True, check=True).stdout.strip()
    versions = ", ".join(f"{name} {version(name)}" for name in packages)
    print(f"{time.strftime('%Y-%m-%d')}, {versions}, Node {node}, Python {platform.python_version()}, ", end="")
    print(f"{os.cpu_count()} cores, medians of {options.runs} runs\n")
    print("| endpoints | tool | CPU s | ratio | wall s | MB | ratio |\n|---:|---|---:|---:|---:|---:|---:|")
    with unpacked() as node_modules:
        compared = [*tools(node_modules, quick=options.quick)]
        for endpoints in options.endpoints:
            try:
                print("\n".join(compare(endpoints, options.runs, compared)), flush=True)
            except Different as difference:
                sys.exit(f"the tools do not define the same resources: {difference}")


if __name__ == "__main__":
    main()
