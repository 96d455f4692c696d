"""Terraform uses the provider in the lock file of the repository, and none with another hash."""

import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from protected_endpoints.commands.provider_lock import LOCK
from protected_endpoints.commands.synthesized_stack import SynthesizedStack
from protected_endpoints.commands.terraform import Terraform
from protected_endpoints.errors import CommandError
from sandbox import workspace as sandbox
from sandbox.workspace import EXAMPLE, ROOT
from tests.workspace import Workspace

_STACK = "dev-kmeans"


@pytest.fixture(scope="module")
def lock_file(tmp_path_factory: pytest.TempPathFactory, unattached_environment: dict[str, str]) -> Path:
    """A lock file for the installed version of the provider, whose hash takes a second."""
    workspace = Workspace(tmp_path_factory.mktemp("locked") / "project", unattached_environment)
    workspace.synth()
    stack = workspace.stack(_STACK)
    stack.init()
    return stack.directory / LOCK


@pytest.fixture
def workspace(tmp_path: Path, unattached_environment: dict[str, str], lock_file: Path) -> Workspace:
    """A project with the installed provider version, and a lock file for it."""
    workspace = Workspace(tmp_path / "project", unattached_environment)
    shutil.copy(lock_file, workspace.directory / LOCK)
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
    tmp_path: Path, unattached_environment: dict[str, str]
) -> None:
    project = sandbox.Workspace(tmp_path / "project", unattached_environment)
    shutil.copy(EXAMPLE, project.directory / "endpoints.toml")
    shutil.copy(ROOT / LOCK, project.directory)
    project.synth()
    selected = json.loads(project.stack(_STACK).run("version", "-json").stdout)["provider_selections"]
    assert f'"{selected["registry.terraform.io/hashicorp/aws"]}"' in (ROOT / LOCK).read_text()


def test_a_provider_that_only_a_state_names_is_not_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    stack = _with_another_provider(tmp_path, monkeypatch)
    with pytest.raises(CommandError, match=r"names a provider that \.terraform\.lock\.hcl does not; stop if nobody"):
        stack.init()
    with pytest.raises(CommandError, match="names a provider"):
        stack.run("init", "-input=false")
    with pytest.raises(CommandError, match="Missing required provider"):
        stack.capture("plan", "-input=false")
    assert not (tmp_path / "ran").exists()
    # Without the lock file, Terraform runs it.
    (stack.folder / LOCK).unlink()
    stack.init()
    with pytest.raises(CommandError):
        stack.capture("plan", "-input=false")
    assert (tmp_path / "ran").exists()


def _with_another_provider(folder: Path, monkeypatch: pytest.MonkeyPatch) -> SynthesizedStack:
    """Return a stack without resources, whose local state has one of another provider."""
    about = json.loads(subprocess.run(["terraform", "version", "-json"], capture_output=True, check=True).stdout)
    version = folder / "mirror" / "registry.terraform.io" / "acme" / "other" / "1.0.0" / about["platform"]
    version.mkdir(parents=True)
    program = version / "terraform-provider-other_v1.0.0"
    program.write_text(f"#!/bin/sh\ntouch {folder / 'ran'}\nexit 1\n")
    program.chmod(0o755)
    (folder / "terraform.rc").write_text(
        f'provider_installation {{\n  filesystem_mirror {{\n    path = "{folder / "mirror"}"\n  }}\n}}\n'
    )
    monkeypatch.setenv("TF_CLI_CONFIG_FILE", str(folder / "terraform.rc"))
    monkeypatch.setenv("CHECKPOINT_DISABLE", "1")
    monkeypatch.chdir(folder)
    stack = folder / "cdktf.out" / "stacks" / "dev-state"
    stack.mkdir(parents=True)
    state = folder / "terraform.dev-state.tfstate"
    content = {"terraform": {"backend": {"local": {"path": str(state)}}}, "output": {"one": {"value": "1"}}}
    (stack / "cdk.tf.json").write_text(json.dumps(content))
    (stack / LOCK).write_text("")
    instance = {"schema_version": 0, "attributes": {"id": "a"}, "sensitive_attributes": []}
    resource = {
        "mode": "managed",
        "type": "other_thing",
        "name": "a",
        "provider": 'provider["registry.terraform.io/acme/other"]',
        "instances": [instance],
    }
    state.write_text(json.dumps({"version": 4, "serial": 1, "lineage": "a", "resources": [resource]}))
    return SynthesizedStack("dev-state")
