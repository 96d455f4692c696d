"""Time a synth of this project against other ways to the same resources: `make bench`.

Each measurement is a process of its own. The ways take turns (A B A B), so that a noisy machine is noisy for all of
them, and the table shows medians. The first run of each is not counted: it fills caches.
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

# What a developer's or CI's machine tells Python, Node, jsii and AWS CDK costs time that a user does not spend:
# PYTHONDONTWRITEBYTECODE alone compiles every module again in each run, NODE_EXTRA_CA_CERTS reads certificates.
_NOT_PASSED_ON = ("PYTHON", "NODE_", "JSII_", "CDK", "PLAIN_BINDINGS")

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
"""


@dataclass(frozen=True)
class Way:
    """One way to synthesize: a command, and what its environment has besides ours."""

    name: str
    command: list[str]
    environment: dict[str, str]


@dataclass(frozen=True)
class Cost:
    """What a process and its children took: CPU and wall seconds, and the memory of the largest in MB."""

    cpu: float
    wall: float
    memory: float


def users_environment() -> dict[str, str]:
    """Return this process's environment without what makes Python or Node slower than a user has them."""
    return {name: value for name, value in os.environ.items() if not name.startswith(_NOT_PASSED_ON)}


def measure(way: Way, directory: Path) -> Cost:
    """Run a way once, in a folder that has an endpoints.toml and its synthesized cdktf.out."""
    log = directory / "log.txt"
    started = time.perf_counter()
    with log.open("w") as output:
        process = subprocess.Popen(
            way.command, cwd=directory, env={**users_environment(), **way.environment}, stdout=output, stderr=output
        )
        _, status, used = os.wait4(process.pid, 0)
    if status:
        raise SystemExit(f"{way.name} failed:\n{log.read_text()}")
    # Linux counts in KB, macOS in bytes.
    unit = 1 if sys.platform == "darwin" else 1024
    return Cost(used.ru_utime + used.ru_stime, time.perf_counter() - started, used.ru_maxrss * unit / 1e6)


def ways(node_modules: Path, *, quick: bool) -> Iterator[Way]:
    """Yield this project and what it is compared with; AWS CDK where it is installed for the benchmark."""
    ours = [sys.executable, str(ROOT / "main.py")]
    source = {"PYTHONPATH": str(ROOT / "modules")}
    yield Way("this project", ours, source)
    if not quick:
        yield Way("the same with plain imports", ours, {**source, "PLAIN_BINDINGS": "1"})
    yield Way("CDKTF in JavaScript", ["node", str(node_modules.parent / "javascript.js"), "cdktf.out", "out.js"], {})
    if _CDK_PYTHON.exists():
        script = str(ROOT / "bench" / "cloudformation.py")
        yield Way("AWS CDK in Python", [str(_CDK_PYTHON), script, "cdktf.out", "out.cdk"], {})
        unchecked = {"CDK_VALIDATION": "false"}
        yield Way("the same, CDK_VALIDATION=false", [str(_CDK_PYTHON), script, "cdktf.out", "out.cdk"], unchecked)


@contextmanager
def unpacked() -> Iterator[Path]:
    """Give a `node_modules`, beside the script, with what the Python packages bring: the same versions."""
    with tempfile.TemporaryDirectory() as directory:
        shutil.copy(ROOT / "bench" / "javascript.js", directory)
        node_modules = Path(directory) / "node_modules"
        for name, module in (
            ("constructs", "constructs"),
            ("cdktf", "cdktf"),
            ("@cdktf/provider-aws", "cdktf_cdktf_provider_aws"),
        ):
            # Not imported: the package of the provider would import all of its submodules.
            (archive,) = Path(str(files("jsii"))).parent.joinpath(module, "_jsii").glob("*.jsii.tgz")
            with tarfile.open(archive) as packed:
                packed.extractall(node_modules / name, filter="data")
            (node_modules / name / "package").rename(node_modules / f"{module}.unpacked")
            (node_modules / name).rmdir()
            (node_modules / f"{module}.unpacked").rename(node_modules / name)
        yield node_modules


def compare(endpoints: int, runs: int, compared: list[Way]) -> list[str]:
    """Return the rows of the table for a number of endpoints."""
    with tempfile.TemporaryDirectory() as name:
        directory = Path(name)
        text = _PROJECT + "".join(_ENDPOINT.format(number=number) for number in range(endpoints))
        (directory / "endpoints.toml").write_text(text)
        for way in compared:
            measure(way, directory)
        check_terraform(directory / "cdktf.out", directory / "out.js")
        if _CDK_PYTHON.exists():
            check_cloudformation(directory / "cdktf.out", directory / "out.cdk")
        costs: dict[str, list[Cost]] = {way.name: [] for way in compared}
        for run in range(runs):
            print(f"{endpoints} endpoints, run {run + 1} of {runs}", file=sys.stderr)
            for way in compared:
                costs[way.name].append(measure(way, directory))
    medians = {name: _median(each) for name, each in costs.items()}
    ours = medians["this project"]
    return [
        f"| {endpoints} | {name} | {cost.cpu:.2f} | {cost.cpu / ours.cpu:.1f} | {cost.wall:.2f} "
        f"| {cost.memory:.0f} | {cost.memory / ours.memory:.1f} |"
        for name, cost in medians.items()
    ]


def _median(costs: list[Cost]) -> Cost:
    return Cost(*(statistics.median(getattr(cost, field) for cost in costs) for field in ("cpu", "wall", "memory")))


def main() -> None:
    """Print the table as Markdown, and what was compared."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--endpoints", type=int, nargs="+", default=[1, 10, 100], help="default: 1 10 100")
    parser.add_argument("--runs", type=int, default=5, help="runs of each, default: 5")
    parser.add_argument("--quick", action="store_true", help="leave out plain imports: whether it works at all")
    options = parser.parse_args()
    if not _CDK_PYTHON.exists():
        print("AWS CDK is left out: it is not installed in .venv-bench (make bench does)", file=sys.stderr)
    packages = ("cdktf", "cdktf-cdktf-provider-aws", "jsii")
    node = subprocess.run(["node", "--version"], capture_output=True, text=True, check=True).stdout.strip()
    versions = ", ".join(f"{name} {version(name)}" for name in packages)
    print(f"{time.strftime('%Y-%m-%d')}, {versions}, Node {node}, Python {platform.python_version()}, ", end="")
    print(f"{os.cpu_count()} cores, medians of {options.runs} runs\n")
    print("| endpoints | way | CPU s | ratio | wall s | MB | ratio |\n|---:|---|---:|---:|---:|---:|---:|")
    with unpacked() as node_modules:
        compared = [*ways(node_modules, quick=options.quick)]
        for endpoints in options.endpoints:
            try:
                print("\n".join(compare(endpoints, options.runs, compared)), flush=True)
            except Different as difference:
                sys.exit(f"the ways do not make the same: {difference}")


if __name__ == "__main__":
    main()
