"""What IAM allows with the synthesized policies, in an offline simulator."""

import json

import pytest

from tests.attacks.aws_state import AwsState
from tests.attacks.cases import CASES, Case
from tests.attacks.simulator import UNLISTED, Simulator
from tests.examples import ROOT

_LISTED = ROOT / "node_modules" / "@cloud-copilot" / "iam-data" / "data" / "actions" / "sagemaker.json"


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_iam_answers(simulator: Simulator, states: dict[str, AwsState], case: Case) -> None:
    assert simulator.allows(case.request(states[case.scenario])) is case.allowed


def test_cases_have_distinct_names_and_enough_are_allowed() -> None:
    assert len({case.name for case in CASES}) == len(CASES)
    assert len(CASES) > 400
    assert sum(case.allowed for case in CASES) > 80


@pytest.mark.parametrize(("action", "like"), UNLISTED.items())
def test_only_actions_that_the_simulator_lacks_are_substituted(action: str, like: str) -> None:
    listed = {f"sagemaker:{entry['name']}" for entry in json.loads(_LISTED.read_text()).values()}
    assert like in listed
    assert action not in listed, f"remove {action} from UNLISTED: the simulator lists it now"
