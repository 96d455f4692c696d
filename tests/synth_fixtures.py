"""Fixtures: projects with home directories of their own, and the synthesized stacks of the examples."""

from pathlib import Path

import pytest

from protected_endpoints.deployment import Deployment, NetworkDeployment
from tests.for_all_workers import started_once
from tests.project import Project
from tests.stacks.synthesized import stacks_of_examples
from tests.support import Json


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return Project(tmp_path)


@pytest.fixture(scope="module")
def _first_synth(tmp_path_factory: pytest.TempPathFactory) -> tuple[Project, dict[str, str], str]:
    project = Project(tmp_path_factory.mktemp("project"))
    return project, *project.synth()


@pytest.fixture(scope="module")
def synthesized_project(_first_synth: tuple[Project, dict[str, str], str]) -> Project:
    """A project that has been synthesized once, so that its cache is filled."""
    return _first_synth[0]


@pytest.fixture(scope="module")
def expected_files(_first_synth: tuple[Project, dict[str, str], str]) -> dict[str, str]:
    """The files that the first synth of the project wrote."""
    return _first_synth[1]


@pytest.fixture(scope="module")
def first_errors(_first_synth: tuple[Project, dict[str, str], str]) -> str:
    """What the first synth of the project printed to standard error."""
    return _first_synth[2]


@pytest.fixture(scope="session")
def stacks() -> dict[tuple[str, str], Json]:
    """The stacks of all examples by the names of example and stack, which one worker synthesizes for all."""
    by_example = started_once("stacks", lambda folder, _: stacks_of_examples(folder))
    return {(name, stack): content for name, by_name in by_example.items() for stack, content in by_name.items()}


@pytest.fixture
def stack(stacks: dict[tuple[str, str], Json], name: str, deployment: Deployment | NetworkDeployment) -> Json:
    """The stack of a deployment of the example with that name."""
    return stacks[name, _stack_name(deployment)]


def _stack_name(deployment: Deployment | NetworkDeployment) -> str:
    return deployment.names.stack if isinstance(deployment, Deployment) else deployment.names.network_stack
