"""The real AWS provider for many runs of Terraform, which cost a seventh of the CPU time with it.

A run starts the provider two or three times and reads the schema of 1,900 resource types, and does little else. Here
runs are attached to a server as in a debugger (https://developer.hashicorp.com/terraform/plugin/debugging). It gives
each a process of the provider that an earlier run has left, with the environment variables of the run, and the
schema of the types of this project alone. Everything else passes through it unchanged.

`terraform init` neither installs nor locks a provider that it is attached to. Tests of that have `installing`.
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
from protected_endpoints.commands.registry_mirror import mirrored_version
from protected_endpoints.commands.terraform import Terraform
from tests.examples import ROOT

_INSTALLING = """#!/bin/sh
case " $* " in *" init "* | *" providers "*) unset TF_REATTACH_PROVIDERS ;; esac
exec {terraform} "$@"
"""


@contextmanager
def shared_provider(folder: Path, environment: Mapping[str, str]) -> Iterator[dict[str, str]]:
    """Install the provider in a folder, and yield the environment variable that attaches runs to it.

    No variable outside of Linux, where the server could not know the environment of a run.
    """
    if sys.platform != "linux":
        yield {}
        return
    with subprocess.Popen(
        [sys.executable, "-m", "tests.shared_provider", str(_installed(folder, environment))],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as server:
        assert server.stdout
        # A server that has ended writes nothing.
        yield {"TF_REATTACH_PROVIDERS": json.dumps(json.loads(server.stdout.readline()))}


def installing(folder: Path, environment: Mapping[str, str]) -> dict[str, str]:
    """Return environment variables with a `terraform` in a folder that is not attached while it installs or locks."""
    program = folder / "terraform"
    program.write_text(_INSTALLING.format(terraform=shutil.which("terraform", path=environment["PATH"])))
    program.chmod(0o755)
    return {**environment, "PATH": os.pathsep.join([str(folder), environment["PATH"]])}


def _installed(folder: Path, environment: Mapping[str, str]) -> Path:
    """Return the program of the provider that `terraform init` installs."""
    aws = {"source": "aws", "version": mirrored_version() or DEFAULT_CONSTRAINT}
    (folder / "main.tf.json").write_text(json.dumps({"terraform": {"required_providers": {"aws": aws}}}))
    Terraform(folder, environment).init()
    (program,) = folder.glob(".terraform/providers/registry.terraform.io/hashicorp/aws/*/*/terraform-provider-aws*")
    return program.resolve()
