"""What tests share that run Terraform."""

from collections.abc import Iterator

import pytest

from sandbox.emulator import Emulator
from sandbox.terraform import environment
from tests.examples import ACCOUNT, REGION


@pytest.fixture(scope="session")
def terraform_environment(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    return environment(tmp_path_factory.mktemp("terraform"))


@pytest.fixture(scope="module")
def aws(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Emulator]:
    """An AWS account of a test module's own."""
    with Emulator(tmp_path_factory.mktemp("aws"), account_id=ACCOUNT, region=REGION) as emulator:
        yield emulator
