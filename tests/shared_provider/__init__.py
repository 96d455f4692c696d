"""The real AWS provider for many runs of Terraform, which cost a seventh of the CPU time with it.

A run starts the provider two or three times and reads the schema of 1,900 resource types, and does little else. Here
runs are attached to a server as in a debugger (https://developer.hashicorp.com/terraform/plugin/debugging). It gives
each a process of the provider that an earlier run has left, with the environment variables of the run, and the
schema of the types of this project alone. Everything else passes through it unchanged.

`terraform init` neither installs nor locks a provider that it is attached to. Most tests that need its lock file have
`installing`, whose `init` installs a stand-in: it computes the hashes of 0.7 GB otherwise, which takes longer than a
plan. Those about the lock file itself install the provider.
"""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from protected_endpoints.aws.provider_versions import DEFAULT_CONSTRAINT
from protected_endpoints.commands.registry_mirror import mirrored_version, providers_lock_variables
from protected_endpoints.commands.terraform import Terraform
from tests.examples import ROOT
from tests.for_all_workers import folder_of, started_once

_SERVER = "provider"
_REATTACH = "TF_REATTACH_PROVIDERS"
_PROVIDERS = Path(".terraform") / "providers"
_INSTALLING = """#!/bin/sh
case " $* " in *" init "* | *" providers "*) unset TF_REATTACH_PROVIDERS ;; esac
exec {terraform} "$@"
"""


@contextmanager
def shared_provider(folder: Path) -> Iterator[dict[str, str]]:
    """Yield the environment variable that attaches runs to a server of the provider that a folder has installed."""
    server, variable = _started_server(folder, subprocess.PIPE)
    with server:
        yield variable


def provider_of_all_workers(environment: Mapping[str, str]) -> dict[str, str]:
    """Return the environment variable that attaches runs to the server of all workers.

    No variable outside of Linux, where the server could not know the environment of a run.
    """

    def start(folder: Path, until_closed: int) -> dict[str, str]:
        install(folder, environment)
        _, variable = _started_server(folder, until_closed)
        return variable

    return dict(started_once(_SERVER, start)) if sys.platform == "linux" else {}


def folder_of_shared_provider() -> Path:
    """Return the folder in which the provider of all workers is installed."""
    return folder_of(_SERVER)


def install(folder: Path, environment: Mapping[str, str]) -> None:
    """Let `terraform init` install the provider in a folder."""
    aws = {"source": "aws", "version": mirrored_version() or DEFAULT_CONSTRAINT}
    (folder / "main.tf.json").write_text(json.dumps({"terraform": {"required_providers": {"aws": aws}}}))
    Terraform(folder, environment).init()


def _started_server(folder: Path, until_closed: int) -> tuple[subprocess.Popen[str], dict[str, str]]:
    """Return a server of the installed provider with the variable that attaches runs to it.

    It ends when the pipe that is its standard input is closed.
    """
    server = subprocess.Popen(
        [sys.executable, "-m", "tests.shared_provider", str(_program(folder).resolve())],
        cwd=ROOT,
        stdin=until_closed,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert server.stdout
    # A server that has ended writes nothing.
    return server, {_REATTACH: json.dumps(json.loads(server.stdout.readline()))}


def installing(folder: Path, environment: Mapping[str, str], installed: Path) -> dict[str, str]:
    """Return environment variables with a `terraform` that installs and locks a stand-in, and is attached otherwise.

    `installed` is the folder with which runs were attached to the provider. Without such a run, nothing changes.
    """
    if _REATTACH not in environment:
        return {**environment}
    program, configuration, mirror = folder / "bin" / "terraform", folder / "terraform.rc", folder / "mirror"
    program.parent.mkdir()
    program.write_text(_INSTALLING.format(terraform=shutil.which("terraform", path=environment["PATH"])))
    stand_in = mirror / _program(installed).relative_to(installed / _PROVIDERS)
    stand_in.parent.mkdir(parents=True)
    stand_in.write_text("A stand-in for the provider, to which runs of Terraform are attached.")
    for file in (program, stand_in):
        file.chmod(0o755)
    configuration.write_text(f'provider_installation {{\n  filesystem_mirror {{\n    path = "{mirror}"\n  }}\n}}\n')
    return {
        **environment,
        **providers_lock_variables(mirror),
        "TF_CLI_CONFIG_FILE": str(configuration),
        "PATH": os.pathsep.join([str(program.parent), environment["PATH"]]),
    }


def _program(folder: Path) -> Path:
    """Return the program of the provider that is installed in a folder."""
    (program,) = folder.glob(f"{_PROVIDERS}/registry.terraform.io/hashicorp/aws/*/*/terraform-provider-aws*")
    return program
