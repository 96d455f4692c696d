"""Who gets in and who does not, by the policies as they are synthesized, in an offline simulator of IAM."""

import json

import pytest

from tests.attacks.aws_state import World
from tests.attacks.cases import CASES, Case
from tests.attacks.simulator import UNLISTED, Simulator
from tests.examples import ROOT

_LISTED = ROOT / "node_modules" / "@cloud-copilot" / "iam-data" / "data" / "actions" / "sagemaker.json"


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_iam_answers(simulator: Simulator, worlds: dict[str, World], case: Case) -> None:
    assert simulator.allows(case.request(worlds[case.world])) is case.allowed


def test_there_are_cases_of_both_kinds_and_each_has_a_name_of_its_own() -> None:
    assert len({case.name for case in CASES}) == len(CASES)
    assert len(CASES) > 400
    assert sum(case.allowed for case in CASES) > 80


@pytest.mark.parametrize(("action", "like"), UNLISTED.items())
def test_another_action_stands_in_only_for_what_the_simulator_does_not_list(action: str, like: str) -> None:
    listed = {f"sagemaker:{each['name']}" for each in json.loads(_LISTED.read_text()).values()}
    assert like in listed
    assert action not in listed, f"take {action} out of UNLISTED: the simulator lists it now"
