"""Runs of Terraform share one process of the AWS provider, and nothing hides that it is another one, or gone."""

import json
import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from protected_endpoints.commands.terraform import Terraform
from protected_endpoints.errors import CommandError
from sandbox.workspace import Workspace
from tests.attached_provider import AttachedProvider

_STACK = "dev-kmeans"


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory, terraform_environment: dict[str, str]) -> Path:
    workspace = Workspace(tmp_path_factory.mktemp("attached"), terraform_environment)
    workspace.synth()
    terraform = workspace.stack(_STACK)
    terraform.init()
    return terraform.directory


@pytest.fixture
def own(terraform_environment: dict[str, str]) -> Iterator[AttachedProvider]:
    with AttachedProvider(terraform_environment) as provider:
        yield provider


def test_a_run_with_another_environment_has_another_process(
    own: AttachedProvider, stack: Path, terraform_environment: dict[str, str]
) -> None:
    first = _validated(own, stack, terraform_environment)
    assert _validated(own, stack, terraform_environment) == first
    other = _validated(own, stack, {**terraform_environment, "AWS_ACCESS_KEY_ID": "other"})
    assert other != first
    assert (_is_running(first), _is_running(other)) == (False, True)


def test_the_process_ends_with_the_block(stack: Path, terraform_environment: dict[str, str]) -> None:
    with AttachedProvider(terraform_environment) as provider:
        process = _validated(provider, stack, terraform_environment)
        assert _is_running(process)
    assert not _is_running(process)


def test_a_process_that_died_fails_the_run(
    own: AttachedProvider, stack: Path, terraform_environment: dict[str, str]
) -> None:
    os.kill(_validated(own, stack, terraform_environment), signal.SIGKILL)
    with pytest.raises(CommandError, match=r"(?i)reattach|plugin did not respond"):
        _validated(own, stack, terraform_environment)


def test_two_runs_at_once_are_refused(
    own: AttachedProvider, stack: Path, terraform_environment: dict[str, str]
) -> None:
    with own.attached(stack, terraform_environment), pytest.raises(AssertionError, match="two runs at once"):
        _validated(own, stack, terraform_environment)


def _validated(provider: AttachedProvider, stack: Path, environment: dict[str, str]) -> int:
    """Validate a stack with the real provider, and return the ID of the process that did it."""
    with provider.attached(stack, environment) as attached:
        assert json.loads(Terraform(stack, attached).run("validate", "-json").stdout)["valid"]
    (process,) = json.loads(attached["TF_REATTACH_PROVIDERS"]).values()
    return int(process["Pid"])


def _is_running(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    return True
