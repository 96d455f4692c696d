"""The simulator, and the synthesized state of every scenario."""

from collections.abc import Iterator

import pytest

from tests.attacks.aws_state import AwsState
from tests.attacks.cases import SCENARIOS
from tests.attacks.simulator import Simulator
from tests.support import deployment


@pytest.fixture(scope="session")
def simulator() -> Iterator[Simulator]:
    with Simulator() as simulator:
        yield simulator


@pytest.fixture(scope="session")
def states() -> dict[str, AwsState]:
    return {name: AwsState.of(deployment(**changes)) for name, changes in SCENARIOS.items()}
