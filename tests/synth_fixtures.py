"""Projects with home directories of their own, and the stacks of the examples."""

from pathlib import Path

import pytest

from protected_endpoints.deployment import Deployment, NetworkDeployment
from tests.project import Project
from tests.stacks.synthesized import written
from tests.support import Json


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return Project(tmp_path)


@pytest.fixture(scope="module")
def warm(tmp_path_factory: pytest.TempPathFactory) -> tuple[Project, dict[str, str]]:
    """A project that has been synthesized before, and what it wrote."""
    made = Project(tmp_path_factory.mktemp("warm"))
    written, _ = made.synth()
    return made, written


@pytest.fixture(scope="session")
def stacks(tmp_path_factory: pytest.TempPathFactory) -> dict[tuple[str, str], Json]:
    return written(tmp_path_factory.mktemp("stacks"))


@pytest.fixture
def stack(stacks: dict[tuple[str, str], Json], name: str, deployment: Deployment | NetworkDeployment) -> Json:
    """The stack of a deployment of the example of that name."""
    return stacks[name, _id(deployment)]


def _id(deployment: Deployment | NetworkDeployment) -> str:
    return deployment.names.stack if isinstance(deployment, Deployment) else deployment.names.network_stack
