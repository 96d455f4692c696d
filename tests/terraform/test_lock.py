"""Terraform uses the provider in the lock file of the repository, and none with another hash."""

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
    """A project with the installed provider version, and a lock file for it."""
    workspace = Workspace(tmp_path / "project", terraform_environment)
    workspace.synth()
    stack = workspace.stack(_STACK)
    stack.init()
    shutil.copy(stack.directory / LOCK, workspace.directory / LOCK)
    shutil.rmtree(workspace.directory / "cdktf.out")
    return workspace


def _init(workspace: Workspace) -> Terraform:
    """Synthesize, and initialize a stack as workflows do."""
    workspace.synth()
    terraform = workspace.stack(_STACK)
    terraform.run("init", "-input=false", "-lockfile=readonly", "-backend=false")
    return terraform


def test_a_stack_is_initialized_with_the_lock_file_and_does_not_change_it(workspace: Workspace) -> None:
    workspace.synth()
    before = (workspace.stack(_STACK).directory / LOCK).read_text()
    assert (_init(workspace).directory / LOCK).read_text() == before


def test_a_provider_with_another_hash_is_refused(workspace: Workspace) -> None:
    lock = workspace.directory / LOCK
    lock.write_text(re.sub('"h1:[^"]+"', f'"h1:{"A" * 43}="', lock.read_text()))
    with pytest.raises(CommandError, match=r"doesn't match any of the\s+checksums"):
        _init(workspace)


def test_a_stack_without_a_lock_file_is_refused(workspace: Workspace) -> None:
    (workspace.directory / LOCK).unlink()
    with pytest.raises(CommandError, match="Provider dependency changes detected"):
        _init(workspace)


def test_a_synthesized_stack_uses_the_lock_file_of_the_repository(
    tmp_path: Path, terraform_environment: dict[str, str]
) -> None:
    project = Workspace(tmp_path / "project", terraform_environment)
    shutil.copy(EXAMPLE, project.directory / "endpoints.toml")
    shutil.copy(ROOT / LOCK, project.directory)
    project.synth()
    selected = json.loads(project.stack(_STACK).run("version", "-json").stdout)["provider_selections"]
    assert f'"{selected["registry.terraform.io/hashicorp/aws"]}"' in (ROOT / LOCK).read_text()
