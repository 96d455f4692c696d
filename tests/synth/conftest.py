"""Projects with home directories of their own."""

from pathlib import Path

import pytest

from tests.project import Project


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return Project(tmp_path)


@pytest.fixture(scope="module")
def warm(tmp_path_factory: pytest.TempPathFactory) -> tuple[Project, dict[str, str]]:
    """A project that has been synthesized before, and what it wrote."""
    made = Project(tmp_path_factory.mktemp("warm"))
    written, _ = made.synth()
    return made, written
