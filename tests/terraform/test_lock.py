"""Terraform takes the provider of the repository's lock file, and none with another hash."""

import json
import re
import shutil
from pathlib import Path

import pytest

from protected_endpoints.commands.provider_lock import LOCK
from protected_endpoints.commands.terraform import Terraform
from protected_endpoints.errors import CommandError
from sandbox.workspace import EXAMPLE, ROOT, Workspace

_STACK = "dev-kmeans"


@pytest.fixture
def workspace(tmp_path: Path, terraform_environment: dict[str, str]) -> Workspace:
    """A project with the version of the provider that is at hand, and a lock file for it."""
    made = Workspace(tmp_path / "project", terraform_environment)
    made.synth()
    stack = made.stack(_STACK)
    stack.init()
    shutil.copy(stack.directory / LOCK, made.directory / LOCK)
    shutil.rmtree(made.directory / "cdktf.out")
    return made


def _init(workspace: Workspace) -> Terraform:
    """Synthesize, and initialize a stack as workflows do."""
    workspace.synth()
    terraform = workspace.stack(_STACK)
    terraform.run("init", "-input=false", "-lockfile=readonly", "-backend=false")
    return terraform


def test_a_stack_starts_from_the_file_and_leaves_it_as_it_is(workspace: Workspace) -> None:
    workspace.synth()
    before = (workspace.stack(_STACK).directory / LOCK).read_text()
    assert (_init(workspace).directory / LOCK).read_text() == before


def test_a_provider_with_another_hash_is_refused(workspace: Workspace) -> None:
    lock = workspace.directory / LOCK
    lock.write_text(re.sub('"h1:[^"]+"', f'"h1:{"A" * 43}="', lock.read_text()))
    with pytest.raises(CommandError, match=r"doesn't match any of the\s+checksums"):
        _init(workspace)


def test_a_stack_without_the_file_is_refused(workspace: Workspace) -> None:
    (workspace.directory / LOCK).unlink()
    with pytest.raises(CommandError, match="Provider dependency changes detected"):
        _init(workspace)


def test_terraform_reads_the_file_of_the_repository_in_a_synthesized_stack(
    tmp_path: Path, terraform_environment: dict[str, str]
) -> None:
    project = Workspace(tmp_path / "project", terraform_environment)
    shutil.copy(EXAMPLE, project.directory / "endpoints.toml")
    shutil.copy(ROOT / LOCK, project.directory)
    project.synth()
    selected = json.loads(project.stack(_STACK).run("version", "-json").stdout)["provider_selections"]
    assert f'"{selected["registry.terraform.io/hashicorp/aws"]}"' in (ROOT / LOCK).read_text()
