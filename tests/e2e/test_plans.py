"""The plans of the review tests are reproducible."""

import json
from pathlib import Path

import pytest

from tests.plans.make import plans, to_text

_PLANS = Path(__file__).parent.parent / "plans"


@pytest.fixture(scope="module")
def repeated(terraform_environment: dict[str, str]) -> dict[str, str]:
    names = ["first-plan", "fixed-name", "network-first-plan"]
    return {name: to_text(plan) for name, plan in plans(names, terraform_environment)}


def test_a_first_plan_is_reproducible(repeated: dict[str, str]) -> None:
    assert json.loads(repeated["first-plan"]) == json.loads((_PLANS / "first-plan.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", ["fixed-name", "network-first-plan"])
def test_a_plan_has_the_same_actions_when_it_is_repeated(name: str, repeated: dict[str, str]) -> None:
    stored = json.loads((_PLANS / f"{name}.json").read_text(encoding="utf-8"))
    done, again = (
        [(change["address"], change["change"]["actions"]) for change in plan["resource_changes"]]
        for plan in (stored, json.loads(repeated[name]))
    )
    assert done == again
