"""A simulator and worlds to attack."""

from collections.abc import Iterator

import pytest

from tests.attacks.aws_state import World
from tests.attacks.cases import WORLDS
from tests.attacks.simulator import Simulator
from tests.support import deployment


@pytest.fixture(scope="session")
def simulator() -> Iterator[Simulator]:
    with Simulator() as simulator:
        yield simulator


@pytest.fixture(scope="session")
def worlds() -> dict[str, World]:
    return {name: World.of(deployment(**changes)) for name, changes in WORLDS.items()}
