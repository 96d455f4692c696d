"""Who gets in and who does not, by the policies as they are synthesized, in an offline simulator of IAM."""

import pytest

from tests.attacks.cases import CASES, Case
from tests.attacks.simulator import Simulator
from tests.attacks.world import World


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_iam_answers(simulator: Simulator, worlds: dict[str, World], case: Case) -> None:
    assert simulator.allows(case.request(worlds[case.world])) is case.allowed


def test_there_are_cases_of_both_kinds_and_each_has_a_name_of_its_own() -> None:
    assert len({case.name for case in CASES}) == len(CASES)
    assert len(CASES) > 400
    assert sum(case.allowed for case in CASES) > 80
