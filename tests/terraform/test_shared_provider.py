"""Runs share processes of the AWS provider, and nothing in their plans and errors shows it."""

import json
import os
import signal
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from protected_endpoints.commands.offline_configuration import offline_override, offline_stack
from protected_endpoints.commands.terraform import Terraform
from protected_endpoints.errors import CommandError
from tests.examples import EXAMPLES
from tests.shared_provider import install, shared_provider
from tests.shared_provider.schema import with_types
from tests.support import write_stacks

Json = dict[str, Any]

# Their provider blocks have different regions and tags.
_DEV, _PROD = "dev-kmeans", "prod-kmeans"
_TYPES = frozenset({"aws_kms_key"})


@pytest.fixture(scope="module")
def stacks(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Stacks that can be planned without AWS."""
    folders = write_stacks(EXAMPLES["minimal"], tmp_path_factory.mktemp("stacks"))
    for folder in folders.values():
        stack = folder / "cdk.tf.json"
        stack.write_text(offline_stack(stack.read_text()))
        (folder / "offline_override.tf.json").write_text(offline_override())
    return folders


@pytest.fixture(scope="module")
def installed(unattached_environment: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the provider, whose hash takes a second."""
    folder = tmp_path_factory.mktemp("installed")
    install(folder, unattached_environment)
    return folder


@pytest.fixture
def attached(unattached_environment: dict[str, str], installed: Path) -> Iterator[dict[str, str]]:
    """The environment variables of runs with a server of their own."""
    with shared_provider(installed) as variable:
        yield {**unattached_environment, **variable}


def test_plans_are_those_of_a_provider_that_terraform_starts(
    stacks: dict[str, Path], unattached_environment: dict[str, str], attached: dict[str, str]
) -> None:
    for folder in stacks.values():
        assert _plan(folder, attached) == _plan(folder, unattached_environment)


def test_runs_at_once_have_their_own_configuration(stacks: dict[str, Path], attached: dict[str, str]) -> None:
    alone = {name: _plan(folder, attached) for name, folder in stacks.items()}
    with ThreadPoolExecutor() as runs:
        at_once = runs.map(lambda name: (name, _plan(stacks[name], attached)), [_DEV, _PROD])
        assert dict(at_once) == alone
    assert alone[_DEV] != alone[_PROD]


def test_a_run_has_its_own_environment_variables(stacks: dict[str, Path], attached: dict[str, str]) -> None:
    plan = _plan(stacks[_DEV], attached)
    with pytest.raises(CommandError, match="AWS_MAX_ATTEMPTS"):
        _plan(stacks[_DEV], {**attached, "AWS_MAX_ATTEMPTS": "none"})
    assert _plan(stacks[_DEV], attached) == plan


def test_a_resource_type_that_the_project_does_not_know_is_an_error(tmp_path: Path, attached: dict[str, str]) -> None:
    bucket = {"resource": {"_".join(["aws", "glacier", "vault"]): {"v": {"name": "v"}}}}
    (tmp_path / "cdk.tf.json").write_text(json.dumps(bucket))
    terraform = Terraform(tmp_path, attached)
    terraform.init()
    with pytest.raises(CommandError, match="Invalid resource type"):
        terraform.run("validate")


def test_processes_end_with_the_block(
    stacks: dict[str, Path], unattached_environment: dict[str, str], installed: Path
) -> None:
    with shared_provider(installed) as variable:
        _plan(stacks[_DEV], {**unattached_environment, **variable})
        server = _server(variable)
        processes = [server, *_descendants(server)]
        assert len(processes) > 1
    assert not any(Path(f"/proc/{process}").exists() for process in processes)


def test_a_process_that_died_is_replaced_by_another(stacks: dict[str, Path], attached: dict[str, str]) -> None:
    plan = _plan(stacks[_DEV], attached)
    died = _descendants(_server(attached))
    for process in died:
        os.kill(process, signal.SIGKILL)
    assert _plan(stacks[_DEV], attached) == plan
    assert not {*died} & {*_descendants(_server(attached))}


def test_a_server_that_died_fails_the_run(stacks: dict[str, Path], attached: dict[str, str]) -> None:
    os.kill(_server(attached), signal.SIGKILL)
    with pytest.raises(CommandError, match=r"(?i)reattach"):
        _plan(stacks[_DEV], attached)


def test_only_entries_of_maps_are_left_out_of_a_schema() -> None:
    kept, left_out = _field(2, _field(1, b"aws_kms_key")), _field(2, _field(1, b"aws_glue_job") + _field(2, b"x" * 200))
    provider, capabilities = _field(1, _field(1, b"aws_glue_job")), b"\x30\x96\x01"
    message = provider + left_out + kept + capabilities + left_out
    assert with_types(message, {2}, _TYPES) == provider + kept + capabilities


@pytest.mark.parametrize("message", [b"\x12\x85", b"\x0d\x00\x00\x00\x00"], ids=["incomplete", "another kind"])
def test_a_message_that_is_not_of_the_protocol_is_an_error(message: bytes) -> None:
    with pytest.raises(ValueError, match="message"):
        with_types(message, {2}, _TYPES)


def _plan(folder: Path, environment: dict[str, str]) -> Json:
    """Return a plan without its time, and with the attributes that Terraform lists in any order in one order."""
    terraform = Terraform(folder, environment)
    terraform.init()
    plan = terraform.plan()
    return {**plan, "timestamp": None, "relevant_attributes": sorted(plan["relevant_attributes"], key=json.dumps)}


def _server(environment: dict[str, str]) -> int:
    (plugin,) = json.loads(environment["TF_REATTACH_PROVIDERS"]).values()
    return int(plugin["Pid"])


def _descendants(process: int) -> list[int]:
    children = Path(f"/proc/{process}/task/{process}/children").read_text().split()
    return [below for child in map(int, children) for below in (child, *_descendants(child))]


def _field(number: int, value: bytes) -> bytes:
    """Return the encoding of a field of bytes."""
    length = bytes([len(value)]) if len(value) < 128 else bytes([len(value) & 127 | 128, len(value) >> 7])
    return bytes([number << 3 | 2]) + length + value
