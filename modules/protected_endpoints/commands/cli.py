"""The console script `protected-endpoints`: finds a command by its name, imports its module and runs it."""

import sys
from collections.abc import Iterator, Sequence
from importlib import import_module
from typing import NamedTuple

from protected_endpoints.commands.command_line import PROGRAM, command_line, find_by_name
from protected_endpoints.commands.version import VERSION


class Command(NamedTuple):
    """A command: the module whose function `run` takes its arguments, and its line in the help text."""

    module: str
    summary: str


_GROUPS = {
    "Configuration": {
        "check": Command("check", "report every error and warning of endpoints.toml"),
        "explain": Command("explain.command", "describe an endpoint: protections, warnings and resources"),
        "set": Command("set_values", "change values in endpoints.toml, for a pull request of a build"),
        "schema": Command("schema", "print the JSON Schema of endpoints.toml"),
        "reference": Command("reference", "print the reference of the keys of endpoints.toml"),
    },
    "Deployment": {
        "synth": Command("synth", "write Terraform JSON for every stack to cdktf.out"),
        "offline-plan": Command("offline_plan", "plan synthesized stacks without an AWS account"),
        "review": Command("review", "review Terraform plans for changes of protection"),
        "policy": Command("policy", "print the IAM policies of deployers, planners, execution roles and keys"),
        "invoke": Command("invoke.command", "send a request to an endpoint, and say why it is refused"),
    },
    "State": {
        "bootstrap": Command("bootstrap", "create the state bucket, boundary and workflow roles of an environment"),
        "move-state": Command("move_state", "move local states to the bucket of their environment"),
        "adopt": Command("adopt.command", "print a running endpoint as a table of endpoints.toml"),
        "recover": Command("recover.command", "import resources that an interrupted run left out of the state"),
        "tainted": Command("tainted", "report tainted resources that Terraform cannot replace"),
    },
    "Workflows and make": {
        "ci-matrix": Command("ci_matrix", "list what a workflow plans or deploys"),
        "endpoint-policies": Command("endpoint_policies", "report resource policies of endpoints, which no plan shows"),
        "unsupported-updates": Command("unsupported_updates", "refuse updates of endpoints that SageMaker refuses"),
        "pull-request": Command("pull_request", "merge a pull request as data, and tell whether it changes code"),
        "unpack": Command("unpack", "unpack what the code of a pull request synthesized"),
        "parallelism": Command("parallelism", "print how many stacks to plan or deploy at the same time"),
        "with-mirror": Command("with_mirror", "run cdktf with a registry mirror, and safe after Ctrl-C"),
    },
}
COMMANDS = {name: command for group in _GROUPS.values() for name, command in group.items()}
_HELP = ("-h", "--help", "help")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command, and return the exit code."""
    name, *rest = [*(sys.argv[1:] if arguments is None else arguments)] or ["--help"]
    with command_line():
        if name in _HELP:
            print("\n".join(_help()))
            return 0
        if name == "--version":
            print(VERSION)
            return 0
        command = find_by_name("command", name, COMMANDS, message="unknown")
        module = import_module(f"protected_endpoints.commands.{command.module}")
        code: int | None = module.run(rest)
    return code or 0


def _help() -> Iterator[str]:
    yield f"usage: {PROGRAM} COMMAND [ARGUMENTS]"
    yield f"       {PROGRAM} --version"
    yield ""
    yield "Protected model serving endpoints on AWS SageMaker, from endpoints.toml in the current folder."
    width = max(map(len, COMMANDS))
    for title, commands in _GROUPS.items():
        yield f"\n{title}:"
        yield from (f"  {name:<{width}} {command.summary}" for name, command in commands.items())
    yield "\nExamples:"
    yield f"  {PROGRAM} check"
    yield f"  {PROGRAM} explain dev-kmeans --markdown"
    yield f"  {PROGRAM} policy deployer prod > policies.json"
    yield f"\nDetails of a command: {PROGRAM} COMMAND --help"
    yield "Exit codes: 0 success, 1 error, 2 the review blocks (review only), 130 interrupted."
