"""The synthesized stacks and plans of the examples, which all scanners share."""

from pathlib import Path

import pytest

from tests.scanners.scanned import plan, write


@pytest.fixture(scope="session")
def examples(tmp_path_factory: pytest.TempPathFactory, terraform_environment: dict[str, str]) -> Path:
    folder = tmp_path_factory.mktemp("examples")
    write(folder)
    plan(folder, terraform_environment)
    return folder
