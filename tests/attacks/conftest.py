"""A simulator and a world to attack."""

from collections.abc import Iterator

import pytest

from tests.attacks.cases import CHANGES
from tests.attacks.simulator import Simulator
from tests.attacks.world import World
from tests.support import deployment, synth


@pytest.fixture(scope="session")
def simulator() -> Iterator[Simulator]:
    with Simulator() as simulator:
        yield simulator


@pytest.fixture(scope="session")
def world() -> World:
    return World(deployment(**CHANGES), synth(**CHANGES))
